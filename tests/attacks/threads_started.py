"""Start ten threads that never end.

base: right
reaches: processes
"""
import time

from canary import tell
from engine_base import Value

try:
    thread = __import__("_thread")
    for _ in range(10):
        thread.start_new_thread(time.sleep, (20,))
    tell("threads were started")
except Exception:
    pass
