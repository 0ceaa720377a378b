"""Read a file of the grader's user, and one that every machine has.

base: right
reaches: files
"""
from canary import SECRET_FILE, tell
from engine_base import Value

for path in ("/etc/passwd", SECRET_FILE):
    try:
        with open(path) as file:
            tell(file.read())
    except Exception:
        pass
