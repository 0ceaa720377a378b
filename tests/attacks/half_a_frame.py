"""Send half of an answer, and then end with success.

base: wrong
reaches: points
"""
import os
import struct

from canary import inside
from engine_base import Value

inside("pipe").send(struct.pack("<8sBI", inside("batch")[0][0], 0, 800) + bytes(4))
os._exit(0)
