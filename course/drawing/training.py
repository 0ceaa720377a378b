"""One training or two as a figure: their losses, and for each what it says of the plane."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from course.demonstration import AREA, GRID_COLUMNS, Problem, Training
from course.drawing import boundary, curves
from course.drawing.boundary import Field
from course.drawing.curves import Curve
from course.drawing.svg import Drawing, beside

NAMES: Mapping[bool, str] = {True: "with zeroing", False: "without zeroing"}


def curves_of(trainings: Sequence[Training]) -> list[Curve]:
    """Return the losses of trainings, by name."""
    return [Curve(NAMES[training.zeroing], training.losses) for training in trainings]


def field_of(problem: Problem, training: Training) -> Field | None:
    """Return what there is to draw of the plane; None where the inputs are no plane."""
    if not problem.grid:
        return None
    return Field(AREA, GRID_COLUMNS, training.outputs, problem.xs, problem.ys, training.right)


def draw_losses(trainings: Sequence[Training]) -> Drawing:
    """Draw the losses, those of the second training over those of the first."""
    return curves.draw("Loss over the iterations", curves_of(trainings))


def draw_boundary(problem: Problem, training: Training) -> Drawing | None:
    """Draw the boundary after a training; None where the inputs are no plane."""
    field = field_of(problem, training)
    return None if field is None else boundary.draw(f"Trained {NAMES[training.zeroing]}", field)


def draw(problem: Problem, trainings: Sequence[Training]) -> Drawing:
    """Draw all of it, side by side."""
    parts = [draw_losses(trainings)]
    parts += filter(None, (draw_boundary(problem, training) for training in trainings))
    return beside(" ".join(f"{part.title}." for part in parts), *parts)
