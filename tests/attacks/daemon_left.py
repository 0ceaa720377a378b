"""Fork twice, begin a session of its own, and go on when the submission has been graded.

base: right
reaches: processes
"""
import os
import time

from canary import tell
from engine_base import Value

try:
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(20)
        os._exit(0)
    tell("a process was started")
except Exception:
    pass
