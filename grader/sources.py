"""Read what a learner handed in, a folder or an archive or one file, as names and bytes.

Nothing is unpacked, run or imported. Whatever stands there may be hostile: sizes and counts
are bounded before anything is read, and what is left unread is said.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePosixPath

from grader.archives import (
    MAX_PACKED_BYTES,
    ArchiveError,
    Member,
    archive_above,
    is_archive,
    members,
    why,
    without_suffix,
    zip_below,
)

MAX_FILE_BYTES = 1 << 20
"""A larger source file is not read: the template's are a hundredth of it."""

MAX_NOTEBOOK_BYTES = 8 << 20
"""A larger notebook is not read: pictures make them large."""

MAX_NOTEBOOKS = 20
"""More notebooks are not read."""

MAX_FILES = 200
"""More Python files are not read."""

MAX_ENTRIES = 5_000
"""More names than that in a submission are not even looked at."""

MAX_DEPTH = 4
"""Folders below this are not entered."""

MAX_FILES_IN_ALL = 8
"""All that is read of a submission is at most so many times what may be read of one file."""

CONFIGURATION = "course.toml"

NOTEBOOK = ".ipynb"

GRADABLE = "a folder, an archive (.zip, .tar.gz), a notebook or a .py file"

NOT_THE_LEARNERS = {
    *("__pycache__", "__MACOSX", "venv", "env", "site-packages", "node_modules", "build", "dist")
}
"""Folders of tools, beside those whose name begins with a dot."""


class SubmissionError(Exception):
    """The submission cannot be graded: it is missing, unreadable or ambiguous."""


@dataclass
class Sources:
    """What was found: paths relative to the submission, with `/`, and their bytes.

    `notebooks` are kept apart from the other `files`. `unread` has a sentence for each file
    of interest that could not be read; `skipped` one for each place not looked into, which
    matters only where something is missed.
    """

    name: str
    files: dict[str, bytes] = field(default_factory=dict)
    notebooks: dict[str, bytes] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def collect(path: Path) -> Sources:
    """Collect the Python files of a folder, an archive, or a single file.

    A path may lead into a zip archive, such as a learning platform hands out for a class:
    `class.zip/ada` is what stands there under `ada`.

    Raises: SubmissionError if there is no such thing, or it is something else.
    """
    if (place := archive_above(path)) is not None:
        return _from_class_archive(path, *place)
    try:
        kind = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError) as error:
        raise SubmissionError(
            f"{path} does not exist: give the folder that holds your engine.py"
        ) from error
    except (OSError, ValueError) as error:
        raise SubmissionError(f"{path} cannot be read: {why(error)}") from error
    if stat.S_ISDIR(kind):
        return _from_folder(path)
    if not stat.S_ISREG(kind):
        raise SubmissionError(f"{path} is {_kind(kind)}: give {GRADABLE}")
    if path.suffix in (".py", NOTEBOOK):
        sources = Sources(path.stem)
        _take(sources, path.name, path, path.parent)
        return sources
    data = first_bytes(path, MAX_PACKED_BYTES + 1)
    if not is_archive(path.name, data[:512]):
        raise SubmissionError(f"{path} is no Python file: give {GRADABLE}")
    return _from_archive(f"{path}", data)


def collect_parts(name: str, parts: Mapping[str, Path]) -> Sources:
    """Collect a submission whose files lie apart, under other names: own name to path.

    Raises: SubmissionError if one of them cannot be read.
    """
    sources = Sources(name)
    archives = []
    for own, path in parts.items():
        if (place := archive_above(path)) is not None:
            member = replace(_one_of(path, *place), name=own)
            _take_member(sources, member)
        else:
            member = Member(own, None, partial(first_bytes, path))
            if _wanted(sources, own):
                _take(sources, own, path, path.parent)
        if is_archive(own, b""):
            archives.append(member)
    return _looked_into(sources, archives, archives)


def _one_of(path: Path, archive: Path, inner: str) -> Member:
    try:
        return zip_below(archive, inner)[0]
    except (ArchiveError, IndexError, OSError) as error:
        raise SubmissionError(f"{path} cannot be read: {why(error)}") from error


def _from_class_archive(path: Path, archive: Path, inner: str) -> Sources:
    try:
        found = zip_below(archive, inner)
        if not found:
            raise SubmissionError(f"{path} does not exist: {archive.name} holds no such name")
        if found[0].name:
            return _from_members(path.name, found)
    except ArchiveError as error:
        raise SubmissionError(f"{archive} {error}") from error
    except OSError as error:
        raise SubmissionError(f"{archive} cannot be read: {why(error)}") from error
    return _from_members(path.stem, [replace(found[0], name=path.name)])


