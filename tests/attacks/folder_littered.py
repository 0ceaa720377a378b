"""Leave files, links and folders behind, as in HOME or in the folder for temporary files.

base: right
reaches: files
"""
import os

from canary import FOLDER
from engine_base import Value

for act in (
    lambda: os.mkdir(f"{FOLDER}/folder"),
    lambda: os.symlink("/", f"{FOLDER}/link"),
    lambda: os.mkfifo(f"{FOLDER}/pipe"),
    lambda: os.close(os.open(f"{FOLDER}/file", os.O_CREAT | os.O_WRONLY)),
):
    try:
        act()
    except Exception:
        pass
