"""One small class per operation: how to compute it, how to differentiate it."""

import math


class Add:
    @staticmethod
    def forward(a, b):
        return a + b

    @staticmethod
    def backward(upstream, out, a, b):
        return upstream, upstream


class Multiply:
    @staticmethod
    def forward(a, b):
        return a * b

    @staticmethod
    def backward(upstream, out, a, b):
        return upstream * b, upstream * a


class Divide:
    @staticmethod
    def forward(a, b):
        return a / b

    @staticmethod
    def backward(upstream, out, a, b):
        return upstream / b, -upstream * out / b


class Power:
    def __init__(self, exponent):
        self.exponent = exponent

    def forward(self, a):
        return a**self.exponent

    def backward(self, upstream, out, a):
        return (upstream * self.exponent * a ** (self.exponent - 1),)


class Exp:
    @staticmethod
    def forward(a):
        return math.exp(a)

    @staticmethod
    def backward(upstream, out, a):
        return (upstream * out,)


class Tanh:
    @staticmethod
    def forward(a):
        return math.tanh(a)

    @staticmethod
    def backward(upstream, out, a):
        return (upstream * (1 - out * out),)


class Relu:
    @staticmethod
    def forward(a):
        return a if a > 0 else 0.0

    @staticmethod
    def backward(upstream, out, a):
        return (upstream if a > 0 else 0.0,)


class Value:
    def __init__(self, data):
        self.data = data
        self.grad = 0.0
        self.operation = None
        self.inputs = ()

    @staticmethod
    def of(operation, *inputs):
        inputs = [x if isinstance(x, Value) else Value(x) for x in inputs]
        out = Value(operation.forward(*[x.data for x in inputs]))
        out.operation = operation
        out.inputs = inputs
        return out

    def __add__(self, other):
        return Value.of(Add, self, other)

    def __radd__(self, other):
        return Value.of(Add, other, self)

    def __mul__(self, other):
        return Value.of(Multiply, self, other)

    def __rmul__(self, other):
        return Value.of(Multiply, other, self)

    def __truediv__(self, other):
        return Value.of(Divide, self, other)

    def __rtruediv__(self, other):
        return Value.of(Divide, other, self)

    def __neg__(self):
        return Value.of(Multiply, self, -1)

    def __sub__(self, other):
        return self + -1 * other

    def __rsub__(self, other):
        return other + -self

    def __pow__(self, exponent):
        return Value.of(Power(exponent), self)

    def exp(self):
        return Value.of(Exp, self)

    def tanh(self):
        return Value.of(Tanh, self)

    def relu(self):
        return Value.of(Relu, self)

    def backward(self):
        order = []
        visited = set()

        def visit(node):
            if node in visited:
                return
            visited.add(node)
            for below in node.inputs:
                visit(below)
            order.append(node)

        visit(self)
        self.grad = 1.0
        while order:
            node = order.pop()
            if node.operation is None:
                continue
            numbers = [x.data for x in node.inputs]
            shares = node.operation.backward(node.grad, node.data, *numbers)
            for below, share in zip(node.inputs, shares):
                below.grad += share
