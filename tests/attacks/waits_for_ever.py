"""Wait for something that never comes, without using any time.

base: right
reaches: time
"""
import time

from engine_base import Value


def tanh(self):
    while True:
        time.sleep(3600)


Value.tanh = tanh
