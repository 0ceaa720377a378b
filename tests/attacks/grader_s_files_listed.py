"""List folders: the root, the submission's, the grader's, and the open descriptors.

base: right
reaches: files
"""
import os

from canary import SECRET_FILE, tell
from engine_base import Value

for path in ("/", os.path.dirname(SECRET_FILE), "/proc", "/proc/self/fd"):
    try:
        tell(f"{len(os.listdir(path))} names")
    except Exception:
        pass
