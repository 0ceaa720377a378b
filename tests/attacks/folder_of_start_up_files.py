"""Hand in the files that Python, pytest and pip run by themselves.

base: right
reaches: files
folder: start_up
"""
from engine_base import Value
