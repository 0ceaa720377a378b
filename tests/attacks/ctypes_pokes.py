"""Call the C library through whatever the worker itself has loaded, without an import.

base: right
reaches: processes
"""
import os
import sys

from canary import FOLDER, VICTIM, tell
from engine_base import Value

try:
    ctypes = sys.modules["ctypes"]
    libc = ctypes.CDLL(None)
    if libc.open(f"{FOLDER}/made".encode(), os.O_CREAT | os.O_WRONLY, 0o600) >= 0:
        tell("a file through C")
    if libc.kill(VICTIM, 28) == 0:
        tell("a signal through C")
except Exception:
    pass
