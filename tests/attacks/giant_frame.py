"""Announce an answer of four gigabytes, and send as much of it as is taken.

base: wrong
reaches: memory
"""
import struct

from canary import inside
from engine_base import Value

nonce = inside("batch")[0][0]
pipe = inside("pipe")
pipe.send(struct.pack("<8sBI", nonce, 0, 0xFFFFFFFF))
while True:
    pipe.send(bytes(1 << 20))
