"""The report for a person at a terminal: stages, then the first failures, then one line each."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.checks import CHECKS
from grader.renderers import graph, wording
from grader.renderers.escaping import for_terminal
from grader.renderers.wording import SIGN, StageSummary
from grader.report import CheckResult, Counterexample, GraphLine, Outcome, Report

SHOWN_WHOLE = 2
"""So many failures are shown with all that is known; the others have a line each."""

LISTED = 4
"""So many checks that fail through the same mistake are listed by name."""

WAITING = 8
"""Checks that wait for others, for more reasons than so many, share one line."""

WAIT: tuple[Outcome, str] = ("skipped", "skipped because others did not pass")

SHORT = 80
"""Two commands stand in one line where it is not longer than this."""

BAR = 20

STYLE: Mapping[Outcome, str] = {
    "passed": "green",
    "failed": "bold red",
    "errored": "bold yellow",
    "skipped": "dim",
}
SIGN_ASCII: Mapping[Outcome, str] = {"passed": "+", "failed": "x", "errored": "!", "skipped": "-"}


def render(
    report: Report,
    *,
    width: int = 80,
    colour: bool = False,
    ascii_only: bool = False,
    place: str = "",
) -> str:
    """Return the report as lines of at most `width` characters, with ANSI colours or without.

    `place` is what the learner gave to `course grade`, as their shell wants it: the next
    command is to name it, too.
    `ascii_only` is for terminals that cannot show more in the frame of the report; what a
    learner or a check says is escaped only where it is not printable.
    """
    console = Console(
        file=io.StringIO(),
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
        no_color=False,  # the caller has decided; the environment has no say in a pure function
    )
    console.print(Group(*_parts(report, _Signs(ascii_only))))
    console.print(Group(_closing(report, place, console.width)), crop=False)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    lines = "".join(f"{line.rstrip()}\n" for line in text.split("\n")[:-1])
    return lines.encode("ascii", "backslashreplace").decode() if ascii_only else lines


class _Signs:
    def __init__(self, ascii_only: bool) -> None:
        self.outcome = SIGN_ASCII if ascii_only else SIGN
        self.full, self.empty = ("#", ".") if ascii_only else ("█", "░")
        self.dots = "..." if ascii_only else "…"


def _shown_whole(report: Report) -> list[CheckResult]:
    """Return the checks to show with all that is known of them, the most useful first."""
    return [
        check
        for check in wording.to_tell(report)
        if check.counterexample or check.diagnosis or check.outcome == "failed"
    ][:SHOWN_WHOLE]


def _parts(report: Report, signs: _Signs) -> Iterator[RenderableType]:
    yield _stages(report, signs)
    for note in report.submission.notes:
        yield Text(f"Note: {for_terminal(note)}")
    if report.isolation.advisory:
        yield Text(
            f"Advisory: graded at isolation level {report.isolation.level}, which holds no "
            "hostile code back; see `course doctor`.",
            "dim",
        )
    whole = _shown_whole(report)
    covered = [*whole, *(other for check in whole for other in wording.also_broken(report, check))]
    told: set[str] = set()
    for check in whole:
        yield Text()
        yield _whole(check, signs, told)
        if others := wording.also_broken(report, check):
            yield Padding(_also(others), (0, 0, 0, 2))
    rest = [check for check in report.checks if check.outcome != "passed" and check not in covered]
    if rest:
        yield Text()
        yield Text("Also not passed:" if whole else "Not passed:")
        yield _one_line_each(rest, signs)
    yield Text()


def _stages(report: Report, signs: _Signs) -> Table:
    table = Table.grid(padding=(0, 2))
    for _ in range(2):
        table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column()
    for stage in wording.stages(report):
        table.add_row(*_stage(stage, signs))
    total = f"{report.points}/{report.max_points}"
    asked = Text(for_terminal(wording.questions(report)), "dim")
    table.add_row(Text("total", "bold"), "", Text(total, "bold"), asked)
    return table


def _stage(stage: StageSummary, signs: _Signs) -> tuple[Text, ...]:
    filled = BAR * stage.points // stage.max_points
    bar = Text(signs.full * filled, "green") + Text(signs.empty * (BAR - filled), "dim")
    return Text(stage.stage), bar, Text(f"{stage.points}/{stage.max_points}"), Text(stage.words)


def _headline(check: CheckResult, signs: _Signs) -> Text:
    return Text.assemble(
        (f"{signs.outcome[check.outcome]} {check.slug}", STYLE[check.outcome]), "  ", check.title
    )


def _whole(check: CheckResult, signs: _Signs, told: set[str]) -> RenderableType:
    parts: list[RenderableType] = [_headline(check, signs)]
    if check.reason:
        parts.append(Padding(Text(f"{for_terminal(check.reason)}."), (0, 0, 0, 2)))
    if check.counterexample:
        parts.append(Padding(_example(check.counterexample, signs), (1, 0, 1, 4)))
    for word, sentence in wording.diagnosis(check):
        told_ = Text.assemble((f"{word}: ", "bold"), for_terminal(sentence))
        parts.append(Padding(told_, (0, 0, 0, 2)))
    why = CHECKS[check.slug].why
    if check.diagnosis is None and why not in told:
        told.add(why)
        parts.append(Padding(Text.assemble(("Why it matters: ", "bold"), why), (0, 0, 0, 2)))
    if check.cards:
        read = Text.assemble(("Read: ", "bold"), f"course explain {check.cards[0]}")
        parts.append(Padding(read, (0, 0, 0, 2)))
    return Group(*parts)


def _also(others: Sequence[CheckResult]) -> Text:
    shown = ", ".join(other.slug for other in others[:LISTED])
    more = f" and {len(others) - LISTED} more" if len(others) > LISTED else ""
    return Text.assemble(("It also breaks: ", "bold"), f"{shown}{more}.")


def _example(example: Counterexample, signs: _Signs) -> RenderableType:
    parts: list[RenderableType] = [Text(for_terminal(example.python, keep="\n"), "cyan")]
    table = Table.grid(padding=(0, 2))
    for _ in range(3):
        table.add_column(no_wrap=True)
    table.add_row(Text(""), Text("yours", "bold"), Text("expected", "bold"))
    for name, yours, expected, agree in wording.numbers(example):
        table.add_row(Text(name), Text(yours, "" if agree else "red"), Text(expected, "green"))
    parts.append(Padding(table, (1, 0, 0, 0)))
    if (parting := example.first_difference) is not None:
        parts.append(Padding(Text(for_terminal(wording.first_difference(parting))), (1, 0, 0, 0)))
    if example.graph:
        parts.append(Padding(_Graph(example.graph, signs), (1, 0, 0, 0)))
    return Group(*parts)


class _Graph:
    """A graph's lines, as wide as what surrounds them allows."""

    def __init__(self, graph: Sequence[GraphLine], signs: _Signs) -> None:
        self._graph, self._signs = graph, signs

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> Iterator[Text]:
        sign, dots = self._signs.outcome["failed"], self._signs.dots
        for line in graph.lines(self._graph, options.max_width, sign, dots):
            yield Text(for_terminal(line.text), "bold red" if line.wrong else "", no_wrap=True)


