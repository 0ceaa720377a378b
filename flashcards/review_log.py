"""The log of a reader's answers: one line of JSON each, and lines are only ever added.

What the reader knows is derived from it, so the log is all there is to keep. An answer that
is taken back stays in it, followed by a line that says so; a last line that was torn by a
crash stays too, and is marked by the next one.

LogError       the log cannot be used; it was left as it is
└── LogInUse   another review holds it
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from flashcards.model import ItemId, Place

FORMAT = 1
_LAST_TIME = 32_503_680_000_000  # the year 3000, in ms: beyond it, it is no time
_LONGEST_OFFSET = 24 * 60 - 1
_LONGEST_LINE = 2**16
_BEGINNING = json.dumps({"v": FORMAT})[:-1].encode()
_BLANK = b" \t\r\n\xef\xbb\xbf"
_TORN = b"\t(torn)\n"
"""Ends a line that a crash has left half written, so that it is known for one for ever."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class LogError(Exception):
    """The log cannot be used; says in one sentence why, with `path:line` where there is one."""


class LogInUse(LogError):  # noqa: N818 - the word Error says less
    """Another review holds the log."""


@dataclass(frozen=True)
class Answer:
    """How well a card was known, and when.

    `review_time` is in ms since 1970, UTC; `utc_offset` in minutes, so that a day is the
    reader's day wherever the log is read. `rating` is 1 (again) to 4 (easy);
    `review_duration` in ms. Those names and units are those of FSRS's published data sets.
    """

    card_id: ItemId
    review_time: int
    utc_offset: int
    rating: int
    review_duration: int = 0

    @classmethod
    def given(
        cls, card_id: ItemId, rating: int, at: datetime, after: timedelta = timedelta()
    ) -> Answer:
        """Return the answer that was given at a time (an aware one) after thinking so long."""
        offset = at.utcoffset() or timedelta()
        return cls(
            card_id=card_id,
            review_time=(at - _EPOCH) // timedelta(milliseconds=1),
            utc_offset=offset // timedelta(minutes=1),
            rating=rating,
            review_duration=max(0, after // timedelta(milliseconds=1)),
        )

    @property
    def at(self) -> datetime:
        """When it was given, in the reader's own time."""
        zone = timezone(timedelta(minutes=self.utc_offset))
        return (_EPOCH + timedelta(milliseconds=self.review_time)).astimezone(zone)


# ── Lines ─────────────────────────────────────────────────────────────────────────────────


def _review_line(answer: Answer) -> Mapping[str, object]:
    return {
        "v": FORMAT,
        "card_id": answer.card_id,
        "review_time": answer.review_time,
        "utc_offset": answer.utc_offset,
        "review_rating": answer.rating,
        "review_duration": answer.review_duration,
    }


def _undo_line(answer: Answer) -> Mapping[str, object]:
    return {
        "v": FORMAT,
        "undo": {"card_id": answer.card_id, "review_time": answer.review_time},
    }


def _answer(entry: Mapping[str, object]) -> Answer | None:
    """Return the answer that an entry holds, or None if it is not one."""
    card_id = entry.get("card_id")
    numbers = {
        "review_time": (0, _LAST_TIME),
        "utc_offset": (-_LONGEST_OFFSET, _LONGEST_OFFSET),
        "review_rating": (1, 4),
        "review_duration": (0, _LAST_TIME),
    }
    found: dict[str, int] = {}
    for name, (least, most) in numbers.items():
        number = entry.get(name)
        if type(number) is not int or not least <= number <= most:
            return None
        found[name] = number
    if not isinstance(card_id, str) or not card_id:
        return None
    return Answer(
        ItemId(card_id),
        found["review_time"],
        found["utc_offset"],
        found["review_rating"],
        found["review_duration"],
    )


class _Reading:
    """The lines of a log, read one after the other."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.answers: list[Answer] = []
        self.lines: dict[Answer, int] = {}
        self.torn: int | None = None
        """The last line, if a crash has left it half written."""
        self.owed = b""
        """What the last line lacks, to be written before the next."""

    def read(self, stream: BinaryIO) -> None:
        """Read all; the last line may be torn, any other has to be understood.

        Raises: LogError for the first line that is not.
        """
        for number, line in enumerate(iter(lambda: stream.readline(_LONGEST_LINE), b""), 1):
            entry = self._entry(line, number)
            if entry is not None:
                self._take(entry, number)
                self.owed = b"" if line.endswith(b"\n") else b"\n"
            elif _may_be_torn(line):
                self.torn, self.owed = number, _TORN
            elif line.strip(_BLANK) and not line.endswith(_TORN):
                raise self._refused(number, "this line is not JSON, so it is no answer")

    def _entry(self, line: bytes, number: int) -> Mapping[str, object] | None:
        """Return what a line holds; None for one that is no JSON.

        Raises: LogError for JSON that is not ours.
        """
        try:
            entry = json.loads(line.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            return None
        if not isinstance(entry, dict) or type(entry.get("v")) is not int:
            raise self._refused(number, "this is not a line of a review log of this course")
        if entry["v"] != FORMAT:
            sentence = f"this line has format {entry['v']}, and this version knows {FORMAT} only"
            raise self._refused(number, sentence)
        return entry

    def _take(self, entry: Mapping[str, object], number: int) -> None:
        if "undo" in entry:
            last = self.answers.pop() if self.answers else None
            if last is None or entry["undo"] != _undo_line(last)["undo"]:
                raise self._refused(number, "this line takes back an answer that is not there")
            return
        answer = _answer(entry)
        if answer is None:
            raise self._refused(number, "this line is neither an answer nor takes one back")
        self.answers.append(answer)
        self.lines[answer] = number

    def _refused(self, number: int, sentence: str) -> LogError:
        where = Place(str(self.path), number)
        return LogError(
            f"{where}: {sentence}. Nothing was changed: put the line right, or name another "
            "log with --log."
        )


def _may_be_torn(line: bytes) -> bool:
    """Tell whether a crash may have left this: the beginning of a line of ours, or nothing."""
    begun = line.strip(b"\0")
    return not line.endswith(b"\n") and _BEGINNING[: len(begun)] == begun[: len(_BEGINNING)]


# ── The file ──────────────────────────────────────────────────────────────────────────────


class ReviewLog:
    """An open log, held against other reviews until it is closed.

    Shape: path: the file; it comes into being if it is missing.
    Raises: LogInUse where another review holds it; LogError where it cannot be read or
    written, or holds what is not understood.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.is_new = not path.exists()
            if not self.is_new and not path.is_file():
                raise LogError(f"{path} is not a file: name another log with --log.")
            path.parent.mkdir(parents=True, exist_ok=True)
            self._stream: BinaryIO = path.open("a+b", buffering=0)
        except OSError as error:
            raise self._unusable(error) from error
        try:
            reading = self._hold_and_read()
        except OSError as error:
            self._stream.close()
            raise self._unusable(error) from error
        except LogError:
            self._stream.close()
            raise
        self.torn = reading.torn
        """The last line, if a crash has left it half written: that answer is lost."""
        self._owed = reading.owed
        self._answers = reading.answers
        self._lines = reading.lines

    def _hold_and_read(self) -> _Reading:
        _hold(self._stream, self.path)
        if self.is_new and os.name == "posix":
            _sync_folder(self.path.parent)
        reading = _Reading(self.path)
        self._stream.seek(0)
        with os.fdopen(os.dup(self._stream.fileno()), "rb") as stream:
            reading.read(stream)
        return reading

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stream.close()

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Every answer that was not taken back, in the order of the log."""
        return tuple(self._answers)

    def place(self, answer: Answer) -> Place:
        """Return the line of an answer that was there when the log was opened."""
        return Place(str(self.path), self._lines.get(answer, 0))

    def add(self, answer: Answer) -> None:
        """Write an answer; when this returns, the disk has it.

        Raises: LogError where it cannot be written.
        """
        self._write(_review_line(answer))
        self._answers.append(answer)

    def undo(self) -> Answer:
        """Take back the last answer by one more line, and return it.

        Raises: LogError where that cannot be written; IndexError without any answer.
        """
        last = self._answers[-1]
        self._write(_undo_line(last))
        return self._answers.pop()

    def _write(self, entry: Mapping[str, object]) -> None:
        if os.fstat(self._stream.fileno()).st_nlink == 0:
            raise LogError(
                f"{self.path} was removed or replaced while the review went on, so nothing more "
                "can be added to it: begin the review again."
            )
        rest = self._owed + json.dumps(entry).encode() + b"\n"
        try:
            while rest:
                rest = rest[os.write(self._stream.fileno(), rest) :]
            os.fsync(self._stream.fileno())
        except OSError as error:
            reason = error.strerror or error
            raise LogError(
                f"{self.path} cannot be written: {reason}. All answers before this one are kept."
            ) from error
        self._owed = b""

    def _unusable(self, error: OSError) -> LogError:
        return LogError(
            f"{self.path} cannot be used: {error.strerror or error}. Name another log with --log."
        )


def _sync_folder(folder: Path) -> None:
    """Let the disk know of a file that has just come into being."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _hold(stream: BinaryIO, path: Path) -> None:
    """Hold the file until it is closed; the system lets go of it however the process ends."""
    try:
        _lock(stream)
    except OSError as error:
        raise LogInUse(
            f"another review is going on with {path}: finish it first, or name another log "
            "with --log."
        ) from error


try:
    import fcntl
except ImportError:  # Windows: a byte far beyond the end is locked, since it bars reading
    import msvcrt

    def _lock(stream: BinaryIO) -> None:
        stream.seek(2**40)
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
else:

    def _lock(stream: BinaryIO) -> None:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)


def default_path() -> Path:
    """Return where a reader's log is kept: the folder that the system has for user data."""
    import platformdirs

    return platformdirs.user_data_path("micrograd-course", appauthor=False) / "reviews.jsonl"
