"""Start a program: a shell, or another Python.

base: right
reaches: processes
"""
import os
import sys

from canary import FOLDER, tell
from engine_base import Value

for act in (
    lambda: os.posix_spawn("/bin/sh", ["sh", "-c", f"echo hello > {FOLDER}/shell"], {}) > 0,
    lambda: os.system(f"echo hello > {FOLDER}/system") == 0,
    lambda: __import__("subprocess").run([sys.executable, "-c", "pass"], check=True),
):
    try:
        if act():
            tell("a program was started")
    except Exception:
        pass
