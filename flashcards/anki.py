"""The cards as a package for Anki, which can be imported again and again.

Anki knows a note by its guid, which is made of the card's id: an edited card takes the place
of the old one and keeps its schedule, and no card is there twice. But Anki takes an edit only
from a note that is *newer* than its own, and says nothing when it leaves one out. So each
note bears the time when its card last changed, taken from a record, `changes.txt`. It stands
beside the lessons and has a line for each card: the time, a digest of the card, its id. A
card that differs from its line is an unrecorded edit and counts as changed just now. So an
edit always gets through, and a package of recorded cards has the same bytes wherever and
whenever it is made. A card that did not change keeps its time, so a reader's own edits of it
are safe.

`python -m flashcards.anki course/lessons` brings the record up to date.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import sqlite3
import sys
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from flashcards.faults import Fault, LessonError
from flashcards.html import blocks_as_html, words_as_html
from flashcards.model import Card, ItemId, Lesson, Place, plain

if TYPE_CHECKING:
    import genanki

# ── What must never change: Anki knows our notes, decks and note type by these ────────────

_NAMESPACE = "micrograd-course"
_MODEL_ID = 1_763_829_417
_FIELDS = ("Id", "Question", "Answer", "Source", "Extra")
"""Another field would be another note type. `Extra` is empty: it is there to be used later."""


def guid(card: ItemId) -> str:
    """Return what Anki knows a card by, in every form in which the card reaches it."""
    return f"{_NAMESPACE}/{card}"


def _deck_id(lesson: ItemId) -> int:
    hashed = hashlib.sha256(f"{_NAMESPACE}/{lesson}".encode()).digest()
    return (1 << 30) + int.from_bytes(hashed[:4], "big") % (1 << 30)


# ── What may change, with a new date ──────────────────────────────────────────────────────

_TEMPLATE_CHANGED = int(datetime(2026, 11, 22, tzinfo=UTC).timestamp())
"""When one of the three below last changed. Anki takes them only from a newer package."""

_FRONT = '<div class="question">{{Question}}</div>'
_BACK = """\
{{FrontSide}}
<hr id="answer">
<div class="answer">{{Answer}}</div>
{{#Extra}}<div class="extra">{{Extra}}</div>{{/Extra}}
<div class="source">{{Source}} <span class="tag">{{Id}}</span></div>
"""
_CSS = """\
.card {
  --ink: #1b1d21; --paper: #ffffff; --code: #eceff3; --quiet: #555b64; --line: #c4c9d1;
  max-width: 36em; margin: 0 auto; padding: 1em;
  background: var(--paper); color: var(--ink);
  font-family: system-ui, sans-serif; font-size: 20px; line-height: 1.45; text-align: left;
}
.card.nightMode, .card.night_mode, .nightMode .card, .night_mode .card {
  --ink: #e9eaec; --paper: #222428; --code: #34373d; --quiet: #aeb4be; --line: #555b64;
}
.question { font-size: 1.15em; font-weight: 600; }
.question code, .question .formula { font-weight: normal; }
hr { border: 0; border-top: 1px solid var(--line); margin: 1em 0; }
code, pre { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
code { font-size: 0.88em; background: var(--code); border-radius: 0.25em; padding: 0.1em 0.3em; }
pre { background: var(--code); border-radius: 0.4em; padding: 0.6em 0.8em; overflow-x: auto; }
pre code { background: none; padding: 0; }
.formula { font-family: "STIX Two Text", Cambria, "DejaVu Serif", Georgia, serif; }
sup, sub { font-size: 0.72em; line-height: 0; }
ul, ol { padding-left: 1.4em; }
li { margin: 0.3em 0; }
.source { margin-top: 1.6em; font-size: 0.7em; color: var(--quiet); }
.tag { border: 1px solid var(--line); border-radius: 0.8em; padding: 0.05em 0.6em; }
"""


# ── The record of changes ─────────────────────────────────────────────────────────────────

_RECORD = "changes.txt"
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_ABOVE = """\
# When each card last changed, and a digest of what it then was: Anki takes an edit only if it
# is newer. After editing cards: python -m flashcards.anki course/lessons

"""


@dataclass(frozen=True)
class Change:
    """When a card last changed, in seconds since 1970, and a digest of what it then was."""

    seconds: int
    digest: str


Changes: TypeAlias = Mapping[ItemId, Change]


def load_changes(folder: Path) -> Changes:
    """Return the record of a folder of lessons; without one, nothing is recorded.

    Raises: LessonError for a line that is none of a record; OSError.
    """
    path = folder / _RECORD
    return parse_changes(path.read_text("utf-8"), str(path)) if path.exists() else {}


def parse_changes(record: str, path: str) -> Changes:
    """Return the record that stands in a text; `path` is what places in it are called.

    Raises: LessonError.
    """
    changes = {}
    for line, text in enumerate(record.splitlines(), 1):
        if not text.strip() or text.startswith("#"):
            continue
        try:
            when, digest, id_ = text.split()
            changes[ItemId(id_)] = Change(_seconds(when), digest)
        except ValueError as error:
            sentence = "this is not a time, a digest and an id: take the line out, then record"
            raise LessonError([Fault(Place(path, line), sentence)]) from error
    return changes


def _seconds(when: str) -> int:
    return int(datetime.strptime(when, _TIME).replace(tzinfo=UTC).timestamp())


def unrecorded(lessons: Sequence[Lesson], changes: Changes) -> tuple[Fault, ...]:
    """Return a fault for each card that differs from its line in the record, or has none."""
    sentence = "the card `{}` has changed: run `python -m flashcards.anki` with this folder"
    return tuple(
        Fault(note.place, sentence.format(note.card))
        for note in _notes(lessons)
        if not note.is_recorded(changes)
    )


def recorded(lessons: Sequence[Lesson], changes: Changes, now: int) -> str:
    """Return the text of the record, with `now` as the time of every edit that is not in it."""
    lines = (
        f"{datetime.fromtimestamp(note.changed(changes, now), UTC):{_TIME}} "
        f"{note.digest} {note.card}\n"
        for note in _notes(lessons)
    )
    return _ABOVE + "".join(lines)


# ── Notes ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Note:
    card: ItemId
    place: Place
    fields: tuple[str, ...]
    tag: str

    @property
    def digest(self) -> str:
        return hashlib.sha256("\x1f".join((*self.fields, self.tag)).encode()).hexdigest()[:16]

    def is_recorded(self, changes: Changes) -> bool:
        return self.card in changes and changes[self.card].digest == self.digest

    def changed(self, changes: Changes, now: int) -> int:
        """Return the time of the last change; a clock that is behind the record is put right."""
        if self.is_recorded(changes):
            return changes[self.card].seconds
        return max(now, changes[self.card].seconds + 1) if self.card in changes else now


def _notes(lessons: Sequence[Lesson]) -> Iterator[_Note]:
    for lesson in lessons:
        for card in lesson.cards:
            yield _note(card, lesson)


def _note(card: Card, lesson: Lesson) -> _Note:
    fields = (
        card.id,
        words_as_html(card.front),
        blocks_as_html(card.back),
        words_as_html(lesson.title),
        "",
    )
    return _Note(card.id, card.place, fields, tag(card, lesson))


def tag(card: Card, lesson: Lesson) -> str:
    """Return the tag of a card, which holds its id below that of its lesson."""
    return f"course::{lesson.id}::{card.id}"


def deck_name(lesson: Lesson) -> str:
    """Return the name of a lesson's deck: `Course::1 Recording the graph`."""
    number = Path(lesson.place.path).name.partition("-")[0]
    title = plain(lesson.title).replace("::", ":")  # two colons would open a deck in the deck
    return f"Course::{number} {title}" if number.isdecimal() else f"Course::{title}"


# ── The package ───────────────────────────────────────────────────────────────────────────


def package(
    lessons: Sequence[Lesson], changes: Changes | None = None, *, now: int | None = None
) -> bytes:
    """Return an Anki package (.apkg) with a deck for each lesson.

    `changes` is the record; by default the one that stands beside the pages. `now` is the
    time, in seconds since 1970, that unrecorded edits bear; by default that of the clock. If
    there are none, the bytes depend on nothing but the lessons and the record.

    Raises: LessonError for a record that cannot be read; OSError.
    """
    if changes is None:
        folders = {Path(lesson.place.path).parent for lesson in lessons}
        changes = {id_: made for folder in folders for id_, made in load_changes(folder).items()}
    now = int(time.time()) if now is None else now
    collection = sqlite3.connect(":memory:")
    try:
        _fill(collection.cursor(), lessons, changes, now)
        collection.commit()
        database = bytearray(collection.serialize())
    finally:
        collection.close()
    database[96:100] = bytes(4)  # the version of the SQLite library that happened to write it
    return archive({"collection.anki2": bytes(database), "media": b"{}"})


def _fill(cursor: sqlite3.Cursor, lessons: Sequence[Lesson], changes: Changes, now: int) -> None:
    import genanki

    # genanki gives everything one time. So it writes the decks while they are empty, and the
    # notes come after, each with a time of its own.
    model = _model()
    decks = {lesson.id: genanki.Deck(_deck_id(lesson.id), deck_name(lesson)) for lesson in lessons}
    for deck in decks.values():
        deck.add_model(model)
    ids = itertools.count(_TEMPLATE_CHANGED * 1000)
    genanki.Package(list(decks.values())).write_to_db(cursor, _TEMPLATE_CHANGED, ids)
    position = itertools.count(1)
    for lesson in lessons:
        for note in _notes([lesson]):
            genanki.Note(
                model=model,
                fields=list(note.fields),
                tags=[note.tag],
                guid=guid(note.card),
                due=next(position),
            ).write_to_db(cursor, note.changed(changes, now), _deck_id(lesson.id), ids)


def _model() -> genanki.Model:
    import genanki

    return genanki.Model(
        _MODEL_ID,
        "Micrograd course",
        fields=[{"name": name} for name in _FIELDS],
        templates=[{"name": "Card", "qfmt": _FRONT, "afmt": _BACK}],
        css=_CSS,
        sort_field_index=_FIELDS.index("Question"),
    )


def archive(files: Mapping[str, bytes]) -> bytes:
    """Return a zip archive that depends on nothing but the files in it.

    They are stored as they are: zlib's libraries differ in how they compress.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as opened:
        for name, content in files.items():
            member = zipfile.ZipInfo(name)  # dated 1980
            member.create_system = 3  # else the system on which it is made
            opened.writestr(member, content)
    return stream.getvalue()


def _main(folder: Path) -> None:
    from flashcards.parse import load_lessons

    record = recorded(load_lessons(folder), load_changes(folder), int(time.time()))
    (folder / _RECORD).write_text(record, "utf-8", newline="\n")


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
