"""The site in a folder, where it can be published.

A folder that the site is written to is the site's from then on: a record in it says which
files are the site's, and nothing else in it is ever touched.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

RECORD = "course-site.json"
"""The record's file name."""

_BESIDE = ".course-site-"


class NotOurs(Exception):  # noqa: N818 (no fault of anybody's: the folder serves another purpose)
    """The folder holds something that the site would have to overwrite."""


def write(files: Mapping[str, bytes], folder: Path) -> None:
    """Make `folder` hold these files, by their paths with `/`, and the record.

    All is written beside its place first, and then renamed, so that a full disk leaves what
    was there before. Files of an older site that are no longer in it are deleted.

    Raises: NotOurs, and then nothing has been touched; OSError where it cannot be written.
    """
    files = {**files, RECORD: _record(files)}
    older = _ours(folder)
    for name in sorted(files.keys() - older):
        if os.path.lexists(folder / name):
            raise NotOurs(f"{folder / name} was not written by `course site`: move it elsewhere")
    with _staged(files, folder) as stage:
        if not folder.exists():
            stage.rename(folder)
            return
        for name in files:
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            (stage / name).replace(target)
    for name in sorted(older - files.keys()):
        (folder / name).unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # something of somebody else's is in it
            (folder / name).parent.rmdir()


def _record(files: Mapping[str, bytes]) -> bytes:
    record = {"made_by": "course site", "files": sorted([*files, RECORD])}
    return (json.dumps(record, indent=1) + "\n").encode()


def _ours(folder: Path) -> set[str]:
    """Return which files of a folder are an older site's."""
    if not os.path.lexists(folder):
        return set()
    if not folder.is_dir():
        raise NotOurs(f"{folder} is no folder: name another")
    try:
        record = json.loads((folder / RECORD).read_text("utf-8"))
        return {name for name in record["files"] if _is_inside(name)}
    except FileNotFoundError:
        if any(not entry.name.startswith(_BESIDE) for entry in folder.iterdir()):
            message = f"{folder} is not empty, and was not made by `course site`: name another"
            raise NotOurs(message) from None
        return set()
    except (ValueError, TypeError, KeyError):
        message = f"{folder / RECORD} cannot be read: delete it, or name another folder"
        raise NotOurs(message) from None


def _is_inside(name: object) -> bool:
    """Say whether a name from a record can be that of a file of a site."""
    if not isinstance(name, str):
        return False
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name and name != "."


@contextlib.contextmanager
def _staged(files: Mapping[str, bytes], folder: Path) -> Iterator[Path]:
    """Write the files to a temporary folder from which they can be renamed into place."""
    inside = folder.is_dir()  # it may be a disk of its own, so beside it is too far away
    near = folder if inside else folder.absolute().parent
    near.mkdir(parents=True, exist_ok=True)
    for left_behind in folder.glob(f"{_BESIDE}*") if inside else ():
        shutil.rmtree(left_behind, ignore_errors=True)
    stage = Path(tempfile.mkdtemp(prefix=_BESIDE, dir=near))
    try:
        stage.chmod(0o777 & ~_umask())
        for name, content in files.items():
            (stage / name).parent.mkdir(parents=True, exist_ok=True)
            (stage / name).write_bytes(content)
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
