"""What is wrong with a page, and where; gathered, so that one reading names everything.

LessonError   a page that cannot be used; holds every fault found in it
"""

from __future__ import annotations

import dataclasses
import string
from collections.abc import Iterable
from dataclasses import dataclass, field

from markdown_it.tree import SyntaxTreeNode

from flashcards.model import ItemId, Place, Step

_ID_CHARACTERS = frozenset(string.ascii_lowercase + string.digits + "-")


@dataclass(frozen=True, order=True)
class Fault:
    """One sentence about one line. As text: `path:line: sentence`."""

    place: Place
    sentence: str

    def __str__(self) -> str:
        return f"{self.place}: {self.sentence}"


class LessonError(Exception):
    """A page that cannot be used; its text has one line for every fault."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


@dataclass
class Source:
    """A page while it is read: where a token stands, and what has been gathered so far.

    `lines_above` is how many lines of the page precede the text that is being read: 0,
    except for Markdown inside a comment.
    """

    path: str
    faults: list[Fault] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    lines_above: int = 0

    def below(self, lines: int) -> Source:
        """Return the same page for a text that begins after so many lines of it."""
        return dataclasses.replace(self, lines_above=lines)

    def line(self, node: SyntaxTreeNode) -> int:
        """Return the line of the page on which a block begins, counted from 1."""
        first, _ = node.map or (0, 0)
        return self.lines_above + first + 1

    def place(self, line: int) -> Place:
        """Return that line of this page."""
        return Place(self.path, line)

    def refuse(self, line: int, sentence: str) -> None:
        """Note a fault and go on: the reader of the faults wants to see all of them."""
        self.faults.append(Fault(self.place(line), sentence))

    def take_steps(self) -> tuple[Step, ...]:
        """Return the steps gathered since the last call."""
        steps = tuple(self.steps)
        self.steps.clear()
        return steps

    def identifier(self, text: str, line: int) -> ItemId:
        """Return `text` as an id, and refuse one that is not made of a-z, 0-9 and hyphens."""
        if not text or not _ID_CHARACTERS.issuperset(text):
            self.refuse(line, f"the id `{text}` may hold only a-z, 0-9 and hyphens")
        return ItemId(text)
