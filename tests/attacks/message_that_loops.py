"""Raise an exception whose `__str__` never ends, and catches whatever interrupts it.

base: wrong
reaches: time
"""
from engine_base import Value


class Endless(Exception):
    def __str__(self):
        while True:
            try:
                while True:
                    pass
            except BaseException:
                pass


def __add__(self, other):
    raise Endless


Value.__add__ = __add__
