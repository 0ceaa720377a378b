"""Gradients of one backward pass live in a table of their own.

The table maps id(node) to a gradient. Only when it is complete are the numbers
added to the nodes, so nothing left over from an earlier pass can leak into it.
"""

import math


class Value:
    def __init__(self, data):
        self.data = data
        self.grad = 0.0
        self.sources = []  # pairs: (node, derivative of this node by that node)

    @classmethod
    def _made(cls, data, *sources):
        node = cls(data)
        node.sources = list(sources)
        return node

    @staticmethod
    def _wrap(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = self._wrap(other)
        self.data += other.data
        return self._made(self.data, (self, 1), (other, 1))

    def __mul__(self, other):
        other = self._wrap(other)
        return self._made(self.data * other.data, (self, other.data), (other, self.data))

    def __pow__(self, k):
        return self._made(self.data**k, (self, k * self.data ** (k - 1)))

    def __neg__(self):
        return self._made(-self.data, (self, -1))

    def __sub__(self, other):
        return self + -self._wrap(other)

    def __truediv__(self, other):
        return self * self._wrap(other) ** -1

    def __radd__(self, other):
        return self._wrap(other) + self

    def __rsub__(self, other):
        return self._wrap(other) - self

    def __rmul__(self, other):
        return self._wrap(other) * self

    def __rtruediv__(self, other):
        return self._wrap(other) / self

    def exp(self):
        e = math.exp(self.data)
        return self._made(e, (self, e))

    def tanh(self):
        t = math.tanh(self.data)
        return self._made(t, (self, 1 - t * t))

    def relu(self):
        return self._made(max(self.data, 0.0), (self, 1 if self.data > 0 else 0))

    def backward(self):
        order = {}  # id -> node, parents before children

        def visit(node):
            for source, _ in node.sources:
                if id(source) not in order:
                    visit(source)
            order[id(node)] = node

        visit(self)
        table = dict.fromkeys(order, 0.0)
        table[id(self)] = 1.0
        for key in reversed(order):
            for source, slope in order[key].sources:
                table[id(source)] += slope * table[key]
        for key, node in order.items():
            node.grad += table[key]
