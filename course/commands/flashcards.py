"""`course flashcards`: the cards of the lessons, on paper or for Anki."""

from __future__ import annotations

import functools
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from flashcards.model import Lesson
    from flashcards.pdf import Flip, Layout, PaperName

DEFAULT = "flashcards.pdf"
FARTHEST_MM = 8.0  # the cards stay on the paper
_OF_A_PDF = {
    "layout": "--layout",
    "paper": "--paper",
    "flip": "--flip",
    "nudge_x": "--nudge-x",
    "nudge_y": "--nudge-y",
    "calibration": "--calibration",
}
_OF_A_SHEET = ("flip", "nudge_x", "nudge_y")

_file = click.Path(path_type=Path, dir_okay=False)
_distance = click.FloatRange(-FARTHEST_MM, FARTHEST_MM)


@click.command()
@click.option(
    "--pdf",
    is_flag=False,
    flag_value=DEFAULT,
    metavar="[FILE]",
    type=_file,
    help=f"Write the cards to FILE, to be printed (default: {DEFAULT}).",
)
@click.option("--anki", metavar="FILE", type=_file, help="Write a package that Anki imports.")
@click.option("--tsv", metavar="FILE", type=_file, help="Write a table that Anki imports.")
@click.option(
    "--lesson",
    "names",
    metavar="SLUG",
    multiple=True,
    help="Only this lesson, by its id or number; may be repeated.",
)
@click.option(
    "--layout",
    type=click.Choice(["card", "sheet"]),
    default="card",
    show_default=True,
    help="One card a page, or eight a sheet to be printed on both sides and cut.",
)
@click.option(
    "--paper", type=click.Choice(["a4", "letter", "index"]), default="a4", show_default=True
)
@click.option(
    "--flip",
    type=click.Choice(["long", "short"]),
    default="long",
    show_default=True,
    help="The edge at which the printer turns a sheet over.",
)
@click.option(
    "--nudge-x", type=_distance, metavar="MM", default=0.0, help="Move the backs to the right."
)
@click.option("--nudge-y", type=_distance, metavar="MM", default=0.0, help="Move the backs up.")
@click.option(
    "--calibration",
    is_flag=True,
    help="Instead of cards, make the sheet that shows by how much to move the backs.",
)
@click.pass_context
def flashcards(
    context: click.Context,
    pdf: Path | None,
    anki: Path | None,
    tsv: Path | None,
    names: Sequence[str],
    layout: Layout,
    paper: PaperName,
    flip: Flip,
    nudge_x: float,
    nudge_y: float,
    calibration: bool,
) -> None:
    """List the cards of the lessons, or write them to files.

    How to print them so that fronts and backs match: docs/printing.md.
    """
    from course import lesson_pages
    from course.commands.failure import GraderFault
    from course.commands.output import write
    from flashcards import LessonError

    _refuse(context)
    lessons = lesson_pages.load(names)
    # All is made before anything is written: if one form fails, no file has been touched.
    files: list[tuple[Path, bytes]] = []
    try:
        if pdf is not None:
            from flashcards.pdf import render_cards

            drawn = render_cards(
                lessons,
                layout=layout,
                paper=paper,
                flip=flip,
                nudge_x_mm=nudge_x,
                nudge_y_mm=nudge_y,
                calibration=calibration,
            )
            files.append((pdf, drawn))
        if anki is not None:
            from flashcards.anki import load_changes, package

            files.append((anki, package(lessons, load_changes(lesson_pages.FOLDER))))
        if tsv is not None:
            from flashcards.tsv import render

            files.append((tsv, render(lessons).encode()))
    except LessonError as error:
        raise GraderFault(f"the cards cannot be made: {error}") from error
    for path, content in files:
        write(path, content)
        click.echo(f"Wrote {path}.")
    if not files:
        _list(lessons)


def _refuse(context: click.Context) -> None:
    """Refuse options that would have no effect."""
    given = [
        name
        for name in _OF_A_PDF
        if context.get_parameter_source(name) is not ParameterSource.DEFAULT
    ]
    parameters = context.params
    if given and parameters["pdf"] is None:
        raise click.UsageError(f"{_OF_A_PDF[given[0]]} is about a PDF: give --pdf as well.")
    targets = [parameters[name] for name in ("pdf", "anki", "tsv") if parameters[name] is not None]
    if len(set(targets)) < len(targets):
        raise click.UsageError(f"Two files cannot both be {targets[-1]}: name another.")
    sheet = parameters["layout"] == "sheet" or parameters["calibration"]
    if sheet and parameters["paper"] == "index":
        raise click.UsageError("A sheet of eight cards needs --paper a4 or --paper letter.")
    of_a_sheet = [_OF_A_PDF[name] for name in given if name in _OF_A_SHEET]
    if of_a_sheet and not sheet:
        raise click.UsageError(f"{of_a_sheet[0]} is about sheets: give --layout sheet as well.")


def _list(lessons: Sequence[Lesson]) -> None:
    from flashcards.model import plain

    # click would write UTF-8 to a terminal that can show ASCII alone.
    say = functools.partial(click.echo, file=sys.stdout)
    for lesson in lessons:
        say(f"{click.style(plain(lesson.title), bold=True)}  ({lesson.id})")
        for number, card in enumerate(lesson.cards, 1):
            say(f"  {number:2}. {plain(card.front)}")
        say("")
    say("To print them:  course flashcards --pdf")
