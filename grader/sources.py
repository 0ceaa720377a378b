"""Read what a learner handed in, a folder or an archive or one file, as names and bytes.

Nothing is unpacked, run or imported. Whatever stands there may be hostile: sizes and counts
are bounded before anything is read, and what is left unread is said.
"""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

MAX_FILE_BYTES = 1 << 20
"""A larger source file is not read: the template's are a hundredth of it."""

MAX_FILES = 200
"""More Python files are not read."""

MAX_ENTRIES = 5_000
"""More names than that in a submission are not even looked at."""

MAX_DEPTH = 4
"""Folders below this are not entered."""

MAX_ARCHIVE_BYTES = 20 << 20

CONFIGURATION = "course.toml"

NOT_THE_LEARNERS = {"__pycache__", "venv", "env", "site-packages", "node_modules", "build", "dist"}
"""Folders of tools, beside those whose name begins with a dot."""


class SubmissionError(Exception):
    """The submission cannot be graded: it is missing, unreadable or ambiguous."""


@dataclass
class Sources:
    """What was found: paths relative to the submission, with `/`, and their bytes.

    `unread` has a sentence for each file of interest that could not be read; `notebooks`
    are the names of notebooks.
    """

    name: str
    files: dict[str, bytes] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    notebooks: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def collect(path: Path) -> Sources:
    """Collect the Python files of a folder, a zip archive, or a single file.

    Raises: SubmissionError if there is no such thing, or it is something else.
    """
    try:
        kind = path.stat().st_mode
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SubmissionError(f"{path} cannot be read: {reason}") from error
    if stat.S_ISDIR(kind):
        return _from_folder(path)
    if not stat.S_ISREG(kind):
        raise SubmissionError(f"{path} is neither a folder nor a file")
    if path.suffix == ".py":
        sources = Sources(path.stem)
        _take(sources, path.name, path, path.parent)
        return sources
    if path.suffix == ".ipynb":
        return Sources(path.stem, notebooks=[path.name])
    if path.suffix == ".zip" or zipfile.is_zipfile(path):
        return _from_zip(path)
    raise SubmissionError(f"{path} is not a folder, a .py file or a .zip archive")


def _from_folder(top: Path) -> Sources:
    sources = Sources(top.resolve().name)
    try:
        for shown, path in _walk(top, sources):
            if _wanted(sources, shown):
                _take(sources, shown, path, top)
    except OSError as error:
        raise SubmissionError(f"{top} cannot be read: {error.strerror}") from error
    return sources


def _walk(top: Path, sources: Sources) -> Iterator[tuple[str, Path]]:
    """Yield the files below `top`, nearest first, in the order of their names."""
    waiting = [(top, 0)]
    seen = 0
    for folder, depth in waiting:
        try:
            entries = _first_entries(folder, MAX_ENTRIES - seen)
        except OSError as error:
            if folder == top:
                raise
            shown = folder.relative_to(top).as_posix()
            sources.notes.append(f"{shown} cannot be read: {error.strerror}")
            continue
        seen += len(entries)
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_dir(follow_symlinks=False):
                if depth < MAX_DEPTH and not _of_a_tool(entry.name):
                    waiting.append((Path(entry.path), depth + 1))
            else:
                yield Path(entry.path).relative_to(top).as_posix(), Path(entry.path)
        if seen >= MAX_ENTRIES:
            sources.notes.append(f"only the first {MAX_ENTRIES:,} names were looked at")
            return


def _first_entries(folder: Path, most: int) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return [entry for entry, _ in zip(entries, range(most), strict=False)]


def _of_a_tool(name: str) -> bool:
    return name.startswith(".") or name in NOT_THE_LEARNERS


def _wanted(sources: Sources, shown: str) -> bool:
    if shown.endswith(".ipynb"):
        sources.notebooks.append(shown)
    if shown == CONFIGURATION:
        return True
    if not shown.endswith(".py"):
        return False
    if len(sources.files) + len(sources.unread) >= MAX_FILES:
        note = f"only the first {MAX_FILES} Python files were read"
        if note not in sources.notes:
            sources.notes.append(note)
        return False
    return True


def _take(sources: Sources, shown: str, path: Path, top: Path) -> None:
    try:
        if not path.resolve().is_relative_to(top.resolve()):
            sources.unread[shown] = f"{shown} is a link out of the submission: it is not read"
            return
        # O_NONBLOCK: opening a named pipe must not wait for somebody to write to it.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as stream:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                sources.unread[shown] = f"{shown} is not a regular file: it is not read"
                return
            data = stream.read(MAX_FILE_BYTES + 1)
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle, Python ≤ 3.12
        reason = getattr(error, "strerror", None) or str(error)
        sources.unread[shown] = f"{shown} cannot be read: {reason}"
        return
    _keep(sources, shown, data)


def _keep(sources: Sources, shown: str, data: bytes) -> None:
    if len(data) > MAX_FILE_BYTES:
        size = f"{MAX_FILE_BYTES >> 20} MiB"
        sources.unread[shown] = f"{shown} is larger than {size}: it is not read"
    else:
        sources.files[shown] = data


def _from_zip(path: Path) -> Sources:
    sources = Sources(path.stem)
    if path.stat().st_size > MAX_ARCHIVE_BYTES:
        size = f"{MAX_ARCHIVE_BYTES >> 20} MiB"
        raise SubmissionError(f"{path} is larger than {size}: send the Python files alone")
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > MAX_ENTRIES:
                raise SubmissionError(f"{path} holds more than {MAX_ENTRIES:,} names")
            for member in sorted(members, key=lambda m: (m.filename.count("/"), m.filename)):
                _take_member(sources, archive, member)
    except (zipfile.BadZipFile, OSError, NotImplementedError, EOFError) as error:
        raise SubmissionError(f"{path} cannot be read as a zip archive: {error}") from error
    return sources


def _take_member(sources: Sources, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    shown = member.filename
    parts = PurePosixPath(shown).parts
    if member.is_dir() or any(_of_a_tool(part) for part in parts[:-1]):
        return
    if shown.startswith("/") or ".." in parts or not _wanted(sources, shown):
        return
    if member.flag_bits & 1:
        sources.unread[shown] = f"{shown} is encrypted: it is not read"
        return
    try:
        with archive.open(member) as stream:
            data = stream.read(MAX_FILE_BYTES + 1)  # whatever size the archive claims
    except Exception as error:  # zlib, bz2 and lzma each have errors of their own
        sources.unread[shown] = f"{shown} is damaged in the archive: {error}"
        return
    _keep(sources, shown, data)
