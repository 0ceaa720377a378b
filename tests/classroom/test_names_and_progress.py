"""Names of all kinds have rows that do nothing; who watches sees how far a class has come."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from class_output import rows
from conftest import ROOT, Run

NAMES = (
    *(b"Ann", b"ann", b"j\xf6rg", b"a\x1b[31mred", b"new\nline", b"=1+1", b"con", b"-rf"),
    *(b"<img src=x onerror=alert(1)>", b"a b", b"quo'te\"", "\u202egnp".encode(), b"x" * 250),
)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere not all of these names exist")
def test_every_name_has_a_row_of_its_own_and_none_does_anything(
    course: Run, tmp_path: Path
) -> None:
    handed_in = tmp_path / "handed-in"
    for name in NAMES:
        (handed_in / os.fsdecode(name)).mkdir(parents=True)
    (handed_in / "loop.py").symlink_to("loop.py")
    os.mkfifo(handed_in / "pipe.py")
    (handed_in / "nowhere").symlink_to("gone")
    out = tmp_path / "out"
    done = course("grade-all", handed_in, "--out", out, "--seed", "practice")
    assert done.returncode == 0, done.stderr
    found = rows(out)
    assert len(found) == len(NAMES) + 2
    assert len(list((out / "results").iterdir())) == len(NAMES) + 2
    assert {row["status"] for row in found.values()} == {"not gradable"}
    assert {"Ann", "ann", r"j\xf6rg", r"a\x1b[31mred", r"new\nline", "'=1+1"} <= set(found)
    assert "Too many levels" in found["loop"]["note"]
    assert "is a named pipe" in found["pipe"]["note"]
    assert "left out, as they cannot be submissions: nowhere" in done.stderr
    page = (out / "class.html").read_text("utf-8")
    assert "<img" not in page
    for text in (page, done.stdout, done.stderr):
        assert "\x1b" not in text
        assert "\u202e" not in text


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals")
def test_a_terminal_shows_a_bar_with_rate_and_time_left_and_a_file_plain_lines(
    tmp_path: Path,
) -> None:
    import pty

    shutil.copytree(ROOT / "examples" / "complete", tmp_path / "handed-in" / "ann")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-P", "-m", "course", "grade-all", str(tmp_path / "handed-in")]
    command += ["--out", str(tmp_path / "out"), "--seed", "practice"]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=theirs
    ) as run:
        os.close(theirs)
        shown = b""
        while chunk := _read(ours):
            shown += chunk
        assert run.wait(60) == 0
    os.close(ours)
    assert b"grading" in shown
    assert b"1/1" in shown
    assert b"/s" in shown
    assert b"left" in shown
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.stderr.startswith("1 of 1 done, ")
    assert "\x1b" not in done.stderr


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:  # Linux: the other end is closed
        return b""
