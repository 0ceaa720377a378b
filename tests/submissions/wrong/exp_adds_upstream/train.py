"""Gradient descent on the sum of squared errors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from engine import Value


class Model(Protocol):
    """What the loop needs to know about a network."""

    def __call__(self, x: Sequence[float]) -> Value: ...

    def parameters(self) -> list[Value]: ...

    def zero_grad(self) -> None: ...


def loss(model: Model, xs: Sequence[Sequence[float]], ys: Sequence[float]) -> Value:
    """Return the sum of (prediction - target)² over all examples."""
    total = Value(0.0)
    for x, y in zip(xs, ys, strict=True):
        total = total + (model(x) - y) ** 2
    return total


def train(
    model: Model,
    xs: Sequence[Sequence[float]],
    ys: Sequence[float],
    *,
    steps: int,
    learning_rate: float,
) -> list[float]:
    """Take `steps` steps downhill and return the loss seen at each of them."""
    losses: list[float] = []
    for _ in range(steps):
        model.zero_grad()
        current = loss(model, xs, ys)
        current.backward()
        for parameter in model.parameters():
            parameter.data -= learning_rate * parameter.grad
        losses.append(float(current.data))
    return losses
