"""Let faulthandler write into every descriptor, by a timer and when it crashes.

base: right
reaches: points
"""
from engine_base import Value

try:
    faulthandler = __import__("faulthandler")
    for descriptor in range(3, 64):
        try:
            faulthandler.dump_traceback(file=descriptor)
            faulthandler.enable(file=descriptor)
            faulthandler.dump_traceback_later(0.01, repeat=True, file=descriptor)
        except Exception:
            pass
except Exception:
    pass
