"""Replace the signal handler and the clock of the tasks, and then take all the time there is.

base: wrong
reaches: time
"""
from canary import inside
from engine_base import Value

limits = inside("limits")
limits.TaskClock.start = limits.TaskClock.stop = lambda self: None
Value.__add__ = lambda self, other: [None for _ in iter(int, 1)]
