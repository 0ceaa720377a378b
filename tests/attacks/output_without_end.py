"""Print for ever, to both streams and to the descriptors behind them.

base: right
reaches: output
"""
import os
import sys

from engine_base import Value


def tanh(self):
    while True:
        print("x" * 100_000)
        print("\x1b[2Jx" * 1000, file=sys.stderr, flush=True)
        os.write(1, b"x" * 100_000)
        os.write(2, b"x" * 100_000)


Value.tanh = tanh
