"""Hand in files whose names command terminals, browsers, shells and GitHub.

base: right
reaches: output
folder: names
"""
from engine_base import Value
