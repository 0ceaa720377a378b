"""The figures of a training, drawn once and shipped: training takes seconds.

    python -m course.site.training_figures

draws them anew, after a change of `course demo`.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from course.demonstration import Problem
from course.drawing.svg import Drawing, document

FOLDER = Path(__file__).with_name("figures")
RECORD = FOLDER / "trainings.json"
FIRST_LOSSES = 3
"""So many losses are recorded, to notice figures of a training that is no longer this one."""


@dataclass(frozen=True)
class Figure:
    """A drawing as a file of the site; `alternative` says in words what is to be seen."""

    name: str
    svg: str

    @property
    def alternative(self) -> str:
        """The title of the drawing."""
        return html.unescape(self._find(r"<title>(.*?)</title>"))

    @property
    def width(self) -> int:
        """The width, in pixels."""
        return round(float(self._find(r'<svg [^>]*\bwidth="([\d.]+)"')))

    @property
    def height(self) -> int:
        """The height, in pixels."""
        return round(float(self._find(r'<svg [^>]*\bheight="([\d.]+)"')))

    def _find(self, pattern: str) -> str:
        found = re.search(pattern, self.svg, re.DOTALL)
        if found is None:
            raise ValueError(f"{self.name} has no {pattern}")
        return found[1]


def figure(name: str, drawing: Drawing) -> Figure:
    """Return a drawing as a file of the site."""
    return Figure(f"figures/{name}.svg", document(drawing))


@dataclass(frozen=True)
class Trainings:
    """Two trainings on one problem, with zeroing and without: figures, and what came of it.

    `losses` are the first ones, which are the same in both.
    """

    points: int
    sizes: Sequence[int]
    learning_rate: float
    steps: int
    losses: Sequence[float]
    sentences: Sequence[str]
    figures: Mapping[str, Figure]


def shipped(name: str) -> Trainings:
    """Return the trainings on `moons` or on `small`, as they were drawn."""
    told = json.loads(RECORD.read_text("utf-8"))[name]
    figures = {
        part: Figure(f"figures/{name}-{part}.svg", _path(name, part).read_text("utf-8"))
        for part in told.pop("figures")
    }
    return Trainings(**told, figures=figures)


def _path(name: str, part: str) -> Path:
    return FOLDER / f"{name}-{part}.svg"


def draw() -> None:
    """Train, draw and write all of it."""
    from course import demonstration

    FOLDER.mkdir(exist_ok=True)
    problems = {"moons": demonstration.moons(), "small": demonstration.small()}
    record = {name: _drawn(name, problem) for name, problem in problems.items()}
    _write(RECORD, json.dumps(record, indent=1, ensure_ascii=False) + "\n")


def _drawn(name: str, problem: Problem) -> dict[str, object]:
    """Write the figures of a problem; return what is recorded of it."""
    from course import verdicts
    from course.demonstration import train_reference
    from course.drawing.training import draw_boundary, draw_losses

    zeroed, skipped = (
        train_reference(problem, lambda _: None, zeroing=zeroing) for zeroing in (True, False)
    )
    parts = {
        "losses": draw_losses([zeroed, skipped]),
        "zeroed": draw_boundary(problem, zeroed),
        "skipped": draw_boundary(problem, skipped),
    }
    drawn = {part: drawing for part, drawing in parts.items() if drawing is not None}
    for part, drawing in drawn.items():
        _write(_path(name, part), document(drawing))
    return {
        "points": len(problem.xs),
        "sizes": [problem.nin, *problem.nouts],
        "learning_rate": problem.learning_rate,
        "steps": problem.steps,
        "losses": zeroed.losses[:FIRST_LOSSES],
        "sentences": verdicts.sentences(problem, zeroed, skipped, own=False),
        "figures": list(drawn),
    }


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode())


if __name__ == "__main__":
    draw()
