"""Who handed in what, and where it lies. Nothing is opened here: only names are looked at."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader.archives import ArchiveError, is_archive, without_suffix, zip_names
from grader.classroom.platforms import GRADESCOPE_PEOPLE, Handed, identify, submitters
from grader.sources import SubmissionError, first_bytes

SUFFIXES = (".py", ".ipynb", ".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".gz", ".7z")
"""Files that may be a submission; others beside them are left out, and that is said."""

MARKS_OF_A_SUBMISSION = ("engine.py", "nn.py", "train.py", "course.toml", ".git")
"""A folder with one of these is one submission; one with none may hold many."""

IGNORED = ("__MACOSX", "Thumbs.db", "desktop.ini")

RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")
"""Names that Windows gives to devices."""


MOST_METADATA = 64 << 20
"""Gradescope's list of submitters also holds every result: it is long, but not longer."""


class ClassError(Exception):
    """The class cannot be graded as asked: one sentence says why, and what to do."""


@dataclass(frozen=True)
class Entry:
    """One learner's submission.

    `learner` is the identity that rows and results go by; `name` is what is shown to people
    of where it came from, relative to what was given. `submitted` orders several submissions
    of one learner, in seconds since 1970 or any other scale that they share. `keys` are other
    names of the learner's, for rosters and gradebooks. `parts` are the submission's files
    where a platform renames them: the learner's name for each, and where it lies.
    """

    learner: str
    path: Path
    name: str
    submitted: float = 0.0
    keys: Sequence[str] = ()
    parts: Sequence[tuple[str, Path]] = ()

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
        if (handed_out := from_platform(path)) is None:
            entries += _entries(path, notes, alone=len(given) == 1)
        else:
            entries += handed_out.entries
            notes += handed_out.notes
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


# ── What a platform hands out ─────────────────────────────────────────────────────────


def from_platform(path: Path) -> Found | None:
    """List the submissions in what a learning platform hands out, an archive or a folder of it.

    None if the names there are not those of a platform that we know, nor those of several
    submissions in one archive.
    """
    try:
        names = _names_in(path)
        people = _gradescope_people(names)
    except (OSError, ArchiveError, SubmissionError):
        return None  # it is taken for one submission: its row will say what is wrong
    known = [name for name in names if identify(name.name) is not None]
    if 2 * len(known) <= len(names) or not known:
        many = [name for name in names if name.is_submission]
        if path.is_dir() or len(many) < 2 or any(n.name in MARKS_OF_A_SUBMISSION for n in names):
            return None
        return Found([_plain(name) for name in many], _left_out(names, many))
    found = _of_learners(known, people)
    return Found(found.entries, [*found.notes, *_left_out(names, known)])


@dataclass(frozen=True)
class _Name:
    """What stands at the top of a folder or archive. `changed` grows with time."""

    name: str
    path: Path
    changed: float
    is_submission: bool


def _names_in(path: Path) -> list[_Name]:
    if path.is_dir():
        return [
            _Name(child.name, child, _changed(child), child.is_dir() or _may_be_one(child))
            for child in sorted(_children(path), key=lambda child: os.fsencode(child.name))
        ]
    if path.suffix.lower() != ".zip" or not path.is_file():
        return []
    files = [(PurePosixPath(name).parts, changed) for name, changed in zip_names(path)]
    files = [(parts, changed) for parts, changed in files if parts and parts[0] not in IGNORED]
    tops = {parts[0] for parts, _ in files}
    if len(tops) == 1 and identify(*tops) is None and all(len(parts) > 1 for parts, _ in files):
        path /= tops.pop()
        files = [(parts[1:], changed) for parts, changed in files]
    return list(_tops(path, files))


def _tops(path: Path, files: Iterable[tuple[tuple[str, ...], tuple[int, ...]]]) -> Iterator[_Name]:
    below: dict[str, list[tuple[tuple[str, ...], tuple[int, ...]]]] = {}
    for parts, changed in files:
        below.setdefault(parts[0], []).append((parts[1:], changed))
    for name, inner in sorted(below.items()):
        folder = any(parts for parts, _ in inner)
        marked = any(parts[:1] and parts[0] in MARKS_OF_A_SUBMISSION for parts, _ in inner)
        archive = is_archive(name, b"")
        newest_ = max(changed for _, changed in inner)
        seconds = sum(part * 60**place for place, part in enumerate(reversed(newest_)))
        yield _Name(name, path / name, float(seconds), marked if folder else archive)


def _gradescope_people(names: Sequence[_Name]) -> Mapping[str, Sequence[Handed]]:
    for name in names:
        if name.name == GRADESCOPE_PEOPLE:
            return submitters(first_bytes(name.path, MOST_METADATA).decode("utf-8", "replace"))
    return {}


def _of_learners(names: Sequence[_Name], people: Mapping[str, Sequence[Handed]]) -> Found:
    """Return an entry a learner, of all that the platform has of them."""
    entries: list[Entry] = []
    notes: list[str] = []
    apart: dict[str, list[tuple[Handed, _Name]]] = {}
    for name in names:
        handed = identify(name.name)
        assert handed is not None  # noqa: S101 (these are the known ones)
        if handed.file:
            apart.setdefault(handed.learner, []).append((handed, name))
            continue
        entries += [
            Entry(printable(who.learner), name.path, printable(name.name), name.changed, who.keys)
            for who in people.get(name.name) or [handed]
        ]
    for learner, files in apart.items():
        files.sort(key=lambda file: file[0].order)
        entries.append(_gathered(learner, files))
        latest = {handed.file: name.name for handed, name in files}
        notes += [
            f"{printable(learner)} handed in {printable(handed.file)} more than once: "
            f"{printable(latest[handed.file])} is graded, not {printable(name.name)}"
            for handed, name in files
            if latest[handed.file] != name.name
        ]
    return Found(entries, notes)


def _gathered(learner: str, files: Sequence[tuple[Handed, _Name]]) -> Entry:
    """Make one submission of files that lie apart, the latest of each name."""
    parts = {handed.file: name.path for handed, name in files}
    return Entry(
        printable(learner),
        files[0][1].path.parent / learner,
        ", ".join(printable(path.name) for path in parts.values()),
        max(name.changed for _, name in files),
        files[0][0].keys,
        tuple(parts.items()),
    )


def _plain(name: _Name) -> Entry:
    learner = without_suffix(name.name) if is_archive(name.name, b"") else name.name
    return Entry(printable(learner), name.path, printable(name.name), name.changed)


def _left_out(names: Sequence[_Name], taken: Sequence[_Name]) -> list[str]:
    left = [n.name for n in names if n not in taken and n.name != GRADESCOPE_PEOPLE]
    return [f"left out, as they cannot be submissions: {_few(left)}"] if left else []


def _few(names: Sequence[str]) -> str:
    shown = ", ".join(map(printable, names[:3]))
    return shown + (f" and {len(names) - 3} more" if len(names) > 3 else "")


# ── Folders of any kind ───────────────────────────────────────────────────────────────


def _entries(path: Path, notes: list[str], alone: bool) -> list[Entry]:
    if not path.is_dir() or _is_submission(path) or (not alone and not _holds_many(path)):
        return [_entry(path)]
    try:
        children = sorted(_children(path), key=lambda child: os.fsencode(child.name))
    except OSError as error:
        raise ClassError(f"{path} cannot be read: {error.strerror}") from error
    taken = [child for child in children if child.is_dir() or _may_be_one(child)]
    left = [child.name for child in children if child not in taken]
    if left:
        notes.append(f"left out, as they cannot be submissions: {_few(left)}")
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
