"""A whole training, watched while it runs: for people to look at, not to be judged."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from .answers import Submission, defined, items, number, outputs
from .training_jobs import ModelSpec, training_model

Rows = Sequence[Sequence[float]]


COLLECT_AFTER = 100_000
"""So many new objects between two collections of garbage: some tens of MiB."""


def collect() -> None:
    """Free the graphs that are done with, where the collector does not run by itself.

    A graph of closures is a cycle. One pass can build tens of thousands of nodes.
    """
    if not gc.isenabled() and gc.get_count()[0] > COLLECT_AFTER:
        gc.collect()


class WatchedSubmission(Submission, Protocol):
    """A submission with somebody who looks on."""

    tell: Callable[[float], None]


class Watched:
    """A model that tells the loss of a forward pass over its examples, `most` times.

    For the loop it is the model: whatever else it is asked for, the model itself answers.
    """

    def __init__(
        self, model: Any, ys: Sequence[float], tell: Callable[[float], None], most: int
    ) -> None:
        self._model = model
        self._ys = ys
        self._tell = tell
        self._left = most
        self._seen: list[Any] = []

    def __call__(self, x: Any) -> Any:
        """Return the model's output, and tell the loss when this was the last example."""
        if not self._seen:
            collect()
        output = self._model(x)
        self._seen.append(output)
        if len(self._seen) == len(self._ys):
            seen, self._seen = self._seen, []
            self._tell_loss([outputs(one, 1, "`MLP(…)(x)`")[0] for one in seen])
        return output

    def _tell_loss(self, predictions: Sequence[float]) -> None:
        if self._left:
            self._left -= 1
            self._tell(squared_error(predictions, self._ys))

    def __getattr__(self, name: str) -> Any:
        """Return what the model has by that name."""
        return getattr(self._model, name)


def squared_error(predictions: Sequence[float], ys: Sequence[float]) -> float:
    """Return the sum of (prediction − target)²; `inf` beyond what a float can hold."""
    try:
        return sum((p - y) ** 2 for p, y in zip(predictions, ys, strict=True))
    except OverflowError:
        return float("inf")


def demonstration(
    submission: WatchedSubmission,
    model_spec: ModelSpec,
    xs: Rows,
    ys: Sequence[float],
    steps: int,
    learning_rate: float,
    grid: Rows,
    zeroing: bool,
) -> list[float]:
    """Train, and return the losses, the trained model's outputs for `xs`, and for `grid`.

    With `zeroing`, the learner's `train` does it; without, a loop of ours that never zeroes,
    around the learner's loss, network and engine. Numbers that such a loop drives beyond
    what a float can hold are NaN from there on.
    """
    model = training_model(submission, model_spec)
    watched = Watched(model, ys, submission.tell, steps)
    inputs, targets = [list(x) for x in xs], list(ys)
    if zeroing:
        run_training = defined(submission, "train", "train")
        losses = run_training(watched, inputs, targets, steps=steps, learning_rate=learning_rate)
    else:
        loss = defined(submission, "train", "loss")
        losses = _without_zeroing(loss, watched, inputs, targets, steps, learning_rate)
    listed = items(losses, steps, "what `train` returned")
    numbers = [number(one, "a loss that `train` returned") for one in listed]
    for x in (*xs, *grid):
        collect()
        numbers.append(_output(model, x, zeroing))
    return numbers


def _without_zeroing(
    loss: Any, model: Any, xs: Any, ys: Any, steps: int, learning_rate: float
) -> list[float]:
    losses: list[float] = []
    try:
        for _ in range(steps):
            total = loss(model, xs, ys)
            losses.append(total.data)
            total.backward()
            for parameter in model.parameters():
                parameter.data -= learning_rate * parameter.grad
    except OverflowError:
        losses += [float("nan")] * (steps - len(losses))
    return losses


def _output(model: Any, x: Sequence[float], zeroing: bool) -> float:
    try:
        return outputs(model(list(x)), 1, "`MLP(…)(x)`")[0]
    except OverflowError:
        if zeroing:
            raise
        return float("nan")
