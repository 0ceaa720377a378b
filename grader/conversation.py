"""One submission at the end of a wire: jobs go out, numbers or failures come back.

A child may loop, crash, lie about lengths or vanish: what it sends is believed to be an
answer only in the one form that was asked for, and it is gone at the end.
"""

from __future__ import annotations

import math
import os
import re
import signal
import struct
import subprocess  # the worker, by its own path
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple, Protocol, Self

from grader.submission import ALLOWED_MODULES, COMPANIONS, STAND_INS, Submission
from grader.tasks import Job, Slug
from grader.worker.wire import (
    FAILURE,
    FAILURE_BYTES,
    NONCE_BYTES,
    NUMBERS,
    REPLY_HEADER,
    TOLD,
    Failure,
    encode_request,
)

ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,16}\b")
LINE = re.compile(r"[0-9]{1,9}")

WORKER = Path(__file__).with_name("worker")

FLAGS = ("-S", "-P", "-s", "-B")
"""How a worker's interpreter is started: like -I, but hearing of the seed below."""

# Windows cannot start a Python without that one variable.
ENVIRONMENT: Mapping[str, str] = {
    "PYTHONHASHSEED": "0",  # a fixed seed for the hashes of strings, so that runs repeat
    **{name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ},
}


@dataclass(frozen=True)
class Limits:
    """What a submission may use.

    `cpu_s` for all its tasks, `task_cpu_s` for one, both in seconds of CPU time;
    `memory_bytes` of address space; `wall_factor` times `task_cpu_s` of wall time may pass
    without an answer before the grader gives up on a worker that uses no CPU, and so many
    times `cpu_s` in all; after
    `strikes` tasks that ran out or ended the process, the rest is not run.
    """

    cpu_s: float = 10.0
    task_cpu_s: float = 1.0
    memory_bytes: int = 512 << 20
    wall_factor: float = 10.0
    strikes: int = 3


@dataclass(frozen=True)
class Request:
    """One job, how many numbers to expect of it, and what falls with it.

    `check` is the claim that it tests. `touches` are all claims that a failure by time or
    by death would concern: other requests that touch `check` are then not tried. `tells` is
    how many numbers the job may tell while it runs.
    """

    job: Job
    observed: int
    check: Slug
    orders: int = 1
    touches: frozenset[Slug] = frozenset()
    tells: int = 0


Answer = tuple[float, ...] | Failure
"""All orders' numbers, one after the other, or why there are none."""


Hear = Callable[[float], None]
"""Takes what a job tells while it runs."""


class Told(NamedTuple):
    """A number that a job tells; its answer is still to come."""

    number: float


class Ended(NamedTuple):
    """How a child ended, as `subprocess` tells it, and what it had used."""

    status: int
    cpu_s: float = 0.0
    peak_bytes: int = 0


class Wire(NamedTuple):
    """The grader's two ends of a wire."""

    requests: IO[bytes]
    replies: IO[bytes]

    @classmethod
    def of(cls, requests: int, replies: int) -> Self:
        """Take over two descriptors."""
        return cls(os.fdopen(requests, "wb", 0), os.fdopen(replies, "rb", 1 << 16))

    def close(self) -> None:
        """Hang up."""
        self.requests.close()
        self.replies.close()


class Child(Protocol):
    """A process that serves one submission."""

    wire: Wire

    def end(self) -> Ended | None:
        """Kill it, once; return how it ended, or None if its warm parent has gone as well."""


