"""The warm parent: a fork for every submission, and never a line of one in it.

When the grader hangs up, by intention or by dying, everything here ends.
"""

from __future__ import annotations

import _socket
import gc
import marshal
import os
import signal
from typing import Any, NoReturn

from . import confinement, serve, trial
from .confinement import Walls
from .limits import WALLS_EXIT
from .orders import (
    DESCRIPTORS,
    END,
    ENDED,
    FORK,
    OPENING_BYTES,
    READY,
    REPLIES,
    REQUESTS,
    TRIAL,
    Opening,
)
from .wire import WorkerEnd

CONTROL = 3
"""The descriptor of our end of the socket."""


def main(control: int) -> NoReturn:
    """Serve the grader at the other end of the descriptor `control`."""
    os.dup2(control, CONTROL)
    os.dup2(1, 2)  # up to here our errors were of interest
    os.closerange(CONTROL + 1, confinement.HIGHEST_DESCRIPTOR)
    grader = _socket.socket(fileno=CONTROL)
    opening = Opening(*marshal.loads(grader.recv(OPENING_BYTES)))  # noqa: S302 (grader is trusted)
    for name in opening.preload:
        _import(name)
    confinement.adopt_orphans()
    gc.collect()
    gc.freeze()  # what the children share is not to be written to by their collector
    grader.send(READY)
    child = 0
    while True:
        letter, ancillary, _, _ = grader.recvmsg(1, _socket.CMSG_SPACE(DESCRIPTORS.size))
        if letter in (FORK, TRIAL):
            _ended(child)
            child = _forked(letter, DESCRIPTORS.unpack(ancillary[0][2]), opening)
        elif letter == END:
            grader.send(_ended(child))
            child = 0
        else:
            _ended(child)
            os._exit(0)


def _import(name: str) -> None:
    try:
        __import__(name)
    except ImportError:
        return  # this Python lacks it


def _forked(letter: bytes, wire: tuple[Any, ...], opening: Opening) -> int:
    us = os.getpid()
    child = os.fork()
    if child == 0:
        _be_child(letter, wire, opening, us)
    for descriptor in wire:
        os.close(descriptor)
    return child


def _be_child(letter: bytes, wire: tuple[Any, ...], opening: Opening, parent: int) -> NoReturn:
    """Run one submission, or a trial, and end; whatever happens, never return."""
    status = WALLS_EXIT
    try:
        confinement.die_with(parent)
        confinement.hold_wire(wire)
        walls = Walls(opening.filter, opening.uid)
        if letter == TRIAL:
            trial.run(walls, opening.namespaces, opening.hidden)
        else:
            serve.serve(WorkerEnd(REQUESTS, REPLIES), lambda: confinement.enter(walls))
        status = 0
    finally:
        os._exit(status)


def _ended(child: int) -> bytes:
    """Kill a child and whatever it has left behind; return how it ended."""
    status, cpu_s, peak_bytes = 0, 0.0, 0
    if child:
        os.kill(child, signal.SIGKILL)  # until we wait for it, the number is its own
        _, status, used = os.wait4(child, 0)
        cpu_s, peak_bytes = used.ru_utime + used.ru_stime, used.ru_maxrss * 1024
    while orphans := _children():
        for orphan in orphans:
            os.kill(orphan, signal.SIGKILL)
            os.waitpid(orphan, 0)
    return ENDED.pack(status, cpu_s, peak_bytes)


def _children() -> list[int]:
    """Return our children: those of a killed child have become ours.

    Where there is no /proc, there is a filter, and nobody can have been left behind.
    """
    us = os.getpid()
    try:
        descriptor = os.open(f"/proc/{us}/task/{us}/children", os.O_RDONLY)
    except OSError:
        return []
    try:
        return [int(child) for child in os.read(descriptor, 1 << 20).split()]
    finally:
        os.close(descriptor)
