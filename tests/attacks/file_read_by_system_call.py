"""Read a file by `os.open`, by a path below /proc, and by a descriptor that was left open.

base: right
reaches: files
"""
import os

from canary import SECRET_FILE, tell
from engine_base import Value

for path in (SECRET_FILE, f"/proc/self/root{SECRET_FILE}", f"/proc/1/root{SECRET_FILE}"):
    try:
        tell(os.read(os.open(path, os.O_RDONLY), 4096).decode())
    except Exception:
        pass
