"""Where the course finds its lessons."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from course.commands.failure import GraderFault, unknown
from flashcards import Lesson, LessonError, load_lessons

FOLDER = Path(__file__).with_name("lessons")
"""The pages, and `ids.txt`, the record of every id that was ever given out."""


def shown(path: Path) -> Path:
    """Return how a path is best shown: from the current folder, if it is inside."""
    try:
        inside = Path(os.path.relpath(path))
    except ValueError:  # on another drive
        return path
    return path if inside.parts[:1] == ("..",) else inside


def load(names: Sequence[str] = ()) -> tuple[Lesson, ...]:
    """Return the lessons called by their ids or numbers; all if none is named.

    They come in the order of the course, each once.

    Raises: click.UsageError for a name that no lesson has; GraderFault where a page cannot
    be used.
    """
    try:
        lessons = load_lessons(shown(FOLDER))
    except (LessonError, OSError) as error:
        first, *more = str(error).splitlines()
        others = f"; {len(more)} more: course verify" if more else ""
        raise GraderFault(f"the lessons cannot be used: {first}{others}") from error
    called = {name: lesson for lesson in lessons for name in (lesson.id, number(lesson))}
    for name in names:
        if name not in called:
            raise unknown("lesson", name, [lesson.id for lesson in lessons])
    chosen = {called[name].id for name in names}
    return tuple(lesson for lesson in lessons if not names or lesson.id in chosen)


def number(lesson: Lesson) -> str:
    """Return the number with which the name of a lesson's page begins."""
    return Path(lesson.place.path).name.partition("-")[0]
