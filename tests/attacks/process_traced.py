"""Attach to another process as a debugger does, by ptrace through ctypes, and let it go.

base: right
reaches: processes
"""
from canary import VICTIM, tell
from engine_base import Value

SEIZE, DETACH = 0x4206, 17
try:
    libc = __import__("ctypes").CDLL(None)
    if libc.ptrace(SEIZE, VICTIM, 0, 0) == 0:
        tell("another process was traced")
        libc.ptrace(DETACH, VICTIM, 0, 0)
except Exception:
    pass
