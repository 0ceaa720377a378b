"""The smallest training there is: one weight, one example, worked with the reference engine.

The prediction is w·x, the loss is (w·x − y)². With these two lines every step of a training
loop can be followed by hand, with the gradients zeroed in between and without.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from engine_reference import Value


@dataclass(frozen=True)
class Problem:
    """What is to be learnt, where it starts, and how fast it goes."""

    w: float = 2.0
    x: float = 3.0
    y: float = 3.0
    learning_rate: float = 0.05

    @property
    def best(self) -> float | None:
        """The weight with the lowest loss; None where x = 0, for then every weight is as good."""
        best = self.y / self.x if self.x else math.inf
        return best if math.isfinite(best) else None

    @property
    def factor(self) -> float:
        """By what one step multiplies the distance between w and the best weight.

        The gradient is 2·x²·(w − best), and so a step leaves (1 − 2·learning_rate·x²) of it.
        """
        return 1 - 2 * self.learning_rate * self.x * self.x

    def loss(self, w: float) -> float:
        """Return the loss at a weight; `inf` beyond what a float can hold."""
        miss = w * self.x - self.y
        return miss * miss


@dataclass(frozen=True)
class Step:
    """One turn of the loop, with every number in it.

    `slope` is the gradient of this pass alone; `gradient` is what stands in `w.grad` after
    `backward()`, and what the update uses: without zeroing it holds `kept`, too.
    """

    w: float
    prediction: float
    loss: float
    slope: float
    kept: float
    gradient: float
    next_w: float
    next_loss: float


@dataclass(frozen=True)
class Walk:
    """The steps from the starting weight. `cut_short` where numbers outgrew a float."""

    problem: Problem
    zeroing: bool
    steps: Sequence[Step]
    cut_short: bool

    @property
    def weights(self) -> Sequence[float]:
        """Every weight on the way, the first and the last included."""
        return [self.problem.w, *(step.next_w for step in self.steps)]

    @property
    def losses(self) -> Sequence[float]:
        """The loss at each of the weights."""
        return [self.problem.loss(w) for w in self.weights]


def walk(problem: Problem, steps: int, *, zeroing: bool) -> Walk:
    """Take some steps, with the gradient zeroed in each or never."""
    w = Value(problem.w)
    taken: list[Step] = []
    for _ in range(steps):
        try:
            step = _step(problem, w, zeroing)
        except OverflowError:
            return Walk(problem, zeroing, taken, cut_short=True)
        if not all(map(math.isfinite, (step.loss, step.next_w, step.next_loss))):
            return Walk(problem, zeroing, taken, cut_short=True)
        taken.append(step)
    return Walk(problem, zeroing, taken, cut_short=False)


def _step(problem: Problem, w: Value, zeroing: bool) -> Step:
    before = w.data
    prediction = w * problem.x
    loss = (prediction - problem.y) ** 2
    if zeroing:
        w.grad = 0.0
    kept = w.grad
    loss.backward()
    w.data -= problem.learning_rate * w.grad
    return Step(
        w=before,
        prediction=prediction.data,
        loss=loss.data,
        slope=w.grad - kept if kept else w.grad,
        kept=kept,
        gradient=w.grad,
        next_w=w.data,
        next_loss=problem.loss(w.data),
    )
