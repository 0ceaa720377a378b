"""Reverse-mode differentiation of scalar expressions."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Union

Number = Union[int, float]


class Value:
    """A number in an expression, together with how it was made.

    Attributes:
        data: the number itself.
        grad: the derivative of the last result that ran `backward` by this
            number, added to what was there before.
    """

    def __init__(self, data: Number, inputs: tuple[Value, ...] = (), name: str = "leaf") -> None:
        """Make a node; without `inputs` it is a leaf."""
        self.data: Number = data
        self.grad: float = 0.0
        self._inputs: tuple[Value, ...] = inputs
        self._name: str = name
        self._propagate: Callable[[], None] | None = None

    def __repr__(self) -> str:
        """Show data, gradient and the operation."""
        return f"<Value {self.data} grad={self.grad} from {self._name}>"

    # -- arithmetic -----------------------------------------------------------

    def __add__(self, other: Value | Number) -> Value:
        """Return self + other."""
        right = _as_value(other)
        if right is None:
            return NotImplemented
        result = Value(self.data + right.data, (self, right), "add")

        def propagate() -> None:
            self.grad += result.grad
            right.grad += result.grad

        result._propagate = propagate
        return result

    def __mul__(self, other: Value | Number) -> Value:
        """Return self * other."""
        right = _as_value(other)
        if right is None:
            return NotImplemented
        result = Value(self.data * right.data, (self, right), "mul")

        def propagate() -> None:
            self.grad += right.data * result.grad
            right.grad += self.data * result.grad

        result._propagate = propagate
        return result

    def __truediv__(self, other: Value | Number) -> Value:
        """Return self / other."""
        right = _as_value(other)
        if right is None:
            return NotImplemented
        result = Value(self.data / right.data, (self, right), "div")

        def propagate() -> None:
            self.grad += result.grad / right.data
            right.grad += -self.data / right.data**2 * result.grad

        result._propagate = propagate
        return result

    def __pow__(self, exponent: Number) -> Value:
        """Return self raised to a fixed number."""
        if not isinstance(exponent, (int, float)):
            return NotImplemented
        result = Value(self.data**exponent, (self,), "pow")

        def propagate() -> None:
            self.grad += exponent * self.data ** (exponent - 1) * result.grad

        result._propagate = propagate
        return result

    def __neg__(self) -> Value:
        """Return -self."""
        return self * -1

    def __sub__(self, other: Value | Number) -> Value:
        """Return self - other."""
        return self + (-other)

    def __radd__(self, other: Number) -> Value:
        """Return other + self."""
        return self + other

    def __rmul__(self, other: Number) -> Value:
        """Return other * self."""
        return self * other

    def __rsub__(self, other: Number) -> Value:
        """Return other - self."""
        return Value(other) - self

    def __rtruediv__(self, other: Number) -> Value:
        """Return other / self."""
        return Value(other) / self

    # -- functions ------------------------------------------------------------

    def tanh(self) -> Value:
        """Return the hyperbolic tangent; its derivative is 1 - tanh²."""
        result = Value(math.tanh(self.data), (self,), "tanh")

        def propagate() -> None:
            self.grad += (1 - result.data**2) * result.grad

        result._propagate = propagate
        return result

    def exp(self) -> Value:
        """Return e to the power of self; it is its own derivative."""
        result = Value(math.exp(self.data), (self,), "exp")

        def propagate() -> None:
            self.grad += result.data * result.grad

        result._propagate = propagate
        return result

    def relu(self) -> Value:
        """Return self where positive, else 0."""
        result = Value(max(0.0, self.data), (self,), "relu")

        def propagate() -> None:
            self.grad += (1.0 if self.data > 0 else 0.0) * result.grad

        result._propagate = propagate
        return result

    # -- differentiation ------------------------------------------------------

    def backward(self) -> None:
        """Add d(self)/d(node) to the gradient of every node below."""
        order = list(self._inputs_first())
        self.grad = 1.0
        for node in reversed(order):
            if node._propagate is not None:
                node._propagate()

    def _inputs_first(self) -> Iterator[Value]:
        """Yield the graph so that every node follows its inputs."""
        entered: set[Value] = {self}
        path: list[tuple[Value, Iterator[Value]]] = [(self, iter(self._inputs))]
        while path:
            node, remaining = path[-1]
            for below in remaining:
                if below not in entered:
                    entered.add(below)
                    path.append((below, iter(below._inputs)))
                    break
            else:
                path.pop()
                yield node


def _as_value(thing: Value | Number) -> Value | None:
    """Wrap a plain number; None for anything that is not a number."""
    if isinstance(thing, Value):
        return thing
    if isinstance(thing, (int, float)):
        return Value(thing)
    return None
