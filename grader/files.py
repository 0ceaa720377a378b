"""Write a file so that it is there whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path


def write_atomically(path: Path, content: str | bytes, *, private: bool = False) -> None:
    """Write text, as UTF-8, or bytes to a temporary name beside `path`, then rename it.

    A link stays a link: what it leads to is replaced. A device or a pipe is not a file, and
    is refused: it would not be written to but put out of the way. A `private` file may be
    read by its owner alone, from its first byte on.

    Raises: OSError; then an older file at `path` is as it was.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "it is a folder, a device or a pipe")
    data = content.encode("utf-8") if isinstance(content, str) else content
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        if private:
            temporary.unlink(missing_ok=True)
            temporary.touch(0o600, exist_ok=False)
        temporary.write_bytes(data)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
