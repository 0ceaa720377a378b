"""Raise an exception whose `__str__` gives a string that lies about its length and its parts.

base: wrong
reaches: memory
"""
from engine_base import Value


class Text(str):
    def __getitem__(self, _):
        return self

    def __str__(self):
        return self

    def replace(self, *_):
        return Text("y" * (64 << 20))

    def __len__(self):
        return 3


class Odd(Exception):
    def __str__(self):
        return Text("x\0y\0passed\0")


def __add__(self, other):
    raise Odd


Value.__add__ = __add__
