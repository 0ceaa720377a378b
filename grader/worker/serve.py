"""Receive a submission, confine this process, then run batches of tasks with it."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import Any

from . import jobs, limits, modules
from .answers import Unexpected
from .wire import Failure, WorkerEnd, encode_failure, encode_numbers, encode_told

COLLECT_EVERY = 100
"""So many small tasks between two collections of cyclic garbage."""

RANDOM_SEED = 20
"""Every task finds `random` in this state, so that runs repeat."""


def main() -> None:
    """Serve one submission over the standard streams, until the grader hangs up."""
    serve(WorkerEnd.taken_from_streams())


def serve(pipe: WorkerEnd, enter_walls: Callable[[], None] | None = None) -> None:
    """Serve one submission until the grader hangs up.

    `enter_walls` is called when all is in memory, before the first line of it is run.
    """
    opening = pipe.receive()
    if opening is None:
        return
    limits.confine(opening["cpu_s"], opening["memory_bytes"])
    submission = modules.Modules(
        opening["files"],
        opening["roles"],
        opening["folders"],
        opening["allowed"],
        opening["companions"],
        opening["stand_ins"],
    )
    # Graphs of closures are cycles; collecting them in the midst of a run costs more than
    # the run. It is done between tasks instead, and the memory limit stands behind it.
    gc.disable()
    gc.freeze()
    limits.forbid_opening()
    if enter_walls is not None:
        enter_walls()
    pipe.send(encode_numbers(opening["nonce"], []))
    clock = limits.TaskClock(opening["task_cpu_s"], opening["wall_s"])
    while (batch := pipe.receive()) is not None:
        for count, (nonce, orders, job) in enumerate(batch):
            submission.tell = partial(_tell, pipe, nonce)
            pipe.send(answer(submission, clock, nonce, orders, job))
            if count % COLLECT_EVERY == 0 or job[0] in ("training", "demonstration"):
                gc.collect()


def _tell(pipe: WorkerEnd, nonce: bytes, number: float) -> None:
    pipe.send(encode_told(nonce, number))


def answer(
    submission: modules.Modules,
    clock: limits.TaskClock,
    nonce: bytes,
    orders: int,
    job: tuple[Any, ...],
) -> bytes:
    """Run one task, in each of `orders` orders of sets, and encode what came of it."""
    numbers: list[float] = []
    # The outer `try` is for the clock alone: it may ring while the inner handlers run.
    try:
        clock.start()
        try:
            for order in range(orders):
                modules.SET_ORDER.restart(order)
                if submission.random is not None:
                    submission.random.seed(RANDOM_SEED)
                numbers += jobs.run(submission, job)
        except Unexpected as finding:
            failure = Failure("unexpected", "", str(finding))
        except MemoryError as error:
            where = place(error.__traceback__, submission.paths)
            failure = Failure("raised", "MemoryError", "the memory limit was reached", *where)
        except BaseException as error:  # SystemExit is an answer too
            failure = located(error, submission.paths)
        else:
            clock.stop()
            return encode_numbers(nonce, numbers)
        clock.stop()
    except limits.OutOfTime as error:
        clock.stop()
        failure = located(error, submission.paths)
    return encode_failure(nonce, failure)


def located(error: BaseException, paths: frozenset[str]) -> Failure:
    """Describe an exception and where in the submission it happened."""
    if isinstance(error, limits.OutOfTime):
        return Failure("timed out", "", "", *entrance(error.__traceback__, paths))
    file, line = place(error.__traceback__, paths)
    if isinstance(error, SyntaxError) and error.filename in paths:
        file, line = str(error.filename), error.lineno or 0
        return Failure("raised", type(error).__name__, str(error.msg), file, line)
    return Failure("raised", type(error).__name__, message_of(error), file, line)


def place(traceback: TracebackType | None, paths: frozenset[str]) -> tuple[str, int]:
    """Return file and line of the innermost frame that is the learner's own."""
    file, line = "", 0
    while traceback is not None:
        name = traceback.tb_frame.f_code.co_filename
        if name in paths:
            file, line = name, traceback.tb_lineno
        traceback = traceback.tb_next
    return file, line


def entrance(traceback: TracebackType | None, paths: frozenset[str]) -> tuple[str, int]:
    """Return file and line at which the learner's function begins that was called first.

    Where exactly a clock interrupts is chance, and differs from run to run; who was called
    does not. At the top level of a file it is the line itself.
    """
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if code.co_filename in paths:
            at_top = code.co_name == "<module>"
            return code.co_filename, traceback.tb_lineno if at_top else code.co_firstlineno
        traceback = traceback.tb_next
    return "", 0


def message_of(error: BaseException) -> str:
    """Return the exception's text, which is the learner's code and may itself fail."""
    try:
        return str(error)
    except limits.OutOfTime:
        raise
    except BaseException:
        return "(its message could not be read)"
