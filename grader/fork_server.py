"""The grader's end of a warm parent, which forks a child for every submission.

The parent is started at a level, and stays there. Linux only; elsewhere a worker is a
fresh process (`grader.conversation`).
"""

from __future__ import annotations

import contextlib
import marshal
import os
import signal
import socket
import subprocess  # the worker, by its own path
import sys
import threading
from collections.abc import Iterable
from pathlib import Path

from grader import filter as walls_filter
from grader import namespaces, privileges
from grader.conversation import ENVIRONMENT, FLAGS, WORKER, Ended, Wire
from grader.isolation import Level
from grader.worker.orders import (
    DESCRIPTORS,
    END,
    ENDED,
    FORK,
    READY,
    SAYS_BYTES,
    TRIAL,
    Opening,
)

START_S = 60.0
"""So long may a parent take to start, on a machine that is busy with other things."""

END_S = 30.0
"""So long may it take to end a child."""

REASON_CHARACTERS = 200

MOST_STATUS = 0xFFFF
MOST_CPU_S = 1e6
"""What says to be more is no account of a child."""


class RefusedError(Exception):
    """The parent cannot be started at a level; the message says why, without a full stop."""


class ParentLostError(Exception):
    """The parent has ended, or does not answer."""


class ForkServer:
    """A warm parent at one level.

    `preload` are modules that it shall hold ready for its children.

    Raises: RefusedError if this system does not give the level. Whether the walls hold, only
    `try_walls` shows.
    """

    def __init__(self, level: Level, preload: Iterable[str] = ()) -> None:
        self.level = level
        self._user = _user()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._lock = threading.Lock()
        with theirs:
            self._process = self._started(theirs.fileno())
        try:
            self._open(tuple(preload))
        except BaseException:
            self.close()
            raise

    def _started(self, control: int) -> subprocess.Popen[bytes]:
        arguments = [str(control)]
        outer_user = None
        try:
            if self.level == "strict":
                if self._user is not None and not privileges.can_make_namespaces():
                    # Namespaces that a user makes hold no other user: become it outside.
                    outer_user, self._user = self._user, None
                command = namespaces.command(arguments, changes_user=self._user is not None)
            else:
                command = [sys.executable, *FLAGS, str(WORKER), *arguments]
            return subprocess.Popen(  # noqa: S603
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                cwd=Path(sys.executable).anchor,
                env=ENVIRONMENT,
                pass_fds=[control],
                start_new_session=True,  # a Ctrl-C is ours to handle
                user=outer_user,
                group=outer_user,
                extra_groups=None if outer_user is None else (),
            )
        except (OSError, namespaces.NamespacesError) as error:
            self._control.close()
            raise RefusedError(str(error)) from error

    def _open(self, preload: tuple[str, ...]) -> None:
        """Say how children are to be walled in, and wait until the parent is ready."""
        program = _program() if self.level != "process" else None  # made while it starts
        opening = Opening(
            program, self._user, self.level == "strict", str(WORKER.resolve()), preload
        )
        self._control.settimeout(START_S)
        try:
            self._control.send(marshal.dumps(tuple(opening)))
            ready = self._control.recv(len(READY))
        except TimeoutError as error:
            raise RefusedError(f"no answer within {START_S:g} s") from error
        except OSError:
            ready = b""
        if ready != READY:
            raise RefusedError(self._last_words())
        self._control.settimeout(END_S)

    def _last_words(self) -> str:
        """Return what a parent that could not start has said."""
        assert self._process.stderr is not None  # noqa: S101 (asked for)
        said = self._process.stderr.read(4096).decode("utf-8", "replace").strip().splitlines()
        self._process.wait()
        status = f"it ended with status {self._process.returncode}"
        return said[-1][:REASON_CHARACTERS].rstrip(".") if said else status

    @property
    def is_closed(self) -> bool:
        """Whether the parent has been ended, or has been found dead."""
        return self._control.fileno() < 0

    def fork(self) -> ForkedChild:
        """Fork a child for a submission and return the grader's end of it.

        Raises: ParentLostError.
        """
        return ForkedChild(self, self._wire(FORK))

    def try_walls(self) -> str:
        """Have a child try what the walls should deny; return what it found open.

        Raises: ParentLostError.
        """
        wire = self._wire(TRIAL)
        wire.requests.close()
        with wire.replies as replies:
            found = replies.read(SAYS_BYTES + 1)
        status = self.end_child().status
        return found.decode("utf-8", "replace") or (_status_text(status) if status else "")

    def _wire(self, letter: bytes) -> Wire:
        """Send the child's two ends of a wire with a letter; return ours.

        Raises: ParentLostError; then everything has been killed.
        """
        requests, our_requests = os.pipe()
        our_replies, replies = os.pipe()
        wire = Wire.of(our_requests, our_replies)
        descriptors = DESCRIPTORS.pack(requests, replies)
        try:
            with self._lock:
                self._control.sendmsg(
                    [letter], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, descriptors)]
                )
        except OSError as error:
            wire.close()
            self.close(patiently=False)
            raise ParentLostError from error
        finally:
            os.close(requests)
            os.close(replies)
        return wire

    def end_child(self) -> Ended:
        """Kill the child and all that it left behind; return how it ended.

        Raises: ParentLostError; then everything has been killed.
        """
        try:
            with self._lock:
                self._control.send(END)
                return _ended(self._control.recv(ENDED.size))
        except (OSError, ValueError) as error:
            self.close(patiently=False)
            raise ParentLostError from error

    def close(self, *, patiently: bool = True) -> None:
        """Hang up: the parent ends its child and itself. What does not end is killed."""
        if self.is_closed:
            return
        ended = False
        with self._control, contextlib.suppress(OSError):
            self._control.settimeout(END_S if patiently else 0)
            self._control.shutdown(socket.SHUT_WR)
            # Before it there may be one answer that nobody waits for any more.
            ended = not (self._control.recv(ENDED.size) and self._control.recv(ENDED.size))
        if not (ended and self.level == "strict") and self._process.returncode is None:
            # Whoever has stayed in its session. bubblewrap ends with the last inside.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        if self._process.stderr is not None:
            self._process.stderr.close()


class ForkedChild:
    """The grader's end of one child."""

    def __init__(self, server: ForkServer, wire: Wire) -> None:
        self.wire = wire
        self._server = server
        self._lock = threading.Lock()
        self._ended: Ended | None = None
        self._over = False

    def end(self) -> Ended | None:
        """Kill the child, once; return how it ended, or None if its parent has gone as well."""
        with self._lock:
            if not self._over:
                self._over = True
                with contextlib.suppress(ParentLostError):
                    self._ended = self._server.end_child()
            return self._ended


def _user() -> int | None:
    """Return the user that children become, None where there is none to become."""
    try:
        return privileges.own_user()
    except OSError:  # the lane says so in its facts
        return None


def _ended(answer: bytes) -> Ended:
    """Read how a child ended.

    Raises: ValueError if that is none. At level `process` a hostile child may have made a
    puppet of its parent.
    """
    if len(answer) != ENDED.size:
        raise ValueError(answer)
    status, cpu_s, peak_bytes = ENDED.unpack(answer)
    if not (0 <= status <= MOST_STATUS and 0 <= cpu_s <= MOST_CPU_S and peak_bytes >= 0):
        raise ValueError(answer)
    return Ended(os.waitstatus_to_exitcode(status), cpu_s, peak_bytes)


def _status_text(status: int) -> str:
    return f"its trial ended with status {status}"


def _program() -> bytes:
    try:
        return walls_filter.program()
    except walls_filter.FilterError as error:
        raise RefusedError(str(error)) from error
