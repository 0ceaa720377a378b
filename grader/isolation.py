"""How a submission is kept apart from the rest of the machine."""

from __future__ import annotations

import sys

from grader.report import IsolationFacts
from grader.worker import limits


def facts() -> IsolationFacts:
    """Say which level the worker runs at on this system, and what that leaves open."""
    missing = ["files, sockets, processes and threads are not denied"]
    if not limits.HAS_LIMITS:
        missing.append("no limits on CPU time and memory")
    elif sys.platform == "darwin":
        missing.append("the memory limit is not enforced reliably")
    if not limits.HAS_TASK_CLOCK:
        missing.append("no CPU clock for a single task, only wall time")
    return IsolationFacts("process", tuple(missing))
