"""The gradebooks of learning platforms, filled in: Canvas, Moodle, and a roster of one's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.classroom.entries import ClassError, Entry
from grader.classroom.rosters import Joined, People, join, people_of
from grader.classroom.tables import read_table

CANVAS_WHO = ("student", "id", "sis user id", "sis login id", "section")
CANVAS_ASSIGNMENT = re.compile(r".* \(\d+\)")
"""An assignment's column, as in `Micrograd (1234)`; the number makes it unique."""

POSSIBLE = "points possible"


@dataclass(frozen=True)
class Wanted:
    """Which gradebooks to fill: files as the platforms export them."""

    roster: Path | None = None
    canvas: Path | None = None
    moodle: Path | None = None
    assignment: str | None = None


@dataclass(frozen=True)
class Gradebooks:
    """The files to fill, read before anything is graded, each with whose row is whose."""

    wanted: Wanted
    tables: Mapping[str, tuple[People, Joined]]

    @staticmethod
    def read(wanted: Wanted, entries: Sequence[Entry]) -> Gradebooks:
        """Read the files. Raises: ClassError if one of them cannot be filled."""
        files = {"roster": wanted.roster, "canvas": wanted.canvas, "moodle": wanted.moodle}
        tables = {}
        for kind, file in files.items():
            if file is not None:
                people = people_of(read_table(file))
                tables[kind] = (people, join(people, entries))
        books = Gradebooks(wanted, tables)
        books.fill({})  # what is wrong with a file is said before the grading
        return books

    @property
    def notes(self) -> list[str]:
        """What is noticed before the grading: who is unknown, missing, there twice."""
        return [note for people, joined in self.tables.values() for note in joined.notes(people)]

    def fill(self, points: Mapping[str, Points]) -> Mapping[str, Filled]:
        """Return the filled files by their names; `points` by the id of the learner's files."""
        made = {}
        for kind, (people, joined) in self.tables.items():
            if kind == "canvas":
                filled = fill_canvas(people, joined, points, self.wanted.assignment)
            elif kind == "moodle":
                filled = fill_moodle(people, joined, points)
            else:
                filled = fill_roster(people, joined, points)
            made[f"{kind}.csv"] = filled
        return made


@dataclass(frozen=True)
class Points:
    """What a learner has reached; None for both where nothing could be graded."""

    points: int | None
    max_points: int | None
    status: str


@dataclass(frozen=True)
class Filled:
    """A gradebook to upload, and what is to be said about it."""

    content: bytes
    notes: Sequence[str] = ()


def fill_canvas(
    people: People, joined: Joined, points: Mapping[str, Points], assignment: str | None = None
) -> Filled:
    """Fill an assignment's column of a Canvas gradebook export.

    Only that column and those that tell who is who are written, named as they were, with
    the row of points possible: Canvas asks for changed columns alone. A learner without
    points keeps what is there. `assignment` is the column's name, or how it begins; it may
    be left out where there is only one.

    Raises: ClassError if the column is not there, or could be several.
    """
    table = people.table
    column = _canvas_column(table.header, assignment, table.name)
    kept = [i for i, title in enumerate(table.header) if title.strip().casefold() in CANVAS_WHO]
    possible = _canvas_possible(table.rows, column)
    rows = _filled(people, joined, points, column, lambda _row: possible)
    lines = [[row[i] for i in [*kept, column]] for row in rows]
    header = [table.header[i] for i in [*kept, column]]
    return Filled(table.render(header, lines), _scaled(points, possible, table.header[column]))


def _canvas_column(header: Sequence[str], assignment: str | None, name: str) -> int:
    offered = [i for i, title in enumerate(header) if CANVAS_ASSIGNMENT.fullmatch(title)]
    if assignment is not None:
        exact = [i for i, title in enumerate(header) if title == assignment]
        offered = exact or [i for i in offered if header[i].startswith(assignment)]
    titles = ", ".join(header[i] for i in offered[:5])
    if len(offered) == 1:
        return offered[0]
    if not offered:
        wanted = f"called {assignment!r}" if assignment else "of an assignment, such as `Lab (123)`"
        raise ClassError(f"{name} has no column {wanted}: export the gradebook once more")
    raise ClassError(f"{name} has several assignments: say which with --assignment: {titles}")


def _canvas_possible(rows: Sequence[Sequence[str]], column: int) -> float | None:
    for row in rows:
        if row[0].strip().casefold() == POSSIBLE:
            return _number(row[column])
    return None


def fill_moodle(people: People, joined: Joined, points: Mapping[str, Points]) -> Filled:
    """Fill the grades of a Moodle grading worksheet in place; all else stays as it is.

    Raises: ClassError if it has no column for grades.
    """
    table = people.table
    titles = [title.strip().casefold() for title in table.header]
    if "grade" not in titles or "identifier" not in titles:
        raise ClassError(
            f"{table.name} is no grading worksheet: it has no columns Identifier and Grade; "
            "in Moodle, allow offline grading worksheets in the assignment's feedback settings"
        )
    most = titles.index("maximum grade") if "maximum grade" in titles else None
    rows = _filled(
        people,
        joined,
        points,
        titles.index("grade"),
        lambda row: None if most is None else _number(row[most]),
        may_change=titles.index("grade can be changed")
        if "grade can be changed" in titles
        else None,
    )
    possible = None if most is None or not rows else _number(rows[0][most])
    return Filled(table.render(table.header, rows), _scaled(points, possible, "Grade"))


def fill_roster(people: People, joined: Joined, points: Mapping[str, Points]) -> Filled:
    """Return the roster with points and status behind each row, `missing` where none is there."""
    table = people.table
    of_row = {row: points[id_] for id_, row in joined.rows.items() if id_ in points}
    rows = []
    for number, row in enumerate(table.rows):
        found = of_row.get(number, Points(None, None, "missing"))
        numbers = ["" if n is None else f"{n}" for n in (found.points, found.max_points)]
        rows.append([*row, *numbers, found.status])
    return Filled(table.render([*table.header, "points", "max_points", "status"], rows))


def _filled(
    people: People,
    joined: Joined,
    points: Mapping[str, Points],
    column: int,
    possible: Callable[[Sequence[str]], float | None],
    may_change: int | None = None,
) -> list[list[str]]:
    rows = [list(row) for row in people.table.rows]
    for id_, number in joined.rows.items():
        row, found = rows[number], points.get(id_)
        locked = may_change is not None and row[may_change].casefold() in ("no", "nein", "non")
        if found is not None and found.points is not None and found.max_points and not locked:
            scale = (possible(row) or found.max_points) / found.max_points
            row[column] = f"{found.points * scale:.2f}".rstrip("0").rstrip(".")
    return rows


def _scaled(points: Mapping[str, Points], possible: float | None, title: str) -> list[str]:
    most = {found.max_points for found in points.values() if found.max_points}
    if possible is None or most <= {possible}:
        return []
    return [f"{title} is out of {possible:g}: points are scaled from {max(most)}"]


def _number(text: str) -> float | None:
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return None
    return number if 0 < number < 1e6 else None
