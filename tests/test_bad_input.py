"""Bad input ends as `docs/bad-input.md` says: each row of its tables is made and run here.

What is printed, the exit code and what is left running are compared for every row. A
function below makes the bad input of one row; its name is the row's id.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import io
import json
import os
import pty
import re
import select
import signal
import socket
import stat
import struct
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from conftest import REFERENCE, ROOT, Run
from privileges import CANNOT, drop_privileges

from grader.renderers.escaping import visible

if sys.platform != "linux":
    pytest.skip("pipes, links and signals as Linux has them", allow_module_level=True)

PAGE = ROOT / "docs" / "bad-input.md"
OLDER = "a report from before"
PATIENCE_S = 60


# ── The page ──────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Row:
    """What the page says of one case: the texts that are printed, and the exit code."""

    texts: tuple[str, ...]
    code: int


def rows() -> Iterator[tuple[str, Row]]:
    for line in PAGE.read_text("utf-8").splitlines():
        if line.startswith("| `"):
            id_, _, happens, code = (cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1])
            spans = [text for _, text in re.findall(r"(`+)(.+?)\1(?!`)", happens)]
            texts = (s[1:-1] if s.startswith(" `") or s.endswith("` ") else s for s in spans)
            yield id_.strip("`"), Row(tuple(texts), int(code))


TABLE = dict(rows())


def pattern(text: str) -> str:
    """Turn a text of the page into a regular expression; `…` is what differs."""
    return ".{0,300}?".join(map(re.escape, text.split("…")))


# ── Running ───────────────────────────────────────────────────────────────────────────


@dataclass
class Ended:
    """How a command ended. `report` is its JSON report, where it wrote one."""

    code: int
    out: str
    err: str
    report: dict[str, Any] | None = None

    @property
    def shown(self) -> str:
        """All that a reader gets to see, with every run of white space as one space."""
        parts = [self.out, self.err]
        if self.report is not None:
            parts += map(visible, self.report["submission"]["notes"])
            parts += (visible(check["reason"] or "") for check in self.report["checks"])
        return " ".join(" ".join(parts).split())

    def points(self, stage: str) -> tuple[int, int]:
        assert self.report is not None
        checks = [check for check in self.report["checks"] if check["stage"] == stage]
        return sum(c["points"] for c in checks), sum(c["max_points"] for c in checks)

    def graded_whole(self, *stages: str) -> Ended:
        for stage in stages:
            reached, most = self.points(stage)
            assert reached == most, stage
        return self


@dataclass
class Place:
    """A folder to make bad input in, and the command to run on it."""

    home: Path
    course: Run
    variant: Callable[..., Path]
    environment: dict[str, str] = field(default_factory=dict)

    def files(self, **contents: str | bytes) -> Path:
        """Make a folder of `name.py` files; `\\n` ends up as it is on every system."""
        folder = self.home / "submission"
        folder.mkdir()
        for name, content in contents.items():
            data = content.encode() if isinstance(content, str) else content
            (folder / f"{name}.py").write_bytes(data)
        return folder

    def grade(self, path: Path | str, *arguments: str | Path, **options: Any) -> Ended:
        """Grade, with a JSON report where an older file is, beside the terminal's."""
        file = self.home / "report.json"
        file.write_text(OLDER)
        done = self.course(
            "grade", path, "--report", "terminal", "--report", f"json={file}", *arguments, **options
        )
        ended = Ended(done.returncode, done.stdout, done.stderr)
        self.read_report(ended, file)
        return ended

    @staticmethod
    def read_report(ended: Ended, file: Path) -> None:
        """Read the report; where nothing was graded, the older one must be there."""
        text = file.read_text("utf-8")
        if ended.code in (0, 1):
            assert not set(text) - set(map(chr, range(32, 127))) - {"\n"}
            ended.report = json.loads(text)
        else:
            assert text == OLDER
        assert [path.name for path in file.parent.glob(".*")] == []

    def run(self, *arguments: str | Path, **options: Any) -> Ended:
        done = self.course(*arguments, **options)
        return Ended(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str | Path, **options: Any) -> subprocess.Popen[str]:
        """Start the command and return at once."""
        environment = {**os.environ, "HOME": str(self.home), "PYTHONUTF8": "1", **self.environment}
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "course", *map(str, arguments)],
            cwd=ROOT,
            env=environment,
            encoding="utf-8",
            **{
                "stdin": subprocess.DEVNULL,
                "stdout": subprocess.PIPE,
                "stderr": subprocess.PIPE,
                **options,
            },
        )

    def without_privileges(self, *arguments: str | Path) -> Ended:
        """Run as somebody for whom permissions count, which they do not for root."""
        process = self.start(*arguments, preexec_fn=drop_privileges)
        out, err = process.communicate(timeout=PATIENCE_S)
        return Ended(process.returncode, out, err)

    def zip(self, members: dict[str, str | bytes] | list[tuple[str, str | bytes]]) -> Path:
        path = self.home / "submission.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members.items() if isinstance(members, dict) else members:
                archive.writestr(name, content)
        return path


