"""Overwrite a file, cut it short, and delete it.

base: right
reaches: files
"""
import os

from canary import PRECIOUS_FILE
from engine_base import Value

for act in (
    lambda: os.truncate(PRECIOUS_FILE, 0),
    lambda: open(PRECIOUS_FILE, "w").write("gone"),
    lambda: os.chmod(PRECIOUS_FILE, 0),
    lambda: os.unlink(PRECIOUS_FILE),
):
    try:
        act()
    except Exception:
        pass
