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
    are the names of notebooks; `skipped` has a sentence for each place not looked into,
    which matters only where something is missed.
    """

    name: str
    files: dict[str, bytes] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    notebooks: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def collect(path: Path) -> Sources:
    """Collect the Python files of a folder, a zip archive, or a single file.

    Raises: SubmissionError if there is no such thing, or it is something else.
    """
    try:
        kind = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError) as error:
        raise SubmissionError(
            f"{path} does not exist: give the folder that holds your engine.py"
        ) from error
    except (OSError, ValueError) as error:
        raise SubmissionError(f"{path} cannot be read: {_why(error)}") from error
    if stat.S_ISDIR(kind):
        return _from_folder(path)
    if not stat.S_ISREG(kind):
        raise SubmissionError(f"{path} is {_kind(kind)}: give a folder, a .py file or a .zip")
    if path.suffix == ".py":
        sources = Sources(path.stem)
        _take(sources, path.name, path, path.parent)
        return sources
    if path.suffix == ".ipynb":
        return Sources(path.stem, notebooks=[path.name])
    if path.suffix == ".zip" or zipfile.is_zipfile(path):
        return _from_zip(path)
    raise SubmissionError(f"{path} is no Python file: give a folder, a .py file or a .zip")


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _kind(mode: int) -> str:
    for is_kind, name in (
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISFIFO, "a named pipe"),
        (stat.S_ISSOCK, "a socket"),
    ):
        if is_kind(mode):
            return name
    return "a device"


def _from_folder(top: Path) -> Sources:
    sources = Sources(top.resolve().name)
    try:
        for shown, path in _walk(top, sources):
            if _wanted(sources, shown):
                _take(sources, shown, path, top)
    except OSError as error:
        raise SubmissionError(f"{top} cannot be read: {_why(error)}") from error
    return sources


def _walk(top: Path, sources: Sources) -> Iterator[tuple[str, Path]]:
    """Yield what is below `top`, nearest first, in the order of the names."""
    waiting = [(top, 0)]
    seen = 0
    for folder, depth in waiting:
        try:
            entries = _first_entries(folder, MAX_ENTRIES - seen)
        except OSError as error:
            if folder == top:
                raise
            shown = folder.relative_to(top).as_posix()
            sources.notes.append(f"{shown} cannot be read: {_why(error)}")
            continue
        seen += len(entries)
        for entry in sorted(entries, key=lambda entry: entry.name):
            path = Path(entry.path)
            shown = path.relative_to(top).as_posix()
            # A folder that is called like a file is yielded too: that is to be said.
            yield shown, path
            if path.is_dir() and not _of_a_tool(entry.name):
                if entry.is_symlink():
                    sources.skipped.append(f"{shown} is a link to a folder, and is not entered")
                elif depth == MAX_DEPTH:
                    sources.skipped.append(_too_deep(shown))
                else:
                    waiting.append((path, depth + 1))
        if seen >= MAX_ENTRIES:
            sources.notes.append(f"only the first {MAX_ENTRIES:,} names were looked at")
            return


def _first_entries(folder: Path, most: int) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return [entry for entry, _ in zip(entries, range(most), strict=False)]


def _too_deep(shown: str) -> str:
    return f"{shown} is more than {MAX_DEPTH} folders deep, and is not looked into"


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
            sources.unread[shown] = (
                f"{shown} is a link out of the submission, and is not read: put the file there"
            )
            return
        # O_NONBLOCK: opening a named pipe must not wait for somebody to write to it.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        try:
            mode = os.fstat(descriptor).st_mode
            if not stat.S_ISREG(mode):
                sources.unread[shown] = f"{shown} is {_kind(mode)}: put a file there"
                return
            data = _first_bytes(descriptor, MAX_FILE_BYTES + 1)
        finally:
            os.close(descriptor)
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle, Python ≤ 3.12
        if path.is_symlink() and not isinstance(error, PermissionError):
            sources.unread[shown] = f"{shown} is a link that leads nowhere: put the file there"
        else:
            sources.unread[shown] = f"{shown} cannot be read: {_why(error)}"
        return
    _keep(sources, shown, data)


def _first_bytes(descriptor: int, most: int) -> bytes:
    with os.fdopen(descriptor, "rb", closefd=False) as stream:
        return stream.read(most)


def _keep(sources: Sources, shown: str, data: bytes) -> None:
    if len(data) > MAX_FILE_BYTES:
        size = f"{MAX_FILE_BYTES >> 20} MiB"
        sources.unread[shown] = (
            f"{shown} is larger than {size}, and is not read: hand in the code alone"
        )
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
                raise SubmissionError(
                    f"{path} holds more than {MAX_ENTRIES:,} names: send the Python files alone"
                )
            for member in sorted(members, key=lambda m: (m.filename.count("/"), m.filename)):
                _take_member(sources, archive, member)
    except SubmissionError:
        raise
    except Exception as error:  # a damaged table of contents gives errors of many kinds
        raise SubmissionError(
            f"{path} is not a whole zip archive ({_why(error)}): pack it again"
        ) from error
    return sources


def _take_member(sources: Sources, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    # Some packers on Windows write backslashes.
    name = PurePosixPath(member.filename.replace("\\", "/"))
    shown = name.as_posix()
    if member.is_dir() or any(_of_a_tool(part) for part in name.parts[:-1] if part != ".."):
        return
    if len(name.parts) - 1 > MAX_DEPTH:
        sources.skipped.append(_too_deep(shown))
    elif _wanted(sources, shown):
        problem = _problem_of(sources, member, name)
        if problem is None:
            _unpack(sources, archive, member, shown)
        else:
            sources.files.pop(shown, None)
            sources.unread[shown] = f"{shown} {problem}"


def _problem_of(sources: Sources, member: zipfile.ZipInfo, name: PurePosixPath) -> str | None:
    """Say why a member of an archive is not to be read, if so."""
    if name.is_absolute() or ".." in name.parts:
        return "names a place outside the archive, and is not read: pack the folder itself"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "is a link, and is not read: pack the file itself"
    if member.flag_bits & 1:
        return "is encrypted, and is not read: pack it without a password"
    if name.as_posix() in {*sources.files, *sources.unread}:
        return "is in the archive twice, and is not read: pack it once"
    return None


def _unpack(
    sources: Sources, archive: zipfile.ZipFile, member: zipfile.ZipInfo, shown: str
) -> None:
    try:
        with archive.open(member) as stream:
            data = stream.read(MAX_FILE_BYTES + 1)  # whatever size the archive claims
    except Exception as error:  # zlib, bz2 and lzma each have errors of their own
        sources.unread[shown] = f"{shown} is damaged in the archive ({_why(error)}): pack it again"
        return
    _keep(sources, shown, data)
