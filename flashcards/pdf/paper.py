"""Sizes of paper, in points: 72 to the inch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PaperName = Literal["a4", "letter", "index"]
Flip = Literal["long", "short"]

MM = 72 / 25.4


@dataclass(frozen=True)
class Paper:
    """A sheet or a card, and what messages call it and one page of it."""

    called: str
    page: str
    width: float
    height: float


PAPERS: dict[PaperName, Paper] = {
    "a4": Paper("A4", "an A4 page", 210 * MM, 297 * MM),
    "letter": Paper("Letter", "a Letter page", 8.5 * 72, 11 * 72),
    "index": Paper("5×3 in", "an index card of 5×3 in", 5 * 72, 3 * 72),
}
