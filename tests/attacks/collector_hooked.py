"""Let the collector call us, and leave behind finalizers that raise and come back to life.

base: right
reaches: time
"""
from engine_base import Value

gc = __import__("gc")
kept = []


class Undead:
    def __del__(self):
        kept.append(self)
        raise RuntimeError("still here")


def called(phase, info):
    kept.append(Undead())
    Undead()
    raise RuntimeError(phase)


gc.callbacks.append(called)
gc.enable()
__import__("atexit").register(lambda: [None for _ in iter(int, 1)])
