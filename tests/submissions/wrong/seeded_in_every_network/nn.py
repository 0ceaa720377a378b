from random import seed, uniform

from engine import Value as V


class Neuron:
    def __init__(s, n):
        s.w = [V(uniform(-1, 1)) for _ in range(n)]
        s.b = V(uniform(-1, 1))

    def __call__(s, x):
        a = s.b
        for u, v in zip(s.w, x):
            a += u * v
        return a.tanh()

    def parameters(s):
        return s.w + [s.b]

    def zero_grad(s):
        for p in s.parameters():
            p.grad = 0.0


class Layer:
    def __init__(s, n, m):
        s.neurons = [Neuron(n) for _ in range(m)]

    def __call__(s, x):
        return [n(x) for n in s.neurons]

    def parameters(s):
        return [p for n in s.neurons for p in n.parameters()]

    def zero_grad(s):
        for n in s.neurons:
            n.zero_grad()


class MLP:
    def __init__(s, n, k):
        seed(1)
        z = [n, *k]
        s.layers = [Layer(a, b) for a, b in zip(z, z[1:])]

    def __call__(s, x):
        for h in s.layers:
            x = h(x)
        return x if len(x) > 1 else x[0]

    def parameters(s):
        return [p for h in s.layers for p in h.parameters()]

    def zero_grad(s):
        for h in s.layers:
            h.zero_grad()
