"""What every mistake gives on a question: numbers, or the way in which it fails.

A *hypothesis* is one mistake or several at once. Each is written into the reference, in
the style in which operators are composed, and run here: it is our own code. Nothing is
computed that nobody asks for, and what was computed is kept, in bounds.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import product

from grader.builds import Edit, EditError, Style, build, edits_of
from grader.misconceptions.misconception import Misconception
from grader.tasks import Job
from grader.tolerance import close
from grader.worker import jobs
from grader.worker.answers import Unexpected
from grader.worker.operations import OPERATIONS
from grader.worker.wire import Failure

Outcome = tuple[float, ...] | str
"""Numbers, or the signature of a failure."""

Hypothesis = tuple[Misconception, ...]


@lru_cache(maxsize=4000)
def forms(hypothesis: Hypothesis, style: Style) -> tuple[tuple[Edit, ...], ...]:
    """Return each way to write these mistakes into the reference composed in a style.

    Empty where the style leaves no room for one of them, or where they cannot be combined.
    """
    found = []
    for choice in product(*(_forms_of(misconception, style) for misconception in hypothesis)):
        for order in (choice, choice[::-1]):
            edits = tuple(edit for part in order for edit in part)
            if _applies(style, edits):
                found.append(edits)
                break
    return tuple(found)


def _forms_of(misconception: Misconception, style: Style) -> list[tuple[Edit, ...]]:
    main = misconception.edits
    if misconception.lecture_edits is not None and not _applies(style, main):
        main = misconception.lecture_edits
    return [form for form in (main, *misconception.variants) if _applies(style, form)]


def _applies(style: Style, edits: tuple[Edit, ...]) -> bool:
    try:
        build((*edits_of(style), *edits))
    except EditError:
        return False
    return True


@lru_cache(maxsize=20_000)
def outcome(edits: tuple[Edit, ...], job: Job) -> Outcome:
    """Run a job on the edited reference; return its numbers, or the signature of its failure."""
    try:
        made = build(edits)
        made.restart()
        numbers = jobs.run(made, job)
    except Unexpected as error:
        return signature(Failure("unexpected", "", str(error)))
    except Exception as error:  # whatever a mistake leads to is what it predicts
        return signature(Failure("raised", type(error).__name__, str(error)))
    return comparable(job, numbers)


def comparable(job: Job, numbers: Sequence[float]) -> tuple[float, ...]:
    """Return numbers in the form in which they are compared.

    Starting weights are chance: what counts is which of them are equal, and which are 0.
    """
    if job[0] != "starting-weights":
        return tuple(numbers)
    places: dict[float, float] = {}
    return tuple(
        -1.0 if number == 0 else places.setdefault(number, float(i))
        for i, number in enumerate(numbers)
    )


def same(a: Outcome, b: Outcome, steps: int) -> bool:
    """Tell whether two outcomes are equal: numbers up to rounding, failures in kind."""
    if isinstance(a, str) or isinstance(b, str):
        return a == b
    return len(a) == len(b) and all(same_number(x, y, steps) for x, y in zip(a, b, strict=True))


def same_number(a: float, b: float, steps: int) -> bool:
    """Tell whether two numbers are equal up to rounding; NaN and infinities equal themselves."""
    return close(a, b, steps) or a == b or (math.isnan(a) and math.isnan(b))


# ── Failures ──────────────────────────────────────────────────────────────────────────────

_QUOTED = re.compile(r"'([A-Za-z_]+)'")
_BUILT_IN = frozenset({"int", "float", "NoneType", "list", "tuple", "str", "bool", "set", "dict"})
_CONTRACT = frozenset(
    {
        *("Value", "Neuron", "Layer", "MLP", "data", "grad", "backward"),
        *("parameters", "zero_grad", "neurons", "layers", "w", "b"),
        *(name for name in OPERATIONS if name.isalpha()),
    }
)


def signature(failure: Failure) -> str:
    """Return what is the same in failures of the same cause, whatever a learner calls things.

    That is the exception's type and the names in its message that everybody has: Python's
    own types; where there are none, names of the contract.
    """
    if failure.kind != "raised":
        return f"{failure.kind} {failure.message}"
    names = _QUOTED.findall(failure.message)
    shared = [name for name in names if name in _BUILT_IN] or [n for n in names if n in _CONTRACT]
    return " ".join(("raised", failure.type, *shared))
