import math
import random
from enum import Enum, auto


class Op(Enum):
    LEAF = auto()
    ADD = auto()
    SUB = auto()
    MUL = auto()
    DIV = auto()
    POW = auto()
    EXP = auto()
    TANH = auto()
    RELU = auto()


class Value:
    def __init__(self, data, op=Op.LEAF, args=()):
        self.data = data
        self.grad = 0.0
        self.op = op
        self.args = args

    def __add__(self, other):
        other = wrap(other)
        return Value(self.data + other.data, Op.ADD, (self, other))

    def __sub__(self, other):
        other = wrap(other)
        return Value(self.data - other.data, Op.SUB, (self, other))

    def __mul__(self, other):
        other = wrap(other)
        return Value(self.data * other.data, Op.MUL, (self, other))

    def __truediv__(self, other):
        other = wrap(other)
        return Value(self.data / other.data, Op.DIV, (self, other))

    def __pow__(self, n):
        # the exponent rides along as a Value that nobody reads a gradient from
        return Value(self.data**n, Op.POW, (self, Value(n)))

    def __neg__(self):
        return 0 - self

    def __radd__(self, other):
        return wrap(other) + self

    def __rsub__(self, other):
        return wrap(other) - self

    def __rmul__(self, other):
        return wrap(other) * self

    def __rtruediv__(self, other):
        return wrap(other) / self

    def exp(self):
        return Value(math.exp(self.data), Op.EXP, (self,))

    def tanh(self):
        return Value(math.tanh(self.data), Op.TANH, (self,))

    def relu(self):
        return Value(max(self.data, 0.0), Op.RELU, (self,))

    def propagate(self):
        g = self.grad
        match self.op, self.args:
            case Op.ADD, (a, b):
                a.grad += g
                b.grad += g
            case Op.SUB, (a, b):
                a.grad += g
                b.grad -= g
            case Op.MUL, (a, b):
                a.grad += g * b.data
                b.grad += g * a.data
            case Op.DIV, (a, b):
                a.grad += g / b.data
                b.grad -= g * self.data / b.data
            case Op.POW, (a, n):
                a.grad += g * n.data * a.data ** (n.data - 1)
            case Op.EXP, (a,):
                a.grad += g * self.data
            case Op.TANH, (a,):
                a.grad += g * (1 - self.data**2)
            case Op.RELU, (a,) if a.data > 0:
                a.grad += g

    def backward(self):
        order = []
        seen = set()

        def visit(node):
            seen.add(node)
            for arg in node.args:
                if arg not in seen:
                    visit(arg)
            order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            node.propagate()


def wrap(x):
    return x if isinstance(x, Value) else Value(x)


class Neuron:
    def __init__(self, nin):
        self.w = [Value(random.uniform(-1, 1)) for _ in range(nin)]
        self.b = Value(random.uniform(-1, 1))

    def __call__(self, x):
        return sum((w * xi for w, xi in zip(self.w, x)), self.b).tanh()

    def parameters(self):
        return self.w + [self.b]

    def zero_grad(self):
        reset(self)


class Layer:
    def __init__(self, nin, nout):
        self.neurons = [Neuron(nin) for _ in range(nout)]

    def __call__(self, x):
        return [neuron(x) for neuron in self.neurons]

    def parameters(self):
        return sum([neuron.parameters() for neuron in self.neurons], [])

    def zero_grad(self):
        reset(self)


class MLP:
    def __init__(self, nin, nouts):
        sizes = [nin, *nouts]
        self.layers = [Layer(a, b) for a, b in zip(sizes, nouts)]

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x[0] if len(x) == 1 else x

    def parameters(self):
        return sum([layer.parameters() for layer in self.layers], [])

    def zero_grad(self):
        reset(self)


def reset(module):
    for p in module.parameters():
        p.grad = 0.0


def loss(model, xs, ys):
    return sum((model(x) - y) ** 2 for x, y in zip(xs, ys))


def train(model, xs, ys, *, steps, learning_rate):
    losses = []
    for _ in range(steps):
        total = loss(model, xs, ys)
        losses.append(total.data)
        reset(model)
        total.backward()
        for p in model.parameters():
            p.data -= learning_rate * p.grad
    return losses


if __name__ == "__main__":
    net = MLP(2, [4, 1])
    corners = [[0, 0], [0, 1], [1, 0], [1, 1]]
    print(train(net, corners, [-1, 1, 1, -1], steps=50, learning_rate=0.05))
