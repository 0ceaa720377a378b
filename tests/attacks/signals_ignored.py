"""Ignore every signal that can be ignored, and then loop.

base: right
reaches: time
"""
from engine_base import Value

signal = __import__("_signal")
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
Value.tanh = lambda self: [None for _ in iter(int, 1)]