# ── What is left running ──────────────────────────────────────────────────────────────


@pytest.fixture(scope="module", autouse=True)
def adopting_orphans() -> Iterator[None]:
    """What a finished command leaves running becomes our child, and so can be seen."""
    become_subreaper = 36
    ctypes.CDLL(None).prctl(become_subreaper, 1, 0, 0, 0)
    yield
    ctypes.CDLL(None).prctl(become_subreaper, 0, 0, 0, 0)


def processes() -> Iterator[tuple[int, int, str, float, str]]:
    """Yield every process: its number, its parent's, state, CPU seconds, command line."""
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            with contextlib.suppress(OSError):
                fields = (path / "stat").read_text().rpartition(")")[2].split()
                ticks = int(fields[11]) + int(fields[12])
                command = (path / "cmdline").read_text(errors="replace").replace("\0", " ")
                cpu_s = ticks / os.sysconf("SC_CLK_TCK")
                yield int(path.name), int(fields[1]), fields[0], cpu_s, command


def below(ancestor: int) -> Iterator[tuple[float, str]]:
    """Yield CPU seconds and command line of what a process has started, and those in turn."""
    known = {ancestor}
    for number, parent, _, cpu_s, command in sorted(processes()):
        if parent in known:
            known.add(number)
            yield cpu_s, command


def children() -> set[tuple[int, str]]:
    """Return our children that run; those that have ended meanwhile are laid to rest."""
    running = set()
    for pid, parent, state, _, command in processes():
        if parent == os.getpid() and state == "Z":
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
        elif parent == os.getpid():
            running.add((pid, command))
    return running


def left_running(before: set[tuple[int, str]]) -> set[tuple[int, str]]:
    """Return the children that are still there; one that is about to end may take a moment."""
    deadline = time.monotonic() + 30
    while (left := children() - before) and time.monotonic() < deadline:
        time.sleep(0.02)
    return left


# ── The rows ──────────────────────────────────────────────────────────────────────────

Case = Callable[[Place], Ended]
CASES: dict[str, Case] = {}


def row(case: Case) -> Case:
    CASES[case.__name__.replace("_", "-")] = case
    return case


def rows_of(case: Callable[[Place, Any], Ended], inputs: dict[str, Any]) -> None:
    """Make a row of each input: all are handed in alike."""
    for id_, given in inputs.items():
        CASES[id_] = partial(case, given=given)


TANH = "result = math.tanh(self.data)"
BOTH = ("value", "backward")
SOME = ("--check=value", "--check=backward", "--check=mlp/neuron")
"""Enough to see what a row claims, where each further check would cost a second."""


def with_tanh(place: Place, given: str, before: str = "") -> Ended:
    """Grade an engine whose `tanh` computes its number like this."""
    edits = [(TANH, given), ("import math\n", f"import math\n{before}\n")]
    return place.grade(place.variant(engine=edits))


def below_the_classes(place: Place, code: str) -> Ended:
    return place.grade(place.variant(engine=f"{REFERENCE['engine']}\n{code}\n"))


def at_the_top(place: Place, role: str, code: str, *some: str) -> Ended:
    first = {"engine": "import math\n", "nn": "import itertools\n"}[role]
    return place.grade(place.variant(**{role: [(first, f"{first}{code}\n")]}), *some)


# What is to be graded


@row
def missing_folder(place: Place) -> Ended:
    return place.grade(place.home / "nowhere")


@row
def missing_folder_hostile_name(place: Place) -> Ended:
    return place.grade(place.home / "no\nsuch\x1b[31m")


@row
def circular_path(place: Place) -> Ended:
    (place.home / "circle").symlink_to("circle")
    return place.grade(place.home / "circle")


@row
def no_python(place: Place) -> Ended:
    folder = place.files()
    (folder / "notes.txt").write_text("class Value")
    return place.grade(folder)


@row
def other_file(place: Place) -> Ended:
    (place.home / "notes.txt").write_text("class Value")
    return place.grade(place.home / "notes.txt")


@row
def pipe_as_path(place: Place) -> Ended:
    os.mkfifo(place.home / "engine.py")
    return place.grade(place.home / "engine.py")


@row
def class_not_found(place: Place) -> Ended:
    return place.grade(place.files(mine="class Number: pass\n", test_mine="class Value: pass\n"))


@row
def engine_without_value(place: Place) -> Ended:
    return place.grade(place.files(engine="class Number: pass\n"))


@row
def two_candidates(place: Place) -> Ended:
    return place.grade(place.files(a=REFERENCE["engine"], b=REFERENCE["engine"]))


@row
def two_engines(place: Place) -> Ended:
    folder = place.files()
    for name in ("x", "y"):
        (folder / name).mkdir()
        (folder / name / "engine.py").write_text(REFERENCE["engine"], "utf-8")
    return place.grade(folder)


@row
def deep_folder(place: Place) -> Ended:
    folder = place.files()
    (folder / "a/b/c/d/e/f").mkdir(parents=True)
    (folder / "a/b/c/d/e/f/engine.py").write_text(REFERENCE["engine"], "utf-8")
    return place.grade(folder)


