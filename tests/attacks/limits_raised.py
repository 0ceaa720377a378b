"""Raise the limits that the system was asked to set.

base: right
reaches: limits
"""
from canary import tell
from engine_base import Value

try:
    resource = __import__("resource")
    for kind in (resource.RLIMIT_CPU, resource.RLIMIT_AS, resource.RLIMIT_FSIZE):
        resource.setrlimit(kind, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    tell("limits were raised")
except Exception:
    pass
