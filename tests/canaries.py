"""What an attack may reach for, set out so that touching it shows."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

KEY = "DEPLOY_KEY"
"""The environment of an arena holds a secret of this name from its start."""


CANARY_FUNCTIONS = '''

def tell(text):
    """Carry what was learnt out of here: in the message of an exception."""
    from engine_base import Value

    def relu(self):
        raise RuntimeError(text)

    Value.relu = relu


def inside(name, scope=False):
    """Find one of the worker's variables in the frames below, or the names around it."""
    frame = sys._getframe(1)
    while frame is not None:
        if name in frame.f_globals and frame.f_globals["__name__"].startswith("worker"):
            return frame.f_globals if scope else frame.f_globals[name]
        if name in frame.f_locals and not scope:
            return frame.f_locals[name]
        frame = frame.f_back
    return {} if scope else None
'''


class Canaries:
    """Set out what an attack may reach for, and see afterwards what it has touched."""

    def __init__(self, top: Path) -> None:
        self.token = secrets.token_hex(8)
        self._secret = f"SECRET-{secrets.token_hex(12)}"
        self._in_environment = os.environ[KEY]
        self.secret_file, self._precious = top / "secret", top / "precious"
        self.secret_file.write_text(self._secret)
        self._precious.write_text("precious")
        self._folder = top / "folder"
        self._folder.mkdir()
        for path in (top, self._folder):
            path.chmod(0o777)  # as a folder for temporary files is: whoever is let in may write
        self._precious.chmod(0o666)
        self._tcp, self._udp = socket.socket(), socket.socket(type=socket.SOCK_DGRAM)
        for server in (self._tcp, self._udp):
            server.bind(("127.0.0.1", 0))
        listening = [self._tcp]
        self._name = f"canary-{self.token}"
        if sys.platform == "linux":
            self._local = socket.socket(socket.AF_UNIX)
            self._local.bind(f"\0{self._name}")
            listening.append(self._local)
        for server in listening:
            server.listen(64)
        self._listening = listening
        for server in (*listening, self._udp):
            server.setblocking(False)
        self.victim = self._new_victim()

    @staticmethod
    def _new_victim() -> subprocess.Popen[bytes]:
        quiet = subprocess.DEVNULL
        return subprocess.Popen(["sleep", "600"], stdin=quiet, stdout=quiet, stderr=quiet)

    @property
    def source(self) -> str:
        """The module by which an attack finds the canaries."""
        places = {
            "SECRET_FILE": str(self.secret_file),
            "SECRET_PREFIX": b"SECRET-",
            "SECRET_LENGTH": len(self._secret),
            "PRECIOUS_FILE": str(self._precious),
            "FOLDER": str(self._folder),
            "PORT": self._tcp.getsockname()[1],
            "UDP_PORT": self._udp.getsockname()[1],
            "ABSTRACT": self._name,
            "VICTIM": self.victim.pid,
            "GRADER": os.getpid(),
            "TOKEN": self.token,
        }
        lines = [f"{name} = {place!r}" for name, place in places.items()]
        functions = CANARY_FUNCTIONS.replace(
            "RuntimeError(text)", 'RuntimeError(f"{TOKEN}: {text}")'
        )
        return "\n".join(["import sys", "", *lines, functions])

    def touched(self, report: str) -> Iterator[str]:
        """Say what was reached, and set the canaries out anew."""
        if found := re.search(rf"{self.token}: (.{{0,50}})", report):
            yield f"said: {found[1]}"
        if self._secret in report:
            yield "read a file"
        if self._in_environment in report:
            yield "read the environment"
        if not self._precious.exists() or self._precious.read_text() != "precious":
            yield "overwrote a file"
            self._precious.unlink(missing_ok=True)
            self._precious.write_text("precious")
        self._precious.chmod(0o666)
        if list(self._folder.iterdir()):
            yield "wrote files"
            shutil.rmtree(self._folder)
            self._folder.mkdir()
            self._folder.chmod(0o777)
        if any(list(map(_has_caller, self._listening))) or _has_datagram(self._udp):
            yield "used the network"
        if self.victim.poll() is not None or _state(self.victim.pid) == "T":
            yield "signalled a process"
            self.close()
            self.victim = self._new_victim()

    def close(self) -> None:
        self.victim.kill()
        self.victim.wait()


def _has_caller(server: socket.socket) -> bool:
    try:
        server.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def _has_datagram(server: socket.socket) -> bool:
    try:
        return bool(server.recv(100))
    except BlockingIOError:
        return False


# ── What the system says about processes ──────────────────────────────────────────────


def _state(process: int) -> str:
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return ""
    return status.rpartition(")")[2].split()[0]


def descendants() -> set[int]:
    """Return all processes that came of this one; none where there is no /proc."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = entry.read_text().rpartition(")")[2].split()
            if fields[0] != "Z":
                parents[int(entry.parent.name)] = int(fields[1])
    found = {os.getpid()}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {os.getpid()}


def adopt_orphans() -> None:
    """Become the parent of what is left behind anywhere below, where the system can."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)


def peak_bytes() -> int:
    """Return the most memory that this process has ever held.

    From /proc: `getrusage` also counts what the process that started this one held.
    """
    with contextlib.suppress(OSError):
        found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
        if found:
            return int(found[1]) << 10
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (
        1 if sys.platform == "darwin" else 1024
    )
