"""Start a program: a shell, or another Python.

base: right
reaches: processes
"""
import os
import sys

from canary import FOLDER, tell
from engine_base import Value

for act in (
    lambda: os.posix_spawn("/bin/sh", ["sh", "-c", f"echo hello > {FOLDER}/shell"], {}),
    lambda: os.system(f"echo hello > {FOLDER}/system"),
    lambda: __import__("subprocess").run([sys.executable, "-c", "pass"], check=True),
):
    try:
        if act() != -1:
            tell("a program was started")
    except Exception:
        pass
