"""What this process may do, as the kernel tells it."""

from __future__ import annotations

import functools
import os
from pathlib import Path

OWN_USER = 60_917
"""The user that a submission runs as when the grader is root: nobody else's on usual systems."""

NEEDED_FOR_OWN_USER = ("CAP_KILL", "CAP_SETGID", "CAP_SETUID")
"""To become another user, and to end what that user runs."""

BITS = {"CAP_KILL": 5, "CAP_SETGID": 6, "CAP_SETUID": 7, "CAP_SYS_ADMIN": 21}


def own_user() -> int | None:
    """Return the user id to give to submissions; None where we are not root.

    Raises: OSError if we are root and cannot: the capabilities for it are missing, or this
    container knows no such user.
    """
    if os.geteuid() != 0:
        return None
    missing = [name for name in NEEDED_FOR_OWN_USER if not _has(name)]
    if missing:
        raise OSError(f"{', '.join(missing)} is missing")
    if not _is_mapped(OWN_USER):
        raise OSError("this container has no user but root")
    return OWN_USER


def can_make_namespaces() -> bool:
    """Tell whether namespaces can be made without a user namespace around them."""
    return os.geteuid() == 0 and _has("CAP_SYS_ADMIN")


def _has(name: str) -> bool:
    return bool(_effective_capabilities() >> BITS[name] & 1)


@functools.cache
def _effective_capabilities() -> int:
    for line in Path("/proc/self/status").read_text("ascii", "replace").splitlines():
        if line.startswith("CapEff:"):
            return int(line.split()[1], 16)
    return 0


def _is_mapped(user: int) -> bool:
    ranges = Path("/proc/self/uid_map").read_text("ascii").splitlines()
    return any(
        int(first) <= user < int(first) + int(count)
        for first, _, count in (line.split() for line in ranges)
    )
