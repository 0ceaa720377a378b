"""The record of every id that was ever given out, so that none is lost or used again.

What a reader knows of a card is kept under its id: an id that changes takes the reader's
history with it, and one that comes back with another meaning brings a false one. The record
is a text file with one line for each: `card update-rule`, or `retired card update-rule` for
one that was taken out on purpose. Lines that start with `#` are for people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flashcards.faults import Fault
from flashcards.model import KINDS, Lesson, Place, every_id


@dataclass(frozen=True)
class _Entry:
    kind: str
    retired: bool
    line: int


def against_record(lessons: Sequence[Lesson], record: str, path: str) -> tuple[Fault, ...]:
    """Return a fault for each id on which the pages and the record at `path` differ."""
    entries, malformed = _entries(record, path)
    used = {
        id_: (kind, place) for lesson in lessons for id_, kind, place in every_id(lesson) if id_
    }
    gone = [
        Fault(Place(path, entry.line), f"no lesson has `{id_}`: restore it, or mark it retired")
        for id_, entry in entries.items()
        if id_ not in used and not entry.retired
    ]
    differing = [
        Fault(place, sentence.format(id=id_, kind=kind, path=path))
        for id_, (kind, place) in used.items()
        if (sentence := _difference(kind, entries.get(id_)))
    ]
    return tuple(sorted([*malformed, *gone, *differing]))


def _difference(kind: str, entry: _Entry | None) -> str | None:
    if entry is None:
        return "the id `{id}` is new: add the line `{kind} {id}` to {path}"
    if entry.retired:
        return "the id `{id}` was retired and cannot be used again"
    return None if entry.kind == kind else "the id `{id}` was that of a " + entry.kind


def _entries(record: str, path: str) -> tuple[Mapping[str, _Entry], list[Fault]]:
    entries: dict[str, _Entry] = {}
    faults = []
    for line, text in enumerate(record.splitlines(), 1):
        words = text.split()
        retired = words[:1] == ["retired"]
        match words[retired:]:
            case [kind, id_] if kind in KINDS and id_ not in entries:
                entries[id_] = _Entry(kind, retired, line)
            case [first, *_] if first.startswith("#") and not retired:
                pass
            case [_, *_]:
                sentence = "a line of the record is a kind and an id that it has not had yet"
                faults.append(Fault(Place(path, line), sentence))
    return entries, faults
