import random

from engine import Value


class Neuron:
    def __init__(self, nin):
        self.b = Value(random.uniform(-1, 1))
        self.w = []
        for _ in range(nin):
            self.w.append(Value(random.uniform(-1, 1)))

    def __call__(self, x):
        out = self.b
        for w, xi in zip(self.w, x):
            out = out + w * xi
        return out.tanh()

    def parameters(self):
        return [self.b] + self.w

    def zero_grad(self):
        for p in self.parameters():
            p.data = p.grad = 0.0


class Layer:
    def __init__(self, nin, nout):
        self.neurons = [Neuron(nin) for _ in range(nout)]

    def __call__(self, x):
        # always a list, also when there is one neuron
        return [neuron(x) for neuron in self.neurons]

    def parameters(self):
        out = []
        for neuron in self.neurons:
            for p in neuron.parameters():
                out.append(p)
        return out

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
        out = []
        for layer in self.layers:
            for p in layer.parameters():
                out.append(p)
        return out

    def zero_grad(self):
        for layer in self.layers:
            layer.zero_grad()
