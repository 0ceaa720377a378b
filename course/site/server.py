"""The site on this machine, for reading and for writing lessons.

It is built in memory and never touches a disk. When a lesson, a template or a style changes,
the next page that is asked for is built anew.
"""

from __future__ import annotations

import mimetypes
import os
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock
from urllib.parse import unquote, urlsplit

HOST = "127.0.0.1"

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)
"""What a page may load: what lies beside it, and nothing from anywhere else."""

_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}


class CannotBuild(Exception):  # noqa: N818 (a lesson that is being written may be at fault)
    """The site cannot be built as things are; the message says why."""


class Site:
    """The files of the site, as of the last change of what they are made from.

    Raises: CannotBuild from `build`, and so from `file`.
    """

    def __init__(
        self, build: Callable[[], Mapping[str, bytes]], sources: Callable[[], Iterable[Path]]
    ) -> None:
        self._build = build
        self._sources = sources
        self._lock = Lock()
        self._state: object = None
        self._files: Mapping[str, bytes] = {}

    def file(self, path: str) -> bytes | None:
        """Return the file at a path such as `/checks.html`; None where there is none."""
        name = path.removeprefix("/") or "index.html"
        with self._lock:
            if name.endswith(".html") or not self._files:
                self._refresh()
            return self._files.get(name)

    def _refresh(self) -> None:
        try:
            state = [(path, *_stamp(path)) for path in self._sources()]
            if state != self._state:
                self._files = self._build()
                self._state = state
        except CannotBuild:
            raise
        except Exception as error:  # a file that has just gone, a template with a mistake
            raise CannotBuild(f"{type(error).__name__}: {error}") from error


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_mtime_ns, status.st_size


def listen(site: Site, port: int) -> ThreadingHTTPServer:
    """Return a server of the site on this machine alone, ready to `serve_forever`.

    Port 0 takes any that is free. Raises: OSError where the port is taken.
    """

    class Answer(_Answer):
        pages = site

    return _Server((HOST, port), Answer)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = os.name != "nt"  # where it would let two servers share a port

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a reader who goes away in the middle of a page is no error."""


class _Answer(BaseHTTPRequestHandler):
    pages: Site
    protocol_version = "HTTP/1.1"
    server_version = "course"
    sys_version = ""
    timeout = 60

    def do_GET(self) -> None:
        """Answer with a file of the site."""
        try:
            path = unquote(urlsplit(self.path).path, errors="strict")
            content = self.pages.file(path)
        except ValueError:
            self._answer(HTTPStatus.BAD_REQUEST, "text/plain", b"That is no address.\n")
        except CannotBuild as error:
            text = f"{error}\n".encode(errors="replace")
            self._answer(HTTPStatus.INTERNAL_SERVER_ERROR, "text/plain", text)
        else:
            if content is None:
                self._answer(HTTPStatus.NOT_FOUND, "text/plain", b"There is no such page.\n")
            else:
                self._answer(HTTPStatus.OK, _type(path), content)

    def do_HEAD(self) -> None:
        """Answer as GET does, without the content."""
        self.do_GET()

    def _answer(self, status: HTTPStatus, type_: str, content: bytes) -> None:
        self.send_response(status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        charset = "; charset=utf-8" if type_.startswith("text/") else ""
        self.send_header("Content-Type", type_ + charset)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 (its name there)
        """Keep the terminal for what the reader has to know."""


def _type(path: str) -> str:
    suffix = Path(path).suffix or ".html"
    return _TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
