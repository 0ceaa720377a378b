"""What a trained network says of the plane, and the points that it was trained on."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from course.drawing.axes import BOTTOM, LEFT, Axis, Plot
from course.drawing.marks import MARKS
from course.drawing.svg import (
    FIRST_FIELD,
    INK,
    SECOND_FIELD,
    Drawing,
    Element,
    digits,
    filled,
    label,
    path,
)

WIDTH, HEIGHT = 560.0, 420.0

Place = tuple[int, int]
"""A column and a row of the grid."""


@dataclass(frozen=True)
class Field:
    """A network's outputs over a rectangle, and the examples in it.

    `outputs` go row by row from the bottom, `columns` in each. `right` says of each point
    whether the network puts it on its own side.
    """

    area: tuple[float, float, float, float]
    columns: int
    outputs: Sequence[float]
    points: Sequence[Sequence[float]]
    targets: Sequence[float]
    right: Sequence[bool]

    @property
    def rows(self) -> int:
        """How many rows of outputs there are."""
        return len(self.outputs) // self.columns

    def at(self, column: int, row: int) -> tuple[float, float]:
        """Return the point of the plane that an output belongs to."""
        left, right, bottom, top = self.area
        return (
            left + (right - left) * column / (self.columns - 1),
            bottom + (top - bottom) * row / (self.rows - 1),
        )

    def output(self, column: int, row: int) -> float:
        """Return the output at a place of the grid."""
        return self.outputs[row * self.columns + column]


def draw(title: str, field: Field) -> Drawing:
    """Draw the two sides, the line between them, and each point in the shape of its class."""
    left, right, bottom, top = field.area
    plot = Plot(Axis(left, right), Axis(bottom, top), WIDTH, HEIGHT)
    parts = [*_sides(plot, field), *plot.frame(title, "x₁", "x₂")]
    parts.append(path(_border(plot, field), INK, stroke_width=2.0))
    for point, target, right_ in zip(field.points, field.targets, field.right, strict=True):
        parts += _point(plot, point, target, right_)
    parts.append(_key(field))
    return Drawing(WIDTH, HEIGHT, _sentence(title, field), parts)


def _sides(plot: Plot, field: Field) -> Iterator[Element]:
    """Fill the plane in two colours that meet where the output is 0."""
    for sign, colour in ((1, FIRST_FIELD), (-1, SECOND_FIELD)):
        pieces = (
            _piece(plot, field, corners, sign)
            for row in range(field.rows - 1)
            for corners in _blocks(field, row)
        )
        # One path for all of a side: between two shapes, a hair of paper would show.
        yield filled("path", colour, d="".join(pieces))


def _blocks(field: Field, row: int) -> Iterator[Sequence[Place]]:
    """Yield the corners of the cells of a row, neighbours of a single sign as one block."""
    cells = range(field.columns - 1)
    for sign, group in groupby(cells, key=lambda column: _common_sign(field, column, row)):
        columns = list(group)
        spans = [(columns[0], columns[-1] + 1)] if sign else [(c, c + 1) for c in columns]
        for start, end in spans:
            yield (start, row), (end, row), (end, row + 1), (start, row + 1)


def _common_sign(field: Field, column: int, row: int) -> int:
    """Return the sign of all four corners of a cell, or 0 where they differ."""
    signs = {_sign(field.output(*corner)) for corner in _corners(column, row)}
    return signs.pop() if len(signs) == 1 else 0


def _corners(column: int, row: int) -> Sequence[Place]:
    return (column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)


def _piece(plot: Plot, field: Field, corners: Sequence[Place], sign: int) -> str:
    """Return the outline of that part of a block which lies on a side; empty if there is none."""
    points = []
    for corner, after in zip(corners, [*corners[1:], corners[0]], strict=True):
        here, there = (_sign(field.output(*place)) for place in (corner, after))
        if here == sign:
            points.append(field.at(*corner))
        if here * there < 0:
            points.append(_crossing(field, corner, after))
    if len(points) < 3:
        return ""
    pixels = (plot.place(*point) for point in points)
    return f"M{'L'.join(f'{digits(x)} {digits(y)}' for x, y in pixels)}Z"


def _sign(output: float) -> int:
    """Return 1 or −1 for the side; 0 where the output is no number."""
    return (output >= 0) - (output < 0) if math.isfinite(output) else 0


def _border(plot: Plot, field: Field) -> str:
    """Return the path along which the outputs are 0: marching squares, cell by cell."""
    parts = []
    for row in range(field.rows - 1):
        for column in range(field.columns - 1):
            corners = _corners(column, row)
            crossings = [
                _crossing(field, a, b)
                for a, b in zip(corners, [*corners[1:], corners[0]], strict=True)
                if _sign(field.output(*a)) * _sign(field.output(*b)) < 0
            ]
            # Two crossings are one piece of the line; four, of a saddle, are two pieces.
            for start, end in zip(crossings[::2], crossings[1::2], strict=True):
                (x1, y1), (x2, y2) = plot.place(*start), plot.place(*end)
                parts.append(f"M{digits(x1)} {digits(y1)}L{digits(x2)} {digits(y2)}")
    return "".join(parts)


def _crossing(field: Field, a: Place, b: Place) -> tuple[float, float]:
    """Return where between two places of the grid the output passes 0."""
    from_, to = field.output(*a), field.output(*b)
    share = from_ / (from_ - to)
    (x1, y1), (x2, y2) = field.at(*a), field.at(*b)
    return x1 + share * (x2 - x1), y1 + share * (y2 - y1)


def _point(plot: Plot, point: Sequence[float], target: float, right: bool) -> list[Element]:
    if not all(map(math.isfinite, point)):
        return []
    x, y = plot.place(point[0], point[1])
    parts = [MARKS[0 if target > 0 else 1].at(x, y, 4)]
    if not right:  # a cross through it
        cross = f"M{digits(x - 9)} {digits(y - 9)}l18 18m0 -18l-18 18"
        parts.append(path(cross, INK, stroke_width=2.0))
    return parts


def _key(field: Field) -> Element:
    wrong = sum(not right for right in field.right)
    words = f"{wrong} of {len(field.right)} points on the wrong side, crossed out"
    text = words if wrong else f"all {len(field.right)} points on their right side"
    return label(text, LEFT + 8, HEIGHT - BOTTOM - 12, halo=True)


def _sentence(title: str, field: Field) -> str:
    wrong = sum(not right for right in field.right)
    return f"{title}. {wrong} of {len(field.right)} points lie on the wrong side of the boundary"
