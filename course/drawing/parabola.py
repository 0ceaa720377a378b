"""The loss of the one-weight model over its weight, and the steps that go down on it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from course.drawing.axes import LEFT, Axis, Plot, around
from course.drawing.marks import MARKS, Mark, legend
from course.drawing.svg import FAINT, Drawing, Element, label, path
from course.numerals import short
from course.one_weight import Walk

WIDTH, HEIGHT = 560.0, 420.0
SAMPLES = 80
FARTHEST = 20.0
"""Steps farther from the minimum than so many times the start are left out, and counted."""

NUMBERED = 9
"""So many steps of a run have their number beside them."""


def draw(walks: Sequence[Walk]) -> Drawing:
    """Draw the parabola with the steps of one or two runs of the same problem on it."""
    problem = walks[0].problem
    centre = problem.best if problem.best is not None else problem.w
    reach = FARTHEST * (abs(problem.w - centre) or 1.0)
    shown = [[w for w in walk.weights if abs(w - centre) <= reach] for walk in walks]
    xs = around([centre, 2 * centre - problem.w, *(w for weights in shown for w in weights)])
    top = max(problem.loss(xs.low), problem.loss(xs.high))
    plot = Plot(xs, Axis(-0.04 * (top or 1), top or 1), WIDTH, HEIGHT)
    grid = [xs.low + (xs.high - xs.low) * i / SAMPLES for i in range(SAMPLES + 1)]
    curve = plot.polyline([(w, problem.loss(w)) for w in grid])
    parts = plot.frame("Down the parabola", "weight w", "loss")
    parts.append(path(curve, FAINT, stroke_width=2.0))
    for number, (walk, weights, mark) in enumerate(zip(walks, shown, MARKS, strict=False)):
        points = [(w, problem.loss(w)) for w in weights]
        parts += _steps(plot, points, mark, above=number == 0)
        if missing := len(walk.weights) - len(weights):
            parts.append(_left_out(missing, number))
    parts += legend([_name(walk) for walk in walks], LEFT + 150, 62)
    return Drawing(WIDTH, HEIGHT, _sentence(walks), parts)


def _steps(
    plot: Plot, points: Sequence[tuple[float, float]], mark: Mark, *, above: bool
) -> list[Element]:
    parts: list[Element] = []
    for pair in pairwise(points):
        between = plot.polyline(pair)
        parts.append(path(between, mark.colour, stroke_width=2.0, stroke_dasharray=mark.dash))
    for i, point in enumerate(points):
        x, y = plot.place(*point)
        parts.append(mark.at(x, y))
        if i <= NUMBERED and not _crowded(plot, points, i):
            shift = -10 if above else 20
            look = {"colour": mark.colour, "weight": "600"}
            parts.append(label(str(i), x + 10, y + shift, size=13, halo=True, **look))
    return parts


def _crowded(plot: Plot, points: Sequence[tuple[float, float]], i: int) -> bool:
    """Tell whether an earlier point is so near that two numbers would overlap."""
    x, y = plot.place(*points[i])
    earlier = (plot.place(*point) for point in points[:i])
    return any(abs(x - a) < 12 and abs(y - b) < 14 for a, b in earlier)


def _left_out(count: int, number: int) -> Element:
    steps = "1 step lies" if count == 1 else f"{count} steps lie"
    name = "with zeroing" if number == 0 else "without"
    return label(f"{name}: {steps} far outside", LEFT + 150, 106 + 18 * number, colour=FAINT)


def _name(walk: Walk) -> str:
    loss = short(walk.losses[-1])
    return f"{'with' if walk.zeroing else 'without'} zeroing: loss {loss}"


def _sentence(walks: Sequence[Walk]) -> str:
    problem = walks[0].problem
    ends = "; ".join(
        f"{'with' if walk.zeroing else 'without'} zeroing, {len(walk.steps)} steps lead to "
        f"w = {short(walk.weights[-1])}, loss {short(walk.losses[-1])}"
        for walk in walks
    )
    start = f"w = {short(problem.w)}, loss {short(walks[0].losses[0])}"
    return f"Loss over one weight, from {start}: {ends}"
