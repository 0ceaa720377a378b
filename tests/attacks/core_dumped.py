"""Move to a folder where a core may be written, and abort.

base: right
reaches: files
"""
import os

from canary import FOLDER
from engine_base import Value

try:
    os.chdir(FOLDER)
except Exception:
    pass
Value.tanh = lambda self: os.abort()
