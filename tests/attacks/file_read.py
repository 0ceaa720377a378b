"""Read a file of the grader's user, as /etc/passwd would be read.

base: right
reaches: files
"""
from canary import SECRET_FILE, tell
from engine_base import Value

for path in (SECRET_FILE, "/etc/passwd"):
    try:
        with open(path) as file:
            tell(file.read())
    except Exception:
        pass
