"""Give all Values one hash, so that sets of them take quadratic time.

base: right
reaches: time
"""
from engine_base import Value

Value.__hash__ = lambda self: 1
Value.__eq__ = lambda self, other: self is other
