import functools
import math


def with_numbers(method):
    """Let a two-operand method take a plain number on its right."""

    @functools.wraps(method)
    def wrapped(self, other):
        return method(self, other if isinstance(other, Value) else Value(other))

    return wrapped


def swapped(method):
    """Make the reflected method: the number stands on the left."""

    def reflected(self, other):
        return method(Value(other), self)

    return reflected


class Value:
    def __init__(self, data, parents=(), rule=None):
        self.data = float(data)
        self.grad = 0.0
        self.parents = parents
        self.rule = rule  # called with the upstream gradient

    @with_numbers
    def __add__(self, other):
        def rule(upstream):
            self.grad += upstream
            other.grad += upstream

        return Value(self.data + other.data, (self, other), rule)

    @with_numbers
    def __sub__(self, other):
        def rule(upstream):
            self.grad += upstream
            other.grad += -upstream

        return Value(self.data - other.data, (self, other), rule)

    @with_numbers
    def __mul__(self, other):
        def rule(upstream):
            self.grad += upstream * other.data
            other.grad += upstream * self.data

        return Value(self.data * other.data, (self, other), rule)

    @with_numbers
    def __truediv__(self, other):
        def rule(upstream):
            self.grad += upstream / other.data
            other.grad += -upstream * self.data / other.data**2

        return Value(self.data / other.data, (self, other), rule)

    __radd__ = swapped(__add__)
    __rsub__ = swapped(__sub__)
    __rmul__ = swapped(__mul__)
    __rtruediv__ = swapped(__truediv__)

    def __neg__(self):
        def rule(upstream):
            self.grad += -upstream

        return Value(-self.data, (self,), rule)

    def __pow__(self, exponent):
        def rule(upstream):
            self.grad += upstream * exponent * self.data ** (exponent - 1)

        return Value(self.data**exponent, (self,), rule)

    def tanh(self):
        t = math.tanh(self.data)

        def rule(upstream):
            self.grad += upstream * (1 - t**2)

        return Value(t, (self,), rule)

    def exp(self):
        e = math.exp(self.data)

        def rule(upstream):
            self.grad += upstream * e

        return Value(e, (self,), rule)

    def relu(self):
        def rule(upstream):
            self.grad += upstream if self.data > 0 else 0.0

        return Value(max(self.data, 0.0), (self,), rule)

    def backward(self):
        order = []

        def visit(node, visited):
            if node not in visited:
                visited.add(node)
                for parent in node.parents:
                    visit(parent, visited)
                order.append(node)

        visit(self, set())
        self.grad = 1.0
        for node in reversed(order):
            if node.rule:
                node.rule(node.grad)
