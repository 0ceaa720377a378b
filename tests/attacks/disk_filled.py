"""Write a file of a hundred gigabytes, most of it a hole.

base: right
reaches: files
"""
import os

from canary import FOLDER
from engine_base import Value

try:
    descriptor = os.open(f"{FOLDER}/large", os.O_CREAT | os.O_WRONLY)
    os.ftruncate(descriptor, 100 << 30)
except Exception:
    pass
