from itertools import chain, pairwise
from random import uniform

from engine import Value


class Neuron:
    def __init__(self, nin):
        self.w = [Value(uniform(-1, 1)) for _ in range(nin)]
        self.b = Value(uniform(-1, 1))

    def __call__(self, x):
        return sum(map(lambda w, xi: w * xi, self.w, x), start=self.b).tanh()

    def parameters(self):
        return list(chain(self.w, [self.b]))

    def zero_grad(self):
        for p in self.parameters():
            p.grad = 0.0


class Layer:
    def __init__(self, nin, nout):
        self.neurons = [Neuron(nin) for _ in range(nout)]

    def __call__(self, x):
        out = [neuron(x) for neuron in self.neurons]
        return out.pop() if len(out) == 1 else out

    def parameters(self):
        return list(chain.from_iterable(n.parameters() for n in self.neurons))

    def zero_grad(self):
        for p in self.parameters():
            p.grad = 0.0


class MLP:
    def __init__(self, nin, nouts):
        self.layers = [Layer(a, b) for a, b in pairwise(chain([nin], nouts))]

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x if not isinstance(x, Value) else [x])
        return x

    def parameters(self):
        return list(chain.from_iterable(layer.parameters() for layer in self.layers))

    def zero_grad(self):
        for p in self.parameters():
            p.grad = 0.0
