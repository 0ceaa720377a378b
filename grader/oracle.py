"""The reference, run on tasks; and which tasks are fair to ask.

The same jobs that the worker runs with a learner's code are run here with ours. Some are
not fair: where a rounding error decides (`relu` of something that should be 0), or where
numbers grow out of bounds, two correct engines may differ. A task is *admitted* only if
it stays clear of that, which is tried, not argued: the reference is built twice, with a
rule of its own for every operator, and with operators composed as most learners do
(`a - b` as `a + b * -1`), and both must agree within a tenth of the judge's allowance.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from grader.programs import Program
from grader.tasks import Job, Task
from grader.tolerance import SLOPE, tolerance
from grader.worker import jobs
from grader.worker.answers import Unexpected
from grader.worker.operations import OPERATIONS
from grader.worker.training_jobs import starting_parameters, trained, training_model

if TYPE_CHECKING:
    from grader.builds import Build

TANH = "        result = math.tanh(self.data)\n"
FORMULA = "        result = (math.exp(2 * self.data) - 1) / (math.exp(2 * self.data) + 1)\n"
"""Most learners write tanh as the lecture does, by its formula."""

AGREEMENT = 0.1
"""The builds must agree within this share of the judge's allowance."""

CLEARANCE = 0.05
"""Inputs of relu, divisors and bases of small powers stay this far from 0."""

LARGEST = 1e8
"""No number in a program, and no gradient, is larger."""

LARGEST_ARGUMENT = 20.0
"""`exp` and `tanh` are not asked beyond this, by the learner's contract."""


class Reference:
    """The reference as it is, in the form in which the worker's jobs want a submission."""

    imports: Mapping[str, Mapping[str, int]] = {}

    def load(self, name: str) -> ModuleType:
        """Return the module `engine`, `nn` or `train`."""
        return import_module(f"engine_reference.{name}")

    def reraise(self, role: str) -> None:
        """Do nothing: these modules load."""


@cache
def own_rules() -> Reference:
    """Return the reference as it is: each operator with its own derivative."""
    return Reference()


@cache
def composed() -> Build:
    """Return the reference with operators made of other operators, as most learners do."""
    from grader.builds import LECTURE, Edit, build, edits_of  # only to admit new tasks

    return build((*edits_of(LECTURE), Edit("engine.py", TANH, FORMULA)))


def answer(job: Job) -> tuple[float, ...]:
    """Return the reference's numbers for a job."""
    return tuple(jobs.run(own_rules(), job))


def task(job: Job) -> Task | None:
    """Make a task of a job, with the reference's answer; None if it is not fair to ask."""
    steps = rounding_steps(job)
    try:
        if job[0] == "program" and not clear_of_trouble(Program(*job[1:])):
            return None
        expected = answer(job)
        other = jobs.run(composed(), job)
    except (ArithmeticError, TypeError, Unexpected):
        return None  # overflow, or a fractional power of a negative base: a complex number
    agree = all(
        math.isfinite(e) and abs(e - o) <= AGREEMENT * tolerance(e, steps)
        for e, o in zip(expected, other, strict=True)
    )
    return Task(job, expected, steps) if agree else None


def clear_of_trouble(program: Program) -> bool:
    """Tell whether every step of a program stays where correct engines must agree."""
    numbers = answer(("program", *program._replace(observe="nodes")))
    if not all(abs(number) <= LARGEST for number in numbers):  # NaN fails this too
        return False
    return all(_clear(instruction, numbers) for instruction in program.instructions)


def _clear(instruction: Sequence[float | str], numbers: Sequence[float]) -> bool:
    name = str(instruction[0])
    a = numbers[int(instruction[1])]
    b = instruction[2] if len(instruction) > 2 else 0
    if OPERATIONS[name].operand == "node":
        b = numbers[int(b)]
    b = float(b)
    if name in ("div", "div-number"):
        return abs(b) >= CLEARANCE
    if name in ("number-div", "relu"):
        return abs(a) >= CLEARANCE
    if name in ("exp", "tanh"):
        return abs(a) <= LARGEST_ARGUMENT
    if name == "pow":
        return (a > 0 or b == int(b)) and (b >= 1 or abs(a) >= CLEARANCE)
    return True


def rounding_steps(job: Job) -> int:
    """Count the float64 operations that stand behind one observed number, generously."""
    kind, *arguments = job
    if kind == "program":
        # Each node is computed once and each gradient added to once for every use.
        return 2 * len(arguments[1]) + len(arguments[0])
    if kind == "neuron":
        return 2 * len(arguments[0]) + 2
    if kind in ("forward", "halved-parameters"):
        return _network_steps(arguments[0], arguments[1])
    if kind == "gradients":
        return 4 * _network_steps(arguments[0], arguments[1]) * max(map(int, arguments[1]))
    if kind in ("loss", "loss-gradients", "training"):
        model, xs = arguments[0], arguments[1]
        steps = int(arguments[3]) if kind == "training" else 0
        size = 1 if model[0] == "weight" else _network_steps(model[1], model[2])
        return 4 * (1 + steps) * len(xs) * (size + 3)
    return 0


def _network_steps(nin: int, nouts: Sequence[int]) -> int:
    return sum(2 * size + 2 for size in (nin, *nouts[:-1]))


def central_differences(program: Program, nudge: float = 2.0**-18) -> tuple[float, ...]:
    """Measure d(root)/d(leaf) for each leaf from the reference's forward pass alone.

    (f(x + h) − f(x − h)) / 2h is off by about h² times the third derivative, and by the
    rounding of f divided by h. The nudge h is scaled with the leaf.
    """
    forward = program._replace(observe="results", roots=())
    slopes = []
    for i, leaf in enumerate(program.leaves):
        h = nudge * max(1.0, abs(leaf))
        ends = []
        for moved in (leaf + h, leaf - h):
            leaves = (*program.leaves[:i], moved, *program.leaves[i + 1 :])
            numbers = answer(("program", *forward._replace(leaves=leaves)))
            ends.append(sum(numbers[root - len(leaves)] for root in program.roots))
        slopes.append((ends[0] - ends[1]) / (2 * h))
    return tuple(slopes)


def slope_task(job: Job) -> Task | None:
    """Make a task whose expected gradients are measured slopes.

    Nobody is blamed for the measurement: where it differs from the reference's own
    gradient (a kink, a steep curve), there is no task.
    """
    fair = task(job)
    if fair is None:
        return None
    slopes = central_differences(Program(*job[1:]))
    agree = all(
        abs(s - e) <= AGREEMENT * SLOPE * (1 + abs(e))
        for s, e in zip(slopes, fair.expected, strict=True)
    )
    return Task(job, slopes, fair.rounding_steps) if agree else None


def random_task(job: Job) -> Task:
    """Make a task whose right numbers are chance: what is expected is only how many."""
    return Task(job, (0.0,) * len(answer(job)), 0)


def decreasing_task(job: Job) -> Task | None:
    """Make a training task on which the reference does lower the loss."""
    fair = task(job)
    if fair is None or not loss_of(job, fair.expected) < loss_of(job, starting_parameters(job[1])):
        return None
    return fair


def loss_of(job: Job, parameters: Sequence[float]) -> float:
    """Compute the loss of a training job's model with these parameters, by the reference.

    `inf` where the numbers are too wild to compute with.
    """
    _, spec, xs, ys, *_ = job
    model = training_model(own_rules(), spec)
    for value, number in zip(trained(model), parameters, strict=True):
        value.data = number
    try:
        return float(own_rules().load("train").loss(model, xs, ys).data)
    except ArithmeticError:
        return math.inf
