"""Hand in a hundred thousand files.

base: right
reaches: time
folder: many
"""
from engine_base import Value