def first_bytes(path: Path, most: int) -> bytes:
    """Return the beginning of a file, which may lie in a zip archive.

    Raises: SubmissionError if it cannot be read.
    """
    try:
        if (place := archive_above(path)) is not None:
            return _one_of(path, *place).read(most)
        with path.open("rb") as stream:
            return stream.read(most)
    except (OSError, ArchiveError) as error:
        raise SubmissionError(f"{path} cannot be read: {why(error)}") from error


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
    archives = []
    try:
        for shown, path in _walk(top, sources):
            if _wanted(sources, shown):
                _take(sources, shown, path, top)
            elif is_archive(shown, b"") and path.is_file() and not path.is_symlink():
                archives.append(Member(shown, None, partial(first_bytes, path)))
    except OSError as error:
        raise SubmissionError(f"{top} cannot be read: {why(error)}") from error
    return _looked_into(sources, archives, archives)


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
            sources.notes.append(f"{shown} cannot be read: {why(error)}")
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
    if shown == CONFIGURATION:
        return True
    if shown.endswith(NOTEBOOK):
        return len(sources.notebooks) < MAX_NOTEBOOKS
    if not shown.endswith(".py") or PurePosixPath(shown).name.startswith("._"):
        return False  # (what Macs put beside a file begins with ._)
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
            data = _read(descriptor, _most_bytes(shown) + 1)
        finally:
            os.close(descriptor)
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle, Python ≤ 3.12
        if path.is_symlink() and not isinstance(error, PermissionError):
            sources.unread[shown] = f"{shown} is a link that leads nowhere: put the file there"
        else:
            sources.unread[shown] = f"{shown} cannot be read: {why(error)}"
        return
    _keep(sources, shown, data)


def _read(descriptor: int, most: int) -> bytes:
    with os.fdopen(descriptor, "rb", closefd=False) as stream:
        return stream.read(most)


def _most_bytes(shown: str) -> int:
    return MAX_NOTEBOOK_BYTES if shown.endswith(NOTEBOOK) else MAX_FILE_BYTES


def _keep(sources: Sources, shown: str, data: bytes) -> None:
    most = _most_bytes(shown)
    kept = sources.notebooks if shown.endswith(NOTEBOOK) else sources.files
    if len(data) > most:
        sources.unread[shown] = (
            f"{shown} is larger than {most >> 20} MiB, and is not read: hand in the code alone"
        )
    elif sum(map(len, kept.values())) + len(data) > MAX_FILES_IN_ALL * most:
        size = f"{MAX_FILES_IN_ALL * most >> 20} MiB"
        sources.unread[shown] = f"{shown} is not read: what is before it fills {size}"
    else:
        kept[shown] = data


def _from_archive(shown: str, data: bytes) -> Sources:
    """Take what is wanted out of an archive; it is never unpacked to disk."""
    if len(data) > MAX_PACKED_BYTES:
        size = f"{MAX_PACKED_BYTES >> 20} MiB"
        raise SubmissionError(f"{shown} is larger than {size}: send the Python files alone")
    try:
        found = members(shown, data)
    except ArchiveError as error:
        raise SubmissionError(f"{shown} {error}") from error
    return _from_members(PurePosixPath(without_suffix(shown)).name, found, enter=False)


def _from_members(name: str, found: Sequence[Member], *, enter: bool = True) -> Sources:
    """Take what is wanted of some files; of a lone archive among them what it holds."""
    sources = Sources(name)
    for member in sorted(found, key=lambda member: (member.name.count("/"), member.name)):
        _take_member(sources, member)
    archives = [member for member in found if is_archive(member.name, b"")]
    return _looked_into(sources, archives if enter else [], archives)


def _looked_into(
    sources: Sources, entered: Sequence[Member], archives: Sequence[Member]
) -> Sources:
    """Return what a lone archive holds, where there is nothing else; else say what is there."""
    if len(entered) == 1 and not (sources.files or sources.notebooks or sources.unread):
        (lone,) = entered
        if lone.problem is not None:
            raise SubmissionError(f"{lone.name} {lone.problem}")
        try:
            data = lone.read(MAX_PACKED_BYTES + 1)
        except ArchiveError as error:
            raise SubmissionError(f"{lone.name} {error}") from error
        return _from_archive(lone.name, data)
    sources.skipped += [
        f"{archive.name} is an archive, and is not looked into" for archive in archives
    ]
    return sources


def _take_member(sources: Sources, member: Member) -> None:
    shown, parts = member.name, PurePosixPath(member.name).parts
    if any(_of_a_tool(part) for part in parts[:-1] if part != ".."):
        return
    if len(parts) - 1 > MAX_DEPTH:
        sources.skipped.append(_too_deep(shown))
    elif _wanted(sources, shown):
        if member.problem is not None:
            sources.files.pop(shown, None)
            sources.notebooks.pop(shown, None)
            sources.unread[shown] = f"{shown} {member.problem}"
            return
        try:
            _keep(sources, shown, member.read(_most_bytes(shown) + 1))
        except ArchiveError as error:
            sources.unread[shown] = f"{shown} {error}"
