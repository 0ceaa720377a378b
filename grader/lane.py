"""A lane: where submissions run, one after the other, all at one level.

On Linux it is a warm parent that forks a child for each; elsewhere a fresh process each.
Which levels this machine gives is tried for real, once in a process of the grader's.
"""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.conversation import Conversation, FreshProcess, Limits
from grader.isolation import LEVELS, Demand, IsolationError, Level, WorkerError, facts
from grader.report import IsolationFacts
from grader.submission import ALLOWED_MODULES, COMPANIONS, Submission

if TYPE_CHECKING:
    from grader.fork_server import ForkServer

HAS_FORK_SERVER = sys.platform == "linux"

_tried: dict[Level, str] = {}
"""Why a level is not to be had; `""` for one that a trial has shown to hold."""
_trying = threading.Lock()


class Lane:
    """Starts submissions at one level; a warm parent that dies is replaced."""

    def __init__(self, level: Level, server: ForkServer | None, *, for_many: bool) -> None:
        self.level = level
        self._server = server
        self._for_many = for_many

    @property
    def facts(self) -> IsolationFacts:
        """At which level submissions run here, and what is missing."""
        reasons = {level: reason for level, reason in _tried.copy().items() if reason}
        return facts(self.level, reasons, _no_user())

    def start(self, submission: Submission, limits: Limits) -> Conversation:
        """Start a process for a submission and open the talk with it.

        Raises: WorkerError if none can be started.
        """
        if not HAS_FORK_SERVER:
            try:
                return Conversation(FreshProcess(), submission, limits)
            except OSError as error:
                raise WorkerError(f"the worker cannot be started: {error}") from error
        from grader.fork_server import ParentLostError

        for _ in range(2):
            with contextlib.suppress(ParentLostError):
                return Conversation(self._living().fork(), submission, limits)
        raise WorkerError("the worker cannot be started: its parent has ended, twice")

    def _living(self) -> ForkServer:
        from grader.fork_server import RefusedError

        if self._server is None or self._server.is_closed:
            try:
                self._server = _server(self.level, self._for_many)
            except RefusedError as error:
                raise WorkerError(f"the worker cannot be started: {error}") from error
        return self._server

    def close(self) -> None:
        """End the warm parent, and all that is below it."""
        if self._server is not None:
            self._server.close()


@contextlib.contextmanager
def open_lane(demanded: Demand = "auto", *, for_many: bool = False) -> Iterator[Lane]:
    """Open a lane at a level, or at the strongest that this machine gives.

    `for_many` submissions the warm parent holds ready all that they may import: it starts
    more slowly, and each of them faster.

    Raises: IsolationError if the level that is demanded is not to be had.
    """
    lane = _opened(demanded, for_many)
    try:
        yield lane
    finally:
        lane.close()


def settle(demanded: Demand = "auto") -> IsolationFacts:
    """Try what this machine gives, and return the level that a lane would have.

    Raises: IsolationError if the level that is demanded is not to be had.
    """
    with open_lane(demanded) as lane:
        return lane.facts


def refusal(level: Level) -> str | None:
    """Return why this machine does not give a level; None if it does.

    Raises: WorkerError if it gives none at all.
    """
    if level not in _tried:
        with contextlib.suppress(IsolationError):
            settle(level)
    return _tried.get(level) or None


def _opened(demanded: Demand, for_many: bool) -> Lane:
    if not HAS_FORK_SERVER:
        _tried.update(dict.fromkeys(LEVELS[1:], "only on Linux"))
        if demanded in LEVELS[1:]:
            raise _not_to_be_had(demanded)
        return Lane("process", None, for_many=for_many)
    for level in reversed(LEVELS) if demanded == "auto" else [demanded]:
        server = _proven(level, for_many)
        if server is not None:
            return Lane(level, server, for_many=for_many)
    raise _not_to_be_had("process" if demanded == "auto" else demanded)


def _not_to_be_had(level: Level) -> WorkerError:
    reason = _tried[level]
    if level == "process":
        return WorkerError(f"the worker cannot be started: {reason}")
    return IsolationError(
        f"isolation level {level!r} was asked for, and this machine does not give it "
        f"({reason}): see `course doctor`"
    )


def _proven(level: Level, for_many: bool) -> ForkServer | None:
    """Start a warm parent whose walls hold; None if this machine has none at that level."""
    from grader.fork_server import ParentLostError, RefusedError

    with _trying:  # what several threads find out at once would be found out several times
        if _tried.get(level):
            return None
        try:
            server = _server(level, for_many)
            if level not in _tried:
                _tried[level] = server.try_walls() if level != "process" else ""
        except RefusedError as error:
            _tried[level] = str(error)
            return None
        except ParentLostError:
            _tried[level] = "it did not survive its trial"
        if _tried[level]:
            server.close()
            return None
        return server


def _server(level: Level, for_many: bool) -> ForkServer:
    from grader.fork_server import ForkServer

    preload = {*ALLOWED_MODULES, *(name for names in COMPANIONS.values() for name in names)}
    return ForkServer(level, sorted(preload) if for_many else ())


def _no_user() -> str | None:
    """Return why a submission has no user of its own, though the grader is root."""
    from grader import privileges

    try:
        privileges.own_user()
    except OSError as error:
        return str(error)
    return None
