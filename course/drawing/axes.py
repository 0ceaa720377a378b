"""A rectangle of the plane: where a point goes on paper, and the ticks at its edge."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from course.drawing.svg import FAINT, GRID, INK, Element, digits, element, label, line
from course.numerals import short

LEFT, RIGHT, TOP, BOTTOM = 58, 18, 46, 50
"""What is left free around the plot, in pixels, for ticks and titles."""


@dataclass(frozen=True)
class Axis:
    """An interval of numbers, laid out evenly or, where `logarithmic`, by their powers."""

    low: float
    high: float
    logarithmic: bool = False

    def share(self, number: float) -> float:
        """Return how far along a number lies: 0 at `low`, 1 at `high`."""
        if self.logarithmic:
            low, high = math.log(self.low), math.log(self.high)
            return (math.log(max(number, self.low)) - low) / (high - low)
        return (number - self.low) / (self.high - self.low)

    def ticks(self, about: int = 5) -> Sequence[float]:
        """Return round numbers inside the interval, roughly `about` of them."""
        if self.logarithmic:
            return _powers(self.low, self.high, about)
        step = _round_step((self.high - self.low) / about)
        first, last = math.ceil(self.low / step), math.floor(self.high / step)
        return [i * step for i in range(first, last + 1)]


def around(numbers: Sequence[float], margin: float = 0.08) -> Axis:
    """Return an axis with all of `numbers` on it, and some room at both ends."""
    low, high = min(numbers), max(numbers)
    # Numbers that are all equal still need an interval around them.
    room = (high - low) * margin or abs(low) * 0.1 or 1.0
    return Axis(low - room, high + room)


def _round_step(step: float) -> float:
    power = 10.0 ** math.floor(math.log10(step))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= step * 0.999)


def _powers(low: float, high: float, about: int) -> Sequence[float]:
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    every = max(1, -(-(last - first + 1) // about))
    powers = [10.0**i for i in range(first, last + 1, every)]
    if len(powers) >= 3:
        return powers
    between = [f * 10.0**i for i in range(first - 1, last + 1) for f in (1, 2, 5)]
    return [number for number in between if low <= number <= high]


@dataclass(frozen=True)
class Plot:
    """Two axes on a piece of paper of `width` × `height` pixels."""

    x: Axis
    y: Axis
    width: float
    height: float

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point goes, in pixels from the upper left corner."""
        return (
            LEFT + self.x.share(x) * (self.width - LEFT - RIGHT),
            self.height - BOTTOM - self.y.share(y) * (self.height - TOP - BOTTOM),
        )

    def polyline(self, points: Sequence[tuple[float, float]]) -> str:
        """Return the path through points; it is broken where one is not finite."""
        parts, pen_down = [], False
        for point in points:
            if not all(map(math.isfinite, point)):
                pen_down = False
                continue
            x, y = self.place(*point)
            parts.append(f"{'L' if pen_down else 'M'}{digits(x)} {digits(y)}")
            pen_down = True
        return "".join(parts)

    def frame(self, title: str, x_title: str, y_title: str) -> list[Element]:
        """Draw the title, a grid line with its number for each tick, and the axes' titles."""
        left, bottom = LEFT, self.height - BOTTOM
        right, top = self.width - RIGHT, TOP
        parts = [label(title, left, 26, size=16, weight="600")]
        for tick in self.x.ticks():
            x, _ = self.place(tick, self.y.low)
            parts.append(line(x, top, x, bottom, GRID))
            parts.append(label(short(tick), x, bottom + 18, anchor="middle", colour=FAINT))
        for tick in self.y.ticks():
            _, y = self.place(self.x.low, tick)
            parts.append(line(left, y, right, y, GRID))
            parts.append(label(short(tick), left - 8, y + 5, anchor="end", colour=FAINT))
        parts.append(line(left, bottom, right, bottom, INK))
        parts.append(line(left, top, left, bottom, INK))
        middle = (left + right) / 2
        parts.append(label(x_title, middle, self.height - 10, anchor="middle"))
        turned = f"rotate(-90 14 {digits((top + bottom) / 2)})"
        upright = label(y_title, 14, (top + bottom) / 2, anchor="middle")
        return [*parts, element("g", upright, transform=turned)]