def _one_line_each(checks: Sequence[CheckResult], signs: _Signs) -> RenderableType:
    """List checks a line each; neighbours with the same reason share one.

    Where very many wait for others, all of them share the last line.
    """
    rows = []
    crowd = len({_shared(check) for check in checks if _waits(check)}) > WAITING
    for (outcome, reason), group in groupby(
        sorted(checks, key=_waits) if crowd else checks,
        key=lambda check: WAIT if crowd and _waits(check) else _shared(check),
    ):
        first, *more = group
        name = f"{first.slug} and {len(more)} more" if more else first.slug
        rows.append((outcome, name, for_terminal(reason or "")))
    column = max(len(name) for _, name, _ in rows)
    lines: list[RenderableType] = []
    for outcome, name, reason in rows:
        line = Text(no_wrap=True, overflow="ellipsis")
        line.append(f"  {signs.outcome[outcome]} ", STYLE[outcome])
        if outcome == "errored":  # the place and the cause are at its end: nothing is cut off
            lines += [line.append(name), Padding(Text(reason, "dim"), (0, 0, 0, 6))]
        else:
            lines.append(line.append(f"{name:<{column}}  ").append(reason, "dim"))
    return Group(*lines)


def _waits(check: CheckResult) -> bool:
    """Tell whether a check was skipped because another one did not pass."""
    return check.outcome == "skipped" and (check.reason or "").startswith("skipped because ")


def _shared(check: CheckResult) -> tuple[Outcome, str | None]:
    reason = check.reason
    if reason is not None and reason.startswith("not written yet"):
        reason = "not written yet"
    return check.outcome, reason


def _closing(report: Report, place: str, width: int) -> Text:
    wrong = [*_shown_whole(report), *wording.wrong(report)]
    if report.all_passed:
        return Text("Every claim holds.", "bold green")
    if not wrong:
        return Text("Next: begin the stage that is missing; `course start` shows its form.")
    first = wrong[0]
    explained = first.diagnosis.slugs[0] if first.diagnosis else first.slug
    where = f" {for_terminal(place)}" if place else ""
    read, again = f"course explain {explained}", f"course grade{where} --check {first.slug}"
    between = "   then   "
    if len("Next: " + read + between + again) > min(width, SHORT):
        between = "\n      "
    # A command is copied as it stands: the terminal may fold it, we do not.
    return Text.assemble(("Next: ", "bold"), read, between, again, no_wrap=True, overflow="ignore")