@row
def linked_folder(place: Place) -> Ended:
    folder = place.files()
    (folder / "sub").symlink_to(place.variant("elsewhere"))
    return place.grade(folder)


@row
def names_with_spaces(place: Place) -> Ended:
    return place.grade(place.variant("my work, déjà\nvu \x1b[31m"))


@row
def file_name_with_escapes(place: Place) -> Ended:
    folder = place.files()
    (folder / "my é\n\x1b[31mengine.py").write_text(REFERENCE["engine"], "utf-8")
    return place.grade(folder).graded_whole(*BOTH)


# Notebooks, and scripts made like them


def notebook_of(place: Place, given: dict[str, Any]) -> Ended:
    """Hand in notebooks, each a list of cells or the bytes of the file, and Python files."""
    folder = place.files()
    for name, content in given.items():
        if isinstance(content, list):
            cells = [{"cell_type": "code", "source": cell} for cell in content]
            content = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}).encode()
        elif isinstance(content, str):
            content = content.encode()
        (folder / name).write_bytes(content)
    return place.grade(folder, *SOME)


ENGINE = REFERENCE["engine"]
rows_of(
    notebook_of,
    {
        "notebook-empty": {"a.ipynb": b""},
        "notebook-cut-off": {"a.ipynb": b'{"cells": [{"cell_type": "co'},
        "notebook-without-cells": {"a.ipynb": b"{}"},
        "notebook-nested": {"a.ipynb": b"[" * 1_000_000},
        "notebook-huge": {"a.ipynb": bytes(9 << 20)},
        "notebook-in-another-language": {
            "a.ipynb": b'{"cells": [], "metadata": {"kernelspec": {"language": "julia"}}}'
        },
        "notebook-without-value": {"a.ipynb": ["x = 1"]},
        "notebook-broken-cell": {"a.ipynb": ["1", "class Value(", ENGINE]},
        "notebook-broken-engine": {"a.ipynb": [f"{ENGINE}\nx = ("]},
        "notebook-raises": {"a.ipynb": ["1", ENGINE.replace(TANH, "raise ValueError('no')")]},
        "notebook-needs-a-package": {
            "a.ipynb": ["", f"import scipy\n{ENGINE}\nE = scipy.e", "def f():\n    return E"]
        },
        "two-notebooks": {"a.ipynb": [ENGINE], "b.ipynb": [ENGINE]},
        "notebook-beside-python": {"a.ipynb": [ENGINE], "engine.py": ENGINE},
        "notebook-and-nothing-else": {"a.ipynb": b"{", "plots.py": "import matplotlib\n"},
    },
)


@row
def notebook_with_hostile_name(place: Place) -> Ended:
    return notebook_of(place, {"a\n\x1b[31m::error::.ipynb": [ENGINE, "1/0", f"{ENGINE}\n1/0"]})


@row
def trains_between_its_classes(place: Place) -> Ended:
    future = "from __future__ import annotations\n"
    engine, nn, train = (
        text.replace("from engine_reference.engine import Value", "").replace(future, "")
        for text in REFERENCE.values()
    )
    loop = "while True:\n    Value(2.0).tanh().backward()\n"
    return place.grade(place.files(mine="\n".join([future, engine, loop, nn, train])))


# Its files


@row
def syntax_error_in_nn(place: Place) -> Ended:
    ended = place.grade(place.variant(nn="class MLP:\n    def f(: pass\n")).graded_whole(*BOTH)
    assert ended.points("train")[0] > 0
    return ended


@row
def syntax_error_in_engine(place: Place) -> Ended:
    return place.grade(place.variant(engine="class Value(: pass\n"))


@row
def missing_nn(place: Place) -> Ended:
    return place.grade(place.variant(nn=None)).graded_whole(*BOTH)


@row
def empty_engine(place: Place) -> Ended:
    return place.grade(place.variant(engine=""))


@row
def empty_nn(place: Place) -> Ended:
    return place.grade(place.variant(nn="")).graded_whole(*BOTH)


@row
def latin_1_engine(place: Place) -> Ended:
    return place.grade(place.files(engine="# -*- coding: latin-1 -*-\n# né\n".encode("latin-1")))


@row
def latin_1_nn(place: Place) -> Ended:
    folder = place.variant()
    (folder / "nn.py").write_bytes("# né\n".encode("latin-1"))
    return place.grade(folder).graded_whole(*BOTH)


@row
def utf_16_engine(place: Place) -> Ended:
    return place.grade(place.files(engine=REFERENCE["engine"].encode("utf-16")))


@row
def misnamed_latin_1(place: Place) -> Ended:
    return place.grade(place.files(mine="# né\n".encode("latin-1")))


@row
def binary_engine(place: Place) -> Ended:
    return place.grade(place.files(engine=bytes(range(256)) * 40))


@row
def ten_megabytes(place: Place) -> Ended:
    return place.grade(place.files(engine="#" * 10_000_000))


@row
def ten_megabytes_nn(place: Place) -> Ended:
    return place.grade(place.variant(nn="#" * 10_000_000)).graded_whole(*BOTH)


