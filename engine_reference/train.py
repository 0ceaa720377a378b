"""What to make small, and the four steps that make it small."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from engine_reference.engine import Value

Vector = Sequence[float]


class Model(Protocol):
    """What the loop needs: a one-output network, its parameters, a way to zero them."""

    def __call__(self, x: Vector, /) -> Value | list[Value]: ...  # noqa: D102
    def parameters(self) -> list[Value]: ...  # noqa: D102
    def zero_grad(self) -> None: ...  # noqa: D102


def loss(model: Model, xs: Sequence[Vector], ys: Vector) -> Value:
    """Return the total miss: the sum over the examples of (prediction − target)².

    A `Value`, and so the root of the graph of every prediction: one number to go down on.

    Shape: xs: n_samples × nin; ys: n_samples.
    """
    total = Value(0.0)
    for x, y in zip(xs, ys, strict=True):
        prediction = model(x)
        if isinstance(prediction, list):
            (prediction,) = prediction
        total = total + (prediction - y) ** 2
    return total


def train(
    model: Model, xs: Sequence[Vector], ys: Vector, *, steps: int, learning_rate: float
) -> list[float]:
    """Train `model` in place and return one loss a step, measured before its update.

    Shape: xs: n_samples × nin; ys: n_samples; returns `steps` losses.
    """
    losses = []
    for _ in range(steps):
        # 1. Forward: predictions and their loss. This builds a new graph every time.
        total = loss(model, xs, ys)
        losses.append(total.data)
        # 2. Zero: `backward` adds to what is there, and what is there belongs to the last
        #    step. Leave this out and nothing complains; the steps are merely wrong.
        model.zero_grad()
        # 3. Backward: the slope of the loss with respect to every parameter.
        total.backward()
        # 4. Update: the gradient points uphill, so go the other way, a little.
        for parameter in model.parameters():
            parameter.data -= learning_rate * parameter.grad
    return losses
