"""Read another process's memory by process_vm_readv, through ctypes.

base: right
reaches: processes
"""
from canary import VICTIM, tell
from engine_base import Value

try:
    ctypes = __import__("ctypes")
    libc = ctypes.CDLL(None)

    class Span(ctypes.Structure):
        _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]

    with open(f"/proc/{VICTIM}/maps") as maps:
        start = int(next(maps).split("-")[0], 16)
    buffer = ctypes.create_string_buffer(64)
    ours = Span(ctypes.cast(buffer, ctypes.c_void_p), 64)
    if libc.process_vm_readv(VICTIM, ctypes.byref(ours), 1, ctypes.byref(Span(start, 64)), 1, 0) > 0:
        tell("memory of another process")
except Exception:
    pass
