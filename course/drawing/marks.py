"""How the runs of a figure are told apart: by colour, by dash and by shape, always all three."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from course.drawing.svg import FIRST, SECOND, Element, filled, label, line, outlined

Shape = Literal["disc", "square"]


@dataclass(frozen=True)
class Mark:
    """The look of one run: the first of a figure is solid, the second dashed."""

    colour: str
    dash: str
    shape: Shape

    def at(self, x: float, y: float, size: float = 4.5) -> Element:
        """Draw a point: a full disc, or an empty square that shows a disc inside it."""
        if self.shape == "disc":
            return filled("circle", self.colour, cx=x, cy=y, r=size)
        corner, side = size + 1.5, 2 * size + 3
        more = {"width": side, "height": side, "stroke_width": 2.0}
        return outlined("rect", self.colour, x=x - corner, y=y - corner, **more)


MARKS = (Mark(FIRST, "none", "disc"), Mark(SECOND, "7 4", "square"))


def legend(names: Sequence[str], x: float, y: float) -> list[Element]:
    """Name the runs, one below the other, each with its line and its point."""
    parts = []
    for i, (name, mark) in enumerate(zip(names, MARKS, strict=False)):
        height = y + 20 * i
        parts.append(
            line(x, height, x + 30, height, mark.colour, stroke_dasharray=mark.dash, **_THICK)
        )
        parts.append(mark.at(x + 15, height))
        parts.append(label(name, x + 38, height + 5))
    return parts


_THICK = {"stroke_width": "2.5"}
