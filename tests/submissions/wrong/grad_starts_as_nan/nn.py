import random

from engine import Value


class Neuron:
    __slots__ = ("w", "b")

    def __init__(self, nin):
        self.w = [Value(random.random() * 2 - 1) for _ in range(nin)]
        self.b = Value(random.random() * 2 - 1)

    def __call__(self, x):
        return (sum(w * xi for w, xi in zip(self.w, x)) + self.b).tanh()

    def parameters(self):
        return (*self.w, self.b)

    def zero_grad(self):
        for p in self.parameters():
            p.grad = 0.0


class Layer:
    __slots__ = ("neurons",)

    def __init__(self, nin, nout):
        self.neurons = tuple(Neuron(nin) for _ in range(nout))

    def __call__(self, x):
        outs = tuple(neuron(x) for neuron in self.neurons)
        return outs if len(outs) > 1 else outs[0]

    def parameters(self):
        return sum((neuron.parameters() for neuron in self.neurons), ())

    def zero_grad(self):
        for neuron in self.neurons:
            neuron.zero_grad()


class MLP:
    __slots__ = ("layers",)

    def __init__(self, nin, nouts):
        pairs = zip((nin, *nouts), nouts)
        self.layers = tuple(Layer(wide, deep) for wide, deep in pairs)

    def __call__(self, x):
        for layer in self.layers:
            x = layer((x,) if isinstance(x, Value) else x)
        return x

    def parameters(self):
        return sum((layer.parameters() for layer in self.layers), ())

    def zero_grad(self):
        for layer in self.layers:
            layer.zero_grad()
