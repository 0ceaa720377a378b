"""Value: a number with a memory. Every operation leaves a function behind for the way back."""

import math


class Value:
    """A number, its gradient, the Values it came from and the rule that serves them."""

    def __init__(self, data, _children=(), _op="", label=""):
        self.data = data
        self.grad = 0.0
        self.label = label
        self._op = _op
        # A set is enough here: that `a + a` uses `a` twice is the business of the rule, and
        # the walk in backward() wants to meet every parent once.
        self._prev = set(_children)
        # A leaf has nobody to pass its gradient to.
        self._backward = lambda: None

    def __repr__(self):
        name = f"{self.label}: " if self.label else ""
        return f"Value({name}data={self.data}, grad={self.grad})"

    # Operations with a rule of their own. Each rule is a closure: it keeps hold of the parents
    # and of `out`, and reads out.grad only when it is called. It always adds, because a parent
    # may be used elsewhere too, or be both parents at once.

    def __add__(self, other):
        other = _wrapped(other)
        out = Value(self.data + other.data, (self, other), "+")

        def rule():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = rule
        return out

    def __mul__(self, other):
        other = _wrapped(other)
        out = Value(self.data * other.data, (self, other), "*")

        def rule():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = rule
        return out

    def __pow__(self, exponent):
        if not isinstance(exponent, (int, float)):
            raise TypeError(f"the exponent has to be a plain number, not {exponent!r}")
        out = Value(self.data**exponent, (self,), f"**{exponent}")

        def rule():
            self.grad += exponent * self.data ** (exponent - 1) * out.grad

        out._backward = rule
        return out

    def tanh(self):
        out = Value(math.tanh(self.data), (self,), "tanh")

        def rule():
            # The result is what gets squared, not the input.
            self.grad += (1 - out.data**2) * out.grad

        out._backward = rule
        return out

    def exp(self):
        out = Value(math.exp(self.data), (self,), "exp")

        def rule():
            # e to the x is its own derivative, and it is here already, as the result.
            self.grad += out.data * out.grad

        out._backward = rule
        return out

    def relu(self):
        out = Value(max(self.data, 0.0), (self,), "relu")

        def rule():
            if self.data > 0:
                self.grad += out.grad

        out._backward = rule
        return out

    # Operations made of those above: they need no rule, the graph takes care of them.

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-_wrapped(other))

    def __truediv__(self, other):
        return self * _wrapped(other) ** -1

    # A plain number on the left. For - and / the order matters: self is on the right.

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return _wrapped(other) - self

    def __rtruediv__(self, other):
        return _wrapped(other) / self

    def backward(self):
        order = []
        seen = set()

        def visit(value):
            if value in seen:
                return
            seen.add(value)
            for parent in value._prev:
                visit(parent)
            order.append(value)  # after its parents, however many ways lead to them

        visit(self)

        self.grad = 1.0
        # Backwards through the list, a value has its turn only after everything made from it:
        # by then its gradient is complete.
        for value in reversed(order):
            value._backward()


def _wrapped(number):
    return number if isinstance(number, Value) else Value(number)
