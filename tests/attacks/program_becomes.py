"""Become another program, which inherits the wire.

base: right
reaches: processes
"""
import os

from canary import FOLDER
from engine_base import Value

try:
    os.execv("/bin/sh", ["sh", "-c", f"echo hello > {FOLDER}/became"])
except Exception:
    pass
