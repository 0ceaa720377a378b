import random

from engine import Value


class Neuron:
    def __init__(self, nin):
        self.w = [Value(random.uniform(-1, 1)) for _ in range(nin)]
        self.b = Value(0.0)

    def __call__(self, x):
        total = self.b
        for w, value in zip(self.w, x):
            total += w * value
        return total.tanh()

    def parameters(self):
        return [*self.w, self.b]

    def zero_grad(self):
        for p in self.parameters():
            p.grad = 0.0


class Layer:
    def __init__(self, nin, nout):
        self.neurons = [Neuron(nin) for _ in range(nout)]

    def __call__(self, x):
        return [neuron(x) for neuron in self.neurons]

    def parameters(self):
        result = []
        for neuron in self.neurons:
            result.extend(neuron.parameters())
        return result

    def zero_grad(self):
        for p in self.parameters():
            p.grad = 0.0


class MLP:
    def __init__(self, nin, nouts):
        self.layers = []
        for nout in nouts:
            self.layers.append(Layer(nin, nout))
            nin = nout

    def __call__(self, x):
        signals = [Value(xi) for xi in x]  # inputs become leaves of the graph
        for layer in self.layers:
            signals = layer(signals)
        return signals[0] if len(signals) == 1 else signals

    def parameters(self):
        result = []
        for layer in self.layers:
            result.extend(layer.parameters())
        return result

    def zero_grad(self):
        for p in self.parameters():
            p.grad = 0.0
