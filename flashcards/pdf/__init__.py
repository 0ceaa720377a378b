"""Cards and worksheets on paper. Importing this package imports reportlab.

- `paper`: sizes.
- `writer`: pages, text and tags; the only file that knows reportlab.
- `words`: text → words and lines. `setting`: lines → blocks.
- `fitting`: what can be drawn, what fits, and how a message says that it does not.
- `cards`: one card a page. `sheet`: eight a sheet. `worksheet`: questions, then answers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal

from flashcards.faults import Fault, LessonError
from flashcards.model import Lesson
from flashcards.pdf import cards, sheet, worksheet
from flashcards.pdf.paper import MM, PAPERS, Flip, PaperName

__all__ = ["Flip", "Layout", "PaperName", "faults", "render_cards", "render_worksheet"]

Layout = Literal["card", "sheet"]


def render_cards(
    lessons: Sequence[Lesson],
    *,
    layout: Layout = "card",
    paper: PaperName = "a4",
    flip: Flip = "long",
    nudge_x_mm: float = 0.0,
    nudge_y_mm: float = 0.0,
    calibration: bool = False,
) -> bytes:
    """Return a PDF of the cards: one a page, or eight on a sheet to be printed on both sides.

    `flip` and the nudges are for sheets: the edge at which the printer turns them over, and
    how far the backs are moved, to the right and up as that page is seen on a screen. With
    `calibration`, the PDF is the one sheet that shows how far they have to be moved.
    The same arguments give the same bytes.

    Raises: LessonError that names each card that cannot be drawn or does not fit; ValueError
    for a sheet that is not A4 or Letter.
    """
    if layout == "card" and not calibration:
        return cards.render(lessons, paper)
    if paper == "index":
        raise ValueError("eight cards on a sheet need A4 or Letter")
    duplex = sheet.Duplex(flip, nudge_x_mm * MM, nudge_y_mm * MM)
    if calibration:
        return sheet.render_calibration(paper, duplex)
    return sheet.render(lessons, paper, duplex)


def render_worksheet(lessons: Sequence[Lesson], *, paper: Literal["a4", "letter"] = "a4") -> bytes:
    """Return a PDF of the questions and exercises with room to write, then the answers.

    Raises: LessonError that names each question that cannot be drawn or does not fit.
    """
    return worksheet.render(lessons, paper)


def faults(lessons: Sequence[Lesson]) -> tuple[Fault, ...]:
    """Return all that keeps any of the PDFs from being made, on any paper; each once."""
    sheets: tuple[Literal["a4", "letter"], ...] = ("a4", "letter")
    renderings: list[Callable[[], bytes]] = []
    if any(lesson.questions or lesson.exercise for lesson in lessons):
        renderings += [partial(render_worksheet, lessons, paper=paper) for paper in sheets]
    if any(lesson.cards for lesson in lessons):
        renderings += [partial(render_cards, lessons, paper=paper) for paper in PAPERS]
        renderings += [
            partial(render_cards, lessons, layout="sheet", paper=paper) for paper in sheets
        ]
    found: set[Fault] = set()
    for rendering in renderings:
        try:
            rendering()
        except LessonError as error:
            found.update(error.faults)
    return tuple(sorted(found))
