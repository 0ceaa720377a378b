"""`course quiz`: the graded questions, for a learning management system."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from flashcards import Lesson

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.option("--gift", metavar="FILE", type=_FILE, help="Write the questions for Moodle, as GIFT.")
@click.option("--qti", metavar="FILE", type=_FILE, help="Write them for Canvas, as QTI 1.2 (.zip).")
@click.option(
    "--lesson",
    "names",
    metavar="SLUG",
    multiple=True,
    help="Only this lesson, by its id or number; may be repeated.",
)
def quiz(gift: Path | None, qti: Path | None, names: Sequence[str]) -> None:
    """Write the questions that a machine can mark, for an LMS. Replaces an older file."""
    from course import lesson_pages
    from course.commands.output import write

    if gift is None and qti is None:
        raise click.UsageError("Say what to write: --gift FILE, --qti FILE or both.")
    if gift is not None and gift == qti:
        raise click.UsageError(f"--gift and --qti cannot both be {gift}: name two files.")
    lessons = lesson_pages.load(names)
    count = sum(len(lesson.graded) for lesson in lessons)
    # All is made before anything is written: if one form fails, no file has been touched.
    for file, content in _contents(lessons, gift, qti).items():
        write(file, content)
        click.echo(f"{file}: {count} question{'s' if count != 1 else ''}")


def _contents(lessons: Sequence[Lesson], gift: Path | None, qti: Path | None) -> dict[Path, bytes]:
    from course.commands.failure import GraderFault
    from flashcards import LessonError

    contents = {}
    if gift is not None:
        from flashcards.gift import render as render_gift

        contents[gift] = render_gift(lessons).encode()
    if qti is not None:
        from flashcards.qti import render as render_qti

        try:
            contents[qti] = render_qti(lessons)
        except LessonError as error:
            raise GraderFault(f"The questions cannot be written as QTI: {error}") from error
    return contents
