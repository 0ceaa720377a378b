"""Archives from strangers: a submission or one sentence, whatever their bytes, in little memory."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import random
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import REFERENCE

from grader.archives import ArchiveError, members, without_suffix, zip_below
from grader.sources import SubmissionError, collect
from grader.submission import read

ENGINE = REFERENCE["engine"]
MIB = 1 << 20


def zipped(method: int = zipfile.ZIP_DEFLATED, **files: str | bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in (
            files or {"x/engine.py": ENGINE, "x/nn.py": "class MLP: pass"}
        ).items():
            archive.writestr(name, content)
    return stream.getvalue()


def tarred(mode: str, form: int = tarfile.GNU_FORMAT) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode, format=form) as archive:
        for name in ("x/engine.py", f"x/{'long' * 40}.py"):
            info = tarfile.TarInfo(name)
            info.size = len(ENGINE.encode())
            archive.addfile(info, io.BytesIO(ENGINE.encode()))
    return stream.getvalue()


def notebook() -> bytes:
    cells = [ENGINE, "x = 1\nx.backward()\n%time\n", "def f(:"]
    made = [{"cell_type": "code", "source": cell.splitlines(keepends=True)} for cell in cells]
    return json.dumps({"cells": made}).encode()


WHOLE: dict[str, Callable[[], bytes]] = {
    "stored.zip": lambda: zipped(zipfile.ZIP_STORED),
    "deflated.zip": zipped,
    "pax.tar": lambda: tarred("w", tarfile.PAX_FORMAT),
    "gnu.tar": lambda: tarred("w"),
    "a.tar.gz": lambda: tarred("w:gz"),
    "a.tar.bz2": lambda: tarred("w:bz2"),
    "a.tar.xz": lambda: tarred("w:xz"),
    "a.ipynb": notebook,
}


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Change, drop, repeat or cut off some bytes, more often near the beginning."""
    content = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 40))):
        if not content:
            break
        at = chance.randrange(len(content) if chance.random() < 0.5 else min(600, len(content)))
        kind = chance.randrange(6)
        if kind == 0:
            content[at] = chance.randrange(256)
        elif kind == 1:
            content[at : at + 4] = b"\xff" * 4
        elif kind == 2:
            content[at : at + 8] = b"\x80" + b"\xff" * 7  # a negative size, in tar
        elif kind == 3:
            del content[at : at + chance.randrange(40)]
        elif kind == 4:
            content[at:at] = content[at : at + chance.randrange(600)]
        elif chance.random() < 0.3:
            del content[at:]
    return bytes(content)


@pytest.mark.parametrize("name", WHOLE)
def test_every_kind_is_read_and_damage_gives_one_sentence_at_most(
    name: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    data = WHOLE[name]()
    path.write_bytes(data)
    assert "engine" in read(path).roles
    chance = random.Random(name)
    ended = {"read": 0, "refused": 0}
    for _ in range(120):
        path.write_bytes(damaged(data, chance))
        try:
            read(path)
            ended["read"] += 1
        except SubmissionError:
            ended["refused"] += 1
    assert ended["refused"] > 0


# ── Bombs ─────────────────────────────────────────────────────────────────────────────


def bombs() -> Iterator[tuple[str, bytes]]:
    yield "one.zip", zipped(**{"engine.py": bytes(200 * MIB)})
    yield "bzip2.zip", zipped(zipfile.ZIP_BZIP2, **{"engine.py": bytes(400 * MIB)})
    yield "many.zip", zipped(**{f"{number}.py": bytes(MIB) for number in range(190)})
    for name, pack in (("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress)):
        yield f"a.tar.{name}", pack(bytes(80 * MIB))
        yield f"twice.tar.{name}", pack(bytes(40 * MIB)) * 2
    # An archive in an archive, whose members all lie in one stretch of it, is counted too.
    inner = zipped(zipfile.ZIP_STORED, **{f"{number}.py": "" for number in range(5001)})
    yield "nested.zip", zipped(zipfile.ZIP_STORED, **{"inner.zip": inner})


@pytest.mark.parametrize(("name", "data"), [pytest.param(*bomb, id=bomb[0]) for bomb in bombs()])
def test_a_bomb_is_refused_with_little_memory(name: str, data: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    tracemalloc.start()
    try:
        with pytest.raises(SubmissionError):
            read(tmp_path / name)
        assert tracemalloc.get_traced_memory()[1] < 200 * MIB
    finally:
        tracemalloc.stop()


def test_an_xz_archive_that_wants_more_memory_than_it_may_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = tarred("w:xz")
    assert len(members("a.tar.xz", data)) == 2
    monkeypatch.setattr("grader.archives.XZ_MEMORY_BYTES", MIB)
    with pytest.raises(ArchiveError, match=r"not a whole xz archive \(Memory usage limit exceeded"):
        members("a.tar.xz", data)


# ── Names ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "name",
    [
        "/a.py",
        "../a.py",
        "x/../../a.py",
        "C:/a.py",
        "C:\\a.py",
        "..\\a.py",
        "\\\\host\\share\\a.py",
    ],
)
def test_names_that_lead_out_are_not_read(name: str) -> None:
    (member,) = members("a.zip", zipped(**{name: "x"}))
    assert "names a place outside" in str(member.problem)


@pytest.mark.parametrize(
    ("name", "without"),
    [("a.tar.gz", "a"), ("a.b.ZIP", "a.b"), ("a.py", "a"), ("a", "a"), ("x/a.tgz", "x/a")],
)
def test_an_archives_name_without_its_ending(name: str, without: str) -> None:
    assert without_suffix(name) == without


# ── What lies in an archive for a class ───────────────────────────────────────────────


def test_a_path_may_lead_into_an_archive(tmp_path: Path) -> None:
    work = zipped()
    files = {"ann/engine.py": ENGINE, "ann2/engine.py": "", "bob.py": ENGINE, "cy/hw.zip": work}
    (tmp_path / "all.zip").write_bytes(zipped(**files))
    found = {name: collect(tmp_path / "all.zip" / name) for name in ("ann", "bob.py", "cy")}
    assert {name: sorted(sources.files) for name, sources in found.items()} == {
        "ann": ["engine.py"],
        "bob.py": ["bob.py"],
        "cy": ["x/engine.py", "x/nn.py"],
    }
    with pytest.raises(SubmissionError, match=r"dee does not exist: all\.zip holds no such name"):
        collect(tmp_path / "all.zip" / "dee")


def test_what_is_listed_is_what_has_the_name_and_nothing_that_begins_like_it(
    tmp_path: Path,
) -> None:
    names = {"ann/a.py": "12345", "ann.py": "", "annex/b.py": "", "ann/c/d.py": "", "an": ""}
    (tmp_path / "all.zip").write_bytes(zipped(**names))
    found = zip_below(tmp_path / "all.zip", "ann")
    assert [(member.name, member.read(3)) for member in found] == [
        ("a.py", b"123"),
        ("c/d.py", b""),
    ]
    assert [member.name for member in zip_below(tmp_path / "all.zip", "ann.py")] == [""]


def test_an_archive_that_changes_is_opened_anew(tmp_path: Path) -> None:
    for text in ("1", "22"):
        (tmp_path / "all.zip").write_bytes(zipped(**{"ann.py": text}))
        assert zip_below(tmp_path / "all.zip", "ann.py")[0].read(9) == text.encode()
