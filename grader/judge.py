"""Do a task's numbers support the claim? The only place where anything is judged."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from grader.tasks import Task
from grader.tolerance import close, close_to_slope
from grader.worker.training_jobs import starting_parameters


def equal_numbers(task: Task, actual: Sequence[float]) -> bool:
    """Tell whether every number is the reference's, up to rounding."""
    steps = task.rounding_steps
    return all(close(a, e, steps) for a, e in zip(actual, task.expected, strict=True))


def measured_slopes(task: Task, actual: Sequence[float]) -> bool:
    """Tell whether every gradient is the slope that nudging the leaf shows."""
    return all(close_to_slope(a, e) for a, e in zip(actual, task.expected, strict=True))


def distinct(_task: Task, actual: Sequence[float]) -> bool:
    """Tell whether no two numbers are equal, and all are finite. What they are is chance."""
    return all(map(math.isfinite, actual)) and len(set(actual)) == len(actual)


def moved(task: Task, actual: Sequence[float]) -> bool:
    """Tell whether every parameter that the reference's training moves has moved."""
    return all(
        math.isfinite(after) and (after != before or close(expected, before, task.rounding_steps))
        for after, expected, before in zip(actual, task.expected, _before(task), strict=True)
    )


def downhill(task: Task, actual: Sequence[float]) -> bool:
    """Tell whether the one parameter went in the direction in which the reference's goes."""
    (before,), (expected,), (after,) = _before(task), task.expected, actual
    return (after - before) * (expected - before) > 0


def lower_loss(task: Task, actual: Sequence[float]) -> bool:
    """Tell whether the parameters after training make the loss lower than before.

    The loss is computed here, by the reference, from the learner's parameters: a list of
    falling numbers from the learner's own hand proves nothing.
    """
    from grader.oracle import loss_of  # only this rule needs the reference

    after = loss_of(task.job, actual)
    return math.isfinite(after) and after < loss_of(task.job, _before(task))


def _before(task: Task) -> Sequence[float]:
    """Return the parameters with which a training task begins."""
    return starting_parameters(task.job[1])


Rule = Callable[[Task, Sequence[float]], bool]

RULES: Mapping[str, Rule] = {
    "equal": equal_numbers,
    "slope": measured_slopes,
    "distinct": distinct,
    "moved": moved,
    "downhill": downhill,
    "lower-loss": lower_loss,
}
