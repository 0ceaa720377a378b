"""A worker at the end of a pipe: jobs go out, numbers or failures come back.

A session holds one submission. Its worker may loop, crash, lie about lengths or vanish;
whatever it does, every job gets an answer, and the process is gone at the end.
"""

from __future__ import annotations

import os
import re
import signal
import struct
import subprocess  # the worker, by its own path
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from grader.submission import ALLOWED_MODULES, STAND_INS, Submission
from grader.tasks import Job, Slug
from grader.worker.limits import CLOCK_EXIT
from grader.worker.wire import (
    FAILURE,
    FAILURE_BYTES,
    NONCE_BYTES,
    NUMBERS,
    REPLY_HEADER,
    Failure,
    encode_request,
)

ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,16}\b")

WORKER = Path(__file__).with_name("worker")


class WorkerError(Exception):
    """The worker cannot be started: the grader's own fault, not the submission's."""


@dataclass(frozen=True)
class Limits:
    """What a submission may use.

    `cpu_s` for all its tasks, `task_cpu_s` for one, both in seconds of CPU time;
    `memory_bytes` of address space; `wall_factor` times `task_cpu_s` of wall time may pass
    without an answer before the grader gives up on a worker that uses no CPU; after
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
    by death would concern: other requests that touch `check` are then not tried.
    """

    job: Job
    observed: int
    check: Slug
    orders: int = 1
    touches: frozenset[Slug] = frozenset()


Answer = tuple[float, ...] | Failure
"""All orders' numbers, one after the other, or why there are none."""

NOT_RUN = "not run"
"""Kind of a `Failure` for a job that was not tried because of an earlier one."""


@dataclass
class Usage:
    """What the workers of a session have used, as far as the system tells."""

    cpu_s: float = 0.0
    peak_bytes: int = 0


