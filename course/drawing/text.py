"""Losses and boundary in characters, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from course.drawing.axes import Axis
from course.drawing.boundary import Field
from course.drawing.curves import Curve, axes
from course.numerals import short

MARGIN = 9
WIDEST = 64
ROWS = 12

SIGNS = ("•", "×")
SIGNS_ASCII = ("*", "x")
"""Of the first and of the second curve, or side of the plane."""

SIDES = ("░", " ")
SIDES_ASCII = (".", " ")


def curve_lines(
    curves: Sequence[Curve],
    width: int,
    *,
    ascii_only: bool = False,
    last: int | None = None,
) -> list[str]:
    """Return curves over their iterations, the losses by powers of ten, at most `width` wide.

    Where both curves go through one place, the first is seen. `last` is the last iteration,
    where the curves have not come there yet.
    """
    columns = max(8, min(WIDEST, width - MARGIN - 1))
    x, y = axes(curves)
    x = x if last is None else Axis(0, max(1, last))
    cells = [[" "] * columns for _ in range(ROWS)]
    signs = SIGNS_ASCII if ascii_only else SIGNS
    for curve, sign in reversed(list(zip(curves, signs, strict=False))):
        for column, loss in _samples(curve, x, columns):
            cells[_row(y, loss)][column] = sign
    ticks = {_row(y, tick): short(tick, 3) for tick in y.ticks(4)}
    bar, corner, dash = ("|", "+", "-") if ascii_only else ("│", "└", "─")
    lines = [
        f"{ticks.get(row, ''):>{MARGIN - 1}} {bar}{''.join(cells[row])}".rstrip()
        for row in range(ROWS)
    ]
    lines.append(f"{'':>{MARGIN}}{corner}{dash * columns}")
    lines.append(f"{'':>{MARGIN}} 0{short(x.high):>{columns - 1}}")
    lines += [
        f"{'':>{MARGIN}} {sign} {curve.shown_name}"
        for curve, sign in zip(curves, signs, strict=False)
    ]
    return lines


def _samples(curve: Curve, x: Axis, columns: int) -> Iterator[tuple[int, float]]:
    """Yield a loss for each column that the curve has reached."""
    seen = set()
    for i, loss in curve.points:
        column = round(x.share(i) * (columns - 1))
        if column not in seen and column < columns:
            seen.add(column)
            yield column, loss


def _row(y: Axis, loss: float) -> int:
    """Return the row of a loss, 0 at the top; what is beyond the axis is at its edge."""
    return min(ROWS - 1, max(0, round((1 - y.share(loss)) * (ROWS - 1))))


def boundary_lines(field: Field, width: int, *, ascii_only: bool = False) -> list[str]:
    """Return the plane from above: two sides, and the points on it in two signs.

    Empty where it does not fit into `width`.
    """
    if field.columns > width - 2:
        return []
    signs = SIGNS_ASCII if ascii_only else SIGNS
    positive, negative = SIDES_ASCII if ascii_only else SIDES
    rows = [
        [positive if field.output(column, row) > 0 else negative for column in range(field.columns)]
        for row in range(0, field.rows, 2)  # a character is twice as high as wide
    ]
    left, right, bottom, top = field.area
    across, up = Axis(left, right), Axis(bottom, top)
    for point, target in zip(field.points, field.targets, strict=True):
        column = round(across.share(point[0]) * (field.columns - 1))
        row = round(up.share(point[1]) * (len(rows) - 1))
        if 0 <= column < field.columns and 0 <= row < len(rows):
            rows[row][column] = signs[0 if target > 0 else 1]
    return [f"  {''.join(row)}".rstrip() for row in reversed(rows)]
