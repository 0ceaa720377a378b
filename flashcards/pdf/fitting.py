"""Whether a lesson's text can be printed, and at what size."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from flashcards.faults import Fault
from flashcards.model import Block, CodeBlock, Inline, Lesson, List, Paragraph, Place, plain
from flashcards.pdf.setting import FLOOR
from flashcards.pdf.words import TooWideError
from flashcards.pdf.writer import missing

STEP = 0.5

Set = TypeVar("Set")


class FitError(Exception):
    """Something does not fit, even at the smallest size; the text says why."""


@dataclass(frozen=True)
class Named:
    """Something to be printed, and how a message calls it."""

    place: Place
    name: str


def fitted(set_at: Callable[[float], Set | None], largest: float) -> Set:
    """Return what `set_at` gives for the largest size at which it gives something.

    Raises: FitError when even the floor of 11 pt is too large.
    """
    size = largest
    while True:
        try:
            found = set_at(size)
            reason = "is too long"
        except TooWideError as error:
            found = None
            reason = f"has `{error}`, which is too wide"
        if found is not None:
            return found
        if size <= FLOOR:
            raise FitError(reason)
        size = max(FLOOR, size - STEP)


def too_long(named: Named, reason: str, where: str) -> Fault:
    """Return the fault for something that does not fit."""
    return Fault(
        named.place,
        f"the {named.name} {reason} for {where}, even at {FLOOR:g} pt: shorten it",
    )


def undrawable(named: Named, text: Iterable[str]) -> Iterator[Fault]:
    """Yield a fault for each character that no font has."""
    for character in missing("".join(text)):
        code = f"U+{ord(character):04X} {unicodedata.name(character, '')}".strip()
        shown = f"`{character}` ({code})" if character.isprintable() else code
        sentence = f"the {named.name} uses {shown}, which no font has: write it in another way"
        yield Fault(named.place, sentence)


def undrawable_title(lesson: Lesson) -> Iterator[Fault]:
    """Yield a fault for each character of a lesson's title that no font has."""
    yield from undrawable(Named(lesson.place, f"title of `{lesson.id}`"), [plain(lesson.title)])


def text_of(*parts: Sequence[Inline] | Sequence[Block]) -> Iterator[str]:
    """Yield all text of headings and blocks."""
    for part in parts:
        for thing in part:
            match thing:
                case Paragraph(children):
                    yield plain(children)
                case CodeBlock(text):
                    yield text.replace("\n", "")
                case List(items):
                    for item in items:
                        yield from text_of(item)
                case inline:
                    yield plain([inline])


def title_of(lessons: Sequence[Lesson], what: str) -> str:
    """Return the title of a document: one lesson's own, or what it holds."""
    return f"{plain(lessons[0].title)}: {what.lower()}" if len(lessons) == 1 else what
