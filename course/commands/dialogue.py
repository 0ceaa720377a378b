"""Asking and answering, at a terminal or through a pipe."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from typing import TypeVar

import click

from flashcards.model import Text
from flashcards.terminal import DIM, Look, inline_lines

WIDEST = 84
PATIENCE = 5
"""After so many answers in a row that mean nothing, nobody is taken to be there."""

QUIT = frozenset({"q", "quit"})

T = TypeVar("T")


class Dialogue:
    """Says things on standard output and takes answers from standard input, line by line.

    Lines, not keys: so it works in a pipe, with a screen reader and over a slow connection,
    and a process that is killed leaves the terminal as it was.
    """

    @property
    def look(self) -> Look:
        """What the output can show now; a window may have been resized."""
        encoding = (sys.stdout.encoding or "ascii").lower().replace("-", "")
        plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
        return Look(
            width=min(WIDEST, max(1, shutil.get_terminal_size().columns)),
            colour=sys.stdout.isatty() and not plain,
            ascii_only=not encoding.startswith("utf"),
        )

    def say(self, *lines: str) -> None:
        """Write lines."""
        # click would write UTF-8 to a terminal that can show ASCII alone.
        click.echo("\n".join(lines), file=sys.stdout)

    def note(self, text: str, *codes: str) -> None:
        """Write plain text, filled up to the width."""
        self.say(*self._filled(text, codes))

    def ask(self, prompt: str) -> str | None:
        """Return the answer in lower case, without spaces around it; None at the end of input."""
        shown = "\n".join(self._filled(prompt, (DIM,)))
        click.echo(f"{shown} ", nl=False, file=sys.stdout)
        sys.stdout.flush()
        line = sys.stdin.buffer.readline() if sys.stdin is not None else b""
        answer = line.decode("utf-8", "replace").strip().lower()
        if not line:
            self.say("")
        elif not sys.stdin.isatty():  # nobody sees what was typed: show it
            self.say("".join(c if c.isprintable() else "?" for c in answer))
        return answer if line else None

    def _filled(self, text: str, codes: tuple[str, ...]) -> list[str]:
        return inline_lines([Text(text)], self.look, *codes)

    def choose(self, prompt: str, meanings: Mapping[str, T], help_: str) -> T | None:
        """Ask until the answer means something; None to quit, as at the end of input."""
        for _ in range(PATIENCE):
            said = self.ask(prompt)
            if said is None or said in QUIT:
                return None
            if said in meanings:
                return meanings[said]
            self.note(help_)
        return None
