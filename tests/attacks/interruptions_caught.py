"""Catch whatever interrupts a loop, for ever.

base: right
reaches: time
"""
from engine_base import Value


def tanh(self):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass


Value.tanh = tanh
