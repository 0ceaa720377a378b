"""What the system is asked to take away, and the clock of a single task.

Where a system lacks a limit, it is not imitated: the grader names it in the report.
"""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType
from typing import Any, NoReturn

resource: Any
try:
    import resource
except ImportError:  # not a Unix: the grader's wall clock is all there is
    resource = None

RECURSION_LIMIT = 10_000
STACK_BYTES = 64 << 20
OPEN_FILES = 32

CLOCK_EXIT = 124
"""The status with which this process ends itself when a task ignores its clock."""

WALLS_EXIT = 125
"""The status of a process that could not enter its walls. It has run nothing."""

HAS_LIMITS = resource is not None
HAS_TASK_CLOCK = hasattr(signal, "setitimer")


class OutOfTime(BaseException):
    """The task has used up its CPU time.

    Not an `Exception`, so that a learner's `except Exception` lets it through.
    """


def confine(cpu_s: float, memory_bytes: int) -> None:
    """Limit this process: CPU in seconds, memory and output in bytes, recursion in frames.

    Hard limits equal soft ones, so that they cannot be raised again.
    """
    sys.setrecursionlimit(RECURSION_LIMIT)
    if not HAS_LIMITS:
        return
    whole_seconds = max(1, -int(-cpu_s // 1))
    # The stack is made roomy first, within what is allowed: deep but lawful recursion.
    _, stack_ceiling = resource.getrlimit(resource.RLIMIT_STACK)
    stack = STACK_BYTES if stack_ceiling < 0 else min(STACK_BYTES, stack_ceiling)
    for name, limit in (
        ("RLIMIT_STACK", stack),
        ("RLIMIT_CPU", whole_seconds),
        ("RLIMIT_AS", memory_bytes),
        ("RLIMIT_FSIZE", 0),
        ("RLIMIT_CORE", 0),
        ("RLIMIT_NOFILE", OPEN_FILES),
        ("RLIMIT_NPROC", 0),
    ):
        kind = getattr(resource, name, None)
        if kind is not None:
            _lower(kind, limit)


def forbid_opening() -> None:
    """Open no more files and no sockets, for good; what is open stays so."""
    if HAS_LIMITS:
        _lower(resource.RLIMIT_NOFILE, 0)


def _lower(kind: int, limit: int) -> None:
    _, ceiling = resource.getrlimit(kind)
    if ceiling >= 0:
        limit = min(limit, ceiling)
    try:
        resource.setrlimit(kind, (limit, limit))
    except (OSError, ValueError):
        # macOS refuses some (the address space below what is mapped already): the report
        # says "as the system has them", and the wall clock stands behind it.
        return


class TaskClock:
    """Interrupt a task that has used its CPU seconds, once by exception, then for good.

    CPU time, not wall time: a busy machine must not change a verdict.
    """

    def __init__(self, budget_s: float, wall_s: float) -> None:
        self._budget_s = budget_s
        # Should the grader be killed, nobody else would end a task that merely waits.
        self._alarm_s = 1 + int(2 * wall_s)
        self._rung = False
        if HAS_TASK_CLOCK:
            signal.signal(signal.SIGPROF, self._ring)

    def start(self) -> None:
        """Give the coming task its full budget."""
        self._rung = False
        if HAS_TASK_CLOCK:
            signal.setitimer(signal.ITIMER_PROF, self._budget_s, self._budget_s / 4)
            signal.alarm(self._alarm_s)

    def stop(self) -> None:
        """End the task's time; nothing rings until the next `start`."""
        if HAS_TASK_CLOCK:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.alarm(0)

    def _ring(self, _signal: int, _frame: FrameType | None) -> None:
        if self._rung:
            self._die()  # the first exception was caught and ignored
        self._rung = True
        raise OutOfTime

    @staticmethod
    def _die() -> NoReturn:
        os._exit(CLOCK_EXIT)
