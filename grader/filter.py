"""The filter's program: which system calls a submission may make. All others are refused.

An allow-list, compiled once by libseccomp in this, the trusted process, and handed to the
workers as bytes. A refused call fails with EPERM: it becomes an exception at a line of the
submission, as any other mistake, and code that tries and can do without goes on.
"""

from __future__ import annotations

import ctypes
import errno
import functools
import os
from collections.abc import Sequence
from typing import NamedTuple

from grader.worker.orders import REPLIES, REQUESTS

LIBRARY = "libseccomp.so.2"

COMPUTING = (
    # memory
    *("brk", "madvise", "mremap", "munmap", "futex"),
    # clocks, and waiting for them
    *("clock_getres", "clock_gettime", "clock_nanosleep", "gettimeofday", "nanosleep", "time"),
    *("getrusage", "times", "restart_syscall", "sched_yield"),
    # the task's own clock, and what it interrupts
    *("alarm", "getitimer", "setitimer", "pause"),
    *("rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "sigreturn"),
    # who am I; chance
    *("getegid", "geteuid", "getgid", "getpid", "getppid", "gettid", "getuid", "getrandom"),
    # descriptors that are there
    *("close", "fstat", "lseek"),
    # the end
    *("exit", "exit_group"),
)
"""Calls that are allowed whatever their arguments; some exist on some processors only."""

PROT_EXEC = 4

ALLOW = 0x7FFF0000
REFUSE = 0x00050000 | errno.EPERM
EQUAL = 4
MASKED_EQUAL = 7


class FilterError(Exception):
    """No filter can be made on this system; the message says why, without a full stop."""


class Comparison(ctypes.Structure):
    """libseccomp's `struct scmp_arg_cmp`: what an argument of a call must be."""

    _fields_ = (
        ("argument", ctypes.c_uint),
        ("operator", ctypes.c_int),
        ("first", ctypes.c_uint64),
        ("second", ctypes.c_uint64),
    )


class Rule(NamedTuple):
    """A call that is allowed if an argument of it compares so."""

    call: str
    comparison: Comparison


def _on(call: str, descriptor: int) -> Rule:
    return Rule(call, Comparison(0, EQUAL, descriptor, 0))


CONDITIONAL = (
    # The wire, and the null device that stands for the standard streams.
    *(_on("read", descriptor) for descriptor in (0, REQUESTS)),
    *(_on("write", descriptor) for descriptor in (1, 2, REPLIES)),
    # Memory, but none to run machine code from.
    *(
        Rule(call, Comparison(2, MASKED_EQUAL, PROT_EXEC, 0))
        for call in ("mmap", "mmap2", "mprotect")
    ),
)


@functools.cache
def program() -> bytes:
    """Return the filter's program for this machine.

    Raises: FilterError if libseccomp is not there or cannot make it.
    """
    try:
        library = ctypes.CDLL(LIBRARY)
    except OSError as error:
        raise FilterError("libseccomp is not installed") from error
    library.seccomp_init.restype = ctypes.c_void_p
    context = ctypes.c_void_p(library.seccomp_init(ctypes.c_uint32(REFUSE)))
    if not context:
        raise FilterError("libseccomp cannot make a filter on this system")
    try:
        for call in COMPUTING:
            _allow(library, context, call, ())
        for rule in CONDITIONAL:
            _allow(library, context, rule.call, (rule.comparison,))
        return _exported(library, context)
    finally:
        library.seccomp_release(context)


def _allow(
    library: ctypes.CDLL, context: ctypes.c_void_p, call: str, conditions: Sequence[Comparison]
) -> None:
    number = library.seccomp_syscall_resolve_name(call.encode())
    if number < 0:  # this processor has no such call
        return
    array = (Comparison * len(conditions))(*conditions)
    added = library.seccomp_rule_add_array(
        context, ctypes.c_uint32(ALLOW), number, len(conditions), array
    )
    if added != 0:
        raise FilterError(f"libseccomp refuses a rule for {call}: {os.strerror(-added)}")


def _exported(library: ctypes.CDLL, context: ctypes.c_void_p) -> bytes:
    descriptor = os.memfd_create("filter")
    try:
        if (done := library.seccomp_export_bpf(context, descriptor)) != 0:
            raise FilterError(f"libseccomp cannot export its filter: {os.strerror(-done)}")
        size = os.lseek(descriptor, 0, os.SEEK_END)
        return os.pread(descriptor, size, 0)
    finally:
        os.close(descriptor)
