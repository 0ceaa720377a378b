"""`course serve`: the site on this machine, while its lessons are being written."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from conftest import ROOT

from course.site import server

PATIENCE_S = 60


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    content: bytes


def get(port: int, path: str, method: str = "GET") -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    with contextlib.closing(connection):
        connection.putrequest(method, path)
        connection.endheaders()
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())


@contextlib.contextmanager
def served(site: server.Site) -> Iterator[int]:
    listening: ThreadingHTTPServer = server.listen(site, 0)
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield listening.server_address[1]
    finally:
        listening.shutdown()
        thread.join()
        listening.server_close()


class Lesson:
    """A site of one page that says what is in a file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.builds = 0

    def build(self) -> dict[str, bytes]:
        self.builds += 1
        text = self.path.read_text("utf-8")
        if "wrong" in text:
            raise server.CannotBuild(f"{self.path.name}:1 is \x1b[31mwrong <b>")
        return {"index.html": text.encode(), "static/a.js": b"1", "static/a.svg": b"<svg/>"}

    def site(self) -> server.Site:
        return server.Site(self.build, lambda: [self.path])


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    path = tmp_path / "lesson.md"
    path.write_text("first", "utf-8")
    return Lesson(path)


def test_files_come_with_their_type_and_a_strict_policy(lesson: Lesson) -> None:
    with served(lesson.site()) as port:
        for path, type_ in [
            ("/", "text/html; charset=utf-8"),
            ("/index.html?query#x", "text/html; charset=utf-8"),
            ("/static/a.js", "text/javascript; charset=utf-8"),
            ("/static/a.svg", "image/svg+xml"),
        ]:
            answer = get(port, path)
            assert (answer.status, answer.headers["Content-Type"]) == (200, type_)
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing.html", 404),
        ("/../../etc/passwd", 404),
        ("/static/../index.html", 404),
        ("//127.0.0.1/", 404),
        ("/%00", 404),
        ("/%ff", 400),
        ("/static/", 404),
    ],
)
def test_only_files_of_the_site_are_served(lesson: Lesson, path: str, status: int) -> None:
    with served(lesson.site()) as port:
        assert get(port, path).status == status


def test_a_head_has_no_body_and_nothing_can_be_sent(lesson: Lesson) -> None:
    with served(lesson.site()) as port:
        head = get(port, "/", "HEAD")
        assert (head.status, head.headers["Content-Length"]) == (200, "5")
        assert head.content == b""
        assert get(port, "/", "POST").status == 501


def test_a_changed_lesson_is_shown_anew_and_an_unchanged_one_is_not_built_again(
    lesson: Lesson,
) -> None:
    site = lesson.site()
    assert (site.file("/"), site.file("/"), lesson.builds) == (b"first", b"first", 1)
    lesson.path.write_text("the second", "utf-8")
    assert (site.file("/"), lesson.builds) == (b"the second", 2)


def test_a_lesson_with_a_mistake_says_so_in_its_place_until_it_is_mended(lesson: Lesson) -> None:
    with served(lesson.site()) as port:
        get(port, "/")
        lesson.path.write_text("this is wrong", "utf-8")
        answer = get(port, "/")
        assert (answer.status, answer.headers["Content-Type"]) == (500, "text/plain; charset=utf-8")
        assert b"lesson.md:1 is" in answer.content
        lesson.path.unlink()
        assert get(port, "/").status == 500
        lesson.path.write_text("mended", "utf-8")
        assert get(port, "/").content == b"mended"


def test_only_this_machine_is_listened_to_and_a_port_by_one_server_alone(lesson: Lesson) -> None:
    with server.listen(lesson.site(), 0) as listening:
        assert listening.server_address[0] == "127.0.0.1"
        with pytest.raises(OSError, match=r"in use|Only one"):
            server.listen(lesson.site(), listening.server_address[1])


# ── The command ───────────────────────────────────────────────────────────────────────────


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no such signal to one process")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, 143)])
def test_the_command_serves_the_course_until_it_is_told_to_end(
    number: signal.Signals, code: int, tmp_path: Path
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "course", "serve", "--port", "0"],
        cwd=ROOT,
        env={**os.environ, "HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        port = re.fullmatch(r"http://127\.0\.0\.1:(\d+)/  \(Ctrl-C ends it\)\n", said)
        assert port is not None, said
        assert b"<h1>" in get(int(port[1]), "/").content
        process.send_signal(number)
        _, complaints = process.communicate(timeout=PATIENCE_S)
    finally:
        process.kill()
    assert process.returncode == code
    assert complaints == ("" if number == signal.SIGINT else "Stopped by SIGTERM.\n")
