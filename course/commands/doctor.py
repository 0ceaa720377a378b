"""`course doctor`: what isolation this machine gives, tried for real."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from grader.isolation import Level

WIDEST = 80
NARROWEST = 10
"""So wide is the first column at least, however narrow the terminal is."""

RESTRICTION = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
MOST_NAMESPACES = Path("/proc/sys/user/max_user_namespaces")

INSTALL = {
    "libseccomp is not installed": "libseccomp2 on Debian and Ubuntu, libseccomp elsewhere",
    "bubblewrap is not installed": "bubblewrap",
}
"""The package that mends it."""

LIFT = (
    "Ubuntu allows this user no namespaces. `sudo sysctl -w "
    "kernel.apparmor_restrict_unprivileged_userns=0` does until the next start."
)
CONTAINER = (
    "In a container that is as it should be: Docker allows no namespaces inside, and "
    "`filtered` needs none."
)


@click.command()
def doctor() -> None:
    """Try what a hostile submission would, and show which walls of this machine hold.

    A submission that attacks is run at every level of isolation that there is. Its targets
    are made for it; nothing of yours is touched.
    """
    from course.commands.failure import GraderFault
    from grader.attempts import ATTEMPTS, succeeded
    from grader.isolation import LEVELS, WorkerError
    from grader.lane import refusal

    try:
        refused = {level: reason for level in LEVELS if (reason := refusal(level)) is not None}
        results = {level: succeeded(level) for level in LEVELS if level not in refused}
    except WorkerError as error:
        raise GraderFault(str(error)) from error
    for line in _table([attempt.what for attempt in ATTEMPTS], LEVELS, results):
        click.echo(line)
    click.echo()
    for paragraph in _paragraphs(refused, results):
        click.echo(textwrap.fill(paragraph, _width(), subsequent_indent="  "))


def _width() -> int:
    return min(WIDEST, shutil.get_terminal_size().columns)


def _table(
    attempts: Sequence[str], levels: Sequence[Level], results: Mapping[Level, Mapping[str, bool]]
) -> Iterator[str]:
    """Yield the lines of a table: what was tried, and what came of it at each level."""
    columns = [max(len(level), len("succeeds")) for level in levels]
    room = max(NARROWEST, _width() - sum(columns) - 2 * len(columns))
    room = min(room, max(map(len, attempts)))
    header = [level.ljust(width) for level, width in zip(levels, columns, strict=True)]
    yield "  ".join(["at level".ljust(room), *header]).rstrip()
    for attempt in attempts:
        first, *rest = textwrap.wrap(attempt, room)
        *cells, last = [_cell(results.get(level), attempt) for level in levels]
        padded = [
            cell + " " * (width - len(click.unstyle(cell)))
            for cell, width in zip(cells, columns, strict=False)
        ]
        yield "  ".join([first.ljust(room), *padded, last])
        yield from rest


def _cell(result: Mapping[str, bool] | None, attempt: str) -> str:
    if result is None:
        return "-"
    if result[attempt]:
        return click.style("succeeds", "red", bold=True)
    return click.style("stopped", "green")


def _paragraphs(
    refused: Mapping[Level, str], results: Mapping[Level, Mapping[str, bool]]
) -> Iterator[str]:
    level = list(results)[-1]
    yield f"`auto` takes level {level} on this machine."
    for other, reason in refused.items():
        yield f"Level {other} is not to be had: {reason}. {_advice(reason)}".rstrip()
    if not any(results[level].values()):
        yield "Nothing that was tried succeeds there."
    elif level == "process":
        yield "Marks given there are advisory: grade strangers' work on a machine with more."
    else:
        held = ", ".join(what for what, done in results[level].items() if done)
        yield f"That should not be: at level {level} a submission can {held}. Please report it."


def _advice(reason: str) -> str:
    if reason in INSTALL:
        return f"Install the package {INSTALL[reason]}."
    if _number(RESTRICTION) == 1:
        return LIFT
    if not reason.startswith("bwrap:"):
        return ""
    return "This kernel allows no user namespaces." if _number(MOST_NAMESPACES) == 0 else CONTAINER


def _number(file: Path) -> int | None:
    try:
        return int(file.read_text("ascii"))
    except (OSError, ValueError):
        return None