class FreshProcess:
    """A child that is an interpreter of its own, for systems without a fork server."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, *FLAGS, str(WORKER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=Path(sys.executable).anchor,
            env=ENVIRONMENT,
            bufsize=0,
            start_new_session=True,  # a Ctrl-C is ours to handle, not the worker's
        )
        assert self._process.stdin is not None  # noqa: S101 (asked for above)
        assert self._process.stdout is not None  # noqa: S101
        self.wire = Wire.of(
            *(os.dup(s.fileno()) for s in (self._process.stdin, self._process.stdout))
        )
        self._process.stdin.close()
        self._process.stdout.close()
        self._lock = threading.Lock()
        self._ended: Ended | None = None

    def end(self) -> Ended:
        """Kill the process and its session, wait for it, and say what it has used."""
        with self._lock:
            if self._ended is None:
                self._kill()
                self._ended = self._wait()
            return self._ended

    def _kill(self) -> None:
        try:
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
        except (ProcessLookupError, PermissionError):
            pass  # it is gone already

    def _wait(self) -> Ended:
        if not hasattr(os, "wait4"):
            return Ended(self._process.wait())
        _, status, used = os.wait4(self._process.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        in_bytes = 1 if sys.platform == "darwin" else 1024
        return Ended(
            self._process.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss * in_bytes
        )


class Conversation:
    """The talk with one child about one submission."""

    def __init__(self, child: Child, submission: Submission, limits: Limits) -> None:
        self.gave_up_waiting = False
        self.broke_protocol = False
        self.is_ready = False
        self._child = child
        self._patience_s = limits.wall_factor * limits.task_cpu_s
        self._nonce = os.urandom(NONCE_BYTES - 4)
        self._count = 0
        self._next = 0
        self._opening_nonce = self._nonce_of(0)
        self._deadline = math.inf
        self._over = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()
        self._write(encode_request(self._opening(submission, limits)))

    def _opening(self, submission: Submission, limits: Limits) -> Mapping[str, object]:
        return {
            "nonce": self._opening_nonce,
            "folders": list(submission.folders),
            "files": {name: (file.path, file.text) for name, file in submission.files.items()},
            "roles": dict(submission.roles),
            "allowed": sorted(ALLOWED_MODULES),
            "companions": dict(COMPANIONS),
            "stand_ins": list(STAND_INS),
            "cpu_s": limits.cpu_s,
            "task_cpu_s": limits.task_cpu_s,
            "wall_s": self._patience_s,
            "memory_bytes": limits.memory_bytes,
        }

    def wait_until_ready(self) -> bool:
        """Wait until the submission is in memory, behind its walls, and nothing of it has run."""
        if not self.is_ready:
            self.is_ready = self._frame(self._opening_nonce, 0) == ()
        return self.is_ready

    def send(self, requests: Sequence[Request]) -> None:
        """Hand over a batch. Its replies come in order, each with its own nonce."""
        self._count += 1
        self._next = 0
        batch = [
            (self._nonce_of(i), request.orders, request.job) for i, request in enumerate(requests)
        ]
        self._write(encode_request(batch))

    def receive(self, request: Request, hear: Hear | None = None) -> Answer | None:
        """Return the next answer; None when the child is dead or as good as dead.

        `hear` is given each number that the job tells on the way.
        """
        if not self.wait_until_ready():
            return None
        nonce = self._nonce_of(self._next)
        self._next += 1
        for left in range(request.tells, -1, -1):
            frame = self._frame(nonce, 8 * request.observed * request.orders, may_tell=left > 0)
            if not isinstance(frame, Told):
                return frame
            if hear is not None:
                hear(frame.number)
        raise AssertionError("the last frame may not tell")

    def _frame(
        self, nonce: bytes, expected_bytes: int, *, may_tell: bool = False
    ) -> Answer | Told | None:
        """Read one reply, if it is the one that is due and of the length that it must have."""
        self._deadline = time.monotonic() + self._patience_s
        try:
            return self._due(nonce, expected_bytes, may_tell)
        finally:
            self._deadline = math.inf  # what the grader does now is not the child's fault

    def _due(self, nonce: bytes, expected_bytes: int, may_tell: bool) -> Answer | Told | None:
        header = self._read(REPLY_HEADER.size)
        if header is None:
            return None
        echoed, status, length = REPLY_HEADER.unpack(header)
        lawful = echoed == nonce and (
            (status == NUMBERS and length == expected_bytes)
            or (status == FAILURE and length <= FAILURE_BYTES)
            or (status == TOLD and length == 8 and may_tell)
        )
        if not lawful:
            self.broke_protocol = True
            return None
        body = self._read(length)
        if body is None:
            return None
        if status == TOLD:
            return Told(*struct.unpack("<d", body))
        if status == NUMBERS:
            return struct.unpack(f"<{len(body) // 8}d", body)
        return _decode_failure(body)

    def end(self) -> Ended | None:
        """Hang up, for certain; return how the child ended, or None if its parent has as well."""
        self._over.set()
        ended = self._child.end()
        self._child.wire.close()
        return ended

    def _nonce_of(self, index: int) -> bytes:
        return self._nonce + struct.pack("<HH", self._count & 0xFFFF, index & 0xFFFF)

    def _write(self, data: bytes) -> None:
        self._deadline = time.monotonic() + self._patience_s
        try:
            view = memoryview(data)
            while view:
                view = view[self._child.wire.requests.write(view) :]
        except OSError:
            pass  # it is gone: the next `receive` finds that out
        finally:
            self._deadline = math.inf

    def _read(self, size: int) -> bytes | None:
        try:
            data = self._child.wire.replies.read(size)
        except (OSError, ValueError):
            return None
        return data if len(data) == size else None

    def _watch(self) -> None:
        """End the child when an answer that is due has not come for too long."""
        # A deadline is never nearer than the patience when it is set.
        while not self._over.wait(
            min(self._patience_s, max(0.01, self._deadline - time.monotonic()))
        ):
            if time.monotonic() >= self._deadline:
                self.gave_up_waiting = True
                self._child.end()
                return


def _decode_failure(body: bytes) -> Failure | None:
    fields = body.decode("utf-8", "replace").split("\0")
    if len(fields) != len(Failure._fields) or fields[0] not in (
        "raised",
        "unexpected",
        "timed out",
    ):
        return None
    kind, type_, message, file, line = fields
    # Where an object lies in memory changes from run to run; the report must not.
    message = ADDRESS.sub("0x…", message)
    return Failure(kind, type_, message, file, int(line) if LINE.fullmatch(line) else 0)
