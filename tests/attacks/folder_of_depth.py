"""Hand in folders within folders within folders.

base: right
reaches: time
folder: depth
"""
from engine_base import Value
