"""One card a page: the question, and below it the answer.

On A4 and Letter the question has the upper half and the answer the lower one, so that a
fold in the middle hides the answer. An index card has the answer right below.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from flashcards.faults import Fault, LessonError
from flashcards.model import Card, Lesson, plain
from flashcards.pdf.fitting import (
    FitError,
    Named,
    fitted,
    text_of,
    title_of,
    too_long,
    undrawable,
    undrawable_title,
)
from flashcards.pdf.paper import MM, PAPERS, Paper, PaperName
from flashcards.pdf.setting import (
    FLOOR,
    Block,
    draw_column,
    height_of,
    set_blocks,
    set_heading,
)
from flashcards.pdf.words import words
from flashcards.pdf.writer import Element, Writer


@dataclass(frozen=True)
class Numbered:
    """A card, its lesson, and its number there."""

    card: Card
    lesson: Lesson
    number: int

    @property
    def named(self) -> Named:
        """What messages call it."""
        return Named(self.card.place, f"card `{self.card.id}`")

    @property
    def label(self) -> str:
        """The lesson and the number, for the edge of the card."""
        return f"{plain(self.lesson.title)} · {self.number} of {len(self.lesson.cards)}"


def numbered(lessons: Sequence[Lesson]) -> list[Numbered]:
    """Return all cards in order.

    Raises: LessonError where there is none, or a character that no font has.
    """
    cards = [
        Numbered(card, lesson, number)
        for lesson in lessons
        for number, card in enumerate(lesson.cards, 1)
    ]
    if not cards:
        raise LessonError(Fault(lesson.place, "there are no cards here") for lesson in lessons)
    faults = [fault for lesson in lessons for fault in undrawable_title(lesson)]
    for one in cards:
        faults += undrawable(one.named, text_of(one.card.front, one.card.back))
    if faults:
        raise LessonError(faults)
    return cards


Face = tuple[Block, list[Block]]  # a question and its answer, set


def printed(
    lessons: Sequence[Lesson], set_one: Callable[[Numbered], Face], where: str
) -> Iterator[tuple[Numbered, Face]]:
    """Yield every card as `set_one` sets it; one after another, for thousands take room.

    Raises: LessonError, at the latest after the last card, that names each one with a
    character that no font has or for which `set_one` raises FitError.
    """
    faults = []
    for one in numbered(lessons):
        try:
            yield one, set_one(one)
        except FitError as error:
            faults.append(too_long(one.named, str(error), where))
    if faults:
        raise LessonError(faults)


def set_front(
    one: Numbered, width: float, room: float, largest: float, *, centred: bool = False
) -> Block:
    """Set a question in a room of its own; FitError where it has too little."""
    heading = words(one.card.front, bold=True)

    def at(size: float) -> Block | None:
        block = set_heading(heading, width, size, "H1", centred=centred)
        return block if block.height <= room else None

    return fitted(at, largest)


def set_back(one: Numbered, width: float, room: float, largest: float) -> list[Block]:
    """Set an answer in a room of its own; FitError where it has too little."""

    def at(size: float) -> list[Block] | None:
        blocks = set_blocks(one.card.back, width, size)
        return blocks if height_of(blocks) <= room else None

    return fitted(at, largest)


class Outline:
    """Adds each card to the outline and to the structure tree, below its lesson."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._lesson: Lesson | None = None
        self._section = writer.root

    def add(self, one: Numbered) -> Element:
        """Return the element of a card that begins on this page."""
        if one.lesson is not self._lesson:
            self._lesson = one.lesson
            title = plain(one.lesson.title)
            self._writer.bookmark(title, 0)
            self._section = self._writer.element("Sect", title=title)
        self._writer.bookmark(plain(one.card.front), 1)
        return self._writer.element("Sect", self._section)


# ── A page ────────────────────────────────────────────────────────────────────────────────


def render(lessons: Sequence[Lesson], paper_name: PaperName) -> bytes:
    """Return a PDF with one card on each page.

    Raises: LessonError that names each card that cannot be printed.
    """
    paper = PAPERS[paper_name]
    set_one, draw = (_set_index, _draw_index) if paper_name == "index" else (_set_page, _draw_page)
    writer = Writer(title=title_of(lessons, "Flashcards"), paper=paper)
    outline = Outline(writer)
    set_on_paper = functools.partial(set_one, paper)
    for one, face in printed(lessons, set_on_paper, paper.page):
        draw(writer, paper, one, face, outline.add(one))
        writer.end_page()
    return writer.bytes()


_MARGIN = 26 * MM
_FOLD = 11 * MM  # kept free above and below the fold
_PAGE_LABEL = 15 * MM
_PAGE_SIZES = (30.0, 18.0)  # of the question and the answer, where they are short


def _set_page(paper: Paper, one: Numbered) -> Face:
    width, room = paper.width - 2 * _MARGIN, paper.height / 2 - _MARGIN - _FOLD
    return set_front(one, width, room, _PAGE_SIZES[0]), set_back(one, width, room, _PAGE_SIZES[1])


def _draw_page(writer: Writer, paper: Paper, one: Numbered, face: Face, card: Element) -> None:
    front, back = face
    middle, right = paper.height / 2, paper.width - _MARGIN
    ticks = [(0.0, middle, 5 * MM, middle), (paper.width - 5 * MM, middle, paper.width, middle)]
    writer.rules([(_MARGIN, middle, right, middle)], dash="1 3")
    writer.rules(ticks)
    # A little above the middle of its half: there it looks centred.
    above = max(_MARGIN, (middle - front.height) * 0.46)
    front.draw(writer, card, _MARGIN, paper.height - above)
    draw_column(back, writer, card, _MARGIN, middle - 1.6 * _FOLD)
    writer.aside(_MARGIN, _PAGE_LABEL, 9.5, one.label)


_INDEX_MARGIN = 8 * MM
_INDEX_LABEL = 5 * MM
_INDEX_GAP = 8.0
_INDEX_SIZES = (15.5, 12.5)


def _set_index(paper: Paper, one: Numbered) -> Face:
    return fitted(functools.partial(_index_at, paper, one), _INDEX_SIZES[1])


def _index_at(paper: Paper, one: Numbered, size: float) -> Face | None:
    width = paper.width - 2 * _INDEX_MARGIN
    heading = _INDEX_SIZES[0] if size > FLOOR else FLOOR + 2
    front = set_heading(words(one.card.front, bold=True), width, heading, "H1")
    back = set_blocks(one.card.back, width, size)
    room = paper.height - _INDEX_MARGIN - 2.3 * _INDEX_LABEL
    return (front, back) if front.height + 2 * _INDEX_GAP + height_of(back) <= room else None


def _draw_index(writer: Writer, paper: Paper, one: Numbered, face: Face, card: Element) -> None:
    front, back = face
    x, top = _INDEX_MARGIN, paper.height - _INDEX_MARGIN
    line = top - front.height - _INDEX_GAP
    writer.rules([(x, line, paper.width - x, line)])
    front.draw(writer, card, x, top)
    draw_column(back, writer, card, x, line - _INDEX_GAP)
    writer.aside(x, _INDEX_LABEL, 7.5, one.label)
