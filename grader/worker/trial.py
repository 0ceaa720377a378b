"""A child that enters the walls and then tries what they should deny.

What it finds open, it says: then the level that asked for these walls is not to be had.
"""

from __future__ import annotations

import _socket
import _thread
import gc
import os
import signal
import time
from collections.abc import Callable

from .confinement import Walls, enter
from .orders import REPLIES, SAYS_BYTES

PATIENCE_S = 30
"""A trial that takes longer is ended by its clock."""

FIRST_CHILDREN = 100
"""In a space of its own, a process has one of the first numbers."""


def run(walls: Walls, namespaces: bool, hidden: str) -> None:
    """Enter the walls, try them, and write what was found to the wire: nothing, if all holds.

    `hidden` is a path that must not be there inside namespaces.
    """
    signal.alarm(PATIENCE_S)
    try:
        found = _in_namespaces(hidden) if namespaces else []
        enter(walls)
        found += _through_filter() if walls.filter is not None else []
    except Exception as error:
        found = [f"{type(error).__name__}: {error}"]
    os.write(REPLIES, "; ".join(found).encode("utf-8", "replace")[:SAYS_BYTES])


def _in_namespaces(hidden: str) -> list[str]:
    found = []
    if os.path.exists(hidden):  # noqa: PTH110 (pathlib costs more than all of the trial)
        found.append("the grader's own files are visible")
    if os.getpid() > FIRST_CHILDREN:
        found.append("other processes are visible")
    if any(name != "lo" for _, name in _socket.if_nameindex()):
        found.append("the network is visible")
    return found


def _through_filter() -> list[str]:
    """Return what the filter lets through and should not, or denies and should not."""
    attempts: dict[str, Callable[[], object]] = {
        "a file could be opened": lambda: os.open("/", os.O_RDONLY),
        "a socket could be opened": _socket.socket,
        "a process could be started": _fork,
        "a thread could be started": lambda: _thread.start_new_thread(os.getpid, ()),
        "another process could be signalled": lambda: os.kill(os.getppid(), 0),
    }
    found = [what for what, attempt in attempts.items() if not _denied(attempt)]
    try:
        signal.setitimer(signal.ITIMER_PROF, 10)
        signal.setitimer(signal.ITIMER_PROF, 0)
        time.process_time()
        large = [bytearray(1 << 20) for _ in range(16)]
        del large
        gc.collect()
    except OSError as error:
        found.append(f"computing is denied as well: {error}")
    return found


def _denied(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except (OSError, RuntimeError):
        return True
    return False


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)
