import random

from .engine import Value


class Neuron:
    """The bias is the weight of one more input that is always 1."""

    def __init__(self, nin):
        self._all = [Value(random.uniform(-1, 1)) for _ in range(nin + 1)]

    @property
    def w(self):
        return self._all[:-1]

    @property
    def b(self):
        return self._all[-1]

    def __call__(self, x):
        inputs = [*x, 1.0]
        return sum(p * xi for p, xi in zip(self._all, inputs)).tanh()

    def parameters(self):
        return list(self._all)

    def zero_grad(self):
        for p in self._all:
            p.grad = 0.0


class Layer:
    def __init__(self, nin, nout):
        self.neurons = [Neuron(nin) for _ in range(nout)]

    def __call__(self, x):
        if isinstance(x, Value):
            x = [x]
        outs = [neuron(x) for neuron in self.neurons]
        return outs if len(outs) != 1 else outs[0]

    def parameters(self):
        return [p for neuron in self.neurons for p in neuron.parameters()]

    def zero_grad(self):
        for neuron in self.neurons:
            neuron.zero_grad()


class MLP:
    def __init__(self, nin, nouts):
        self.layers = []
        for nout in nouts:
            self.layers.append(Layer(nin, nout))
            nin = nout

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    def parameters(self):
        return [p for layer in self.layers for p in layer.parameters()]

    def zero_grad(self):
        for layer in self.layers:
            layer.zero_grad()
