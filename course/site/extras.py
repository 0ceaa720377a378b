"""What a lesson's page has only on the web: numbers to change, figures of a training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from course.drawing import parabola, svg
from course.one_weight import Problem, Walk, walk

STEPS = 2


@dataclass(frozen=True)
class Figure:
    """A drawing, as a file of the site; `alternative` says in words what is to be seen."""

    name: str
    svg: str
    alternative: str
    width: int
    height: int


@dataclass(frozen=True)
class Extra:
    """A section between a lesson's exercise and its cards: its id, its title, its template.

    `scripts` are files in `static/`; the section can be read without them.
    """

    id: str
    title: str
    template: str
    scripts: tuple[str, ...] = ()
    figures: Mapping[str, Figure] = field(default_factory=dict)
    problem: Problem | None = None
    walks: Sequence[Walk] = ()


def extras() -> Mapping[str, tuple[Extra, ...]]:
    """Return the sections by the id of the lesson that they belong to."""
    return {"building-and-training-a-net": (_step(),)}


def _step() -> Extra:
    problem = Problem()
    walks = [walk(problem, STEPS, zeroing=zeroing) for zeroing in (True, False)]
    return Extra(
        id="own-numbers",
        title="The step with your own numbers",
        template="step.html",
        scripts=("step.js",),
        figures={"parabola": _figure("parabola", parabola.draw(walks))},
        problem=problem,
        walks=walks,
    )


def _figure(name: str, drawing: svg.Drawing) -> Figure:
    width, height = round(drawing.width), round(drawing.height)
    return Figure(f"figures/{name}.svg", svg.document(drawing), drawing.title, width, height)
