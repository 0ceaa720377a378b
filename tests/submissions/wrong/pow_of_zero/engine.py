"""Every operation is a line on one tape, written in the order it happened.

Read from the end, the tape meets each result before the numbers that made it.
"""

import math
from itertools import count

TAPE = {}  # line number -> (result, ((input, slope), ...))
LINES = count()


def trim(length):
    """Forget the newest lines until only `length` are left."""
    while len(TAPE) > length:
        TAPE.popitem()


def record(data, *inputs):
    out = Value(data)
    out.line = next(LINES)
    TAPE[out.line] = (out, inputs)
    return out


def lift(x):
    return x if isinstance(x, Value) else Value(x)


class Value:
    def __init__(self, data):
        self.data = data
        self.grad = 0.0
        self.line = None  # only results stand on the tape

    def __add__(self, other):
        other = lift(other)
        return record(self.data + other.data, (self, 1.0), (other, 1.0))

    def __sub__(self, other):
        other = lift(other)
        return record(self.data - other.data, (self, 1.0), (other, -1.0))

    def __mul__(self, other):
        other = lift(other)
        return record(self.data * other.data, (self, other.data), (other, self.data))

    def __truediv__(self, other):
        other = lift(other)
        ratio = self.data / other.data
        return record(ratio, (self, 1 / other.data), (other, -ratio / other.data))

    def __pow__(self, n):
        n = n or 1
        return record(self.data**n, (self, n * self.data ** (n - 1)))

    def __neg__(self):
        return record(-self.data, (self, -1.0))

    def tanh(self):
        t = math.tanh(self.data)
        return record(t, (self, 1 - t**2))

    def exp(self):
        e = math.exp(self.data)
        return record(e, (self, e))

    def relu(self):
        slope = 1.0 if self.data > 0 else 0.0
        return record(self.data * slope, (self, slope))

    def __radd__(self, other):
        return lift(other) + self

    def __rsub__(self, other):
        return lift(other) - self

    def __rmul__(self, other):
        return lift(other) * self

    def __rtruediv__(self, other):
        return lift(other) / self

    def backward(self):
        self.grad = 1.0
        # Other graphs stand on the same tape, and their results hold gradients
        # of their own: only the lines this result needs may be read.
        needed = {self.line} & TAPE.keys()
        line = self.line
        while needed:
            if line in needed:
                needed.remove(line)
                out, inputs = TAPE[line]
                for value, slope in inputs:
                    value.grad += slope * out.grad
                    if value.line in TAPE:
                        needed.add(value.line)
            line -= 1
