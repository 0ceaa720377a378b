"""Each operation is a kind of Value that knows its own partial derivatives.

Gradients are pulled: a node asks everything made from it for a share, and those
ask further up, until the result itself answers 1.
"""

import math


class Value:
    def __init__(self, data):
        self.data = data
        self.grad = 0.0

    def partials(self):
        """List (parent, derivative of self by parent)."""
        return []

    def __add__(self, other):
        return Sum(self, wrap(other))

    def __radd__(self, other):
        return Sum(wrap(other), self)

    def __mul__(self, other):
        return Product(self, wrap(other))

    def __rmul__(self, other):
        return Product(wrap(other), self)

    def __truediv__(self, other):
        return Quotient(self, wrap(other))

    def __rtruediv__(self, other):
        return Quotient(wrap(other), self)

    def __pow__(self, exponent):
        return Power(self, exponent)

    def __neg__(self):
        return Product(Value(-1.0), self)

    def __sub__(self, other):
        return Sum(self, -wrap(other))

    def __rsub__(self, other):
        return other - self

    def exp(self):
        return Exp(self)

    def tanh(self):
        return Tanh(self)

    def relu(self):
        return Relu(self)

    def backward(self):
        consumers = collect_consumers(self)
        answers = {self: 1.0}

        def pull(node):
            if node not in answers:
                total = 0.0
                for consumer, slope in consumers[node]:
                    total += pull(consumer) * slope
                answers[node] = total
            return answers[node]

        for node in consumers:
            node.grad += pull(node)


class Sum(Value):
    def __init__(self, a, b):
        super().__init__(a.data + b.data)
        self.a, self.b = a, b

    def partials(self):
        return [(self.a, 1.0), (self.b, 1.0)]


class Product(Value):
    def __init__(self, a, b):
        super().__init__(a.data * b.data)
        self.a, self.b = a, b

    def partials(self):
        return [(self.a, self.b.data), (self.b, self.a.data)]


class Quotient(Value):
    def __init__(self, a, b):
        super().__init__(a.data / b.data)
        self.a, self.b = a, b

    def partials(self):
        return [(self.a, 1 / self.b.data), (self.b, -self.data / self.b.data)]


class Power(Value):
    def __init__(self, base, exponent):
        super().__init__(base.data**exponent)
        self.base, self.exponent = base, exponent

    def partials(self):
        return [(self.base, self.exponent * self.base.data ** (self.exponent - 1))]


class Exp(Value):
    def __init__(self, x):
        super().__init__(math.exp(x.data))
        self.x = x

    def partials(self):
        return [(self.x, self.data)]


class Tanh(Value):
    def __init__(self, x):
        super().__init__(math.tanh(x.data))
        self.x = x

    def partials(self):
        return [(self.x, 1 - self.data**2)]


class Relu(Value):
    def __init__(self, x):
        super().__init__(max(x.data, 0.0))
        self.x = x

    def partials(self):
        return [(self.x, 1.0 if self.x.data > 0 else 0.0)]


def wrap(x):
    return x if isinstance(x, Value) else Value(x)


def collect_consumers(root):
    """Map every node below `root` to the (consumer, slope) pairs above it."""
    consumers = {root: []}
    todo = [root]
    for node in todo:  # grows while it is read
        for parent, slope in node.partials():
            if parent not in consumers:
                consumers[parent] = []
                todo.append(parent)
            consumers[parent].append((node, slope))
    return consumers
