"""Eight cards on a sheet, fronts and backs in register for printing on both sides.

    front            back, turned over     back, turned over
                     at the long edge      at the short edge
    1  2             2  1                  as beside it, but the
    3  4             4  3                  whole page upside down
    5  6             6  5
    7  8             8  7

Printers drift by a millimetre or two, so nothing stands near a cut, marks for cutting are on
the fronts only, and the backs can be moved. The calibration sheet measures by how much.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from flashcards.model import Lesson, Paragraph, Text
from flashcards.pdf.cards import (
    Face,
    Numbered,
    Outline,
    printed,
    set_back,
    set_front,
)
from flashcards.pdf.fitting import title_of
from flashcards.pdf.paper import MM, PAPERS, Flip, Paper, PaperName
from flashcards.pdf.setting import draw_column, height_of, set_blocks, set_heading
from flashcards.pdf.words import words
from flashcards.pdf.writer import Element, Writer

COLUMNS, ROWS = 2, 4
_MARGIN = 10 * MM  # of the sheet: what printers leave white, and room for the marks
_PADDING = 7 * MM  # of a card, on all sides
_BELOW = 9.5 * MM  # of a card, below: the label stands there
_LABEL = 5 * MM
_MARK = 4 * MM
_CROSS = 1.2 * MM
_SIZES = (15.0, 12.0)  # of the question and the answer, where they are short


@dataclass(frozen=True)
class Duplex:
    """How the sheet is turned over, and by how much its backs are moved, in points."""

    flip: Flip
    x: float
    y: float


@dataclass(frozen=True)
class _Grid:
    """Where the cards are on a sheet. Corners are the lower left ones."""

    paper: Paper

    @property
    def width(self) -> float:
        return (self.paper.width - 2 * _MARGIN) / COLUMNS

    @property
    def height(self) -> float:
        return (self.paper.height - 2 * _MARGIN) / ROWS

    def front(self, index: int) -> tuple[float, float]:
        row, column = divmod(index, COLUMNS)
        x = _MARGIN + column * self.width
        return x, self.paper.height - _MARGIN - (row + 1) * self.height

    def back(self, index: int) -> tuple[float, float]:
        row, column = divmod(index, COLUMNS)
        return self.front(row * COLUMNS + COLUMNS - 1 - column)

    def cuts(self) -> tuple[list[float], list[float]]:
        """Return the x of every cut from top to bottom, and the y of every one across."""
        across = [_MARGIN + row * self.height for row in range(ROWS + 1)]
        return [_MARGIN + column * self.width for column in range(COLUMNS + 1)], across


# ── Sheets ────────────────────────────────────────────────────────────────────────────────


def render(lessons: Sequence[Lesson], paper_name: PaperName, duplex: Duplex) -> bytes:
    """Return a PDF of sheets: a page of fronts, a page of their backs, and so on.

    Raises: LessonError that names each card that cannot be printed.
    """
    grid = _Grid(PAPERS[paper_name])
    writer = Writer(title=title_of(lessons, "Flashcards"), paper=grid.paper, duplex=duplex.flip)
    outline = Outline(writer)
    where = f"an eighth of {grid.paper.called}"
    cards = printed(lessons, functools.partial(_set, grid), where)
    while both := list(itertools.islice(cards, COLUMNS * ROWS)):
        _draw_sheet(writer, grid, outline, both, duplex)
    return writer.bytes()


def _set(grid: _Grid, one: Numbered) -> Face:
    width, room = grid.width - 2 * _PADDING, grid.height - _PADDING - _BELOW
    front = set_front(one, width, room, _SIZES[0], centred=True)
    return front, set_back(one, width, room, _SIZES[1])


def _draw_sheet(
    writer: Writer,
    grid: _Grid,
    outline: Outline,
    both: Sequence[tuple[Numbered, Face]],
    duplex: Duplex,
) -> None:
    elements = []
    _draw_marks(writer, grid)
    for index, (one, (front, _)) in enumerate(both):
        elements.append(outline.add(one))
        x, y = grid.front(index)
        top = y + (grid.height + front.height) / 2
        front.draw(writer, elements[-1], x + _PADDING, top)
        _draw_label(writer, grid, one, x, y)
    writer.end_page()
    with writer.moved(duplex.x, duplex.y, turned=duplex.flip == "short"):
        for index, ((one, face), element) in enumerate(zip(both, elements, strict=True)):
            _draw_back(writer, grid, (one, face), element, grid.back(index))
    writer.end_page()


def _draw_back(
    writer: Writer,
    grid: _Grid,
    both: tuple[Numbered, Face],
    element: Element,
    corner: tuple[float, float],
) -> None:
    one, (_, back) = both
    x, y = corner
    room = grid.height - _PADDING - _BELOW
    top = y + grid.height - _PADDING - (room - height_of(back)) * 0.4
    draw_column(back, writer, element, x + _PADDING, top)
    _draw_label(writer, grid, one, x, y)


def _draw_label(writer: Writer, grid: _Grid, one: Numbered, x: float, y: float) -> None:
    writer.aside(x + grid.width / 2, y + _LABEL, 6.5, one.label, align=0.5)


def _draw_marks(writer: Writer, grid: _Grid) -> None:
    """Draw ticks in the margin at the end of each cut, and crosses where cuts meet."""
    downward, across = grid.cuts()
    width, height = grid.paper.width, grid.paper.height
    near, far = _MARGIN - 1.5 * MM - _MARK, _MARGIN - 1.5 * MM
    ticks = []
    for x in downward:
        ticks += [(x, near, x, far), (x, height - near, x, height - far)]
    for y in across:
        ticks += [(near, y, far, y), (width - near, y, width - far, y)]
    writer.rules(ticks, grey=0.3)
    crosses = []
    for x in downward[1:-1]:
        for y in across[1:-1]:
            crosses += [(x - _CROSS, y, x + _CROSS, y), (x, y - _CROSS, x, y + _CROSS)]
    writer.rules(crosses)


# ── Calibration ───────────────────────────────────────────────────────────────────────────

_RANGE = 8  # millimetres that a ruler shows to either side
_HALF = 11 * MM  # of the square at whose sides the rulers are
_ARM = 15 * MM
_INSTRUCTIONS = (
    "Print this sheet on both sides at 100 % (“actual size”). Hold it up against the light "
    "with this side towards you: behind each square, a cross shines through.",
    "Where the upright line of the cross meets the lower ruler, read a number for --nudge-x. "
    "Where its level line meets the ruler on the left, read one for --nudge-y. Both are "
    "millimetres. If some were given for this sheet already, add the new ones to them.",
    "Print this sheet again with these numbers: the crosses should now be at 0. Half a "
    "millimetre is as good as it gets. Where the two squares disagree, the printer turns or "
    "stretches the page, and no shift can mend that.",
)


def render_calibration(paper_name: PaperName, duplex: Duplex) -> bytes:
    """Return a PDF of one sheet with which a printer's drift can be measured."""
    paper = PAPERS[paper_name]
    writer = Writer(title="Calibration sheet", paper=paper, duplex=duplex.flip)
    _draw_instructions(writer, paper, duplex)
    centres = [(0.32 * paper.width, 0.17 * paper.height), (0.72 * paper.width, 0.45 * paper.height)]
    for x, y in centres:
        _draw_rulers(writer, x, y, duplex.flip)
    writer.end_page()
    with writer.moved(duplex.x, duplex.y, turned=duplex.flip == "short"):
        for x, y in centres:
            behind = paper.width - x
            lines = [(behind - _ARM, y, behind + _ARM, y), (behind, y - _ARM, behind, y + _ARM)]
            writer.rules(lines, grey=0.0, thickness=0.8)
    writer.end_page()
    return writer.bytes()


