"""Ask the standard library for a temporary file, as learners' helpers do.

base: right
reaches: files
"""
from canary import FOLDER
from engine_base import Value

try:
    __import__("tempfile").mkstemp(dir=FOLDER)
except Exception:
    pass
