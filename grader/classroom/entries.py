"""Who handed in what, and where it lies. Nothing is opened here: only names are looked at."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SUFFIXES = (".py", ".ipynb", ".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".gz", ".7z")
"""Files that may be a submission; others beside them are left out, and that is said."""

MARKS_OF_A_SUBMISSION = ("engine.py", "nn.py", "train.py", "course.toml", ".git")
"""A folder with one of these is one submission; one with none may hold many."""

IGNORED = ("__MACOSX", "Thumbs.db", "desktop.ini")

RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")
"""Names that Windows gives to devices."""


class ClassError(Exception):
    """The class cannot be graded as asked: one sentence says why, and what to do."""


@dataclass(frozen=True)
class Entry:
    """One learner's submission.

    `learner` is the identity that rows and results go by; `name` is what is shown to people
    of where it came from, relative to what was given. `submitted` orders several submissions
    of one learner, in seconds since 1970 or any other scale that they share.
    """

    learner: str
    path: Path
    name: str
    submitted: float = 0.0

    @property
    def id(self) -> str:
        """Name this learner's files: short, lower case, safe everywhere, no two alike."""
        return safe_name(self.learner)


@dataclass(frozen=True)
class Found:
    """The submissions of a class, one a learner in the order of their names, and remarks."""

    entries: Sequence[Entry]
    notes: Sequence[str] = ()


def safe_name(learner: str) -> str:
    """Return a name for a file: the learner's own where it is safe, else marked by a digest.

    Depends on nothing else, so that a learner keeps it whoever joins or leaves.
    """
    safe = re.sub(r"[^a-z0-9_.-]+", "-", learner.lower()).strip(".-")[:48]
    if safe and safe == learner and not RESERVED.fullmatch(safe):
        return safe
    digest = hashlib.sha256(learner.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return f"{safe}-{digest}" if safe else digest


def find(paths: Iterable[Path]) -> Found:
    """List the submissions in `paths`: each is one, or a folder of them.

    Raises: ClassError if a path does not exist, or none of them holds a submission.
    """
    given = list(paths)
    notes: list[str] = []
    entries: list[Entry] = []
    for path in given:
        if not os.path.lexists(path):
            raise ClassError(f"{path} does not exist: give the folder that holds the submissions")
        entries += _entries(path, notes, alone=len(given) == 1)
    if not entries:
        where = " and ".join(map(str, given[:3]))
        raise ClassError(f"{where} holds no submissions: give a folder with one entry a learner")
    kept, more = newest(entries)
    return Found(kept, [*notes, *more])


def newest(entries: Iterable[Entry]) -> tuple[list[Entry], list[str]]:
    """Keep the newest entry of each learner, and say which were left out for it."""
    by_learner: dict[str, list[Entry]] = {}
    for entry in entries:
        by_learner.setdefault(entry.learner, []).append(entry)
    kept, notes = [], []
    for learner, several in sorted(by_learner.items()):
        *older, last = sorted(several, key=lambda entry: (entry.submitted, entry.name))
        kept.append(last)
        if older:
            names = ", ".join(entry.name for entry in older)
            notes.append(f"{learner} handed in more than once: {last.name} is graded, not {names}")
    return kept, notes


def _entries(path: Path, notes: list[str], alone: bool) -> list[Entry]:
    if not path.is_dir() or _is_submission(path) or (not alone and not _holds_many(path)):
        return [_entry(path)]
    try:
        children = sorted(_children(path), key=lambda child: os.fsencode(child.name))
    except OSError as error:
        raise ClassError(f"{path} cannot be read: {error.strerror}") from error
    taken = [child for child in children if child.is_dir() or _may_be_one(child)]
    left = [printable(child.name) for child in children if child not in taken]
    if left:
        few = ", ".join(left[:3]) + (f" and {len(left) - 3} more" if len(left) > 3 else "")
        notes.append(f"left out, as they cannot be submissions: {few}")
    return [_entry(child) for child in taken]


def _children(folder: Path) -> Iterator[Path]:
    for child in folder.iterdir():
        if not child.name.startswith(".") and child.name not in IGNORED:
            yield child


def _may_be_one(file: Path) -> bool:
    return file.name.lower().endswith(SUFFIXES)


def _is_submission(folder: Path) -> bool:
    try:
        return any((folder / name).exists() for name in MARKS_OF_A_SUBMISSION)
    except OSError:
        return True  # it cannot be looked into: one row will say so


def _holds_many(folder: Path) -> bool:
    """Tell a folder of submissions from one submission with an unusual layout."""
    try:
        children = list(_children(folder))
        archives = [child for child in children if _may_be_one(child) and child.suffix != ".py"]
        return (
            len(archives) + sum(child.is_dir() and _is_submission(child) for child in children) > 1
        )
    except OSError:
        return False


def _entry(path: Path) -> Entry:
    name = path.resolve().name if path.name in ("", "..") else path.name
    lower = name.lower()
    suffix = max((s for s in SUFFIXES if lower.endswith(s)), key=len, default="")
    folder = path.is_dir()
    learner = name if folder or not suffix else name[: -len(suffix)] or name
    return Entry(printable(learner), path, printable(name), _changed(path))


def printable(name: str) -> str:
    r"""Return a file's name as text that any encoding of Unicode can hold: `\xff` for odd bytes."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
