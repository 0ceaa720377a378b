"""Gradients sink through the graph level by level."""

import math
from numbers import Real


class Value:
    def __init__(self, data, operands=()):
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
        self.grad = 1.0
        seen = {self}
        level = [self]
        while level:
            below = []
            for node in level:
                node._spread()
                for operand in node.operands:
                    if operand not in seen:
                        seen.add(operand)
                        below.append(operand)
            level = below


def _lift(x):
    return Value(x) if isinstance(x, Real) else x
