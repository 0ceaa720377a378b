"""The engine most people write first: the yardstick for `engine_reference`'s speed.

It is right, and it is the way lectures build it: every result stores its operands in a set
and a closure that knows how to pay them, `-` and `/` are built out of the other operators,
and `backward` orders the graph by calling itself. Each of those choices is easy to explain
and costs something; `reference_speed.py` measures how much. Nothing else imports this file.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Sequence


def _pay_nobody() -> None:
    """Do nothing: a leaf has no operands to hand its gradient to."""


class Value:
    """A number with a gradient, the set of its operands, and a closure that pays them."""

    def __init__(self, data: float, _children: tuple[Value, ...] = (), _op: str = "") -> None:
        self.data = data
        self.grad = 0.0
        self._prev = set(_children)
        self._op = _op
        self._backward: Callable[[], None] = _pay_nobody

    def __add__(self, other: Value | float) -> Value:
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def pay() -> None:
            self.grad += out.grad
            other.grad += out.grad

        out._backward = pay
        return out

    def __mul__(self, other: Value | float) -> Value:
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def pay() -> None:
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = pay
        return out

    def __pow__(self, exponent: float) -> Value:
        out = Value(self.data**exponent, (self,), "**")

        def pay() -> None:
            self.grad += exponent * self.data ** (exponent - 1) * out.grad

        out._backward = pay
        return out

    def tanh(self) -> Value:
        """Return the hyperbolic tangent."""
        t = math.tanh(self.data)
        out = Value(t, (self,), "tanh")

        def pay() -> None:
            self.grad += (1 - t * t) * out.grad

        out._backward = pay
        return out

    def exp(self) -> Value:
        """Return e to the power of this number."""
        out = Value(math.exp(self.data), (self,), "exp")

        def pay() -> None:
            self.grad += out.data * out.grad

        out._backward = pay
        return out

    def relu(self) -> Value:
        """Return this number, or 0 where it is negative."""
        out = Value(max(self.data, 0.0), (self,), "relu")

        def pay() -> None:
            self.grad += (out.data > 0) * out.grad

        out._backward = pay
        return out

    def __neg__(self) -> Value:
        return self * -1

    def __sub__(self, other: Value | float) -> Value:
        return self + (-other)

    def __truediv__(self, other: Value | float) -> Value:
        return self * other**-1

    def __radd__(self, other: float) -> Value:
        return self + other

    def __rmul__(self, other: float) -> Value:
        return self * other

    def __rsub__(self, other: float) -> Value:
        return other + (-self)

    def __rtruediv__(self, other: float) -> Value:
        return other * self**-1

    def backward(self) -> None:
        """Pay every operand below this number, from here down to the leaves."""
        order: list[Value] = []
        seen: set[Value] = set()

        def visit(node: Value) -> None:
            if node not in seen:
                seen.add(node)
                for child in node._prev:
                    visit(child)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            node._backward()


class Neuron:
    """A weighted sum and a bias, squashed by tanh."""

    def __init__(self, nin: int) -> None:
        self.w = [Value(random.uniform(-1, 1)) for _ in range(nin)]
        self.b = Value(random.uniform(-1, 1))

    def __call__(self, x: Sequence[Value | float]) -> Value:
        """Return the activation for nin inputs."""
        products = (weight * input_ for weight, input_ in zip(self.w, x, strict=True))
        return sum(products, self.b).tanh()

    def parameters(self) -> list[Value]:
        """Return the weights, then the bias."""
        return [*self.w, self.b]


class Layer:
    """Neurons that share their inputs."""

    def __init__(self, nin: int, nout: int) -> None:
        self.neurons = [Neuron(nin) for _ in range(nout)]

    def __call__(self, x: Sequence[Value | float]) -> list[Value]:
        """Return one activation for each neuron."""
        return [neuron(x) for neuron in self.neurons]

    def parameters(self) -> list[Value]:
        """Return the parameters neuron by neuron."""
        return [p for neuron in self.neurons for p in neuron.parameters()]


class MLP:
    """Layers, each reading what the one before it wrote."""

    def __init__(self, nin: int, nouts: Sequence[int]) -> None:
        widths = [nin, *nouts]
        self.layers = [Layer(a, b) for a, b in itertools.pairwise(widths)]

    def __call__(self, x: Sequence[Value | float]) -> Value | list[Value]:
        """Return the last layer's activations; a single one without its list."""
        for layer in self.layers:
            x = outputs = layer(x)
        return outputs[0] if len(outputs) == 1 else outputs

    def parameters(self) -> list[Value]:
        """Return the parameters layer by layer."""
        return [p for layer in self.layers for p in layer.parameters()]
