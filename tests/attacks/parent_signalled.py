"""Signal the parent and the grader, with a signal that does no harm where it arrives.

base: right
reaches: processes
"""
import os

from canary import GRADER, tell
from engine_base import Value

for name, process in (("parent", os.getppid()), ("grader", GRADER)):
    try:
        os.kill(process, 28)
        tell(f"the {name} was signalled")
    except Exception:
        pass
