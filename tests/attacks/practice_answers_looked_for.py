"""Look for the practice corpus on the disk, where the answers are.

base: wrong
reaches: files
"""
from canary import inside, tell
from engine_base import Value

home = inside("jobs").__file__.rpartition("worker")[0]
try:
    with open(f"{home}corpora/practice.json") as file:
        tell(f"the practice corpus: {len(file.read())} characters")
except Exception:
    pass
