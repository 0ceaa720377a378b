"""Lift the limit of the recursion, and recurse until something breaks.

base: right
reaches: memory
"""
import sys

from engine_base import Value


def tanh(self):
    sys.setrecursionlimit(2**31 - 1)

    def deeper(n):
        return deeper(n + 1) + 1

    return deeper(0)


Value.tanh = tanh