@row
def folder_called_engine(place: Place) -> Ended:
    folder = place.variant(engine=None)
    (folder / "engine.py").mkdir()
    return place.grade(folder)


@row
def folder_called_nn(place: Place) -> Ended:
    folder = place.variant(nn=None)
    (folder / "nn.py").mkdir()
    return place.grade(folder).graded_whole(*BOTH)


@row
def broken_link(place: Place) -> Ended:
    folder = place.variant(engine=None)
    (folder / "engine.py").symlink_to("nowhere.py")
    return place.grade(folder)


@row
def circular_link(place: Place) -> Ended:
    folder = place.variant(nn=None)
    (folder / "nn.py").symlink_to("nn.py")
    return place.grade(folder).graded_whole(*BOTH)


@row
def link_out(place: Place) -> Ended:
    (place.home / "engine.py").write_text(REFERENCE["engine"], "utf-8")
    folder = place.variant(engine=None)
    (folder / "engine.py").symlink_to("../engine.py")
    return place.grade(folder)


@row
def no_permission(place: Place) -> Ended:
    folder = place.variant()
    (folder / "engine.py").chmod(0)
    return place.without_privileges("grade", folder)


@row
def no_permission_folder(place: Place) -> Ended:
    folder = place.variant()
    folder.chmod(0)
    try:
        return place.without_privileges("grade", folder)
    finally:
        folder.chmod(0o700)


@row
def pipe_called_engine(place: Place) -> Ended:
    folder = place.variant(engine=None)
    os.mkfifo(folder / "engine.py")
    return place.grade(folder)


# course.toml


def with_configuration(place: Place, given: bytes) -> Ended:
    (place.home / "engine.py").write_text(REFERENCE["engine"], "utf-8")
    folder = place.variant()
    (folder / "course.toml").write_bytes(given)
    return place.grade(folder)


rows_of(
    with_configuration,
    {
        "toml-invalid": b"[files\n",
        "toml-endless-nesting": b"x = " + b"[" * 100_000,
        "toml-missing-file": b"[files]\nengine = 'mine.py'\n",
        "toml-file-outside": b"[files]\nengine = '../engine.py'\n",
        "toml-unknown-role": b"[files]\nengin = 'engine.py'\n",
        "toml-unknown-table": b"[file]\nengine = 'engine.py'\n",
        "toml-not-text": b"[files]\nengine = '\xff.py'\n",
    },
)


# Zip archives

WHOLE: dict[str, str | bytes] = {
    f"{role}.py": text.replace("from engine_reference.", "from ")
    for role, text in REFERENCE.items()
}


@row
def zip_broken(place: Place) -> Ended:
    path = place.zip(WHOLE)
    path.write_bytes(path.read_bytes()[:2000])
    return place.grade(path)


@row
def zip_damaged_member(place: Place) -> Ended:
    path = place.zip(WHOLE)
    data = bytearray(path.read_bytes())
    data[300] ^= 0xFF
    path.write_bytes(data)
    return place.grade(path)


def encrypted(path: Path, *names: str) -> Path:
    """Mark members as encrypted in the archive's table of contents."""
    data, at = bytearray(path.read_bytes()), 0
    while (at := data.find(b"PK\1\2", at)) >= 0:
        length = struct.unpack_from("<H", data, at + 28)[0]
        if data[at + 46 : at + 46 + length].decode() in names:
            data[at + 8] |= 1
        at += 4
    path.write_bytes(data)
    return path


@row
def zip_encrypted(place: Place) -> Ended:
    return place.grade(encrypted(place.zip(WHOLE), *WHOLE))


@row
def zip_encrypted_nn(place: Place) -> Ended:
    return place.grade(encrypted(place.zip(WHOLE), "nn.py")).graded_whole(*BOTH)


def zipped(place: Place, given: dict[str, str | bytes]) -> Ended:
    return place.grade(place.zip(given))


rows_of(
    zipped,
    {
        "zip-bomb": {**WHOLE, "engine.py": bytes(100 << 20)},
        "zip-many-names": {f"{i}.py": "" for i in range(6000)},
        "zip-absolute-name": {"/engine.py": WHOLE["engine.py"]},
        "zip-name-with-dots": {"../engine.py": WHOLE["engine.py"]},
    },
)


@row
def zip_link(place: Place) -> Ended:
    path = place.home / "submission.zip"
    with zipfile.ZipFile(path, "w") as archive:
        member = zipfile.ZipInfo("engine.py")
        member.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(member, "../engine.py")
    return place.grade(path)


@row
def zip_twice(place: Place) -> Ended:
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = place.zip([("engine.py", "class Value: pass"), *WHOLE.items()])
    return place.grade(path)


rows_of(
    zipped,
    {
        "zip-deep-folder": {"a/b/c/d/e/f/engine.py": WHOLE["engine.py"]},
        "zip-backslashes": {f"mine\\{name}": text for name, text in WHOLE.items()},
        "zip-capitals": {**WHOLE, "Engine.py": ""},
        "zip-in-zip": {"ada.zip": b"PK"},
        "zip-from-a-mac": {**WHOLE, "__MACOSX/._nn.py": b"\0", "._engine.py": b"\0"},
    },
)


