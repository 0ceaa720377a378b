"""Hand in modules that are called like the standard library's and the grader's own.

base: right
reaches: points
folder: namesakes
"""
from engine_base import Value
