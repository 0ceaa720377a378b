"""Hand in sources nested so deep that a parser runs out of stack.

base: right
reaches: memory
folder: nested
"""
from engine_base import Value
