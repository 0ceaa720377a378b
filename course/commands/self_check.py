"""`course self-check`: the questions of the lessons, to be answered before looking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

if TYPE_CHECKING:
    from course.commands.dialogue import Dialogue
    from flashcards import Lesson, Question

INTERRUPTED = 130
DEFAULT_FILE = "self-check.pdf"

KNEW, PARTLY, NOT = "knew it", "partly", "not yet"
_MEANINGS = {
    "k": KNEW,
    "p": PARTLY,
    "n": NOT,
    "knew": KNEW,
    "knew it": KNEW,
    "partly": PARTLY,
    "not": NOT,
    "not yet": NOT,
}
_SIGNS = {KNEW: "✓", PARTLY: "~", NOT: "✗"}


@dataclass(frozen=True)
class Asked:
    """A question that was answered, and how it went."""

    lesson: Lesson
    question: Question
    went: str


@click.command("self-check")
@click.option(
    "--lesson",
    "names",
    metavar="SLUG",
    multiple=True,
    help="Only this lesson, by its id or number; may be repeated.",
)
@click.option(
    "--pdf",
    "file",
    metavar="[FILE]",
    is_flag=False,
    flag_value=DEFAULT_FILE,
    type=click.Path(path_type=Path, dir_okay=False),
    help=f"Print a worksheet instead, with the answers at the end (default: {DEFAULT_FILE}).",
)
@click.option(
    "--paper",
    type=click.Choice(["a4", "letter"]),
    help="The size of the worksheet (default: a4).",
)
def self_check(
    names: Sequence[str], file: Path | None, paper: Literal["a4", "letter"] | None
) -> int:
    """Ask yourself the lessons' questions: answer first, then look.

    Each question waits for Enter before it shows its answer, and asks how it went. At the
    end you are told what to read again.
    """
    from course import lesson_pages

    if paper is not None and file is None:
        raise click.UsageError("--paper is for the worksheet: it needs --pdf.")
    lessons = lesson_pages.load(names)
    if file is not None:
        _print(lessons, file, paper or "a4")
        return 0
    from course.commands.dialogue import Dialogue

    return _ask_all(lessons, Dialogue())


# ── On paper ──────────────────────────────────────────────────────────────────────────────


def _print(lessons: Sequence[Lesson], file: Path, paper: Literal["a4", "letter"]) -> None:
    from course.commands.failure import GraderFault
    from course.commands.output import write
    from flashcards import LessonError
    from flashcards.pdf import render_worksheet

    try:
        content = render_worksheet(lessons, paper=paper)
    except LessonError as error:
        first, *_ = str(error).splitlines()
        raise GraderFault(f"the worksheet cannot be made: {first}") from error
    write(file, content)
    click.echo(f"Wrote {file}.")


# ── At the terminal ───────────────────────────────────────────────────────────────────────


def _ask_all(lessons: Sequence[Lesson], dialogue: Dialogue) -> int:
    questions = [(lesson, question) for lesson in lessons for question in lesson.questions]
    asked: list[Asked] = []
    code = 0
    dialogue.note(
        "Answer each question aloud or on paper before you look: an answer that you have "
        "fetched out of your own head stays there. Enter shows ours; q ends."
    )
    try:
        for i, (lesson, question) in enumerate(questions, 1):
            _show_question(dialogue, f"{i} of {len(questions)}", lesson, question)
            went = _hear(dialogue, question)
            if went is None:
                break
            asked.append(Asked(lesson, question, went))
    except KeyboardInterrupt:
        dialogue.say("")
        code = INTERRUPTED
    _summary(dialogue, asked, len(questions))
    return code


def _show_question(dialogue: Dialogue, count: str, lesson: Lesson, question: Question) -> None:
    from flashcards.model import plain
    from flashcards.terminal import BOLD, DIM, block_lines, inline_lines

    look = dialogue.look
    dialogue.say("")
    dialogue.note(f"{count} · {plain(lesson.title)}", DIM)
    dialogue.say("", *inline_lines(question.heading, look, BOLD), "")
    if question.body:
        dialogue.say(*block_lines(question.body, look), "")


def _hear(dialogue: Dialogue, question: Question) -> str | None:
    """Show the answer when asked for, and return how it went; None to stop."""
    from course.commands.dialogue import QUIT
    from flashcards.terminal import block_lines

    said = dialogue.ask("Enter shows the answer:")
    if said is None or said in QUIT:
        return None
    dialogue.say("", *block_lines(question.answer, dialogue.look, indent=2), "")
    return dialogue.choose(
        "How did it go? k knew it, p partly, n not yet:",
        _MEANINGS,
        "Type k, p or n (or q to end), then Enter.",
    )


def _summary(dialogue: Dialogue, asked: Sequence[Asked], asked_for: int) -> None:
    from flashcards.terminal import BOLD

    if not asked:
        dialogue.say("", "No question answered.")
        return
    counts = [(went, sum(one.went == went for one in asked)) for went in _SIGNS]
    parts = ", ".join(f"{went} {count}" for went, count in counts if count)
    whole = "" if len(asked) == asked_for else f" of {asked_for}"
    answered = f"{len(asked)}{whole} question{'' if asked_for == 1 else 's'} answered: {parts}."
    dialogue.say("")
    dialogue.note(answered, BOLD)
    again = [one for one in asked if one.went != KNEW]
    if not again:
        return
    dialogue.say("", "Read again:")
    for one in sorted(again, key=lambda one: one.went != NOT):
        _to_read(dialogue, one)
    slugs = dict.fromkeys(one.lesson.id for one in again)
    dialogue.say("")
    dialogue.note("And tomorrow, ask yourself once more:")
    for slug in slugs:
        dialogue.say(f"  course self-check --lesson {slug}")


def _to_read(dialogue: Dialogue, one: Asked) -> None:
    from flashcards.terminal import DIM, RED, YELLOW, Look, inline_lines

    look = dialogue.look
    inside = Look(max(1, look.width - 4), look.colour, look.ascii_only)
    sign = look.paint(_SIGNS[one.went], RED if one.went == NOT else YELLOW)
    lines = inline_lines(one.question.heading, inside)
    for i, line in enumerate(lines):
        dialogue.say(f"  {sign if i == 0 else ' '} {line}")
    dialogue.say(f"    {look.paint(str(one.question.place), DIM)}")
