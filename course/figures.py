"""The numbers in the lessons, computed again by the reference engine."""

from __future__ import annotations

import contextlib
import io
import math
import random
from collections.abc import Mapping

import engine_reference
from engine_reference import Value
from engine_reference.engine import topological_order
from flashcards import Fault
from flashcards.model import Computation, Figure, Run

NAMES: Mapping[str, object] = {
    **{name: getattr(engine_reference, name) for name in engine_reference.__all__},
    "math": math,
    "topological_order": topological_order,
}
"""What the Python of a lesson may use without importing it."""


def disagreements(computation: Computation) -> tuple[Fault, ...]:
    """Run the steps of one item; return a fault for each number that is not what is shown.

    Code that raises an exception is a fault too, and ends the item: what follows builds on
    it. What the code prints is not shown.
    """
    names = dict(NAMES)
    faults: list[Fault] = []
    random.seed(computation.item)  # a network's first weights are the same in every run
    with contextlib.redirect_stdout(io.StringIO()):
        for step in computation.steps:
            try:
                sentence = _run(step, names)
            except Exception as error:
                raised = f"the code raises {type(error).__name__}: {error}"
                return (*faults, Fault(step.place, raised))
            if sentence is not None:
                faults.append(Fault(step.place, sentence))
    return tuple(faults)


def _run(step: Run | Figure, names: dict[str, object]) -> str | None:
    """Take a step in the namespace `names`; return what is wrong with its number, if any."""
    if isinstance(step, Run):
        exec(step.code, names)  # noqa: S102 - the course's own pages
        return None
    computed = eval(step.expression, names)  # noqa: S307 - the same
    number = computed.data if isinstance(computed, Value) else computed
    if not isinstance(number, int | float):
        return f"{step.shown} is shown, but `{step.expression}` is no number"
    if step.agrees(number):
        return None
    return f"{step.shown} is shown, {number!r} is right"
