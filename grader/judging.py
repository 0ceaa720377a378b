"""From answers to outcomes: which claims hold, which do not, and which cannot be told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.checks import CHECKS, Check, claim_about, claim_about_derivative
from grader.counterexample import sentence
from grader.judge import RULES
from grader.report import Outcome
from grader.session import NOT_RUN, Answer
from grader.tasks import Slug, Task
from grader.worker.wire import Failure

Answered = Sequence[tuple[Task, Answer]]

NOTHING_FRESH = "skipped because no examples were drawn for it"
"""Why a claim is not judged by the examples that are written in the check alone."""


@dataclass(frozen=True)
class Finding:
    """What was found out about one claim, before it is put into words.

    `task` and `answer` are the first that went wrong, where one did.
    """

    check: Check
    outcome: Outcome
    reason: str | None = None
    task: Task | None = None
    answer: Answer | None = None


def judged(
    check: Check,
    answered: Answered,
    findings: Mapping[Slug, Finding],
    suspected: Mapping[Slug, Finding],
) -> Finding:
    """Judge one claim by its answered tasks and by what was found about claims before it."""
    for slug in check.requires:
        if findings[slug].outcome != "passed":
            return Finding(check, "skipped", _because(findings[slug]))
    fair = []
    in_the_way: Finding | None = None
    known = {**suspected, **findings}
    for task, answer in answered:
        cause = refuted(check, task, known)
        if cause is None:
            fair.append((task, answer))
        else:
            in_the_way = in_the_way or cause
    if in_the_way is not None and len(fair) < check.enough:
        return Finding(check, "skipped", _because(in_the_way))
    if (failure := _first_failure(check, fair)) is not None:
        return failure
    # What is written in the check can be looked up: alone it carries no claim.
    drawn = sum(task.drawn for task, _ in fair)
    if in_the_way is not None and drawn < check.enough:
        return Finding(check, "skipped", _because(in_the_way))
    return Finding(check, "passed") if drawn else Finding(check, "skipped", NOTHING_FRESH)


def _first_failure(check: Check, answered: Answered) -> Finding | None:
    for task, answer in answered:
        if isinstance(answer, Failure):
            outcome: Outcome = "skipped" if answer.kind == NOT_RUN else "errored"
            return Finding(check, outcome, sentence(answer), task, answer)
        if not holds(check, task, answer):
            return Finding(check, "failed", None, task, answer)
    return None


def refuted(check: Check, task: Task, findings: Mapping[Slug, Finding]) -> Finding | None:
    """Return the finding that makes a task unfair: an operation in it does not hold.

    What is to be blamed is the operation, in the one claim that is about it, and not every
    claim whose examples happen to use it.
    """
    for slug in rests_on(check, task):
        if slug in findings and findings[slug].outcome != "passed":
            return findings[slug]
    return None


def rests_on(check: Check, task: Task) -> Iterator[Slug]:
    """Yield the claims, other than the check itself, about the operations that a task uses."""
    for operation in sorted(task.operations):
        claims = [claim_about(operation)]
        if check.stage == "backward":
            claims.append(claim_about_derivative(operation))
        yield from (slug for slug in claims if slug != check.slug)


def suspected_derivatives(
    answered: Mapping[Slug, Answered],
) -> dict[Slug, Finding]:
    """Find the derivatives that fail where no other operation is in the program.

    To see that an operation hands on a gradient other than 1, something must stand above
    it. Where that something is itself wrong, it would be blamed on the operation, unless
    it is known beforehand.
    """
    found = {}
    for slug, tasks in answered.items():
        alone = [
            (task, answer)
            for task, answer in tasks
            if task.operations and {claim_about_derivative(o) for o in task.operations} == {slug}
        ]
        if (failure := _first_failure(CHECKS[slug], alone)) is not None:
            found[slug] = failure
    return found


def _because(finding: Finding) -> str:
    if finding.outcome == "skipped" and finding.reason is not None:
        return finding.reason  # the first cause, not the last link
    return f"skipped because {finding.check.slug} {finding.outcome}"


def holds(check: Check, task: Task, answer: Sequence[float]) -> bool:
    """Tell whether an answer supports the claim, in every order of sets that was tried."""
    size = len(task.expected)
    rule = RULES[check.rule]
    return all(rule(task, answer[i : i + size]) for i in range(0, len(answer), size or 1))
