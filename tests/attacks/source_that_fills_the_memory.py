"""Hand in small sources whose trees are a thousand times larger.

base: right
reaches: memory
folder: dense
"""
from engine_base import Value
