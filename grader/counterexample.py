"""A failure in words, and as Python that a learner can paste."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from grader.checks import Check
from grader.report import Counterexample, is_count
from grader.scripts import Script, Style, script_for
from grader.session import Request, Session
from grader.shrinking import Suspect
from grader.submission import Submission
from grader.tasks import Slug, Task
from grader.tolerance import close
from grader.tracing import trace
from grader.worker.training_jobs import starting_parameters
from grader.worker.wire import Failure


def sentence(failure: Failure) -> str:
    """Say in one sentence why there are no numbers."""
    place = f"{failure.file}:{failure.line}" if failure.file else ""
    if failure.kind == "raised":
        if failure.type == "NotImplementedError" and failure.message.startswith("not written yet"):
            return f"not written yet, at {place}" if place else "not written yet"
        at = f" at {place}" if place else ""
        message = f": {failure.message}" if failure.message else ""
        return f"raised {failure.type}{at}{message}"
    if failure.kind == "timed out":
        at = f" at {place}" if place else ""
        more = f", {failure.message}" if failure.message else ""
        return f"timed out{at}{more}"
    return f"{failure.message} at {place}" if place else failure.message


def explain(
    session: Session, style: Style, check: Check, suspect: Suspect
) -> tuple[str, Counterexample | None]:
    """Return the reason in one sentence, and the counterexample."""
    task = suspect.task
    script = _script(style, check, task)
    if isinstance(suspect.answer, Failure):
        if script is None:
            return sentence(suspect.answer), None
        text = script.text(suspect.answer.kind != "timed out")
        expected = dict(zip(script.shown, task.expected, strict=True))
        return sentence(suspect.answer), Counterexample(text, expected, None)
    numbers, differ = _worst_order(suspect)
    if script is None:
        return _REASONS[check.rule](task, numbers), None
    expected = dict(zip(script.shown, task.expected, strict=True))
    actual = dict(zip(script.shown, numbers, strict=True))
    reason = _first_wrong(expected, actual, task.rounding_steps)
    if differ:
        reason += "; it depends on the order of a set, and so may change from run to run"
    found = trace(session, suspect)
    return reason, Counterexample(
        script.text(), expected, actual, found.first_difference, found.graph
    )


def _first_wrong(expected: Mapping[str, float], actual: Mapping[str, float], steps: int) -> str:
    """Say which number is wrong: the first, or the worst where all are nearly right."""
    wrong = [name for name in expected if not close(actual[name], expected[name], steps)]
    name = wrong[0] if wrong else max(expected, key=lambda n: abs(actual[n] - expected[n]))
    yours, right = (_short(number, is_count(name)) for number in (actual[name], expected[name]))
    return f"{name} is {yours} and should be {right}"


def example(check: Check, task: Task) -> Counterexample | None:
    """Return a task of a check as Python with the right numbers; None where it has no script."""
    script = _script(Style(), check, task)
    if script is None:
        return None
    return Counterexample(script.text(), dict(zip(script.shown, task.expected, strict=True)), None)


def _worst_order(suspect: Suspect) -> tuple[Sequence[float], bool]:
    """Return the numbers of the first order of sets that goes wrong, and if orders differ."""
    if isinstance(suspect.answer, Failure):
        return (), False
    answer, size, steps = suspect.answer, len(suspect.task.expected), suspect.task.rounding_steps
    runs = [answer[i : i + size] for i in range(0, len(answer), size or 1)]
    differ = any(
        not close(a, b, steps) and not (math.isnan(a) and math.isnan(b))
        for run in runs[1:]
        for a, b in zip(runs[0], run, strict=True)
    )
    return next(run for run in runs if not suspect.holds(suspect.task, run)), differ


def _script(style: Style, check: Check, task: Task) -> Script | None:
    return None if check.rule in _REASONS else script_for(style, task.job)


def style_of(session: Session, submission: Submission) -> Style:
    """Find out how scripts for a submission have to be written; asks the submission once."""
    in_list = False
    if "nn" in submission.roles:
        (answer,) = session.run([Request(("output-form",), 1, Slug("style"))])
        in_list = answer == (1.0,)
    return Style.of(submission, in_list)


def _loss_not_lower(task: Task, parameters: Sequence[float]) -> str:
    from grader.oracle import loss_of  # only for this failure

    before = loss_of(task.job, starting_parameters(task.job[1]))
    after = loss_of(task.job, parameters)
    steps, rate = task.job[4], task.job[5]
    return (
        f"the loss was {_short(before)} before and is {_short(after)} after {steps} steps with "
        f"learning rate {rate:g}"
    )


def _not_moved(task: Task, parameters: Sequence[float]) -> str:
    before = starting_parameters(task.job[1])
    still = sum(a == b for a, b in zip(parameters, before, strict=True))
    return f"{still} of {len(before)} weights and biases are where they were after a step"


def _not_distinct(_task: Task, weights: Sequence[float]) -> str:
    twice = next((w for i, w in enumerate(weights) if w in weights[:i]), None)
    if twice is None:
        return "a starting weight is not a finite number"
    half = len(weights) // 2
    if weights[:half] == weights[half:] and len(set(weights)) == half:
        return "two new networks start with the same weights"
    return f"{weights.count(twice)} starting weights are {_short(twice)}"


_REASONS: Mapping[str, Callable[[Task, Sequence[float]], str]] = {
    "lower-loss": _loss_not_lower,
    "moved": _not_moved,
    "distinct": _not_distinct,
}
"""What to say where there is no single right number to set beside the wrong one."""


def _short(number: float, count: bool = False) -> str:
    """Write a number in at most ten significant digits: what differs shows long before."""
    if not float(number).is_integer():
        return f"{number:.10g}"
    return f"{number:.0f}" if count else f"{number:.1f}"
