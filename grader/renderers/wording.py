"""What every renderer says in the same words; texts are unescaped, as in the report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.checks import STAGES, Stage
from grader.report import CheckResult, Counterexample, FirstDifference, Outcome, Report, is_count

SIGN: Mapping[Outcome, str] = {"passed": "✓", "failed": "✗", "errored": "!", "skipped": "–"}
"""Each outcome has a sign of its own, so that colour is never the only difference."""


@dataclass(frozen=True)
class StageSummary:
    """How one stage went."""

    stage: Stage
    checks: Sequence[CheckResult]

    @property
    def points(self) -> int:
        """Points reached."""
        return sum(check.points for check in self.checks)

    @property
    def max_points(self) -> int:
        """Points within reach."""
        return sum(check.max_points for check in self.checks)

    @property
    def words(self) -> str:
        """How many claims hold, as a phrase."""
        passed = sum(check.outcome == "passed" for check in self.checks)
        return f"{passed} of {len(self.checks)} claims hold"


def stages(report: Report) -> Iterator[StageSummary]:
    """Yield the stages that the report says something about, in their order."""
    for stage in STAGES:
        checks = [check for check in report.checks if check.stage == stage]
        if checks:
            yield StageSummary(stage, checks)


def wrong(report: Report) -> list[CheckResult]:
    """Return the checks that failed or errored, the most useful to tell first.

    That are those whose mistake is known; then those with a number to show for it, which
    teaches more than a hole that is not yet filled.
    """
    found = [check for check in report.checks if check.outcome in ("failed", "errored")]
    return sorted(
        found,
        key=lambda check: (
            check.diagnosis is None,
            not (check.counterexample or check.outcome == "failed"),
        ),
    )


def to_tell(report: Report) -> list[CheckResult]:
    """Return the wrong checks that say something new: one cause in the code is told once."""
    found: list[CheckResult] = []
    told: set[object] = set()
    for check in wrong(report):
        cause: object = check.diagnosis.slugs if check.diagnosis else check.reason
        if cause not in told or (check.diagnosis is None and check.outcome == "failed"):
            found.append(check)
        told.add(cause)
    return found


def also_broken(report: Report, check: CheckResult) -> list[CheckResult]:
    """Return the other checks that fail through the same mistake, where it is known."""
    return [
        other
        for other in wrong(report)
        if other.slug != check.slug
        and other.diagnosis
        and check.diagnosis
        and other.diagnosis.slugs == check.diagnosis.slugs
    ]


def score(report: Report) -> str:
    """Say the points, as in `84 of 100 points`."""
    return f"{report.points} of {report.max_points} points"


def questions(report: Report) -> str:
    """Say which examples were asked."""
    if report.corpus.practice:
        return "on the practice examples"
    return f"on fresh examples, seed {report.corpus.seed}"


def isolation(report: Report) -> str:
    """Say how the submission was kept apart, in one sentence."""
    facts = report.isolation
    advisory = " (advisory: it holds no hostile code back)" if facts.advisory else ""
    missing = f"; {', '.join(facts.missing)}" if facts.missing else ""
    return f"Isolation level {facts.level}{advisory}{missing}."


def numbers(example: Counterexample) -> Iterator[tuple[str, str, str, bool]]:
    """Yield for each quantity its name, the learner's number, the right one, and if they agree."""
    for name, expected in example.expected.items():
        actual = None if example.actual is None else example.actual[name]
        yours = "–" if actual is None else _written(name, actual)
        agree = actual is not None and f"{expected:.9g}" == f"{actual:.9g}"
        yield name, yours, _written(name, expected), agree


def _written(name: str, number: float) -> str:
    """Write a number as Python prints it; a count came as a float, and was none."""
    return f"{number:.0f}" if is_count(name) and float(number).is_integer() else repr(number)


def first_difference(parting: FirstDifference) -> str:
    """Say in one sentence where the learner's numbers and the right ones first part."""
    wrong_and_right = f"is {parting.actual!r} and should be {parting.expected!r}"
    if parting.quantity == "data":
        return (
            f"The first number to go wrong is that of {parting.expression}: it {wrong_and_right}."
        )
    through = ", ".join(f"`{expression}`" for expression in parting.arrives_through)
    what = f"The first gradient to go wrong is {parting.node}'s"
    if through:
        return f"{what}, which arrives through {through}."
    return f"{what}: it {wrong_and_right}."


def phrases(text: str) -> Iterator[tuple[str, bool]]:
    """Split a sentence at its backticks: yield each part, and whether it is code."""
    for number, part in enumerate(re.split(r"`([^`]+)`", text)):
        if part:
            yield part, bool(number % 2)


def diagnosis(check: CheckResult) -> Iterator[tuple[str, str]]:
    """Yield what a diagnosis says, one step at a time: a word, and a sentence with its stop."""
    if (found := check.diagnosis) is None:
        return
    yield "The mistake", f"{found.sentence}."
    at = f"{found.where.file}:{found.where.line}, " if found.where else ""
    yield "Look at", f"{at}{found.look}."
    yield "Change", f"{found.hint}."
    yield "How we know", f"{found.evidence}."
    if others := found.slugs[1:]:
        listed = ", ".join(f"`{slug}`" for slug in others)
        yield "Or one of these", f"{listed}: they give the same numbers."


def read_on(check: CheckResult) -> str:
    """Return the command that explains what a check is about."""
    return f"course explain {check.cards[0] if check.cards else check.slug}"
