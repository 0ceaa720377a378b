"""Name files outside of the submission in `course.toml`.

base: right
reaches: files
folder: dots
"""
from engine_base import Value
