"""Fork twenty processes, each of which holds the wire and waits.

base: right
reaches: processes
"""
import os
import time

from canary import tell
from engine_base import Value

try:
    for _ in range(20):
        if os.fork() == 0:
            time.sleep(20)
            os._exit(0)
        tell("processes were started")
except Exception:
    pass
