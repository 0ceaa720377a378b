"""Kill another process of the same user.

base: right
reaches: processes
"""
import os

from canary import VICTIM
from engine_base import Value

try:
    os.kill(VICTIM, 9)
except Exception:
    pass
