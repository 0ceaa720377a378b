"""Crash the interpreter: an address that is not there, through a code object made by hand.

base: right
reaches: memory
"""
from engine_base import Value


def tanh(self):
    code = (lambda: None).__code__.replace(co_code=b"\x64\xff" * 40, co_consts=())
    return eval(code)


Value.tanh = tanh
