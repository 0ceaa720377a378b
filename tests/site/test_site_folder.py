"""`course site`: what is written, what is left alone, what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Run

from course.site import folder
from course.site.folder import NotOurs

FILES = {"index.html": b"start", "static/style.css": b"p {}"}


def contents(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != folder.RECORD
    }


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "some" / "site"


def test_the_command_writes_a_site_and_replaces_its_own(course: Run, tmp_path: Path) -> None:
    for _ in range(2):
        done = course("site", "--out", "public", cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        assert "Wrote public/index.html" in done.stdout.replace("\\", "/")
    record = json.loads((tmp_path / "public" / folder.RECORD).read_text("utf-8"))
    assert set(record["files"]) - {folder.RECORD} == set(contents(tmp_path / "public"))
    assert [entry.name for entry in tmp_path.iterdir()] == ["public"]


def test_the_files_are_there_with_folders_made_for_them(out: Path) -> None:
    folder.write(FILES, out)
    assert contents(out) == FILES


def test_an_empty_folder_is_taken(out: Path) -> None:
    out.mkdir(parents=True)
    folder.write(FILES, out)
    assert contents(out) == FILES


def test_a_newer_site_replaces_the_older_and_leaves_the_rest_alone(out: Path) -> None:
    folder.write({**FILES, "old.html": b"old", "away/old.js": b"old"}, out)
    (out / "CNAME").write_bytes(b"course.example")
    (out / "static" / "mine.png").write_bytes(b"mine")
    folder.write({**FILES, "index.html": b"newer"}, out)
    assert contents(out) == {
        "CNAME": b"course.example",
        "index.html": b"newer",
        "static/mine.png": b"mine",
        "static/style.css": b"p {}",
    }
    assert not (out / "away").exists()


def test_what_a_killed_run_left_behind_is_cleared_away(out: Path) -> None:
    left_behind = out / ".course-site-abc"
    left_behind.mkdir(parents=True)
    (left_behind / "index.html").write_bytes(b"half")
    folder.write(FILES, out)
    assert contents(out) == FILES


def test_a_folder_of_something_else_is_refused_and_untouched(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_bytes(b"somebody's")
    with pytest.raises(NotOurs, match="is not empty, and was not made by `course site`"):
        folder.write(FILES, tmp_path)
    assert contents(tmp_path) == {"index.html": b"somebody's"}


def test_a_file_in_the_place_of_a_new_page_is_refused_and_untouched(out: Path) -> None:
    folder.write(FILES, out)
    (out / "new.html").write_bytes(b"mine")
    with pytest.raises(NotOurs, match=r"new\.html was not written by `course site`"):
        folder.write({**FILES, "index.html": b"newer", "new.html": b"new"}, out)
    assert contents(out) == {**FILES, "new.html": b"mine"}


@pytest.mark.parametrize("record", ["{", "[]", '{"files": 3}', '{"files": null}', "\0"])
def test_a_record_that_cannot_be_read_is_refused(out: Path, record: str) -> None:
    folder.write(FILES, out)
    (out / folder.RECORD).write_text(record)
    with pytest.raises(NotOurs, match="cannot be read: delete it, or name another folder"):
        folder.write(FILES, out)


@pytest.mark.parametrize("name", ["../mine", "a/../../mine", "{absolute}", "..\\mine", ".", 7])
def test_a_record_cannot_have_a_file_outside_deleted(out: Path, name: object) -> None:
    mine = out.parent / "mine"
    folder.write(FILES, out)
    mine.write_bytes(b"mine")
    name = name.format(absolute=mine) if isinstance(name, str) else name
    (out / folder.RECORD).write_text(json.dumps({"files": [*FILES, folder.RECORD, name]}))
    folder.write(FILES, out)
    assert mine.read_bytes() == b"mine"
    assert contents(out) == FILES


def test_a_link_in_the_site_is_replaced_and_not_followed(out: Path) -> None:
    folder.write(FILES, out)
    outside = out.parent / "outside"
    outside.write_bytes(b"mine")
    (out / "index.html").unlink()
    try:
        (out / "index.html").symlink_to(outside)
    except OSError:
        pytest.skip("this system has no links for us")
    folder.write({**FILES, "index.html": b"newer"}, out)
    assert outside.read_bytes() == b"mine"
    assert not (out / "index.html").is_symlink()


def test_a_disk_that_fills_up_leaves_the_older_site(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write(FILES, out)
    written = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        if path.name == "style.css":
            raise OSError(28, "No space left on device")
        return written(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        folder.write({**FILES, "index.html": b"newer"}, out)
    with pytest.raises(OSError, match="No space left"):
        folder.write(FILES, out.parent / "fresh")
    assert contents(out.parent) == {f"site/{name}": content for name, content in FILES.items()}
    assert [entry.name for entry in out.parent.iterdir()] == ["site"]
