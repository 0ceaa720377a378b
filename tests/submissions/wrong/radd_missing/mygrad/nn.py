import random

from mygrad.engine import Value


class Neuron:
    def __init__(self, nin):
        spread = (1 / nin) ** 0.5
        self.w = [Value(random.gauss(0, spread)) for _ in range(nin)]
        self.b = Value(0.0)

    def __call__(self, x):
        act = sum((w * xi for w, xi in zip(self.w, x)), self.b)
        return act.tanh()

    def parameters(self):
        return self.w + [self.b]

    def zero_grad(self):
        for p in self.parameters():
            p.grad = 0.0


class Layer:
    def __init__(self, nin, nout):
        self.neurons = [Neuron(nin) for _ in range(nout)]

    def __call__(self, x):
        return [n(x) for n in self.neurons]

    def parameters(self):
        return [p for n in self.neurons for p in n.parameters()]

    def zero_grad(self):
        for n in self.neurons:
            n.zero_grad()


class MLP:
    def __init__(self, nin, nouts):
        self.layers = [Layer(nin, nouts[0])]
        for before, after in zip(nouts, nouts[1:]):
            self.layers.append(Layer(before, after))

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x[0] if len(x) == 1 else x

    def parameters(self):
        return [p for layer in self.layers for p in layer.parameters()]

    def zero_grad(self):
        for layer in self.layers:
            layer.zero_grad()
