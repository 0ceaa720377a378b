"""Only numbers that were put in keep a gradient; results in between do not."""

import math
from typing import NamedTuple


class Edge(NamedTuple):
    source: "Value"
    slope: float


class Value:
    def __init__(self, data, edges=()):
        self.data = data
        self.grad = 0.0
        self._edges = edges

    @property
    def is_leaf(self):
        return not self._edges

    def __add__(self, other):
        other = constant(other)
        return Value(self.data + other.data, (Edge(self, 1.0), Edge(other, 1.0)))

    def __mul__(self, other):
        other = constant(other)
        edges = (Edge(self, other.data), Edge(other, self.data))
        return Value(self.data * other.data, edges)

    def __neg__(self):
        return Value(-self.data, (Edge(self, -1.0),))

    def __pow__(self, n):
        return Value(self.data**n, (Edge(self, n * self.data ** (n - 1)),))

    def __sub__(self, other):
        return self + (-constant(other))

    def __truediv__(self, other):
        return self * constant(other) ** -1

    def __radd__(self, other):
        return constant(other) + self

    def __rsub__(self, other):
        return constant(other) - self

    def __rmul__(self, other):
        return constant(other) * self

    def __rtruediv__(self, other):
        return constant(other) / self

    def exp(self):
        e = math.exp(self.data)
        return Value(e, (Edge(self, e),))

    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, (Edge(self, 1 - t**2),))

    def relu(self):
        if self.data <= 0:
            return Value(0.0, (Edge(self, 0.0),))
        return Value(self.data, (Edge(self, 1.0),))

    def backward(self):
        flow = {self: 1.0}  # gradients on their way down
        for node in reversed(sorted_graph(self)):
            upstream = flow.pop(node)
            if node.is_leaf:
                node.grad += upstream
            for source, slope in node._edges:
                flow[source] = flow.get(source, 0.0) + slope * upstream


def constant(x):
    return x if isinstance(x, Value) else Value(x)


def sorted_graph(root):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for edge in node._edges:
                visit(edge.source)
            order.append(node)

    visit(root)
    return order
