"""How far a class has come, for whoever watches: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

SAY_EVERY_S = 10.0

Step = Callable[[], None]


@contextmanager
def progress(total: int) -> Iterator[Step]:
    """Give a function to be called after each submission; shows what is done, and time left."""
    if not sys.stderr.isatty():
        yield _Lines(total).step
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    bar = Progress(
        TextColumn("grading"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
    start = time.monotonic()
    with bar:
        task = bar.add_task("", total=total, rate="")

        def step() -> None:
            done = bar.tasks[0].completed + 1
            bar.update(task, advance=1, rate=f"{done / (time.monotonic() - start):.1f}/s")

        yield step


class _Lines:
    """A line now and then, on standard error."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._start = self._said = time.monotonic()

    def step(self) -> None:
        self._done += 1
        now = time.monotonic()
        if self._done < self._total and now - self._said < SAY_EVERY_S:
            return
        self._said = now
        rate = self._done / max(now - self._start, 1e-3)
        left = (self._total - self._done) / rate
        more = f", {left:.0f} s left" if self._done < self._total else ""
        click.echo(f"{self._done} of {self._total} done, {rate:.1f}/s{more}", err=True)
