"""Hand in files of many gigabytes, most of them holes.

base: right
reaches: memory
folder: gigabytes
"""
from engine_base import Value
