"""Become another user, root before all, and enter namespaces of one's own.

base: right
reaches: limits
"""
import os

from canary import tell
from engine_base import Value

for act in (
    lambda: __import__("ctypes").CDLL(None).unshare(0x10000000),
    lambda: os.setresuid(0, 0, 0) or (os.getuid() or -1),
    lambda: os.chroot("/"),
):
    try:
        if act() == 0:
            tell("more rights than before")
    except Exception:
        pass
