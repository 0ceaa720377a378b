"""Losses over iterations: of one training, or of two on the same examples."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from course.drawing.axes import Axis, Plot
from course.drawing.marks import MARKS, Mark, legend
from course.drawing.svg import Drawing, Element, path
from course.numerals import short

WIDTH, HEIGHT = 560.0, 420.0
POINTS = 6
"""So many points of a curve carry its mark."""

SMALLEST = 1e-6
"""Losses below this are drawn at it: a logarithmic axis has no 0."""


LARGEST = 1e12
"""Losses above this are left out: whatever happened there, it is no curve any more."""


@dataclass(frozen=True)
class Curve:
    """The losses after 0, 1, … steps, and what to call them."""

    name: str
    losses: Sequence[float]

    @property
    def points(self) -> Sequence[tuple[int, float]]:
        """The iterations and losses that can be drawn."""
        return [(i, loss) for i, loss in enumerate(self.losses) if abs(loss) <= LARGEST]

    @property
    def shown_name(self) -> str:
        """The name with the loss at the end."""
        return f"{self.name}: {short(self.losses[-1], 3)}"


def axes(curves: Sequence[Curve]) -> tuple[Axis, Axis]:
    """Return axes for some curves: iterations, and losses by their powers of ten."""
    longest = max(len(curve.losses) for curve in curves)
    drawn = [max(loss, SMALLEST) for curve in curves for _, loss in curve.points] or [1.0]
    low, high = min(drawn), max(drawn)
    return Axis(0, max(1, longest - 1)), Axis(low / 1.5, high * 1.5, logarithmic=True)


def draw(title: str, curves: Sequence[Curve]) -> Drawing:
    """Draw one curve or two, one over the other."""
    # The names stand above the curves, where no curve goes.
    x, y = axes(curves)
    room = 1.25 if len(curves) == 1 else 1.45
    plot = Plot(x, Axis(y.low, y.low * (y.high / y.low) ** room, logarithmic=True), WIDTH, HEIGHT)
    parts = plot.frame(title, "iteration", "loss")
    for curve, mark in zip(curves, MARKS, strict=False):
        gaps = [
            (i, loss if abs(loss) <= LARGEST else math.nan) for i, loss in enumerate(curve.losses)
        ]
        line = plot.polyline(gaps)
        parts.append(path(line, mark.colour, stroke_width=2.2, stroke_dasharray=mark.dash))
        parts += _points(plot, curve, mark)
    parts += legend([curve.shown_name for curve in curves], 250, 66)
    return Drawing(WIDTH, HEIGHT, _sentence(title, curves), parts)


def _points(plot: Plot, curve: Curve, mark: Mark) -> list[Element]:
    chosen = {round(i * (len(curve.losses) - 1) / (POINTS - 1)) for i in range(POINTS)}
    return [mark.at(*plot.place(x, y)) for x, y in curve.points if x in chosen]


def _sentence(title: str, curves: Sequence[Curve]) -> str:
    ends = "; ".join(
        f"{curve.name}, from {short(curve.losses[0], 3)} to {short(curve.losses[-1], 3)} in "
        f"{len(curve.losses) - 1} iterations"
        for curve in curves
    )
    return f"{title}. {ends}"
