"""The report as Markdown, for a pull request, a job's summary, or a note to a learner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.checks import CHECKS
from grader.renderers import graph, wording
from grader.renderers.escaping import for_markdown, for_markdown_code, for_markdown_fence
from grader.renderers.wording import SIGN
from grader.report import CheckResult, Counterexample, Report

WIDTH = 100
"""A graph's lines are at most so many characters wide."""


def render(report: Report) -> str:
    """Return the report as GitHub's Markdown: stages, what went wrong, then every claim.

    Claims and why they matter are our own sentences, and are Markdown as they stand.
    """
    return "\n\n".join(_blocks(report)) + "\n"


def _blocks(report: Report) -> Iterator[str]:
    yield f"## {for_markdown(wording.score(report))}"
    yield for_markdown(f"Asked {wording.questions(report)}. {wording.isolation(report)}")
    yield _table(
        ("stage", "points", "claims"),
        [
            (stage.stage, f"{stage.points}/{stage.max_points}", stage.words)
            for stage in wording.stages(report)
        ],
    )
    notes = report.submission.notes
    if notes:
        yield "\n".join(f"- Note: {_sentence(note)}" for note in notes)
    for check in wording.to_tell(report):
        yield from _whole(check)
    yield "<details><summary>Every claim</summary>"
    yield _table(("", "check", "claim", "points", "reason"), [_row(c) for c in report.checks])
    yield "</details>"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table; its cells are Markdown already."""
    lines = (head, ["---"] * len(head), *rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _row(check: CheckResult) -> tuple[str, ...]:
    outcome = f"{SIGN[check.outcome]} {check.outcome}"
    points = f"{check.points}/{check.max_points}"
    reason = _sentence(check.reason or "", in_table=True)
    return outcome, for_markdown_code(check.slug), check.title, points, reason


def _whole(check: CheckResult) -> Iterator[str]:
    yield f"### {SIGN[check.outcome]} {for_markdown_code(check.slug)}: {check.title}"
    if check.reason:
        yield f"{_sentence(check.reason)}."
    if check.counterexample:
        yield from _example(check.counterexample)
    for word, sentence in wording.diagnosis(check):
        yield f"**{word}:** {_sentence(sentence)}"
    if check.diagnosis is None and check.slug in CHECKS:
        yield f"**Why it matters:** {CHECKS[check.slug].why}"
    yield f"**Read:** {for_markdown_code(wording.read_on(check))}"


def _example(example: Counterexample) -> Iterator[str]:
    yield for_markdown_fence(example.python, "python")
    yield _table(
        ("", "yours", "expected"),
        [
            tuple(_code_in_table(cell) for cell in (name, yours, expected))
            for name, yours, expected, _ in wording.numbers(example)
        ],
    )
    if example.graph:
        yield for_markdown_fence("\n".join(line.text for line in graph.lines(example.graph, WIDTH)))
    if example.first_difference:
        yield _sentence(wording.first_difference(example.first_difference))


def _code_in_table(text: str) -> str:
    """Return code for a cell, which a `|` must not end: tables are divided before code is seen."""
    return for_markdown_code(text).replace("|", "\\|")


def _sentence(text: str, *, in_table: bool = False) -> str:
    """Return a sentence in which backticks set code, and nothing else acts."""
    code = _code_in_table if in_table else for_markdown_code
    return "".join(
        code(part) if is_code else _prose(part) for part, is_code in wording.phrases(text)
    )


def _prose(part: str) -> str:
    """Return the words between two pieces of code, with the spaces that part them."""
    before, after = (" " if end == " " else "" for end in (part[0], part[-1]))
    return f"{before}{for_markdown(part.strip(' '))}{after}"
