"""Take almost all of a task's time, but only in every third operation.

base: right
reaches: time
"""
from engine_base import Value

count, add = [0], Value.__add__


def __add__(self, other):
    count[0] += 1
    if count[0] % 3 == 0:
        for _ in range(30_000):
            pass
    return add(self, other)


Value.__add__ = __add__
