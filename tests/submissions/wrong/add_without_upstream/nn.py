import random

from engine import Value


class Neuron:
    def __init__(self, nin):
        values = [Value(random.uniform(-1, 1)) for _ in range(nin + 1)]
        self.w, self.b = values[:-1], values[-1]

    def __call__(self, x):
        terms = [wi * xi for wi, xi in zip(self.w, x)]
        return sum(terms, self.b).tanh()

    def parameters(self):
        return [p for p in self.w] + [self.b]

    def zero_grad(self):
        [setattr(p, "grad", 0.0) for p in self.parameters()]


class Layer:
    def __init__(self, nin, nout):
        self.neurons = [Neuron(nin) for _ in range(nout)]

    def __call__(self, x):
        return [neuron(x) for neuron in self.neurons]

    def parameters(self):
        return [p for neuron in self.neurons for p in neuron.parameters()]

    def zero_grad(self):
        [neuron.zero_grad() for neuron in self.neurons]


class MLP:
    def __init__(self, nin, nouts):
        nins = [nin, *nouts[:-1]]
        self.layers = [Layer(i, o) for i, o in zip(nins, nouts)]

    def __call__(self, x):
        *hidden, last = self.layers
        for layer in hidden:
            x = layer(x)
        out = last(x)
        return out if len(out) > 1 else out[0]

    def parameters(self):
        return [p for layer in self.layers for p in layer.parameters()]

    def zero_grad(self):
        [layer.zero_grad() for layer in self.layers]
