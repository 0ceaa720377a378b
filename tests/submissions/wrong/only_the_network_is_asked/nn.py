from random import uniform

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


class Layer:
    def __init__(s, n, m):
        s.neurons = [Neuron(n) for _ in range(m)]

    def __call__(s, x):
        return [n(x) for n in s.neurons]


class MLP:
    def __init__(s, n, k):
        z = [n, *k]
        s.layers = [Layer(a, b) for a, b in zip(z, z[1:])]

    def __call__(s, x):
        for h in s.layers:
            x = h(x)
        return x if len(x) > 1 else x[0]

    def parameters(s):
        return [p for h in s.layers for n in h.neurons for p in n.w + [n.b]]

    def zero_grad(s):
        for p in s.parameters():
            p.grad = 0.0
