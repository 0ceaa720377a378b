import operator
import random
from functools import reduce

from engine import Value


class Group:
    """Something that is made of parts which have parameters."""

    def parts(self):
        raise NotImplementedError

    def parameters(self):
        return reduce(operator.add, (part.parameters() for part in self.parts()))

    def zero_grad(self):
        for part in self.parts():
            part.zero_grad()


class Neuron:
    def __init__(self, nin):
        self.w = [Value(random.gauss(0.0, 0.7)) for _ in range(nin)]
        self.b = Value(0.0)

    def __call__(self, x):
        return reduce(operator.add, map(operator.mul, self.w, x), self.b).tanh()

    def parameters(self):
        return [*self.w, self.b]

    def zero_grad(self):
        for p in self.parameters():
            p.grad = 0.0


class Layer(Group):
    def __init__(self, nin, nout):
        self.neurons = [Neuron(nin) for _ in range(nout)]

    def parts(self):
        return self.neurons

    def __call__(self, x):
        return [neuron(x) for neuron in self.neurons]


class MLP(Group):
    def __init__(self, nin, nouts):
        self.layers = list(map(Layer, [nin, *nouts], nouts))

    def parts(self):
        return self.layers

    def __call__(self, x):
        out = reduce(lambda signal, layer: layer(signal), self.layers, x)
        return out[0] if len(out) == 1 else out
