"""Neurons, layers and a network, made of Values and nothing else.

Stage mlp, lesson 3 (Building and training a net). There is no derivative to write here: a
network is one long expression, and your engine already knows how to go back through those.
"""

import random

from engine import Value

# Write the classes from top to bottom: each of them is made of the one above it, and most of
# a Layer or an MLP is asking its parts to do what they can do already.

_LESSON_3 = "stage mlp, lesson 3: Building and training a net"


class Neuron:
    """One number from many: tanh(w1·x1 + … + wn·xn + b).

    For example:
        >>> neuron = Neuron(2)
        >>> -1.0 < neuron([1.0, -2.0]).data < 1.0
        True
    """

    def __init__(self, nin):
        """Make self.w, a list of nin Values, and self.b, one Value.

        nin: how many numbers the neuron reads
        """
        self.w = [Value(random.gauss(0.0, 1.0)) for _ in range(nin)]
        self.b = Value(0.0)

    def __call__(self, xs):
        """Return the neuron's answer to xs, as a Value.

        xs: nin plain numbers or Values (the first layer reads numbers, the others Values)
        """
        total = self.b
        for w, x in zip(self.w, xs, strict=True):
            total = total + w * x
        return total.tanh()

    def parameters(self) -> list[Value]:
        """Return everything in the neuron that is trained, each Value once, in any order.

        For example:
            >>> len(Neuron(2).parameters())
            3
        """
        # The Values themselves, not copies and not their numbers: training is going to change
        # their .data in place. The inputs are given, not trained.
        raise NotImplementedError(f"not written yet: Neuron.parameters() ({_LESSON_3})")

    def zero_grad(self):
        """Set the gradient of every parameter of the neuron to zero."""
        # Only gradients: what the neuron has learnt so far must survive. Who holds a list of
        # everything that has a gradient to forget?
        raise NotImplementedError(f"not written yet: Neuron.zero_grad() ({_LESSON_3})")


class Layer:
    """Neurons side by side: all of them read the same numbers, each gives an answer.

    For example:
        >>> layer = Layer(2, 3)
        >>> len(layer([1.0, -2.0]))
        3
    """

    def __init__(self, nin, nout):
        """Make self.neurons, a list of nout neurons.

        nin: how many numbers each neuron reads
        nout: how many neurons there are
        """
        # Are they different neurons, or one and the same, several times in the list?
        raise NotImplementedError(f"not written yet: Layer(nin, nout) ({_LESSON_3})")

    def __call__(self, xs):
        """Return the answers of all the neurons to xs, a list of nout Values.

        xs: nin plain numbers or Values
        """
        # A list even for a single neuron: the next layer wants something to count through.
        raise NotImplementedError(f"not written yet: calling a Layer ({_LESSON_3})")

    def parameters(self) -> list[Value]:
        """Return the parameters of all the neurons in one flat list, each Value once.

        For example:
            >>> len(Layer(2, 3).parameters())
            9
        """
        # Flat: a list of Values, and not a list of lists. Collect them anew in each call, so
        # that the list cannot differ from what the neurons hold.
        raise NotImplementedError(f"not written yet: Layer.parameters() ({_LESSON_3})")

    def zero_grad(self):
        """Set the gradient of every parameter of the layer to zero."""
        # The same as for a neuron, word for word, if you built it on parameters() there.
        raise NotImplementedError(f"not written yet: Layer.zero_grad() ({_LESSON_3})")


class MLP:
    """Layers in a row: each of them reads what the one before it has answered.

    For example:
        >>> model = MLP(2, [3, 4])
        >>> len(model([1.0, -2.0]))
        4
    """

    def __init__(self, nin, nouts):
        """Make self.layers, a list of one layer for each number in nouts.

        nin: how many numbers the network reads
        nouts: how many neurons each layer has, from the first layer to the last
        """
        # Write down for MLP(3, [4, 4, 1]) what each layer reads and what it gives. How is a
        # layer's first size related to the layer before it?
        raise NotImplementedError(f"not written yet: MLP(nin, nouts) ({_LESSON_3})")

    def __call__(self, xs):
        """Return the answer of the last layer to xs.

        xs: nin plain numbers or Values

        A last layer of one neuron may give its bare Value or a list of that one Value. Choose
        one: your loss has to be able to read it.
        """
        # Only the first layer gets to see xs, and only the last one answers the caller.
        raise NotImplementedError(f"not written yet: calling an MLP ({_LESSON_3})")

    def parameters(self) -> list[Value]:
        """Return the parameters of all the layers in one flat list, each Value once.

        For example:
            >>> len(MLP(3, [4, 4, 1]).parameters())
            41
        """
        # Can you account for the 41 on paper? Count the weights and biases layer by layer.
        raise NotImplementedError(f"not written yet: MLP.parameters() ({_LESSON_3})")

    def zero_grad(self):
        """Set the gradient of every parameter of the network to zero."""
        # This is the one that the training loop is going to call, once in every step.
        raise NotImplementedError(f"not written yet: MLP.zero_grad() ({_LESSON_3})")
