"""`course verify`: the course checks itself.

What is checked stands in `GROUPS`: a claim, and a function that looks for what contradicts
it. To check something more, write such a function and add its group.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from flashcards import Fault, Lesson
    from flashcards.model import Place


@dataclass(frozen=True)
class Content:
    """What is verified: the pages as far as they could be read, and what could not."""

    folder: Path
    lessons: Sequence[Lesson]
    unreadable: Sequence[Fault]

    @property
    def sound(self) -> Sequence[Lesson]:
        """The pages that could be read without a fault."""
        paths = {fault.place.path for fault in self.unreadable}
        return [lesson for lesson in self.lessons if lesson.place.path not in paths]


@dataclass(frozen=True)
class Findings:
    """What a group looked at, in a few words, and what is wrong with it."""

    looked_at: str
    faults: Sequence[Fault] = ()


@dataclass(frozen=True)
class Group:
    """A claim about the content, and what looks for contradictions to it."""

    claim: str
    examine: Callable[[Content], Findings]


@click.command()
@click.option(
    "--lessons",
    "folder",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Verify the pages in DIR instead of the course's own, and nothing else. Their Python "
    "is run.",
)
@click.option("--quick", is_flag=True, help="Leave out the mistakes: they take a minute.")
def verify(folder: Path | None, quick: bool) -> int:
    """Verify the course itself: its pages, and the grader on every known mistake.

    Pages, ids, numbers, cards and what leads to them; then each known mistake, in several
    builds of the reference: it must fail the checks that it is known to fail, and be named.
    """
    from course.lesson_pages import FOLDER, shown
    from flashcards import read_lessons

    own = folder is None
    folder = shown(folder or FOLDER)
    try:
        content = Content(folder, *read_lessons(folder))
    except OSError as error:
        raise click.UsageError(f"{error.filename} cannot be read: {error.strerror}.") from error
    groups = GROUPS if content.lessons else GROUPS[:1]  # without a page, one fault is enough
    if own and not quick:
        groups = (*groups, MISTAKES)
    count = sum(_report(group, content) for group in groups)
    if count:
        _say(f"\n{count} {'fault' if count == 1 else 'faults'}.")
    return 1 if count else 0


def _report(group: Group, content: Content) -> int:
    """Examine a group and print its line; return how many faults it has."""
    from flashcards import LessonError

    try:
        findings = group.examine(content)
    except LessonError as error:
        findings = Findings("not all of it", error.faults)
    faults = sorted(set(findings.faults))
    encoding = (sys.stdout.encoding or "ascii").lower().replace("-", "")
    right, wrong = ("✓", "✗") if encoding.startswith("utf") else ("+", "x")
    sign = click.style(wrong, "red") if faults else click.style(right, "green")
    _say(f"{sign} {group.claim} {click.style(f'({findings.looked_at})', dim=True)}")
    for fault in faults:
        _say(f"    {fault}")
    return len(faults)


def _say(line: str) -> None:
    # click would write UTF-8 to a terminal that can show ASCII alone.
    click.echo(line, file=sys.stdout)


# ── The groups ────────────────────────────────────────────────────────────────────────────


def _pages(content: Content) -> Findings:
    asked = sum(len(lesson.questions) for lesson in content.lessons)
    cards = sum(len(lesson.cards) for lesson in content.lessons)
    looked_at = f"{len(content.lessons)} pages, {asked} questions, {cards} cards"
    return Findings(looked_at, content.unreadable)


def _ids(content: Content) -> Findings:
    from flashcards import Fault
    from flashcards.ids import against_record
    from flashcards.model import Place, every_id

    path = content.folder / "ids.txt"
    looked_at = f"{sum(len(list(every_id(lesson))) for lesson in content.lessons)} ids"
    try:
        record = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        sentence = "the record of ids is missing, or no text"
        return Findings(looked_at, [Fault(Place(str(path), 0), sentence)])
    return Findings(looked_at, against_record(content.lessons, record, str(path)))


def _numbers(content: Content) -> Findings:
    from course.figures import disagreements

    made = [computation for lesson in content.lessons for computation in lesson.computations]
    count = sum(len(lesson.figures) for lesson in content.lessons)
    faults = [fault for computation in made for fault in disagreements(computation)]
    return Findings(f"{count} numbers", faults)


def _links(content: Content) -> Findings:
    from course import content as links
    from flashcards import Fault
    from grader.checks import CHECKS

    known = {str(id_) for lesson in content.lessons for id_ in lesson.items}
    source = _Source(Path(links.__file__))
    sentences: list[tuple[str, str]] = [
        (check, f"the check {check} leads to no card")
        for check in CHECKS
        if not links.CARDS.get(check)
    ]
    for check, ids in links.CARDS.items():
        if check not in CHECKS:
            sentences.append((check, f"there is no check {check}"))
        sentences += [
            (check, f"{check} leads to {id_}, and no lesson has it")
            for id_ in ids
            if id_ not in known
        ]
    faults = [Fault(source.place(check), sentence) for check, sentence in sentences]
    return Findings(f"{len(CHECKS)} checks", faults)


class _Source:
    """A file of ours, to say in which line something stands."""

    def __init__(self, path: Path) -> None:
        from course.lesson_pages import shown

        self.path = shown(path)
        self.lines = path.read_text(encoding="utf-8").splitlines()

    def place(self, slug: str) -> Place:
        """Return the line where a slug stands first, or the file as a whole."""
        from flashcards.model import Place

        lines = (i for i, line in enumerate(self.lines, 1) if f'"{slug}"' in line)
        return Place(str(self.path), next(lines, 0))


def _studied(content: Content) -> Findings:
    from flashcards import Fault
    from flashcards.model import Place
    from grader.misconceptions import MISCONCEPTIONS

    known = {str(id_) for lesson in content.lessons for id_ in lesson.items}
    faults = [
        Fault(Place(f"course explain {slug}", 0), f"leads to {id_}, and no lesson has it")
        for slug, misconception in MISCONCEPTIONS.items()
        for id_ in misconception.cards
        if id_ not in known
    ]
    return Findings(f"{len(MISCONCEPTIONS)} mistakes", faults)


def _mistakes(_content: Content) -> Findings:
    import os

    from flashcards import Fault
    from flashcards.model import Place
    from grader import kill_matrix, matrix_page
    from grader.corpus import practice

    record = kill_matrix.load_record()
    tried = list(kill_matrix.mutants())
    found = []
    for row in kill_matrix.rows(practice(), tried, processes=os.cpu_count() or 1):
        found.append(row)
        _show_progress(len(found), len(tried))
    sentences = [
        *kill_matrix.faults(found, record),
        *(f"{slug} kills no mistake alone in its stage" for slug in matrix_page.idle(record)),
    ]
    place = Place("the kill matrix", 0)
    return Findings(f"{len(found)} mutants", [Fault(place, sentence) for sentence in sentences])


def _show_progress(done: int, all_: int) -> None:
    """Count on one line, where somebody is watching, and leave nothing behind."""
    if sys.stderr.isatty():
        line = f"  {done} of {all_} mutants"
        sys.stderr.write(f"\r{line}" if done < all_ else f"\r{' ' * len(line)}\r")
        sys.stderr.flush()


def _paper(content: Content) -> Findings:
    from flashcards.pdf import faults

    looked_at = f"{sum(len(lesson.cards) for lesson in content.lessons)} cards"
    try:
        return Findings(f"{looked_at}, every layout and paper", faults(content.lessons))
    except Exception:
        # What was understood of a page that is refused need not be drawable at all.
        if not content.unreadable:
            raise
        return Findings("pages without faults only", faults(content.sound))


def _changes(content: Content) -> Findings:
    from flashcards.anki import load_changes, unrecorded

    changes = load_changes(content.folder)
    return Findings(f"{len(changes)} on record", unrecorded(content.lessons, changes))


GROUPS: tuple[Group, ...] = (
    Group("Every page can be read, and every question is answered", _pages),
    Group("Every id is unique, and the one on record", _ids),
    Group("Every number is what the reference computes", _numbers),
    Group("Every check leads to a card or a question", _links),
    Group("Every mistake leads to a card or a question", _studied),
    Group("Every character can be printed, and every card and question fits", _paper),
    Group("Every change of a card is on record, so that Anki takes it", _changes),
)

MISTAKES = Group("Every known mistake fails what it should, and is named", _mistakes)
"""What takes a minute, and so can be left out."""
