"""How a submission is kept apart from the rest of the machine: the levels, in words.

WorkerError
  └─ IsolationError   a level was demanded that this machine does not give
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Literal

from grader.report import IsolationFacts
from grader.worker import limits

Level = Literal["process", "filtered", "strict"]
Demand = Literal["auto", "process", "filtered", "strict"]
"""`auto` is the strongest level that a probe shows to work."""

LEVELS: tuple[Level, ...] = ("process", "filtered", "strict")
"""From the weakest to the strongest; each includes those before it."""

ADVISORY_BELOW: Level = "filtered"
"""Marks from a weaker level are advisory: a hostile submission could have reached further."""

ADDED: Mapping[Level, str] = {
    "filtered": "system calls are not filtered, so files can be deleted and processes signalled",
    "strict": "no namespaces of its own",
}
"""What is missing where a level is."""


class WorkerError(Exception):
    """No worker can be started: the grader's own fault, not the submission's."""


class IsolationError(WorkerError):
    """A level was demanded that this machine does not give."""


def facts(level: Level, reasons: Mapping[Level, str], no_user: str | None = None) -> IsolationFacts:
    """Say at which level a submission runs, and what that leaves open.

    `reasons` say why the stronger levels are not there; `no_user` why the submission has no
    user of its own, where it should have.
    """
    stronger = LEVELS[LEVELS.index(level) + 1 :]
    missing = [f"{ADDED[other]} ({reasons.get(other, 'not asked for')})" for other in stronger]
    if no_user is not None:
        missing.append(f"no user of its own ({no_user})")
    if not limits.HAS_LIMITS:
        missing.append("files, processes, CPU time and memory are not limited")
    elif sys.platform == "darwin":
        missing.append("the memory limit is not enforced reliably")
    if not limits.HAS_TASK_CLOCK:
        missing.append("no CPU clock for a single task, only wall time")
    return IsolationFacts(level, tuple(missing), is_advisory(level))


def is_advisory(level: Level) -> bool:
    """Tell whether marks from a level are advisory."""
    return LEVELS.index(level) < LEVELS.index(ADVISORY_BELOW)