@row
def zip_name_not_text(place: Place) -> Ended:
    path = place.zip({**WHOLE, "é.txt": ""})
    path.write_bytes(path.read_bytes().replace("é.txt".encode(), b"\xff\xff.txt"))
    return place.grade(path)


@row
def zip_unusual(place: Place) -> Ended:
    path = place.home / "submission.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("engine.py", WHOLE["engine.py"])
    return place.grade(path)


def with_bytes(place: Place, given: tuple[str, bytes]) -> Ended:
    path = place.home / given[0]
    path.write_bytes(given[1])
    return place.grade(path)


rows_of(
    with_bytes,
    {
        "zip-empty-file": ("ada.zip", b""),
        "seven-zip": ("ada.7z", b"7z\xbc\xaf\x27\x1c" + bytes(100)),
    },
)


# Archives made with tar


Entries = list[tuple[str, str | bytes | int]]
"""A name and a content; in place of the content, the kind of what is no file."""


def tar(place: Place, entries: Entries, mode: str = "w:gz", name: str = "ada.tar.gz") -> Path:
    path = place.home / name
    with tarfile.open(path, mode, encoding="utf-8", errors="surrogateescape") as archive:
        for shown, content in entries:
            info = tarfile.TarInfo(shown)
            if isinstance(content, bytes) and content in (tarfile.SYMTYPE, tarfile.CHRTYPE):
                info.type, info.linkname = content, "../engine.py"
                archive.addfile(info)
                continue
            data = content.encode() if isinstance(content, str) else bytes(content)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def tarred(place: Place, given: Entries) -> Ended:
    return place.grade(tar(place, given))


@row
def tar_of_every_kind(place: Place) -> Ended:
    entries: Entries = [(f"ada/{name}", text) for name, text in WHOLE.items()]
    kinds = {"w": "ada.tar", "w:gz": "ada.tgz", "w:bz2": "ada.tar.bz2", "w:xz": "no-suffix"}
    ends = [place.grade(tar(place, entries, *kind), *SOME) for kind in kinds.items()]
    assert {ended.out for ended in ends} == {ends[0].out}
    return ends[0]


@row
def tar_broken(place: Place) -> Ended:
    path = tar(place, [*WHOLE.items()])
    path.write_bytes(path.read_bytes()[:-2000])
    return place.grade(path)


@row
def tar_damaged(place: Place) -> Ended:
    path = tar(place, [*WHOLE.items()], "w", "ada.tar")
    path.write_bytes(b"x" * 512 + path.read_bytes()[512:])
    return place.grade(path)


rows_of(
    tarred,
    {
        "tar-empty": [],
        "tar-bomb": [("engine.py", 80 << 20)],
        "tar-many-names": [(f"{i}.py", "") for i in range(6000)],
        "tar-absolute-name": [("/engine.py", WHOLE["engine.py"])],
        "tar-name-with-dots": [("../engine.py", WHOLE["engine.py"])],
        "tar-link": [("engine.py", tarfile.SYMTYPE)],
        "tar-device": [("engine.py", tarfile.CHRTYPE)],
        "tar-twice": [("engine.py", ""), *WHOLE.items()],
        "tar-capitals": [("Engine.py", ""), *WHOLE.items()],
        "tar-name-not-text": [("caf\udce9.py", WHOLE["engine.py"])],
    },
)


# A class, its roster and its gradebook


def graded_class(place: Place, given: dict[str, Any]) -> Ended:
    """Grade a class of one with an option and its file; nothing is there after a refusal."""
    folder = place.home / "class"
    folder.mkdir()
    (folder / "ann.py").write_text(REFERENCE["engine"], "utf-8")
    options: list[str | Path] = []
    for option, content in given.items():
        file = place.home / f"{option}.csv"
        if content is not None:
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        options += [f"--{option}", file]
    out = place.home / "out"
    done = place.run("grade-all", folder, "--out", out, "--jobs=1", "--seed=practice", *options)
    assert out.exists() == (done.code == 0)
    return done


CANVAS = "Student,ID,Section,Lab (1),Essay (2)\n"
rows_of(
    graded_class,
    {
        "roster-missing": {"roster": None},
        "roster-empty": {"roster": ""},
        "roster-without-names": {"roster": "group,room\n1,2\n"},
        "roster-not-text": {"roster": bytes(range(256))},
        "roster-twice": {"roster": "\ufeffemail;username\na@x;ann\nA@X;anna\nb@x;bob\n"},
        "roster-of-others": {"roster": "username\nbob\n\x1b[31m\n"},
        "canvas-of-several": {"canvas": CANVAS},
        "canvas-without-assignment": {"canvas": "Student,ID,Section\n"},
        "moodle-of-another-kind": {"moodle": "name,Grade\nann,1\n"},
    },
)


