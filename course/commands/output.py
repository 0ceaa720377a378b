"""Where the commands that make files write them."""

from __future__ import annotations

from pathlib import Path


def write(path: Path, content: str | bytes) -> None:
    """Write a file so that it is there whole or not at all.

    Raises: CannotWrite where it cannot be written; then an older file is as it was.
    """
    from course.commands.failure import CannotWrite
    from grader.files import write_atomically

    try:
        write_atomically(path, content)
    except OSError as error:
        raise CannotWrite(f"{path} cannot be written: {error.strerror}.") from error
