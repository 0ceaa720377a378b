"""`course step`: one weight, one example, every number of a training step."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from course.numerals import short

if TYPE_CHECKING:
    from course.one_weight import Problem, Step, Walk
    from flashcards.terminal import Look

MOST_STEPS = 50
COLUMN = 38
"""Side by side, where two of these fit."""


def _finite(_context: click.Context, _option: click.Parameter, value: float) -> float:
    if not math.isfinite(value) or abs(value) > 1e9:
        raise click.BadParameter(f"{value} is no number between −1e9 and 1e9.")
    return value


@click.command()
@click.option("--w", default=2.0, show_default=True, callback=_finite, help="Where it starts.")
@click.option("--x", default=3.0, show_default=True, callback=_finite, help="The one input.")
@click.option("--y", default=3.0, show_default=True, callback=_finite, help="Its target.")
@click.option(
    "--learning-rate",
    default=0.05,
    show_default=True,
    callback=_finite,
    help="The factor on the gradient.",
)
@click.option(
    "--steps",
    type=click.IntRange(1, MOST_STEPS),
    default=2,
    show_default=True,
    help="How often to go round the loop.",
)
@click.option(
    "--svg",
    "file",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Also draw the parabola, with the steps on it.",
)
def step(w: float, x: float, y: float, learning_rate: float, steps: int, file: Path | None) -> None:
    """Work one training step by hand, with zeroing and without, side by side."""
    from course import one_weight
    from course.commands.dialogue import Dialogue

    problem = one_weight.Problem(w, x, y, learning_rate)
    walks = [one_weight.walk(problem, steps, zeroing=zeroing) for zeroing in (True, False)]
    if file is not None:
        from course.commands.output import write
        from course.drawing import parabola, svg

        write(file, svg.document(parabola.draw(walks)))
    dialogue = Dialogue()
    dialogue.say(*_lines(problem, walks, dialogue.look))
    if file is not None:
        dialogue.say("", f"Wrote {file}.")


def _lines(problem: Problem, walks: Sequence[Walk], look: Look) -> list[str]:
    from flashcards.model import Text
    from flashcards.terminal import BOLD, inline_lines

    best = problem.best
    lowest = f"The loss is lowest at w = {short(best)}." if best is not None else ""
    opening = (
        f"One weight, one example: x = {short(problem.x)}, target y = {short(problem.y)}. "
        f"The weight starts at w = {short(problem.w)}; the learning rate is "
        f"{short(problem.learning_rate)}. {lowest}"
    )
    lines = inline_lines([Text(opening)], look)
    for number in range(max(len(walk.steps) for walk in walks)):
        lines += ["", look.paint(f"Step {number + 1}", BOLD)]
        lines += _beside([_worked(problem, walk, number) for walk in walks], look)
    for sentence in _conclusions(problem, walks):
        lines += ["", *inline_lines([Text(sentence)], look)]
    return lines


def _worked(problem: Problem, walk: Walk, number: int) -> list[str]:
    """Write one step, a line for each thing that the loop does."""
    heading = "with zeroing" if walk.zeroing else "without zeroing"
    if number >= len(walk.steps):
        return [heading, "  beyond what a float can hold"]
    step = walk.steps[number]
    x, y, rate = (_factor(n) for n in (problem.x, problem.y, problem.learning_rate))
    return [
        heading,
        f"  prediction  {_factor(step.w)}·{x} = {short(step.prediction)}",
        f"  loss        ({short(step.prediction)} − {y})² = {short(step.loss)}",
        f"  gradient    {_gradient(step, problem)}",
        f"  update      {short(step.w)} − {rate}·{_factor(step.gradient)} = {short(step.next_w)}",
        f"  loss now    {short(step.loss)} → {short(step.next_loss)}",
    ]


def _gradient(step: Step, problem: Problem) -> str:
    if step.kept:
        return f"{short(step.kept)} + {_factor(step.slope)} = {short(step.gradient)}"
    miss = f"({short(step.prediction)} − {_factor(problem.y)})"
    return f"2·{miss}·{_factor(problem.x)} = {short(step.gradient)}"


def _factor(number: float) -> str:
    """Write a number as part of a product; a negative one in brackets."""
    return f"({short(number)})" if number < 0 else short(number)


def _beside(blocks: Sequence[Sequence[str]], look: Look) -> list[str]:
    """Set two blocks side by side where they fit, else one below the other."""
    left, right = blocks
    column = max(COLUMN, max(map(len, left)) + 2)
    if column + max(map(len, right)) > look.width:
        return [look.spelt(line) for line in (*left, *right)]
    return [look.spelt(f"{a:<{column}}{b}") for a, b in zip(left, right, strict=True)]


def _conclusions(problem: Problem, walks: Sequence[Walk]) -> list[str]:
    zeroed, skipped = walks
    sentences = [_where_it_goes(problem)]
    if zeroed.cut_short or skipped.cut_short:
        sentences.append(
            "The numbers have outgrown what a float can hold, and so the steps end here."
        )
    if len(skipped.steps) > 1 and problem.x and problem.learning_rate:
        sentences.append(
            f"Without zeroing, `+=` keeps the gradients of earlier steps: the second update goes "
            f"by {short(skipped.steps[1].gradient)} where the slope there is "
            f"{short(skipped.steps[1].slope)}. Nothing complains."
        )
    if len(zeroed.steps) == len(skipped.steps):
        ends = f"{_ends(zeroed)} with zeroing, {_ends(skipped)} without"
        sentences.append(f"Loss after {_counted(zeroed)}: {ends}.")
    else:
        sentences.append(
            f"Loss with zeroing: {_ends(zeroed)} after {_counted(zeroed)}. "
            f"Without: {_ends(skipped)} after {_counted(skipped)}."
        )
    return sentences


def _ends(walk: Walk) -> str:
    return f"{short(walk.losses[0])} → {short(walk.losses[-1])}"


def _counted(walk: Walk) -> str:
    return "1 step" if len(walk.steps) == 1 else f"{len(walk.steps)} steps"


def _where_it_goes(problem: Problem) -> str:
    """Say what the learning rate does here, and why the loss shrinks, swings or runs away."""
    if problem.best is None:
        return "With x = 0 the weight has no say in the prediction: its gradient is 0."
    factor = round(problem.factor, 12)
    law = (
        "Each step multiplies the distance to the lowest point by 1 − 2·learning_rate·x² = "
        f"{short(factor)}"
    )
    if abs(factor) > 1:
        why = (
            "a learning rate below 0 climbs" if factor > 1 else "the step lands beyond the minimum"
        )
        return f"{law}: {why}, farther away each time, and the loss runs away."
    if factor == 0:
        return f"{law}: it lands on it at once."
    if abs(factor) == 1:
        return f"{law}: it never comes nearer."
    if factor < 0:
        return f"{law}: it jumps over the minimum, and comes nearer all the same."
    return f"{law}: it comes nearer each time."
