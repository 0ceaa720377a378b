"""The files of the site."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from course.site import pages
from course.site.extras import extras
from flashcards import Lesson

STATIC = Path(__file__).with_name("static")


def build(lessons: Sequence[Lesson]) -> dict[str, bytes]:
    """Return every file of the site by its path, with `/`: the same lessons, the same bytes."""
    sections = extras()
    figures = {
        figure.name: figure.svg.encode()
        for extra in chain.from_iterable(sections.values())
        for figure in extra.figures()
    }
    made = {name: html.encode() for name, html in pages.render(lessons, sections).items()}
    copied = {f"static/{path.name}": path.read_bytes() for path in _static()}
    return {**made, **figures, **copied}


def sources() -> Iterator[Path]:
    """Yield the templates and static files; the lessons are the caller's."""
    yield from sorted(pages.TEMPLATES.glob("*.html"))
    yield from _static()


def _static() -> list[Path]:
    """Return the files to be copied; what an editor leaves beside them is not of the site."""
    return sorted(path for path in STATIC.iterdir() if path.suffix in {".css", ".js", ".svg"})
