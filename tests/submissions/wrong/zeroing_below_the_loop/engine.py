"""Nodes are numbered as they are made.

A node is always made after its operands, so going down through the numbers
is going backward through the graph: no depth-first search is needed.
"""

import itertools
import math
from numbers import Real
from operator import attrgetter

_serial = itertools.count()


class Value:
    def __init__(self, data, operands=()):
        self.number = next(_serial)
        self.data = data
        self.grad = 0.0
        self.operands = operands

    def _spread(self):
        """Hand the gradient to the operands; a leaf has none."""

    def __add__(self, other):
        other = _lift(other)
        out = Value(self.data + other.data, (self, other))

        def spread():
            self.grad += out.grad
            other.grad += out.grad

        out._spread = spread
        return out

    def __mul__(self, other):
        other = _lift(other)
        out = Value(self.data * other.data, (self, other))

        def spread():
            self.grad += out.grad * other.data
            other.grad += out.grad * self.data

        out._spread = spread
        return out

    def _unary(self, data, slope):
        out = Value(data, (self,))

        def spread():
            self.grad += slope * out.grad

        out._spread = spread
        return out

    def __pow__(self, n):
        return self._unary(self.data**n, n * self.data ** (n - 1))

    def __neg__(self):
        return self._unary(-self.data, -1.0)

    def _inverse(self):
        return self._unary(1 / self.data, -1 / self.data**2)

    def tanh(self):
        t = math.tanh(self.data)
        return self._unary(t, 1 - t * t)

    def exp(self):
        e = math.exp(self.data)
        return self._unary(e, e)

    def relu(self):
        return self._unary(self.data, 1.0) if self.data > 0 else self._unary(0.0, 0.0)

    def __sub__(self, other):
        return self + (-_lift(other))

    def __truediv__(self, other):
        return self * _lift(other)._inverse()

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other):
        return _lift(other) - self

    def __rtruediv__(self, other):
        return _lift(other) / self

    def backward(self):
        below = {self}
        frontier = [self]
        while frontier:
            node = frontier.pop()
            for operand in node.operands:
                if operand not in below:
                    below.add(operand)
                    frontier.append(operand)
        self.grad = 1.0
        for node in sorted(below, key=attrgetter("number"), reverse=True):
            node._spread()


def _lift(x):
    return Value(x) if isinstance(x, Real) else x
