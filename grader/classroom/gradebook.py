"""A row a learner, and the table of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

from grader.checks import STAGES
from grader.classroom.marking import Status
from grader.renderers.escaping import visible

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is computed by a spreadsheet."""


@dataclass(frozen=True)
class Row:
    """What a gradebook says of one learner. Texts are unescaped.

    `points` is None where nothing could be graded. `checks` maps each check's slug to its
    outcome, `misconceptions` each slug that was recognised to what the code does; `here`
    says that the learner is among the submissions of this run, and not only in the results
    of earlier ones.
    """

    learner: str
    id: str
    source: str
    status: Status
    problem: str | None = None
    points: int | None = None
    max_points: int | None = None
    stages: Mapping[str, int] = field(default_factory=dict)
    checks: Mapping[str, str] = field(default_factory=dict)
    misconceptions: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[str] = ()
    seed: str = ""
    isolation: str = ""
    advisory: bool = False
    likeness: str | None = None
    here: bool = True

    @property
    def is_whole(self) -> bool:
        """Whether all of it is of the kind that it should be: files get damaged."""
        texts = [self.learner, self.source, self.seed, self.isolation, *self.notes]
        texts += [*self.checks.values(), *self.misconceptions.values()]
        texts += [text for text in (self.problem, self.likeness) if text is not None]
        numbers = [n for n in (self.points, self.max_points) if n is not None]
        return (
            self.status in get_args(Status)
            and all(isinstance(text, str) for text in texts)
            and all(type(number) is int for number in (*numbers, *self.stages.values()))
            and (not numbers or 0 <= numbers[0] <= numbers[-1])
        )


def row(id_: str, result: Mapping[str, Any], here: bool = True) -> Row:
    """Make the row of a result."""
    report = result["report"]
    likeness = result["likeness"]
    common = {
        "learner": result["learner"],
        "id": id_,
        "source": result["source"],
        "status": result["status"],
        "problem": result["problem"],
        "likeness": likeness and likeness["digest"],
        "here": here,
    }
    if report is None:
        return Row(**common)
    diagnoses = [check["diagnosis"] for check in report["checks"] if check["diagnosis"]]
    return Row(
        **common,
        points=report["points"],
        max_points=report["max_points"],
        stages={
            stage: sum(check["points"] for check in report["checks"] if check["stage"] == stage)
            for stage in STAGES
        },
        checks={check["slug"]: check["outcome"] for check in report["checks"]},
        misconceptions={slug: d["sentence"] for d in diagnoses for slug in d["slugs"]},
        notes=tuple(report["submission"]["notes"]),
        seed=report["corpus"]["seed"],
        isolation=report["isolation"]["level"],
        advisory=report["isolation"]["advisory"],
    )


COLUMNS = (
    *("learner", "points", "max_points", *STAGES, "status", "failed", "misconceptions"),
    *("note", "seed", "isolation", "submission", "id"),
)


def render(rows: Iterable[Row]) -> str:
    """Return the gradebook as CSV, with a mark for spreadsheets that it is UTF-8.

    What a spreadsheet would compute is text here: a `'` is put before it.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for row_ in rows:
        writer.writerow([_cell(value) for value in _cells(row_)])
    return "\ufeff" + file.getvalue()


def _cells(row_: Row) -> list[str | int | None]:
    failed = [slug for slug, outcome in row_.checks.items() if outcome in ("failed", "errored")]
    return [
        row_.learner,
        row_.points,
        row_.max_points,
        *(row_.stages.get(stage) for stage in STAGES),
        row_.status,
        " ".join(failed),
        " ".join(row_.misconceptions),
        "; ".join(remarks(row_)),
        row_.seed,
        row_.isolation,
        row_.source,
        row_.id,
    ]


def remarks(row_: Row) -> list[str]:
    """Return what is to be said beside the points."""
    absent = [] if row_.here else ["from an earlier run: not among the submissions of this one"]
    return [*([row_.problem] if row_.problem else []), *absent, *row_.notes]


def _cell(value: str | int | None) -> str | int | None:
    if not isinstance(value, str):
        return value
    shown = visible(value)
    return f"'{shown}" if shown.startswith(FORMULA) else shown
