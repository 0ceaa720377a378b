"""What a lesson's page has only on the web: numbers to change, figures of a training."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from course.drawing import parabola
from course.one_weight import Problem, Walk, walk
from course.site.training_figures import Figure, Trainings, figure, shipped

STEPS = 2


@dataclass(frozen=True, kw_only=True)
class Extra:
    """A section between a lesson's exercise and its cards: its id, its title, its template.

    `scripts` are files in `static/`; the section can be read without them.
    """

    id: str
    title: str
    template: str
    scripts: tuple[str, ...] = ()

    def figures(self) -> Iterator[Figure]:
        """Yield the figures in it."""
        yield from ()


@dataclass(frozen=True, kw_only=True)
class WorkedStep(Extra):
    """The exercise of the one weight, worked with zeroing and without."""

    problem: Problem
    walks: Sequence[Walk]
    parabola: Figure

    def figures(self) -> Iterator[Figure]:
        """Yield the one with the steps in it."""
        yield self.parabola


@dataclass(frozen=True, kw_only=True)
class Demonstration(Extra):
    """Trainings on some problems, each with zeroing and without."""

    trainings: Mapping[str, Trainings] = field(default_factory=dict)

    def figures(self) -> Iterator[Figure]:
        """Yield those of every training."""
        for training in self.trainings.values():
            yield from training.figures.values()


def extras() -> Mapping[str, tuple[Extra, ...]]:
    """Return the sections by the id of the lesson that they belong to."""
    return {"building-and-training-a-net": (_worked_step(), _demonstration())}


def _worked_step() -> Extra:
    problem = Problem()
    walks = [walk(problem, STEPS, zeroing=zeroing) for zeroing in (True, False)]
    return WorkedStep(
        id="own-numbers",
        title="The step with your own numbers",
        template="step.html",
        scripts=("step.js",),
        problem=problem,
        walks=walks,
        parabola=figure("parabola", parabola.draw(walks)),
    )


def _demonstration() -> Extra:
    return Demonstration(
        id="watch-it-learn",
        title="Watch it learn",
        template="demonstration.html",
        trainings={name: shipped(name) for name in ("moons", "small")},
    )
