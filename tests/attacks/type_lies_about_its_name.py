"""Give an object whose class raises, loops or lies when it is asked for its name.

base: wrong
reaches: output
"""
from engine_base import Value


class Meta(type):
    @property
    def __name__(cls):
        return "float\x1b[2J" * 100_000


class Strange(metaclass=Meta):
    pass


Value.__add__ = lambda self, other: Strange()
Value.__mul__ = lambda self, other: Value(Strange())
