"""Archives, read in memory: what they hold, and why some of it is not to be read.

Nothing is written to disk. An archive is a stranger's: how much it unpacks to, how many
names it holds and where these lead is looked at before anything in it is. The libraries
that open archives are imported only for one: most submissions are folders.
"""

from __future__ import annotations

import io
import os
import stat
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import itemgetter
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import tarfile
    import zipfile

MAX_PACKED_BYTES = 20 << 20
"""A larger archive is not opened."""

MAX_UNPACKED_BYTES = 64 << 20
"""More than that is not unpacked of a compressed tar, which has to be unpacked as a whole."""

MAX_NAMES = 5_000
"""An archive with more names is not looked into."""

XZ_MEMORY_BYTES = 128 << 20
"""An xz archive may ask for gigabytes to be unpacked with; `xz -9` asks for 65 MiB."""

SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")

UNREAD_KINDS = {b"7z\xbc\xaf\x27\x1c": "7z", b"Rar!\x1a\x07": "RAR", b"\x28\xb5\x2f\xfd": "zstd"}
"""How archives begin that the standard library does not read."""


class ArchiveError(Exception):
    """An archive, or a member, is damaged or too large: the end of a sentence about it."""


@dataclass(frozen=True)
class Member:
    """One file in an archive: its name with `/`, and how to read its first bytes.

    `problem` is the end of a sentence about a member that is not to be read. `read` raises
    ArchiveError where the member is damaged. `changed` is when the file was written, as a
    number that grows with time: zip archives tell years to seconds, without a time zone.
    """

    name: str
    problem: str | None
    read: Callable[[int], bytes]
    changed: tuple[int, ...] = ()


def is_archive(name: str, start: bytes) -> bool:
    """Tell by a file's name, or by its first 512 bytes, whether it is an archive."""
    return name.lower().endswith(SUFFIXES) or _kind_of(start) is not None


def without_suffix(name: str) -> str:
    """Return the name of an archive, or of any other file, without what tells its kind."""
    suffixes = [suffix for suffix in SUFFIXES if name.lower().endswith(suffix)]
    longest = max(map(len, suffixes), default=len(PurePosixPath(name).suffix))
    return name[: len(name) - longest]


def members(name: str, data: bytes) -> list[Member]:
    """List the files of an archive, folders left out.

    Raises: ArchiveError, with the end of a sentence that begins with the archive's name.
    """
    if not data:
        raise ArchiveError("is empty: pack it again")
    kind = _kind_of(data[:512]) or ("zip" if name.lower().endswith(".zip") else "tar")
    if kind in UNREAD_KINDS.values():
        raise ArchiveError(f"is a {kind} archive, which is not read: pack it as .zip or .tar.gz")
    return list(_zip_members(data) if kind == "zip" else _tar_members(kind, data))


def _kind_of(start: bytes) -> str | None:
    beginnings = {b"PK\3\4": "zip", b"PK\5\6": "zip", b"\x1f\x8b": "gz", b"BZh": "bz2"}
    beginnings |= {b"\xfd7zXZ\0": "xz", **UNREAD_KINDS}
    for beginning, kind in beginnings.items():
        if start.startswith(beginning):
            return kind
    return "tar" if start[257:262] == b"ustar" else None


def _checked(found: list[Member]) -> Iterator[Member]:
    """Add what is wrong with names: they lead out, or another is the same."""
    exact: dict[str, int] = {}
    folded: dict[str, set[str]] = {}
    for member in found:
        exact[member.name] = exact.get(member.name, 0) + 1
        folded.setdefault(member.name.casefold(), set()).add(member.name)
    for member in found:
        alike = sorted(folded[member.name.casefold()] - {member.name})
        problem = member.problem
        if _leads_out(member.name):
            problem = "names a place outside the archive, and is not read: pack the folder itself"
        elif exact[member.name] > 1:
            problem = "is in the archive twice, and is not read: pack it once"
        elif alike:
            problem = f"and {alike[0]} differ only in capitals, and are not read: keep one of them"
        yield Member(member.name, problem, member.read, member.changed)


