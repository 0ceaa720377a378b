"""Go on forking for a while: each child forks the next and ends, so that no pid stays.

base: right
reaches: processes
"""
import os
import time

from canary import tell
from engine_base import Value

try:
    if os.fork() == 0:
        end = time.monotonic() + 5
        while time.monotonic() < end:
            time.sleep(0.001)
            if os.fork():
                os._exit(0)
        os._exit(0)
    tell("a process was started")
except Exception:
    pass
