"""Change what a later submission in the same lane might inherit: modules, hooks, files.

base: right
reaches: points
"""
import builtins
import sys

from engine_base import Value

math = __import__("math")
math.tanh = lambda x: 0.0
builtins.sum = lambda *_: 0.0
sys.setrecursionlimit(50)
for name in list(sys.modules):
    if name.startswith(("worker", "encodings")):
        sys.modules[name] = None
