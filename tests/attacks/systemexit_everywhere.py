"""Raise SystemExit(0), GeneratorExit and KeyboardInterrupt from the operators.

base: wrong
reaches: points
"""
from engine_base import Value


def raising(error):
    def operator(self, *_):
        raise error

    return operator


Value.__add__ = raising(SystemExit(0))
Value.__mul__ = raising(GeneratorExit())
Value.tanh = raising(KeyboardInterrupt())