@row
def class_archive_with_hostile_names(place: Place) -> Ended:
    ann, moodle = "A\x1b[31m<b>=1+1", "assignsubmission_file_"
    path = place.zip(
        {
            f"{ann}_1_{moodle}/engine.py": WHOLE["engine.py"],
            f"Bob_2_{moodle}/../../../engine.py": WHOLE["engine.py"],
            f"../Cy_3_{moodle}/engine.py": WHOLE["engine.py"],
        }
    )
    out = place.home / "out"
    done = place.run("grade-all", path, "--out", out, "--jobs=1", "--seed=practice")
    assert len(list((out / "results").iterdir())) == 1
    assert {p.name for p in place.home.iterdir()} == {"submission.zip", "out"}
    return done


# Code that does not end, or ends everything


@row
def loop_at_import(place: Place) -> Ended:
    return at_the_top(place, "nn", "while True: pass", *SOME).graded_whole(*BOTH)


@row
def loop_below_the_classes(place: Place) -> Ended:
    return below_the_classes(place, "while True: pass")


@row
def loop_in_backward(place: Place) -> Ended:
    edit = ("        self.grad = 1.0\n", "        while True: pass\n")
    some = ("--check=value", "--check=backward/add")
    return place.grade(place.variant(engine=[edit]), *some).graded_whole("value")


@row
def loop_in_train(place: Place) -> Ended:
    train = f"{REFERENCE['train']}\ndef train(*_, **__):\n    while True: pass\n"
    some = [f"--check={name}" for name in (*BOTH, "mlp", "train/direction")]
    return place.grade(place.variant(train=train), *some).graded_whole(*BOTH, "mlp")


@row
def loop_that_catches_everything(place: Place) -> Ended:
    loop = "while True:\n    try:\n        while True: pass\n    except BaseException: pass"
    return at_the_top(place, "nn", loop, *SOME).graded_whole(*BOTH)


@row
def exit_at_import(place: Place) -> Ended:
    return at_the_top(place, "engine", "import sys; sys.exit()")


@row
def exit_below_the_classes(place: Place) -> Ended:
    return below_the_classes(place, "import sys; sys.exit()")


@row
def exit_in_a_method(place: Place) -> Ended:
    ended = with_tanh(place, "import sys; sys.exit()")
    assert ended.points("value") == (24, 26)
    return ended


@row
def hard_exit_at_import(place: Place) -> Ended:
    return at_the_top(place, "nn", "import os; os._exit(0)").graded_whole(*BOTH)


@row
def hard_exit_in_a_method(place: Place) -> Ended:
    ended = with_tanh(place, "import os; os._exit(0)")
    assert ended.points("value") == (24, 26)
    return ended


@row
def interrupt_raised(place: Place) -> Ended:
    ended = with_tanh(place, "raise KeyboardInterrupt")
    assert ended.points("value") == (24, 26)
    return ended


@row
def deep_recursion(place: Place) -> Ended:
    return with_tanh(place, "return self.tanh()")


@row
def nested_source(place: Place) -> Ended:
    nn = f"x = {'(' * 5000}{')' * 5000}\n"
    return place.grade(place.variant(nn=nn)).graded_whole(*BOTH)


@row
def fifty_gibibytes(place: Place) -> Ended:
    return with_tanh(place, "result = len(bytearray(50 << 30))")


@row
def gigabyte_printed(place: Place) -> Ended:
    ended = below_the_classes(place, "for _ in range(1000): print('x' * 1_000_000)")
    assert len(ended.out) < 2_000
    return ended


# Answers that are no numbers


rows_of(
    with_tanh,
    {
        "data-str": "return Value('2')",
        "data-none": "return Value(None)",
        "data-complex": "return Value(2j)",
        "data-bool": "return Value(True)",
        "data-float-subclass": "return Value(type('Mine', (float,), {})(math.tanh(self.data)))",
        "data-huge-int": "return Value(10**400)",
    },
)


@row
def data_hostile(place: Place) -> Ended:
    hostile = (
        "class Evil:\n"
        "    __class__ = property(lambda self: float)\n"
        "    __eq__ = lambda self, other: True\n"
        "    __hash__ = lambda self: 0\n"
        "    __float__ = lambda self: math.tanh(2.0)\n"
        "    def __repr__(self):\n"
        "        import os\n"
        "        os._exit(0)\n"
    )
    return with_tanh(place, "return Value(Evil())", hostile)


rows_of(
    with_tanh,
    {
        "data-nan": "return Value(math.nan)",
        "data-infinite": "return Value(-math.inf)",
    },
)


@row
def gradients_nan(place: Place) -> Ended:
    return place.grade(place.variant(engine=[("self.grad = 1.0", "self.grad = math.nan")]))


@row
def random_answers(place: Place) -> Ended:
    edits = [(TANH, "result = random.random()"), ("import math\n", "import math\nimport random\n")]
    folder = place.variant(engine=edits)
    first, second = place.grade(folder), place.grade(folder)
    assert first == second
    return first


@row
def entropy_answers(place: Place) -> Ended:
    return with_tanh(place, "import os; result = int.from_bytes(os.urandom(7), 'big') / 2**56")


# Exceptions with a will of their own


def with_message(place: Place, body: str) -> Ended:
    return with_tanh(
        place, "raise Mine", f"class Mine(Exception):\n    def __str__(self):\n        {body}\n"
    )


