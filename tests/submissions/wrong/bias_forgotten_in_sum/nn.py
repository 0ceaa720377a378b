import random

from engine import Value


class Module:
    """Finds its parameters by looking through its own attributes."""

    def parameters(self):
        return list(found_in(vars(self).values()))

    def zero_grad(self):
        for p in self.parameters():
            p.grad = 0.0


def found_in(things):
    for thing in things:
        if isinstance(thing, Value):
            yield thing
        elif isinstance(thing, Module):
            yield from thing.parameters()
        elif isinstance(thing, list):
            yield from found_in(thing)


class Neuron(Module):
    def __init__(self, nin):
        self.w = [Value(random.uniform(-1, 1)) for _ in range(nin)]
        self.b = Value(random.uniform(-1, 1))

    def __call__(self, x):
        return sum(w * xi for w, xi in zip(self.w, x)).tanh()


class Layer(Module):
    def __init__(self, nin, nout):
        self.neurons = [Neuron(nin) for _ in range(nout)]

    def __call__(self, x):
        return [neuron(x) for neuron in self.neurons]


class MLP(Module):
    def __init__(self, nin, nouts):
        nins = [nin, *nouts[:-1]]
        self.layers = [Layer(a, b) for a, b in zip(nins, nouts)]

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x[0] if len(x) == 1 else x
