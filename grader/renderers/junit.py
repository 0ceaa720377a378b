"""The report as JUnit XML, for continuous integration: one flat suite, a case for each claim."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from grader.renderers import wording
from grader.renderers.escaping import for_xml
from grader.report import CheckResult, Outcome, Report

SUITE = "micrograd-course"

ELEMENT: Mapping[Outcome, str] = {"failed": "failure", "errored": "error", "skipped": "skipped"}


def render(report: Report) -> str:
    """Return the report as XML; a case's name is the check's slug, which never changes.

    No reader needs nested suites or a clock: times are 0, so that the same report gives
    the same bytes.
    """
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<testsuites {_counts(report)}>",
        f'<testsuite name="{SUITE}" {_counts(report)}>',
        *_properties(report),
        *(_case(check) for check in report.checks),
        *_output(report),
        "</testsuite>",
        "</testsuites>",
    ]
    return "\n".join(lines) + "\n"


def _counts(report: Report) -> str:
    outcomes = [check.outcome for check in report.checks]
    return (
        f'tests="{len(outcomes)}" failures="{outcomes.count("failed")}" '
        f'errors="{outcomes.count("errored")}" skipped="{outcomes.count("skipped")}" time="0"'
    )


def _properties(report: Report) -> Iterator[str]:
    facts = {
        "points": f"{report.points}",
        "max_points": f"{report.max_points}",
        "questions": wording.questions(report),
        "isolation": report.isolation.level,
        "submission": report.submission.digest,
        "grader": report.grader_version,
    }
    yield "<properties>"
    for name, value in facts.items():
        yield f'<property name="{name}" value="{for_xml(value, keep="")}"/>'
    yield "</properties>"


def _case(check: CheckResult) -> str:
    case = f'<testcase classname="{check.stage}" name="{for_xml(check.slug, keep="")}" time="0"'
    if check.outcome == "passed":
        return f"{case}/>"
    element = ELEMENT[check.outcome]
    message = for_xml(f"{check.title}: {check.reason or check.outcome}", keep="")
    if check.outcome == "skipped":
        return f'{case}><{element} message="{message}"/></testcase>'
    details = for_xml("\n".join(_details(check)))
    opening = f'<{element} type="{check.outcome}" message="{message}">'
    return f"{case}>{opening}{details}</{element}></testcase>"


def _details(check: CheckResult) -> Iterator[str]:
    yield check.reason or check.outcome
    if (example := check.counterexample) is not None:
        yield f"\n{example.python}\n"
        for name, yours, expected, _ in wording.numbers(example):
            yield f"{name}: yours {yours}, expected {expected}"
        if example.first_difference:
            yield wording.first_difference(example.first_difference)
    for word, sentence in wording.diagnosis(check):
        yield f"{word}: {sentence}"
    yield f"Read: {wording.read_on(check)}"


def _output(report: Report) -> Iterator[str]:
    notes = [f"Note: {note}" for note in report.submission.notes]
    text = "\n".join([f"{wording.score(report)} {wording.questions(report)}", *notes])
    yield f"<system-out>{for_xml(text)}</system-out>"
