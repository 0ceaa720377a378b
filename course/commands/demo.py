"""`course demo`: train a small network, and watch its loss."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import click

from course.commands.grade import isolation_option

if TYPE_CHECKING:
    from course.commands.dialogue import Dialogue
    from course.demonstration import Problem, Tell, Training
    from grader.isolation import Demand
    from grader.submission import Submission


class Trainer(Protocol):
    """Trains a network on a problem and tells every loss."""

    def __call__(self, problem: Problem, tell: Tell, /, *, zeroing: bool) -> Training:
        """Return what came of it."""


MOST_STEPS = 10_000


def _text(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    try:
        (value or "").encode()
    except UnicodeEncodeError as error:
        raise click.BadParameter(f"{value!r} is not UTF-8 text.") from error
    return value


def _number(_context: click.Context, _option: click.Parameter, value: float | None) -> float | None:
    if value is not None and math.isnan(value):  # neither below nor above any limit
        raise click.BadParameter("nan is no number.")
    return value


def _figure_file(
    _context: click.Context, _option: click.Parameter, value: Path | None
) -> Path | None:
    """Refuse before the work, not after it, a file in a folder that is not there."""
    if value is not None and not value.parent.is_dir():
        raise click.BadParameter(f"{value} cannot be written: there is no folder {value.parent}.")
    return value


@click.command()
@click.option("--small", is_flag=True, help="Four examples instead of two half-moons.")
@click.option("--skip-zeroing", is_flag=True, help="Train a second time without zeroing.")
@click.option(
    "--submission",
    "path",
    metavar="PATH",
    type=click.Path(path_type=Path, readable=False),
    help="Train with your own engine, network and loop.",
)
@click.option(
    "--seed", metavar="TEXT", callback=_text, help="Other points and other starting weights."
)
@click.option("--steps", type=click.IntRange(1, MOST_STEPS), help="How many iterations.")
@click.option(
    "--learning-rate",
    type=click.FloatRange(1e-9, 1e3),
    callback=_number,
    help="The factor on the gradient.",
)
@click.option(
    "--svg",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=_figure_file,
    help="Draw the losses and the boundary.",
)
@click.option(
    "--png",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=_figure_file,
    help="The same as pixels; needs the extra `png`.",
)
@isolation_option("your code is")
def demo(
    small: bool,
    skip_zeroing: bool,
    path: Path | None,
    seed: str | None,
    steps: int | None,
    learning_rate: float | None,
    svg: Path | None,
    png: Path | None,
    isolation: Demand,
) -> None:
    """Train a small network and watch its loss fall.

    With --skip-zeroing it is trained a second time, without setting the gradients back to
    zero, and both curves are drawn.
    """
    from course import demonstration, verdicts
    from course.commands.dialogue import Dialogue

    if png is not None:
        _insist_on_png()
    make = demonstration.small if small else demonstration.moons
    problem = make() if seed is None else make(seed)
    problem = demonstration.changed(problem, steps=steps, learning_rate=learning_rate)
    dialogue = Dialogue()
    with _trainer(path, problem.steps, isolation) as train:
        _introduce(dialogue, problem, path)
        trainings = _trained(dialogue, problem, train, skip_zeroing)
    _show(dialogue, problem, trainings)
    zeroed, *skipped = trainings
    more = skipped[0] if skipped else None
    for sentence in verdicts.sentences(problem, zeroed, more, own=path is not None):
        dialogue.say("")
        dialogue.note(sentence)
    _write_figures(dialogue, problem, trainings, svg, png)


def _insist_on_png() -> None:
    """Find out before the work, not after it, that there is nothing to make a PNG with."""
    import importlib.util

    if importlib.util.find_spec("resvg_py") is None:
        raise click.UsageError(
            "--png needs resvg, which is not installed: pip install 'micrograd-course[png]'. "
            "Without it, --svg draws the same figure."
        )


def _introduce(dialogue: Dialogue, problem: Problem, path: Path | None) -> None:
    from grader.renderers.escaping import visible

    sizes = " → ".join(map(str, (problem.nin, *problem.nouts)))
    whose = "the reference" if path is None else visible(f"your code in {path}")
    dialogue.note(
        f"{problem.name[0].upper()}{problem.name[1:]}: {len(problem.xs)} points, a network of "
        f"{sizes}, learning rate {problem.learning_rate:g}, {problem.steps} iterations, seed "
        f"{visible(problem.seed)}. Training {whose}."
    )


@contextmanager
def _trainer(path: Path | None, steps: int, isolation: Demand) -> Iterator[Trainer]:
    """Return what trains: the reference in this process, or a submission in one of its own."""
    from course import demonstration

    if path is None:
        yield demonstration.train_reference
        return
    from course.commands.failure import GraderFault, SubmissionFailed
    from grader.isolation import WorkerError
    from grader.lane import open_lane
    from grader.session import Session

    submission = _read(path)
    try:
        with (
            open_lane(isolation) as lane,
            Session(submission, demonstration.limits_for(steps), lane) as session,
        ):
            yield partial(demonstration.train_submission, session)
    except demonstration.TrainingError as error:
        raise SubmissionFailed(f"Training {path} stopped: {error}.") from error
    except WorkerError as error:
        raise GraderFault(str(error)) from error


def _read(path: Path) -> Submission:
    """Read a submission in which nothing is missing that training needs."""
    from course.commands.failure import NotGradable
    from grader.roles import GRADED_NAMES
    from grader.sources import SubmissionError
    from grader.submission import read

    try:
        submission = read(path)
    except SubmissionError as error:
        raise NotGradable(str(error)) from error
    for role in GRADED_NAMES:
        if role in submission.unreadable:
            raise NotGradable(submission.unreadable[role])
        if role not in submission.roles:
            raise NotGradable(f"{path} has no {role}.py yet: a training needs all three files")
    return submission


def _trained(
    dialogue: Dialogue, problem: Problem, train: Trainer, skip_zeroing: bool
) -> list[Training]:
    from course.commands.live import Live
    from course.drawing.training import NAMES, curves_of

    trainings: list[Training] = []
    for zeroing in (True, False) if skip_zeroing else (True,):
        live = Live(NAMES[zeroing], problem.steps, dialogue.look, curves_of(trainings))
        try:
            trainings.append(train(problem, live.tell, zeroing=zeroing))
            live.finish(trainings[-1].end)
        finally:
            live.close()
    return trainings


def _show(dialogue: Dialogue, problem: Problem, trainings: Sequence[Training]) -> None:
    """Draw the losses in characters, then what the network says of the points."""
    from course.drawing.text import boundary_lines, curve_lines
    from course.drawing.training import NAMES, curves_of, field_of

    look = dialogue.look
    dialogue.say("", *curve_lines(curves_of(trainings), look.width, ascii_only=look.ascii_only))
    for training in trainings:
        heading = f"After training {NAMES[training.zeroing]}:"
        field = field_of(problem, training)
        if field is None:
            dialogue.say("", heading, *_predictions(dialogue, problem, training))
        elif lines := boundary_lines(field, look.width, ascii_only=look.ascii_only):
            dialogue.say("", heading, *lines)


def _predictions(dialogue: Dialogue, problem: Problem, training: Training) -> list[str]:
    return [
        dialogue.look.spelt(f"  target {target:>4g}   output {output:>8.4f}".replace("-", "−"))
        for target, output in zip(problem.ys, training.predictions, strict=True)
    ]


def _write_figures(
    dialogue: Dialogue,
    problem: Problem,
    trainings: Sequence[Training],
    svg: Path | None,
    png: Path | None,
) -> None:
    if svg is None and png is None:
        return
    from course.commands.output import write
    from course.drawing.png import render
    from course.drawing.svg import document
    from course.drawing.training import draw

    text = document(draw(problem, trainings))
    dialogue.say("")
    if svg is not None:
        write(svg, text)
        dialogue.say(f"Wrote {svg}.")
    if png is not None:
        write(png, render(text))
        dialogue.say(f"Wrote {png}.")
