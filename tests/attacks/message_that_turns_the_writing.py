"""Raise with a message of control characters, overrides of direction and lone surrogates.

base: wrong
reaches: output
"""
from engine_base import Value

SIGNS = "\x1b]0;owned\x07\x9b2J\u202e\u2066\u200b\ud800\0\x08\x7f\ufeff" + "e" + "\u0301" * 200


def __add__(self, other):
    raise type(SIGNS.replace("\0", "").replace("\ud800", ""), (Exception,), {})(SIGNS)


Value.__add__ = __add__
