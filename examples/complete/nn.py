"""Neurons in layers, layers in a network."""

import random

from engine import Value


class Trainable:
    """What the three classes below have in common once they can list their parameters."""

    def parameters(self):
        return []

    def zero_grad(self):
        for parameter in self.parameters():
            parameter.grad = 0.0


class Neuron(Trainable):
    def __init__(self, nin):
        self.w = [Value(random.gauss(0.0, 1.0)) for _ in range(nin)]
        self.b = Value(0.0)

    def __call__(self, xs):
        products = [weight * x for weight, x in zip(self.w, xs, strict=True)]
        return sum(products, self.b).tanh()  # the sum starts from the bias, not from 0

    def parameters(self):
        return [*self.w, self.b]


class Layer(Trainable):
    def __init__(self, nin, nout):
        self.neurons = [Neuron(nin) for _ in range(nout)]

    def __call__(self, xs):
        return [neuron(xs) for neuron in self.neurons]

    def parameters(self):
        return [parameter for neuron in self.neurons for parameter in neuron.parameters()]


class MLP(Trainable):
    def __init__(self, nin, nouts):
        self.layers = []
        for nout in nouts:
            self.layers.append(Layer(nin, nout))
            nin = nout  # what this layer gives is what the next one reads

    def __call__(self, xs):
        for layer in self.layers:
            xs = layer(xs)
        return xs[0] if len(xs) == 1 else xs

    def parameters(self):
        return [parameter for layer in self.layers for parameter in layer.parameters()]
