"""What a hostile submission would try, done for real: behind which walls does it succeed.

Each attempt is a submission of its own, run as any other. Its targets are made for it: a
file, a port, and a few bytes in this process's memory.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.conversation import Limits, Request
from grader.isolation import Level
from grader.lane import open_lane
from grader.session import Session
from grader.submission import SourceFile, Submission
from grader.tasks import Slug
from grader.worker.wire import Failure

ENGINE = """\
class Value:
    def __init__(self, data):
        self.data = data
        self.grad = 0.0

    def __neg__(self):
        return Value(attempt())

def attempt():
    import os, sys
"""

JOB = ("program", (2.0,), (("neg", 0),), (), "results")
"""What makes the worker call `attempt`."""

LIMITS = Limits(cpu_s=2.0, task_cpu_s=0.3, strikes=1)

SECRET = b"the grader's own number: 42"


@dataclass(frozen=True)
class Attempt:
    """One thing to try.

    `body` is the Python of a function that returns a number other than 0 if it has
    succeeded, and 0 or nothing at all if not. `leaves_process`: the number is that of a
    process, and success is that it outlives the grading.
    """

    what: str
    body: str
    leaves_process: bool = False


ATTEMPTS: Sequence[Attempt] = (
    Attempt("read a file", "return len(open({file!r}).read())"),
    Attempt("write a file", "return len([open({folder!r} + '/written', 'w')])"),
    Attempt("delete a file", "os.unlink({victim!r})\nreturn 1"),
    Attempt("see what a folder holds", "return len(os.listdir({folder!r}))"),
    Attempt(
        "reach a server on this machine",
        "link = __import__('_socket').socket()\nlink.connect(('127.0.0.1', {port}))\nreturn 1",
    ),
    Attempt(
        "start a process",
        "child = os.fork()\nif child == 0: os._exit(0)\nos.waitpid(child, 0)\nreturn 1",
    ),
    Attempt(
        "leave a process behind",
        "import time\n"
        "reading, writing = os.pipe()\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        "        os.write(writing, str(os.getpid()).encode())\n"
        "        time.sleep(60)\n"
        "    os._exit(0)\n"
        "return int(os.read(reading, 20))",
        leaves_process=True,
    ),
    Attempt("start a thread", "__import__('_thread').start_new_thread(len, ('',))\nreturn 1"),
    Attempt("send the grader a signal", "os.kill({pid}, 0)\nreturn 1"),
    Attempt(
        "read the grader's memory",
        "ctypes = __import__('ctypes')\n"
        "class Stretch(ctypes.Structure):\n"
        "    _fields_ = [('start', ctypes.c_void_p), ('length', ctypes.c_size_t)]\n"
        "copy = ctypes.create_string_buffer({length})\n"
        "here = Stretch(ctypes.addressof(copy), {length})\n"
        "there = Stretch({address}, {length})\n"
        "read = ctypes.CDLL(None).process_vm_readv\n"
        "read({pid}, ctypes.byref(here), 1, ctypes.byref(there), 1, 0)\n"
        "return int(copy.raw == {secret!r})",
    ),
    Attempt(
        "take control of the grader",
        "libc = __import__('ctypes').CDLL(None)\n"
        "seize, detach = 0x4206, 17\n"
        "taken = libc.ptrace(seize, {pid}, 0, 0) == 0\n"
        "libc.ptrace(detach, {pid}, 0, 0)\n"
        "return int(taken)",
    ),
    Attempt(
        "raise its own limits",
        "limits = __import__('resource')\n"
        "limits.setrlimit(limits.RLIMIT_CPU, (1000, 1000))\n"
        "return 1",
    ),
    Attempt("fill the memory", "return len(bytearray(4 << 30))"),
    Attempt("loop for ever", "while True: pass"),
    Attempt(
        "answer in the worker's name",
        "for descriptor in range(3, 32):\n"
        "    try: os.write(descriptor, bytes(64))\n"
        "    except OSError: pass\n"
        "return 1",
    ),
)


def succeeded(level: Level) -> dict[str, bool]:
    """Run every attempt at a level; return, for each, whether it succeeded.

    Raises: IsolationError if this machine does not give the level.
    """
    with _targets() as targets, open_lane(level) as lane:
        return {
            attempt.what: _succeeds(attempt, Session(_submission(attempt, targets), LIMITS, lane))
            for attempt in ATTEMPTS
        }


def _succeeds(attempt: Attempt, session: Session) -> bool:
    with session:
        (answer,) = session.run([Request(JOB, 1, Slug("value/neg"))])
    if isinstance(answer, Failure) or not answer[0]:
        return False
    return _ended(int(answer[0])) if attempt.leaves_process else True


def _ended(process: int) -> bool:
    """End a process that an attempt has left behind; return whether it was there at all."""
    try:
        os.kill(process, signal.SIGTERM)
    except OSError:
        return False
    return True


def _submission(attempt: Attempt, targets: Mapping[str, object]) -> Submission:
    lines = attempt.body.format(**targets).split("\n")
    source = ENGINE + "".join(f"    {line}\n" for line in lines)
    return Submission({"engine": SourceFile("engine.py", source)}, {"engine": "engine"})


@contextlib.contextmanager
def _targets() -> Iterator[Mapping[str, object]]:
    """Make what the attempts are made at."""
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as server:
        file = Path(folder, "secret")
        file.write_bytes(SECRET)
        victim = Path(folder, "victim")
        victim.touch()
        yield {
            "file": str(file),
            "victim": str(victim),
            "folder": folder,
            "port": server.getsockname()[1],
            "pid": os.getpid(),
            # Where CPython keeps the bytes of a bytes object.
            "address": id(SECRET) + bytes.__basicsize__ - 1,
            "length": len(SECRET),
            "secret": SECRET,
        }
