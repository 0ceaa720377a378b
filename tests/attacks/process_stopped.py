"""Stop another process, so that it waits for ever.

base: right
reaches: processes
"""
import os

from canary import VICTIM
from engine_base import Value

try:
    os.kill(VICTIM, 19)
except Exception:
    pass
