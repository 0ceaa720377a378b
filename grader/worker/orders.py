"""How the grader and a warm parent talk, over a socket whose messages are whole.

The grader opens with how the children are to be walled in; then it sends one letter at a
time. The parent answers that it is ready, and how a child ended; nothing else.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

FORK = b"f"
"""Fork a child for a submission; its two ends of a wire come with the letter."""
TRIAL = b"t"
"""The same for a child that tries the walls, and says what it has found."""
END = b"e"
"""End the child, and all that came of it; the answer is `ENDED`."""

READY = b"ready"

OPENING_BYTES = 1 << 16
"""The opening message is never longer than this."""

SAYS_BYTES = 500
"""Nor what a trial says than this."""

DESCRIPTORS = struct.Struct("@ii")
ENDED = struct.Struct("<qdq")
"""Status as `waitpid` gives it, seconds of CPU, and peak memory in bytes."""

REQUESTS = 10
REPLIES = 11
"""The descriptors of a child's wire: the filter's program lets it read and write no others."""


class Opening(NamedTuple):
    """How children are walled in.

    `filter` is a filter's program and `uid` the user to become, each None to stay as it is.
    `namespaces`: there should be some around us, and `hidden` be out of sight. `preload` are
    modules to hold ready.
    """

    filter: bytes | None
    uid: int | None
    namespaces: bool
    hidden: str
    preload: tuple[str, ...] = ()
