"""Change the priority of another process, and the limits of the grader.

base: right
reaches: processes
"""
import os

from canary import VICTIM, tell
from engine_base import Value

for act in (
    lambda: os.setpriority(os.PRIO_PROCESS, VICTIM, 19),
    lambda: __import__("resource").prlimit(VICTIM, 7, (64, 64)),
    lambda: os.sched_setaffinity(VICTIM, {0}),
):
    try:
        act()
        tell("another process was changed")
    except Exception:
        pass
