"""Do a task's numbers support the claim? The only place where anything is judged."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from grader.tasks import Task
from grader.tolerance import close, close_to_slope


def equal_numbers(task: Task, actual: Sequence[float]) -> bool:
    """Tell whether every number is the reference's, up to rounding."""
    steps = task.rounding_steps
    return all(close(a, e, steps) for a, e in zip(actual, task.expected, strict=True))


def measured_slopes(task: Task, actual: Sequence[float]) -> bool:
    """Tell whether every gradient is the slope that nudging the leaf shows."""
    return all(close_to_slope(a, e) for a, e in zip(actual, task.expected, strict=True))


def lower_loss(task: Task, actual: Sequence[float]) -> bool:
    """Tell whether the parameters after training make the loss lower than before.

    The loss is computed here, by the reference, from the learner's parameters: a list of
    falling numbers from the learner's own hand proves nothing. `task.expected` are the
    parameters before the training.
    """
    from grader.oracle import loss_of  # only this rule needs the reference

    after = loss_of(task.job, actual)
    return math.isfinite(after) and after < loss_of(task.job, task.expected)


Rule = Callable[[Task, Sequence[float]], bool]

RULES: Mapping[str, Rule] = {
    "equal": equal_numbers,
    "slope": measured_slopes,
    "lower-loss": lower_loss,
}
