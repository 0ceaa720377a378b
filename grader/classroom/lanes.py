"""Several processes that mark at once.

Each lane is a process of the grader's own, with everything that a `Marker` needs. A lane that
dies or hangs, whatever the reason, costs one submission one more try, and then its row says so.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from multiprocessing.connection import Connection, wait
from types import FrameType
from typing import NoReturn

from grader.classroom.marking import Marked, Marker, Settings, Work, without_report
from grader.corpus import CorpusError
from grader.isolation import WorkerError

PATIENCE_S = 600.0
"""A lane that takes longer for one submission is replaced: the limits end it long before."""

LOOK_EVERY_S = 5.0

CLOSING_S = 10.0
"""A lane that is asked to end has so long to tidy up."""


def mark_all(works: Iterable[Work], settings: Settings, jobs: int) -> Iterator[Marked]:
    """Mark all of `works` in so many lanes, and yield each result as soon as it is known.

    Raises: WorkerError if no lane can be opened.
    """
    waiting = iter(works)
    again: list[Work] = []
    tried: set[str] = set()
    lanes: list[_Lane] = []
    try:
        while True:
            while len(lanes) < jobs and (work := again.pop() if again else next(waiting, None)):
                lanes.append(_Lane(settings, work))
            if not lanes:
                return
            for lane in _ready(lanes):
                work, marked = lane.work, lane.answer()
                if marked is None:
                    lanes.remove(lane)
                    end = lane.end()
                    if work.entry.id not in tried:
                        tried.add(work.entry.id)
                        again.append(work)
                        continue
                    marked = without_report(work.entry, "fault", f"the grader's process {end}")
                elif following := (again.pop() if again else next(waiting, None)):
                    lane.give(following)
                else:
                    lanes.remove(lane)
                    lane.end(CLOSING_S)
                yield marked
    finally:
        for lane in lanes:
            lane.end()


def _ready(lanes: list[_Lane]) -> list[_Lane]:
    """Wait for lanes that have something to say, or have said nothing for too long."""
    ready = wait([lane.connection for lane in lanes], LOOK_EVERY_S)
    now = time.monotonic()
    return [lane for lane in lanes if lane.connection in ready or now - lane.since > PATIENCE_S]


class _Lane:
    """One process, as seen from outside; it always has a piece of work."""

    def __init__(self, settings: Settings, work: Work) -> None:
        # A fresh interpreter: nothing that runs here already, a progress bar's thread for
        # one, is copied half-way.
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, settings), daemon=True)
        try:
            self._process.start()
        except OSError as error:
            raise WorkerError(f"a lane cannot be started: {error}") from error
        theirs.close()
        self.give(work)

    def give(self, work: Work) -> None:
        """Hand over a submission; if nobody is there any more, `answer` will tell."""
        self.work = work
        self.since = time.monotonic()
        with contextlib.suppress(OSError):
            self.connection.send(work)

    def answer(self) -> Marked | None:
        """Return the result; None if the process is dead or hangs.

        Raises: WorkerError if it says that it cannot begin.
        """
        try:
            if not self.connection.poll():
                return None
            answer = self.connection.recv()
        except (EOFError, OSError):
            return None
        if isinstance(answer, str):
            raise WorkerError(answer)
        assert isinstance(answer, Marked)  # noqa: S101 (our own process)
        return answer

    def end(self, patience_s: float = 0.05) -> str:
        """End the process, and say how it ended; an idle one ends by itself, given time."""
        self.connection.close()
        self._process.join(patience_s)
        for stop in (self._process.terminate, self._process.kill):
            if self._process.exitcode is None:
                stop()
                self._process.join(CLOSING_S)
        code = self._process.exitcode
        self._process.close()
        return f"ended with status {code}" if code is None or code >= 0 else _by_signal(-code)


def _by_signal(number: int) -> str:
    try:
        return f"was ended by {signal.Signals(number).name}"
    except ValueError:
        return f"was ended by signal {number}"


# ── Inside the lane's process ─────────────────────────────────────────────────────────


def _serve(connection: Connection, settings: Settings) -> None:
    """Mark what comes in, until nobody is at the other end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started us decides what ends
    signal.signal(signal.SIGTERM, _leave)
    try:
        with Marker(settings) as marker:
            while True:
                connection.send(marker.mark(connection.recv()))
    except (EOFError, OSError):
        return
    except (WorkerError, CorpusError) as error:
        with contextlib.suppress(OSError):
            connection.send(str(error))


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(0)  # unwinds: no worker stays behind
