"""Losses on the screen while they come in."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Sequence

import click

from course.drawing.curves import Curve
from course.drawing.text import MARGIN, curve_lines
from course.numerals import short
from flashcards.terminal import Look

EVERY = 10
"""Where nobody watches, so many iterations have one line."""

REDRAW_S = 0.08
ROWS_NEEDED = 22


class Live:
    """Shows every loss of a training: as a growing chart at a terminal, as lines elsewhere.

    `finished` are the curves of trainings before this one, drawn along. An iteration more
    than `steps`, as when a loop looks at its model twice, is not shown.
    """

    def __init__(self, name: str, steps: int, look: Look, finished: Sequence[Curve] = ()) -> None:
        self._name, self._steps, self._look, self._finished = name, steps, look, finished
        self._losses: list[float] = []
        terminal = shutil.get_terminal_size()
        self._moving = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
        self._chart = self._moving and terminal.lines >= ROWS_NEEDED
        self._height = 0
        self._drawn_at = 0.0

    def tell(self, loss: float) -> None:
        """Take the next loss in, and show it."""
        if len(self._losses) >= self._steps:
            return
        self._losses.append(loss)
        number = len(self._losses) - 1
        if not self._moving:
            if number % EVERY == 0:
                self._say(f"{'' if number else chr(10)}{self._line(number)}")
            return
        now = time.monotonic()
        if now - self._drawn_at >= REDRAW_S:
            self._drawn_at = now
            self._redraw(number)

    def finish(self, loss: float) -> None:
        """Show the loss after the last step, which is that of no iteration."""
        self._losses.append(loss)
        if not self._moving:
            self._say(self._line(len(self._losses) - 1))

    def close(self) -> None:
        """Take the moving part off the screen again: what stays is drawn by others."""
        if self._height:
            self._write(f"\x1b[{self._height}A\x1b[J")
            self._height = 0

    def _redraw(self, number: int) -> None:
        lines = [self._line(number)]
        if self._chart:
            curves = [*self._finished, Curve(self._name, self._losses)]
            lines += curve_lines(
                curves, self._look.width, ascii_only=self._look.ascii_only, last=self._steps
            )
        self.close()
        self._write("".join(f"{line[: self._look.width]}\n" for line in lines))
        self._height = len(lines)

    def _line(self, number: int) -> str:
        text = f"{self._name}: iteration {number:>{MARGIN - 6}} of {self._steps}"
        return self._look.spelt(f"{text}  loss {short(self._losses[number], 4)}")

    def _say(self, line: str) -> None:
        click.echo(line, file=sys.stdout)
        sys.stdout.flush()

    def _write(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()
