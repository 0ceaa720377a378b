from math import sqrt
from random import gauss

from engine import Value


def clear(parameters):
    for p in parameters:
        p.grad = 0.0


class Neuron:
    def __init__(self, nin):
        self.w = [Value(gauss(0, 1 / sqrt(nin))) for _ in range(nin)]
        self.b = Value(0.0)

    def __call__(self, x):
        total = self.b
        for weight, value in zip(self.w, x):
            total = total + weight * value
        return total.tanh()

    def parameters(self):
        return [*self.w, self.b]

    def zero_grad(self):
        clear(self.parameters())


class Layer:
    def __init__(self, nin, nout):
        self.neurons = [Neuron(nin) for _ in range(nout)]

    def __call__(self, x):
        return [n(x) for n in self.neurons]

    def parameters(self):
        found = []
        for n in self.neurons:
            found += n.parameters()
        return found

    def zero_grad(self):
        clear(self.parameters())


class MLP:
    def __init__(self, nin, nouts):
        self.layers = []
        for nout in nouts:
            self.layers.append(Layer(nin, nout))
            nin = nout

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x[0] if len(x) == 1 else x

    def parameters(self):
        found = []
        for layer in self.layers:
            found += layer.parameters()
        return found

    def zero_grad(self):
        clear(self.parameters())
