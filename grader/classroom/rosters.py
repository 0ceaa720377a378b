"""Whose submission is whose: learners as a roster knows them, and as their files are named."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from grader.classroom.entries import ClassError, Entry
from grader.classroom.tables import Table

COLUMNS: Mapping[str, Sequence[str]] = {
    "name": ("name", "full name", "student", "student name", "learner"),
    "first": ("first name", "given name", "firstname"),
    "last": ("last name", "surname", "family name", "lastname"),
    "email": ("email", "e-mail", "email address", "e-mail address", "mail"),
    "id": ("id", "canvas id", "user id"),
    "sid": ("sid", "student id", "sis user id", "sis id", "id number", "student number"),
    "username": (
        *("username", "user name", "user", "login", "login id", "sis login id"),
        *("github", "github username", "repository"),
    ),
    "participant": ("identifier", "participant"),
}
"""What the columns of rosters and gradebooks are called, by the kind of name in them."""


NO_LEARNERS = {"points possible", "student, test", "test student"}
"""What stands in rows of Canvas's that are nobody's."""

MOST_NAMES = 10
"""So many names are listed in one sentence; `roster.csv` has them all."""

OWN = ("email:", "id:", "sid:", "username:", "participant:")
"""Names that two learners never share."""


@dataclass(frozen=True)
class People:
    """The rows of a table, each a learner with the names by which it knows them."""

    table: Table

    @cached_property
    def kinds(self) -> Mapping[int, str]:
        """The kind of name in each column that has one."""
        return {
            number: kind
            for number, title in enumerate(self.table.header)
            for kind, titles in COLUMNS.items()
            if title.strip().casefold().replace("_", " ") in titles
        }

    @cached_property
    def people(self) -> Sequence[int]:
        """The numbers of the rows that are learners."""
        return [
            number
            for number, row in enumerate(self.table.rows)
            if any(self._keys(row)) and not {folded(cell) for cell in row} & NO_LEARNERS
        ]

    @cached_property
    def repeated(self) -> Mapping[int, int]:
        """The rows that name a learner once more, by an address or number that is one's own."""
        first: dict[str, int] = {}
        found = {}
        for number in self.people:
            keys = [key for key in self._keys(self.table.rows[number]) if key.startswith(OWN)]
            again = [first[key] for key in keys if key in first]
            if again:
                found[number] = again[0]
            else:
                first.update(dict.fromkeys(keys, number))
        return found

    @cached_property
    def _row_of_key(self) -> Mapping[str, int | None]:
        """The row that each name belongs to; None where it is several learners'."""
        found: dict[str, int | None] = {}
        for number in self.people:
            keys = () if number in self.repeated else self._keys(self.table.rows[number])
            for key in set(keys):
                found[key] = number if found.get(key, number) == number else None
        return found

    def _keys(self, row: Sequence[str]) -> Iterator[str]:
        named = {kind: row[number] for number, kind in self.kinds.items() if row[number].strip()}
        for kind, value in named.items():
            if kind in ("first", "last"):
                continue
            yield f"{kind}:{folded(value)}"
            yield f"any:{folded(value)}"
        first, last = named.get("first"), named.get("last")
        full = named.get("name") or (f"{last}, {first}" if first and last else "")
        if full:
            yield from _names_of(full)

    def row_of(self, entry: Entry) -> int | None:
        """Return the number of the row that a submission's learner has; None if no one's.

        A name that two learners have tells nothing.
        """
        learner = folded(entry.learner)
        keys = [f"{kind}:{folded(value)}" for kind, _, value in map(_parted, entry.keys)]
        if not entry.keys:  # a folder's or a repository's name, which may be anything
            keys = [f"any:{learner}"]
            keys += [f"username:{learner[at.end() :]}" for at in re.finditer(r"[-_]", learner)]
        for key in keys:
            if (row := self._row_of_key.get(key)) is not None:
                return row
        return None

    def twice(self) -> list[str]:
        """Say which rows repeat a learner, and which names two learners have."""
        name, lines = self.table.name, self.table.lines
        said = [
            f"{name}:{lines[number]} repeats the learner of line {lines[first]}, which counts"
            for number, first in self.repeated.items()
        ]
        shared = [key for key, row in self._row_of_key.items() if row is None]
        names = sorted(key.removeprefix("name:") for key in shared if key.startswith("name:"))
        if names:
            said.append(f"{name} has several learners called {' and '.join(names[:3])}")
        return said


@dataclass(frozen=True)
class Joined:
    """Submissions beside a roster: the row of each, those unknown to it, and rows without one."""

    rows: Mapping[str, int]
    unknown: Sequence[str]
    missing: Sequence[int]

    def notes(self, people: People) -> list[str]:
        """List who is unknown, and whose submission is missing."""
        table = people.table
        said = people.twice()
        if self.unknown:
            said.append(f"not in {table.name}: {_few(self.unknown)}")
        if self.missing:
            names = [next(filter(None, table.rows[row]), "") for row in self.missing]
            said.append(f"in {table.name}, and without a submission: {_few(names)}")
        return said


def people_of(table: Table) -> People:
    """Read a table's rows as learners.

    Raises: ClassError if no column tells who they are.
    """
    people = People(table)
    if not people.kinds:
        raise ClassError(
            f"{table.name} has no column that tells who a learner is, such as name, email, "
            f"username, ID; it has: {', '.join(table.header[:8])}"
        )
    return people


def join(people: People, entries: Sequence[Entry]) -> Joined:
    """Find the row of each entry, by id; list who is unknown, and whose submission is missing."""
    rows = {entry.id: people.row_of(entry) for entry in entries}
    known = {id_: row for id_, row in rows.items() if row is not None}
    return Joined(
        known,
        [entry.learner for entry in entries if rows[entry.id] is None],
        sorted({*people.people} - {*known.values(), *people.repeated}),
    )


def _few(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def folded(text: str) -> str:
    """Return a name as it is compared: without capitals, accents' forms, or double spaces."""
    folded_ = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return re.sub(r"^participant (\d+)$", r"\1", folded_)


def _parted(key: str) -> tuple[str, str, str]:
    return key.partition(":")


def _names_of(full: str) -> Iterator[str]:
    """Yield the ways to write a name: as `Ada Lovelace`, and without spaces as Canvas does."""
    last, comma, first = (part.strip() for part in full.partition(","))
    if comma:
        spoken = f"{first} {last}"
    else:
        *firsts, last = full.split() or [""]
        first, spoken = " ".join(firsts), full
    yield f"name:{folded(spoken)}"
    yield f"any:{folded(spoken)}"
    compact = re.sub(r"[\W_]", "", folded(last + first))
    yield f"compact:{compact}"
