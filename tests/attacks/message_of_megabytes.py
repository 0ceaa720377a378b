"""Raise with a message of many megabytes.

base: wrong
reaches: memory
"""
from engine_base import Value


def __add__(self, other):
    raise ValueError("x" * (20 << 20))


Value.__add__ = __add__
