from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(eq=False)
class Value:
    data: float
    grad: float = field(default=0.0, init=False)
    parents: list[Value] = field(default_factory=list, repr=False)
    slopes: Callable[[], list[float]] = field(default=list, repr=False)

    def __add__(self, other: Value | float) -> Value:
        other = lift(other)
        return Value(self.data + other.data, [self, other], lambda: [1.0, 1.0])

    def __sub__(self, other: Value | float) -> Value:
        other = lift(other)
        return Value(self.data - other.data, [self, other], lambda: [1.0, -1.0])

    def __mul__(self, other: Value | float) -> Value:
        other = lift(other)
        return Value(
            self.data * other.data,
            [self, other],
            lambda: [other.data, self.data],
        )

    def __truediv__(self, other: Value | float) -> Value:
        other = lift(other)
        out = Value(self.data / other.data, [self, other])
        out.slopes = lambda: [1 / other.data, -out.data / other.data]
        return out

    def __pow__(self, power: float) -> Value:
        return Value(
            self.data**power,
            [self],
            lambda: [power * self.data ** (power - 1)],
        )

    def __radd__(self, other: float) -> Value:
        return lift(other) + self

    def __rsub__(self, other: float) -> Value:
        return lift(other) - self

    def __rmul__(self, other: float) -> Value:
        return lift(other) * self

    def __rtruediv__(self, other: float) -> Value:
        return lift(other) / self

    def __neg__(self) -> Value:
        return 0 - self

    def exp(self) -> Value:
        out = Value(math.exp(self.data), [self])
        out.slopes = lambda: [out.data]
        return out

    def tanh(self) -> Value:
        out = Value(math.tanh(self.data), [self])
        out.slopes = lambda: [1 - out.data**2]
        return out

    def relu(self) -> Value:
        return Value(max(0.0, self.data), [self], lambda: [float(self.data > 0)])

    def backward(self) -> None:
        order: list[Value] = []
        visit(self, order, set())
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in zip(node.parents, node.slopes()):
                parent.grad += node.grad * slope


def lift(x: Value | float) -> Value:
    return x if isinstance(x, Value) else Value(x)


def visit(node: Value, order: list[Value], seen: set[Value]) -> None:
    if node in seen:
        return
    seen.add(node)
    for parent in node.parents:
        visit(parent, order, seen)
    order.append(node)
