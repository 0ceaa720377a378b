"""`course explain`: what a check claims, with an example; or a card, or a question."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from course.commands.dialogue import Dialogue
    from flashcards.model import Item
    from grader.checks import Check


@click.command()
@click.argument("slug")
def explain(slug: str) -> None:
    """Explain SLUG: a check (its claim, why it matters, an example), or a card or question."""
    from course import lesson_pages
    from course.commands.failure import unknown
    from grader.checks import CHECKS
    from grader.tasks import Slug

    if (check := CHECKS.get(Slug(slug))) is not None:
        _check(check)
        return
    items = {id_: item for lesson in lesson_pages.load() for id_, item in lesson.items.items()}
    if slug not in items:
        raise unknown("check or card", slug, [*CHECKS, *items])
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
