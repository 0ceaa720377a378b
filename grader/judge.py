"""Are these numbers equal? One rule of tolerance for everything that is graded.

Correct code rounds differently when it is written differently. Each float64 operation may
be off by half a unit in the last place, relative to the size of what it works on; errors
of a few steps add up, and a little more where numbers cancel. So the allowance grows with
the number of steps, has a relative and an absolute part, and a generous factor:

    |actual − expected| ≤ STEP · (1 + steps) · (1 + |expected|)

Wrong code is off by far more than that: every task is admitted only where the reference,
composed in two ways, agrees with itself within a tenth of the allowance.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from grader.tasks import Task

STEP = 2.0**-40
"""Allowance for one rounding step: 4,096 units in the last place of 1.0, about 9e-13."""

SLOPE = 2e-6
"""Allowance for a slope measured by central differences, absolute and relative."""


def tolerance(expected: float, steps: int) -> float:
    """Return how far a correct number may lie from `expected` after `steps` operations."""
    return STEP * (1 + steps) * (1 + abs(expected))


def close(actual: float, expected: float, steps: int) -> bool:
    """Tell whether `actual` is `expected` up to rounding. NaN is close to nothing."""
    return abs(actual - expected) <= tolerance(expected, steps)


def equal_numbers(task: Task, actual: Sequence[float]) -> bool:
    """Tell whether every number is the reference's, up to rounding."""
    steps = task.rounding_steps
    return all(close(a, e, steps) for a, e in zip(actual, task.expected, strict=True))


def measured_slopes(task: Task, actual: Sequence[float]) -> bool:
    """Tell whether every gradient is the slope that nudging the leaf shows."""
    return all(
        abs(a - e) <= SLOPE * (1 + abs(e)) for a, e in zip(actual, task.expected, strict=True)
    )


def lower_loss(task: Task, actual: Sequence[float]) -> bool:
    """Tell whether the parameters after training make the loss lower than before.

    The loss is computed here, by the reference, from the learner's parameters: a list of
    falling numbers from the learner's own hand proves nothing. `task.expected` are the
    parameters before the training.
    """
    from grader.oracle import loss_of  # noqa: PLC0415 (only this rule needs the reference)

    after = loss_of(task.job, actual)
    return math.isfinite(after) and after < loss_of(task.job, task.expected)


Rule = Callable[[Task, Sequence[float]], bool]