class Session:
    """Run jobs with one submission, through as many workers as it takes."""

    def __init__(self, submission: Submission, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.usage = Usage()
        self._submission = submission
        self._worker: _Worker | None = None
        self._strikes = 0
        self._waited_in_vain = False

    def __enter__(self) -> Self:
        self._worker = self._start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end_worker()

    def run(self, requests: Sequence[Request]) -> list[Answer]:
        """Return the answer to each request, in order.

        Raises: WorkerError if no worker can be started.
        """
        answers: list[Answer | None] = [None] * len(requests)
        while pending := [i for i, answer in enumerate(answers) if answer is None]:
            if (reason := self._spent()) is not None:
                for i in pending:
                    answers[i] = Failure(NOT_RUN, "", reason)
                break
            self._run_until_trouble(requests, pending, answers)
        return [answer for answer in answers if answer is not None]

    def _run_until_trouble(
        self, requests: Sequence[Request], pending: Sequence[int], answers: list[Answer | None]
    ) -> None:
        """Answer pending requests in order, up to one that costs the worker its life."""
        worker = self._worker = self._worker or self._start()
        worker.send([requests[i] for i in pending])
        for i in pending:
            answer = worker.receive(requests[i])
            if answer is not None and not _strike(requests[i], answer):
                answers[i] = answer
                continue
            failure = answer if isinstance(answer, Failure) else self._died(worker)
            self._end_worker()
            if failure is not None:  # else it is tried once more
                answers[i] = failure
                self._strikes += 1
                _drop(requests, answers, after=requests[i], failure=failure)
            return

    def _died(self, worker: _Worker) -> Failure | None:
        """Explain a worker that stopped answering; None if it deserves another try."""
        cpu_before = self.usage.cpu_s
        status = worker.end(self.usage)
        if worker.gave_up_waiting:
            if not self._waited_in_vain:
                self._waited_in_vain = True
                return None
            self._strikes = self.limits.strikes  # waiting is dear: not again and again
            seconds = self.limits.wall_factor * self.limits.task_cpu_s
            return Failure(
                "timed out",
                "",
                f"no answer within {seconds:g} s, though it used little CPU: "
                "it waits for something, or this machine is overloaded",
            )
        if worker.broke_protocol:
            return Failure("unexpected", "", "the process answered something that is no answer")
        if status == -getattr(signal, "SIGXCPU", 0) or (
            status == -getattr(signal, "SIGKILL", 0)
            and self.usage.cpu_s - cpu_before >= self.limits.cpu_s * 0.9
        ):
            return Failure("timed out", "", "")
        if status == CLOCK_EXIT:
            return Failure("timed out", "", "and caught the interruption")
        return Failure("died", "", _exit_text(status))

    def _spent(self) -> str | None:
        """Say why nothing more is run, if so."""
        if self._strikes >= self.limits.strikes:
            return f"not run: {self._strikes} tasks before it ran out of time or ended the process"
        if self.usage.cpu_s >= self.limits.cpu_s:
            return f"not run: the submission has used its {self.limits.cpu_s:g} s of CPU time"
        return None

    def _start(self) -> _Worker:
        left = replace(self.limits, cpu_s=max(1.0, self.limits.cpu_s - self.usage.cpu_s))
        return _Worker(self._submission, left)

    def _end_worker(self) -> None:
        if self._worker is not None:
            self._worker.end(self.usage)
            self._worker = None


def _strike(request: Request, answer: Answer) -> bool:
    """Tell whether an answer costs the worker its life.

    A module that was interrupted while loading does not: what it has defined is graded.
    """
    timed_out = isinstance(answer, Failure) and answer.kind == "timed out"
    return timed_out and request.job[0] != "load"


def _drop(
    requests: Sequence[Request], answers: list[Answer | None], after: Request, failure: Failure
) -> None:
    """Leave out the pending requests that would run into the same trouble."""
    for i, request in enumerate(requests):
        if answers[i] is None and (after.check in request.touches or after.check == request.check):
            answers[i] = Failure(
                NOT_RUN, "", "an earlier example did not come to an end", failure.file, failure.line
            )


def _exit_text(status: int) -> str:
    if status < 0:
        try:
            name = signal.Signals(-status).name
        except ValueError:
            name = f"signal {-status}"
        return f"the process was ended by {name}"
    return f"the process ended itself with status {status}"


class _Worker:
    """One process: started, fed, listened to, and ended for certain."""

    def __init__(self, submission: Submission, limits: Limits) -> None:
        self.gave_up_waiting = False
        self.broke_protocol = False
        self._ended: int | None = None
        self._patience_s = limits.wall_factor * limits.task_cpu_s
        self._nonce = os.urandom(NONCE_BYTES - 4)
        self._count = 0
        # -S -P -s and an environment of our own making: like -I, but with a fixed seed for
        # the hashes of strings, so that runs repeat.
        environment = {"PYTHONHASHSEED": "0"}
        if "SYSTEMROOT" in os.environ:  # Windows cannot start a Python without it
            environment["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
        try:
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-S", "-P", "-s", "-B", str(WORKER)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=Path(sys.executable).anchor,
                env=environment,
                bufsize=0,
                start_new_session=True,  # a Ctrl-C is ours to handle, not the worker's
            )
        except OSError as error:
            raise WorkerError(f"the worker cannot be started: {error}") from error
        assert self._process.stdin is not None  # noqa: S101 (asked for above)
        assert self._process.stdout is not None  # noqa: S101
        self._requests: IO[bytes] = self._process.stdin
        self._replies: IO[bytes] = os.fdopen(os.dup(self._process.stdout.fileno()), "rb", 1 << 16)
        self._process.stdout.close()
        self._deadline = time.monotonic() + self._patience_s
        self._over = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()
        opening = {
            "folders": list(submission.folders),
            "files": {name: (file.path, file.text) for name, file in submission.files.items()},
            "roles": dict(submission.roles),
            "allowed": sorted(ALLOWED_MODULES),
            "stand_ins": list(STAND_INS),
            "cpu_s": limits.cpu_s,
            "task_cpu_s": limits.task_cpu_s,
            "wall_s": self._patience_s,
            "memory_bytes": limits.memory_bytes,
        }
        self._write(encode_request(opening))

    def send(self, requests: Sequence[Request]) -> None:
        """Hand over a batch. Its replies come in order, each with its own nonce."""
        self._count += 1
        batch = [
            (self._nonce_of(i), request.orders, request.job) for i, request in enumerate(requests)
        ]
        self._next = 0
        self._write(encode_request(batch))

    def receive(self, request: Request) -> Answer | None:
        """Return the next answer; None when the worker is dead or as good as dead."""
        self._deadline = time.monotonic() + self._patience_s
        nonce = self._nonce_of(self._next)
        self._next += 1
        header = self._read(REPLY_HEADER.size)
        if header is None:
            return None
        echoed, status, length = REPLY_HEADER.unpack(header)
        expected = 8 * request.observed * request.orders
        lawful = echoed == nonce and (
            (status == NUMBERS and length == expected)
            or (status == FAILURE and length <= FAILURE_BYTES)
        )
        if not lawful:
            self.broke_protocol = True
            return None
        body = self._read(length)
        if body is None:
            return None
        if status == NUMBERS:
            return struct.unpack(f"<{len(body) // 8}d", body)
        return _decode_failure(body)

    def end(self, usage: Usage) -> int:
        """Kill the process and its session, wait for it, and add up what it has used."""
        if self._ended is None:
            self._over.set()
            self._kill()
            self._requests.close()
            self._replies.close()
            self._ended = self._wait(usage)
        return self._ended

    def _wait(self, usage: Usage) -> int:
        if not hasattr(os, "wait4"):
            return self._process.wait()
        _, status, used = os.wait4(self._process.pid, 0)
        usage.cpu_s += used.ru_utime + used.ru_stime
        in_bytes = 1 if sys.platform == "darwin" else 1024
        usage.peak_bytes = max(usage.peak_bytes, used.ru_maxrss * in_bytes)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        return self._process.returncode

    def _nonce_of(self, index: int) -> bytes:
        return self._nonce + struct.pack("<HH", self._count & 0xFFFF, index & 0xFFFF)

    def _write(self, data: bytes) -> None:
        self._deadline = time.monotonic() + self._patience_s
        try:
            view = memoryview(data)
            while view:
                view = view[self._requests.write(view) :]
        except OSError:
            pass  # it is gone: the next `receive` finds that out

    def _read(self, size: int) -> bytes | None:
        try:
            data = self._replies.read(size)
        except (OSError, ValueError):
            return None
        return data if len(data) == size else None

    def _watch(self) -> None:
        """Kill the process when no answer has come for too long."""
        while not self._over.wait(max(0.01, self._deadline - time.monotonic())):
            if time.monotonic() >= self._deadline:
                self.gave_up_waiting = True
                self._kill()
                return

    def _kill(self) -> None:
        try:
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
        except (ProcessLookupError, PermissionError):
            pass  # it is gone already


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
    return Failure(kind, type_, message, file, int(line) if line.isdecimal() else 0)