def _leads_out(name: str) -> bool:
    path = PurePosixPath(name)
    drive = len(name) > 1 and name[1] == ":" and name[0].isalpha()
    return path.is_absolute() or ".." in path.parts or drive


# ── zip ───────────────────────────────────────────────────────────────────────────────


def _zip_members(data: bytes) -> Iterator[Member]:
    # Counted before Python makes an object of each.
    if data.count(b"PK\1\2") > MAX_NAMES:
        raise ArchiveError(f"holds more than {MAX_NAMES:,} names: send the Python files alone")
    archive = _opened(io.BytesIO(data))
    found = [_zip_member(archive, info) for info in archive.infolist() if not info.is_dir()]
    yield from _checked(found)


def _opened(file: Path | io.BytesIO) -> zipfile.ZipFile:
    import zipfile

    try:
        return zipfile.ZipFile(file)
    except UnicodeDecodeError as error:
        raise ArchiveError(
            "holds a name that is not UTF-8: give the files plain names, and pack it again"
        ) from error
    except OSError:
        raise
    except Exception as error:  # a damaged table of contents gives errors of many kinds
        raise ArchiveError(f"is not a whole zip archive ({why(error)}): pack it again") from error


def archive_above(path: Path) -> tuple[Path, str] | None:
    """Split a path that leads into a zip archive: the archive, and the name in it."""
    for parent in path.parents:
        if parent.suffix.lower() == ".zip" and os.path.isfile(parent):  # noqa: PTH113 (never raises)
            return parent, path.relative_to(parent).as_posix()
    return None


@dataclass(frozen=True)
class _Directory:
    """An open zip archive, its files in the order of their names."""

    archive: zipfile.ZipFile
    files: Sequence[tuple[str, zipfile.ZipInfo]]

    def below(self, inner: str) -> Iterator[Member]:
        """Yield what has a name, or a name in the folder of that name."""
        for bound in (inner, f"{inner}/"):
            for name, info in self.files[bisect_left(self.files, bound, key=itemgetter(0)) :]:
                if not (name == bound if bound == inner else name.startswith(bound)):
                    break
                yield _zip_member(self.archive, info)


def _directory(path: Path) -> _Directory:
    """Open a zip archive on disk; that of a class is asked for once for every learner."""
    state = path.stat()
    return _kept_open(path, state.st_mtime_ns, state.st_size, os.getpid())


@lru_cache(maxsize=2)
def _kept_open(path: Path, *_state: int) -> _Directory:
    # (A process that is forked must not read through its parent's file.)
    archive = _opened(path)
    files = [(_posix(info), info) for info in archive.infolist() if not info.is_dir()]
    return _Directory(archive, sorted(files, key=itemgetter(0)))


def zip_names(path: Path) -> list[tuple[str, tuple[int, ...]]]:
    """Return the name of each file in a zip archive on disk, and when it was written.

    Raises: ArchiveError; OSError.
    """
    return [(name, info.date_time) for name, info in _directory(path).files if not _leads_out(name)]


def zip_below(path: Path, inner: str) -> list[Member]:
    """List what a zip archive on disk holds under a name.

    Names count from there; that of a single file is empty.

    Raises: ArchiveError; OSError.
    """
    return [
        replace(member, name=member.name[len(inner) + 1 :])
        for member in _checked(list(_directory(path).below(inner)))
    ]


