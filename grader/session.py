"""One submission's jobs, through as many processes as it takes.

Whatever the submission does, every job gets an answer, and nothing of it is left running.
"""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

from grader.conversation import Answer, Conversation, Ended, Hear, Limits, Request
from grader.isolation import WorkerError
from grader.lane import Lane, open_lane
from grader.submission import Submission
from grader.worker.limits import CLOCK_EXIT, WALLS_EXIT
from grader.worker.wire import Failure

__all__ = ["NOT_RUN", "Answer", "Limits", "Request", "Session", "Usage", "WorkerError"]

NOT_RUN = "not run"
"""Kind of a `Failure` for a job that was not tried because of an earlier one."""


@dataclass
class Usage:
    """What the workers of a session have used, as far as the system tells."""

    cpu_s: float = 0.0
    peak_bytes: int = 0


class Session:
    """Run jobs with one submission, through as many workers as it takes."""

    def __init__(
        self, submission: Submission, limits: Limits | None = None, lane: Lane | None = None
    ) -> None:
        self.limits = limits or Limits()
        self.usage = Usage()
        self._submission = submission
        self._lane = lane
        self._own_lane = contextlib.ExitStack()
        self._worker: Conversation | None = None
        self._strikes = 0
        self._waited_s = 0.0
        self._waited_in_vain = False
        self._lost_parent = False

    def __enter__(self) -> Self:
        if self._lane is None:
            self._lane = self._own_lane.enter_context(open_lane())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._own_lane:
            self._end_worker()

    @property
    def lane(self) -> Lane:
        """Where this submission runs."""
        assert self._lane is not None  # noqa: S101 (since `__enter__`)
        return self._lane

    def run(self, requests: Sequence[Request], hear: Hear | None = None) -> list[Answer]:
        """Return the answer to each request, in order.

        `hear` is given the numbers that jobs tell while they run.

        Raises: WorkerError if no worker can be started.
        """
        answers: list[Answer | None] = [None] * len(requests)
        while pending := [i for i, answer in enumerate(answers) if answer is None]:
            if (reason := self._spent()) is not None:
                for i in pending:
                    answers[i] = Failure(NOT_RUN, "", reason)
                break
            self._run_until_trouble(requests, pending, answers, hear)
        return [
            self._submission.led_back(answer) if isinstance(answer, Failure) else answer
            for answer in answers
            if answer is not None
        ]

    def _run_until_trouble(
        self,
        requests: Sequence[Request],
        pending: Sequence[int],
        answers: list[Answer | None],
        hear: Hear | None,
    ) -> None:
        """Answer pending requests in order, up to one that costs the worker its life."""
        worker = self._worker = self._worker or self._start()
        began = time.monotonic() - self._waited_s
        worker.send([requests[i] for i in pending])
        for i in pending:
            answer = worker.receive(requests[i], hear)
            self._waited_s = time.monotonic() - began
            if self._spent() is not None:  # each task a little, and all of them too much
                self._end_worker()
                return
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

    def _died(self, worker: Conversation) -> Failure | None:
        """Explain a worker that stopped answering; None if it deserves another try.

        Raises: WorkerError if it could not enter its walls; then nothing of it was run.
        """
        ended = self._end_worker()
        if worker.gave_up_waiting:
            return self._after_waiting()
        if worker.broke_protocol:
            return Failure("unexpected", "", "the process answered something that is no answer")
        if ended is None:
            return self._after_loss()
        if ended.status == WALLS_EXIT and not worker.is_ready:
            raise WorkerError("the worker cannot be started: its walls could not be entered")
        if ended.status == -getattr(signal, "SIGXCPU", 0) or (
            ended.status == -getattr(signal, "SIGKILL", 0)
            and ended.cpu_s >= self.limits.cpu_s * 0.9
        ):
            return Failure("timed out", "", "")
        if ended.status == CLOCK_EXIT:
            return Failure("timed out", "", "and caught the interruption")
        return Failure("died", "", _exit_text(ended.status))

    def _after_waiting(self) -> Failure | None:
        """Explain that no answer came; the first time, the machine may be to blame."""
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

    def _after_loss(self) -> Failure | None:
        """Explain that the whole lane died; the first time, somebody else may be to blame."""
        if not self._lost_parent:
            self._lost_parent = True
            return None
        self._strikes = self.limits.strikes
        return Failure("died", "", "the process was ended, and the one that had started it as well")

    def _spent(self) -> str | None:
        """Say why nothing more is run, if so."""
        if self._strikes >= self.limits.strikes:
            return (
                f"not run: {self._strikes} tasks before it ran out of time or memory, "
                "or ended the process"
            )
        if self.usage.cpu_s >= self.limits.cpu_s:
            return f"not run: the submission has used its {self.limits.cpu_s:g} s of CPU time"
        patience_s = self.limits.wall_factor * self.limits.cpu_s
        if self._waited_s >= patience_s:
            return f"not run: the submission has taken {patience_s:g} s, most of it waiting"
        return None

    def _start(self) -> Conversation:
        left = replace(self.limits, cpu_s=max(1.0, self.limits.cpu_s - self.usage.cpu_s))
        return self.lane.start(self._submission, left)

    def _end_worker(self) -> Ended | None:
        """End the process, if there is one, and add up what it has used."""
        if self._worker is None:
            return None
        ended, self._worker = self._worker.end(), None
        if ended is not None:
            self.usage.cpu_s += ended.cpu_s
            self.usage.peak_bytes = max(self.usage.peak_bytes, ended.peak_bytes)
        return ended


def _strike(request: Request, answer: Answer) -> bool:
    """Tell whether an answer costs the worker its life: it ran out of time, or of memory.

    A module that was interrupted while loading does not: what it has defined is graded.
    """
    ran_out = isinstance(answer, Failure) and (
        answer.kind == "timed out" or (answer.kind, answer.type) == ("raised", "MemoryError")
    )
    return ran_out and request.job[0] != "load"


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
