"""Hand in a pipe, a socket and a link to a device in the place of files.

base: right
reaches: time
folder: pipes
"""
from engine_base import Value