def _zip_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Member:
    from zipfile import ZIP_DEFLATED, ZIP_STORED

    def read(most: int) -> bytes:
        try:
            with archive.open(info) as stream:
                return stream.read(most)  # whatever size the archive claims
        except Exception as error:  # zlib and bz2 each have errors of their own
            raise ArchiveError(
                f"is damaged in the archive ({why(error)}): pack it again"
            ) from error

    problem = None
    if stat.S_ISLNK(info.external_attr >> 16):
        problem = "is a link, and is not read: pack the file itself"
    elif info.flag_bits & 1:
        problem = "is encrypted, and is not read: pack it without a password"
    elif info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        # Of bzip2 and LZMA, more is unpacked than is read: gigabytes, of 900 bytes.
        problem = "is compressed in an unusual way, and is not read: pack it as a plain .zip"
    return Member(_posix(info), problem, read, info.date_time)


def _posix(info: zipfile.ZipInfo) -> str:
    # Some packers on Windows write backslashes.
    return PurePosixPath(info.filename.replace("\\", "/")).as_posix()


# ── tar ───────────────────────────────────────────────────────────────────────────────


def _tar_members(kind: str, data: bytes) -> Iterator[Member]:
    unpacked = data if kind == "tar" else _unpacked(kind, data)
    try:
        yield from _checked(list(_listed(unpacked)))
    except ArchiveError:
        raise
    except Exception as error:  # damaged headers give errors of many kinds
        raise ArchiveError(f"is not a whole tar archive ({why(error)}): pack it again") from error


def _listed(data: bytes) -> Iterator[Member]:
    import tarfile

    if len(data) % tarfile.BLOCKSIZE:
        raise ArchiveError("is cut off: pack it again")
    archive = tarfile.TarFile(fileobj=io.BytesIO(data), errors="backslashreplace")
    names = 0
    while (info := archive.next()) is not None:
        names += 1
        if names > MAX_NAMES:
            raise ArchiveError(f"holds more than {MAX_NAMES:,} names: send the Python files alone")
        if not info.isdir():
            yield _tar_member(archive, info)


def _tar_member(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Member:
    def read(most: int) -> bytes:
        try:
            stream = archive.extractfile(info)
            data = b"" if stream is None else stream.read(min(most, info.size))
        except Exception as error:  # damaged maps of sparse files give errors of many kinds
            raise ArchiveError(
                f"is damaged in the archive ({why(error)}): pack it again"
            ) from error
        return data

    problem = None
    if info.issym() or info.islnk():
        problem = "is a link, and is not read: pack the file itself"
    elif not info.isreg():
        problem = "is a device or a pipe, and is not read: pack a file"
    # A name that begins with ./ is the same as one that does not; an absolute one is not.
    return Member(PurePosixPath(info.name).as_posix(), problem, read, (int(info.mtime),))


class _Decompressor(Protocol):
    """What the three decompressors of the standard library have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def _decompressor(kind: str) -> _Decompressor:
    import zlib

    if kind == "gz":
        return zlib.decompressobj(zlib.MAX_WBITS | 16)
    if kind == "bz2":
        import bz2

        return bz2.BZ2Decompressor()
    import lzma

    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY_BYTES)


def _unpacked(kind: str, data: bytes) -> bytes:
    """Decompress an archive, and stop where it grows beyond all measure."""
    parts: list[bytes] = []
    left = MAX_UNPACKED_BYTES
    while data:
        stream = _decompressor(kind)
        try:
            part = stream.decompress(data, left + 1)
        except Exception as error:  # each of them has errors of its own
            raise ArchiveError(
                f"is not a whole {kind} archive ({why(error)}): pack it again"
            ) from error
        parts.append(part)
        left -= len(part)
        if left < 0:
            size = f"{MAX_UNPACKED_BYTES >> 20} MiB"
            raise ArchiveError(f"unpacks to more than {size}: send the Python files alone")
        if not stream.eof:
            raise ArchiveError("is cut off: pack it again")
        # Several streams one after the other are one; what `gzip` pads with is not.
        data = stream.unused_data.lstrip(b"\0")
    return b"".join(parts)


def why(error: Exception) -> str:
    """Return what an error of the system or of a library says, in as few words as it can."""
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
