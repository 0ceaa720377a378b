"""Wait in every task just as long as is allowed, without using any time.

base: right
reaches: time
"""
from engine_base import Value

add, lock = Value.__add__, __import__("_thread").allocate_lock()
lock.acquire()


def __add__(self, other):
    lock.acquire(timeout=0.4)
    return add(self, other)


Value.__add__ = __add__
