"""Look at the stack, and be slow, wrong or right depending on who is calling.

base: wrong
reaches: points
"""
import sys

from engine_base import Value

add = Value.__add__


def __add__(self, other):
    caller = sys._getframe(1).f_code.co_filename
    if "worker" in caller or "operations" in caller:
        return Value(float("nan"))
    return add(self, other)


Value.__add__ = __add__
