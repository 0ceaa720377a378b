"""Write zeros to every descriptor there may be, the standard streams included.

base: wrong
reaches: points
"""
import os

from engine_base import Value

for descriptor in range(64):
    try:
        os.write(descriptor, bytes(4096))
    except OSError:
        pass