@row
def message_huge(place: Place) -> Ended:
    ended = with_tanh(place, "raise ValueError('x' * 10_000_000)")
    assert len(max(ended.shown.split(), key=len)) == 500
    return ended


@row
def message_raises(place: Place) -> Ended:
    return with_message(place, "raise KeyError")


@row
def message_exits(place: Place) -> Ended:
    return with_message(place, "import os; os._exit(0)")


@row
def message_control_characters(place: Place) -> Ended:
    text = "a\x1b[2J\x07\r\n\u202e\ud800\x00\x9b31mb"
    return with_tanh(place, f"raise ValueError({text!a})")


@row
def type_name_control_characters(place: Place) -> Ended:
    return with_tanh(place, f"raise type({'E' + chr(27) + '[31m' + chr(10)!a}, (Exception,), {{}})")


# The command line

GOOD = ROOT / "examples" / "complete"


@row
def unknown_slug(place: Place) -> Ended:
    return place.grade(GOOD, "--check", "value/ad")


@row
def unknown_slug_far_off(place: Place) -> Ended:
    return place.grade(GOOD, "--check", "zzzzzz")


@row
def unknown_slug_to_explain(place: Place) -> Ended:
    return place.run("explain", "backward/shared")


@row
def unknown_format(place: Place) -> Ended:
    return place.grade(GOOD, "--report", "jsn")


# In the following rows the submission is missing too, which would be code 4: so it is the
# report that is looked at first.


@row
def report_in_no_folder(place: Place) -> Ended:
    return place.grade("nowhere", "--report", f"json={place.home / 'no' / 'report.json'}")


@row
def report_onto_folder(place: Place) -> Ended:
    return place.grade("nowhere", "--report", f"json={place.home}")


@row
def report_onto_pipe(place: Place) -> Ended:
    pipe = place.home / "pipe"
    os.mkfifo(pipe)
    ended = place.grade("nowhere", "--report", f"json={pipe}")
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    return ended


@row
def report_in_read_only_folder(place: Place) -> Ended:
    folder = place.home / "reports"
    folder.mkdir()
    (folder / "report.json").write_text(OLDER)
    folder.chmod(0o500)
    try:
        return place.without_privileges(
            "grade", "nowhere", "--report", f"json={folder / 'report.json'}"
        )
    finally:
        folder.chmod(0o700)
        assert [path.name for path in folder.iterdir()] == ["report.json"]
        assert (folder / "report.json").read_text() == OLDER


@row
def report_twice_onto_one_file(place: Place) -> Ended:
    return place.grade("nowhere", "--report", f"terminal={place.home / 'report.json'}")


@row
def report_onto_link(place: Place) -> Ended:
    (place.home / "link").symlink_to("linked.json")
    ended = place.grade(GOOD, "--report", f"json={place.home / 'link'}")
    assert (place.home / "link").is_symlink()
    assert json.loads((place.home / "linked.json").read_text()) == ended.report
    return ended


@row
def seed_not_text(place: Place) -> Ended:
    return place.grade("nowhere", "--seed", os.fsdecode(b"\xff"))


def started(place: Place, folder: Path) -> Ended:
    before = {path: path.lstat() for path in place.home.rglob("*")}
    ended = place.run("start", folder)
    assert {path: path.lstat() for path in place.home.rglob("*")} == before
    return ended


@row
def start_over_work(place: Place) -> Ended:
    return started(place, place.files(nn="my own work"))


@row
def start_over_broken_link(place: Place) -> Ended:
    folder = place.files()
    (folder / "engine.py").symlink_to("nowhere.py")
    return started(place, folder)


@row
def start_onto_file(place: Place) -> Ended:
    (place.home / "mine").write_text("my own work")
    return started(place, place.home / "mine")


@row
def site_over_work(place: Place) -> Ended:
    folder = place.files(engine="mine")
    ended = place.run("site", "--out", folder)
    assert [path.name for path in folder.iterdir()] == ["engine.py"]
    return ended


@row
def site_onto_file(place: Place) -> Ended:
    (place.home / "site").write_text(OLDER)
    ended = place.run("site", "--out", place.home / "site")
    assert (place.home / "site").read_text() == OLDER
    return ended


@row
def site_in_read_only_folder(place: Place) -> Ended:
    place.home.chmod(0o500)
    try:
        return place.without_privileges("site", "--out", place.home / "site")
    finally:
        place.home.chmod(0o700)


@row
def serve_on_taken_port(place: Place) -> Ended:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        return place.run("serve", "--port", str(taken.getsockname()[1]))


# The terminal, and being stopped


def interrupted(place: Place, given: signal.Signals) -> Ended:
    """Send a signal when the learner's endless loop is running, and see what is left."""
    folder = place.variant(engine=[("import math\n", "import math\nwhile True: pass\n")])
    file = place.home / "report.json"
    file.write_text(OLDER)
    process = place.start("grade", folder, "--report", f"json={file}")
    deadline = time.monotonic() + PATIENCE_S
    while not any(cpu_s > 0.15 and "worker" in command for cpu_s, command in below(process.pid)):
        assert time.monotonic() < deadline
        assert process.poll() is None
    process.send_signal(given)
    out, err = process.communicate(timeout=PATIENCE_S)
    ended = Ended(process.returncode, out, err.lstrip("\n"))
    place.read_report(ended, file)
    return ended


