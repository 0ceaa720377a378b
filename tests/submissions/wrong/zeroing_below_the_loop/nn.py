import random

from engine import Value


class Module:
    """Keeps the list of its parameters from the start."""

    def __init__(self, parameters):
        self._parameters = list(parameters)

    def parameters(self):
        return self._parameters

    def zero_grad(self):
        for p in self._parameters:
            p.grad = 0.0


class Neuron(Module):
    def __init__(self, nin):
        self.w = [Value(random.uniform(-1, 1)) for _ in range(nin)]
        self.b = Value(random.uniform(-1, 1))
        super().__init__(self.w + [self.b])

    def __call__(self, x):
        total = self.b
        for i, w in enumerate(self.w):
            total = total + w * x[i]
        return total.tanh()


class Layer(Module):
    def __init__(self, nin, nout):
        self.neurons = [Neuron(nin) for _ in range(nout)]
        super().__init__(p for n in self.neurons for p in n.parameters())

    def __call__(self, x):
        return [n(x) for n in self.neurons]


class MLP(Module):
    def __init__(self, nin, nouts):
        self.layers = []
        for nout in nouts:
            self.layers.append(Layer(nin, nout))
            nin = nout
        super().__init__(p for layer in self.layers for p in layer.parameters())

    def __call__(self, x):
        signal = x
        for layer in self.layers:
            signal = layer(signal)
        if len(signal) == 1:
            return signal[0]
        return signal
