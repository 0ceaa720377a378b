"""A command without root's right to read and write everything, for tests that run as root."""

from __future__ import annotations

import ctypes
import os

CANNOT = 99
"""The status of a process whose system does not let root give up its privileges."""


def drop_privileges() -> None:
    """Give up the two capabilities by which root reads and writes everything."""
    if os.geteuid() == 0:
        drop, override, read_search = 24, 1, 2  # PR_CAPBSET_DROP, CAP_DAC_…
        libc = ctypes.CDLL(None)
        for capability in (override, read_search):
            if libc.prctl(drop, capability, 0, 0, 0) != 0:
                os._exit(CANNOT)