rows_of(
    interrupted,
    {"ctrl-c": signal.SIGINT, "sigterm": signal.SIGTERM, "sighup": signal.SIGHUP},
)


@row
def closed_pipe(place: Place) -> Ended:
    file = place.home / "report.txt"
    folder = place.variant(engine=[("math.tanh", "math.sin")])
    arguments = ("--report", "json", "--report", f"terminal={file}")
    with place.start("grade", folder, *arguments) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        fcntl.fcntl(process.stdout, fcntl.F_SETPIPE_SZ, 4096)  # less than there is to write
        first = process.stdout.read(2)
        process.stdout.close()
        err = process.stderr.read()
        code = process.wait(PATIENCE_S)
    assert "value/tanh" in file.read_text("utf-8")
    assert err == ""
    return Ended(code, first, err)


@row
def nobody_reads(place: Place) -> Ended:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as pipe:
        process = place.start("grade", GOOD, stdout=pipe)
    _, err = process.communicate(timeout=PATIENCE_S)
    assert err == ""
    return Ended(process.returncode, "", err)


@row
def closed_output(place: Place) -> Ended:
    folder = place.variant(engine=[("math.tanh", "math.sin")])
    process = place.start("grade", folder, preexec_fn=lambda: os.close(1))
    out, err = process.communicate(timeout=PATIENCE_S)
    assert (out, err) == ("", "")
    return Ended(process.returncode, out, err)


@row
def full_disk(place: Place) -> Ended:
    with Path("/dev/full").open("w") as full:
        process = place.start("grade", GOOD, stdout=full)
    _, err = process.communicate(timeout=PATIENCE_S)
    return Ended(process.returncode, "", err)


@row
def closed_error_output(place: Place) -> Ended:
    process = place.start("grade", "nowhere", preexec_fn=lambda: os.close(2))
    out, err = process.communicate(timeout=PATIENCE_S)
    assert (out, err) == ("", "")
    return Ended(process.returncode, out, "Error: (closed)")


@row
def ascii_terminal(place: Place) -> Ended:
    folder = place.variant(engine=[("math.tanh", "math.sin")])
    ended = place.grade(folder, env={"PYTHONIOENCODING": "ascii"})
    assert ended.out.isascii()
    return ended


@row
def ascii_terminal_error(place: Place) -> Ended:
    ended = place.grade(place.home / "café", env={"PYTHONIOENCODING": "ascii"})
    assert ended.err.isascii()
    return ended


def at_a_terminal(place: Place, *arguments: str | Path) -> Ended:
    ours, theirs = pty.openpty()
    process = place.start(*arguments, stdout=theirs, stderr=theirs)
    os.close(theirs)
    data = b""
    while select.select([ours], [], [], PATIENCE_S)[0]:
        try:
            data += os.read(ours, 1 << 16)
        except OSError:  # the other end is closed
            break
    os.close(ours)
    return Ended(process.wait(PATIENCE_S), data.decode().replace("\r\n", "\n"), "")


@row
def no_color(place: Place) -> Ended:
    folder = place.variant(engine=[("math.tanh", "math.sin")])
    place.environment = {"TERM": "xterm", "NO_COLOR": ""}
    assert "\x1b[" in at_a_terminal(place, "grade", folder).out
    assert "\x1b[" in at_a_terminal(place, "explain", "value/add").out
    place.environment = {"TERM": "xterm", "NO_COLOR": "1"}
    assert "\x1b" not in at_a_terminal(place, "explain", "value/add").out
    return at_a_terminal(place, "grade", folder)


# ── The claims ────────────────────────────────────────────────────────────────────────


def test_every_row_of_the_page_has_a_test_and_every_test_a_row() -> None:
    assert list(TABLE) == list(CASES)


@pytest.mark.parametrize("id_", TABLE)
def test_bad_input_ends_as_the_page_says_and_leaves_nothing_running(
    id_: str, tmp_path: Path, course: Run, variant: Callable[..., Path]
) -> None:
    before = children()
    ended = CASES[id_](Place(tmp_path, course, variant))
    left = left_running(before)
    if ended.code == CANNOT:
        pytest.skip("this system does not let root give up its privileges")
    for text in TABLE[id_].texts:
        assert re.search(pattern(" ".join(text.split())), ended.shown), f"{text}\n{ended}"
    assert ended.code == TABLE[id_].code, ended
    assert "Traceback" not in ended.out + ended.err
    assert not [c for c in ended.out + ended.err if not c.isprintable() and c != "\n"]
    if ended.code in (2, 3, 4):
        *usage, sentence = ended.err.strip().split("\n")
        assert sentence.startswith("Error: ")
        assert ended.code == 2 or usage == []
        assert ended.out == ""
    assert left == set()
