"""The walls around a submission: what a child gives up before it runs a line of it.

Entered in this order: descriptors, limits (`limits`), own user, environment, no new
privileges, and last the filter, after which nothing can be asked of the system but
arithmetic's needs: memory, clocks, and the two ends of the wire. Linux only.
"""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Sequence
from typing import NamedTuple

from .limits import WALLS_EXIT
from .orders import REPLIES, REQUESTS

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
SECCOMP_MODE_FILTER = 2
INSTRUCTION_BYTES = 8

HIGHEST_DESCRIPTOR = 4096
"""Far above what we are started with; the system's own limit may be a thousand million."""


class Walls(NamedTuple):
    """What to enter: a filter's program, and a user id; None leaves either as it is."""

    filter: bytes | None = None
    uid: int | None = None


class FilterProgram(ctypes.Structure):
    """The kernel's `struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


_libc = ctypes.CDLL(None, use_errno=True)
_libc.prctl.argtypes = (ctypes.c_int, *[ctypes.c_ulong] * 4)


def adopt_orphans() -> None:
    """Make this process the parent of all that its children leave behind."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


def hold_wire(descriptors: Sequence[int]) -> None:
    """Keep the null device and these two descriptors, as `REQUESTS` and `REPLIES`; no others."""
    for theirs, ours in zip(descriptors, (REQUESTS, REPLIES), strict=True):
        os.dup2(theirs, ours)
    os.closerange(3, REQUESTS)
    os.closerange(REPLIES + 1, HIGHEST_DESCRIPTOR)


def die_with(parent: int) -> None:
    """Ask the kernel to end this process when its parent, `parent`, ends."""
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before we could ask
        os._exit(WALLS_EXIT)


def enter(walls: Walls) -> None:
    """Give up everything but computing, for good.

    Raises: OSError if the system does not let us: then nothing may be run.
    """
    parent = os.getppid()
    os.environ.clear()
    if walls.uid is not None:
        os.setgroups([])
        os.setresgid(walls.uid, walls.uid, walls.uid)
        os.setresuid(walls.uid, walls.uid, walls.uid)
        die_with(parent)  # a change of user has cleared it
    if walls.filter is None:
        return
    _prctl(PR_SET_DUMPABLE, 0)
    _prctl(PR_SET_NO_NEW_PRIVS, 1)
    program = FilterProgram(len(walls.filter) // INSTRUCTION_BYTES, walls.filter)
    _prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(program))


def _prctl(option: int, first: int, second: int = 0) -> None:
    if _libc.prctl(option, first, second, 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
