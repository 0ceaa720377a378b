"""`course explain`: what a check claims, what a mistake comes from; or a card, or a question."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from course.commands.dialogue import Dialogue
    from flashcards.model import Item
    from grader.checks import Check
    from grader.misconceptions import Misconception

WIDEST = 100


@click.command()
@click.argument("slug")
@click.option("--solution", is_flag=True, help="Show the right code of a mistake, too.")
def explain(slug: str, solution: bool) -> None:
    """Explain SLUG: a check, a mistake that a report has named, or a card or question.

    A check: its claim, why it matters, an example. A mistake: the belief behind it, why that
    is natural, what it breaks, where to look and what to do.
    """
    from course import lesson_pages
    from course.commands.failure import unknown
    from grader.checks import CHECKS
    from grader.misconceptions import MISCONCEPTIONS
    from grader.tasks import Slug

    if (misconception := MISCONCEPTIONS.get(Slug(slug))) is not None:
        _misconception(misconception, solution)
        return
    if solution:
        raise unknown("mistake", slug, MISCONCEPTIONS)
    if (check := CHECKS.get(Slug(slug))) is not None:
        _check(check)
        return
    items = {id_: item for lesson in lesson_pages.load() for id_, item in lesson.items.items()}
    if slug not in items:
        raise unknown("check, mistake or card", slug, [*CHECKS, *MISCONCEPTIONS, *items])
    from course.commands.dialogue import Dialogue
    from flashcards.model import ItemId

    dialogue = Dialogue()
    _item(items[ItemId(slug)], dialogue)


def _say(text: str) -> None:
    # click would write UTF-8 to a terminal that can show ASCII alone.
    click.echo(text, file=sys.stdout)


def _check(check: Check) -> None:
    from course.content import CARDS
    from grader.corpus import practice
    from grader.counterexample import example

    points = f"{check.points} point{'s' if check.points != 1 else ''}"
    _say(f"{click.style(check.slug, bold=True)}  stage {check.stage}, {points}\n")
    _say(f"Claim: {check.claim}.\n")
    _say(f"{check.why}\n")
    if check.requires:
        _say(f"Builds on: {', '.join(check.requires)}\n")
    shown = example(check, practice().tasks[check.slug][0])
    if shown is not None:
        _say("For example:\n")
        _say("".join(f"    {line}\n" for line in shown.python.split("\n")))
        for name, number in shown.expected.items():
            _say(f"    {name} should be {number!r}")
        _say("")
    _say("Read:    " + "\n         ".join(f"course explain {card}" for card in CARDS[check.slug]))
    _say(f"Try it:  course grade --check {check.slug}")


def _misconception(misconception: Misconception, solution: bool) -> None:
    from grader.misconceptions import MISCONCEPTIONS

    slug, group = misconception.slug, misconception.group
    _say(f"{click.style(slug, bold=True)}  a mistake of stage {misconception.stage}\n")
    _say(_wrapped(f"{misconception.mistake}."))
    for title, text in (
        ("The belief", misconception.belief),
        ("Why it is natural", misconception.why),
        ("What it breaks", misconception.breaks),
        ("Where to look", f"{_capitalised(misconception.look)}."),
        ("What to do", f"{_capitalised(misconception.hint)}."),
    ):
        _say(f"\n{click.style(title, bold=True)}\n{_wrapped(text, '  ')}")
    if solution:
        _say(f"\n{click.style('The right code', bold=True)}")
        _say("".join(f"    {line}\n" for line in misconception.solution.split("\n")).rstrip("\n"))
    others = [m.slug for m in MISCONCEPTIONS.values() if m.group == group and m.slug != slug]
    if group is not None:
        _say(f"\n{_wrapped('The same numbers come from: ' + ', '.join(others) + '.')}")
    _say("\nRead:      " + "\n           ".join(f"course explain {c}" for c in misconception.cards))
    if not solution:
        _say(f"The code:  course explain {slug} --solution")


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _wrapped(text: str, indent: str = "") -> str:
    import shutil
    import textwrap

    width = min(WIDEST, shutil.get_terminal_size().columns)
    return textwrap.fill(
        text, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )


def _item(item: Item, dialogue: Dialogue) -> None:
    """Show a card with its back, a question with its answer, an exercise with its solution."""
    from flashcards.model import Card, Question
    from flashcards.terminal import BOLD, block_lines, inline_lines

    look = dialogue.look
    if isinstance(item, Card):
        lines = [*inline_lines(item.front, look, BOLD), "", *block_lines(item.back, look)]
    else:
        asked, told = (
            (item.body, item.answer) if isinstance(item, Question) else (item.task, item.solution)
        )
        lines = [*inline_lines(item.heading, look, BOLD), ""]
        lines += [*block_lines(asked, look), ""] if asked else []
        lines += block_lines(told, look)
    dialogue.say(*lines)