def _draw_instructions(writer: Writer, paper: Paper, duplex: Duplex) -> None:
    writer.bookmark("Calibration sheet", 0)
    width = paper.width - 5 * _MARGIN
    heading = set_heading(words([Text("Calibration sheet")], bold=True), width, 20, "H1")
    given = (
        f"This sheet: turned at the {duplex.flip} edge, --nudge-x {duplex.x / MM:g}, "
        f"--nudge-y {duplex.y / MM:g}."
    )
    says = [Paragraph((Text(text),)) for text in (*_INSTRUCTIONS, given)]
    blocks = [heading, *set_blocks(says, width, 12)]
    draw_column(blocks, writer, writer.root, 2.5 * _MARGIN, paper.height - 2.5 * _MARGIN)


def _draw_rulers(writer: Writer, x: float, y: float, flip: Flip) -> None:
    """Draw a square with two rulers, so numbered that what is read is the nudge."""
    left, right, below, above = x - _HALF, x + _HALF, y - _HALF, y + _HALF
    lines = [(left, below, right, below), (left, below, left, above)]
    lines += [(left, above, right, above), (right, below, right, above)]
    # Seen from the front, the back is mirrored left to right by the one flip and top to
    # bottom by the other; and a nudge undoes what it was read from.
    rightward, upward = (1, -1) if flip == "long" else (-1, 1)
    for millimetre in range(-_RANGE, _RANGE + 1):
        at, length = millimetre * MM, (1.6 if millimetre % 4 else 3) * MM
        lines.append((x + at, below, x + at, below - length))
        lines.append((left, y + at, left - length, y + at))
        if millimetre % 4 == 0:
            number = _signed(rightward * millimetre)
            writer.aside(x + at, below - 6 * MM, 6.5, number, align=0.5)
            writer.aside(left - 4 * MM, y + at - 2.5, 6.5, _signed(upward * millimetre), align=1)
    writer.rules(lines, grey=0.3)
    writer.aside(x, below - 10.5 * MM, 9, "--nudge-x", align=0.5)
    writer.aside(left - 10 * MM, y - 3, 9, "--nudge-y", align=1)


def _signed(number: int) -> str:
    return f"{number:+}".replace("-", "−") if number else "0"
