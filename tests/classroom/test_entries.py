"""Who handed in what: identities, several submissions of one learner, names of all kinds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.classroom.entries import ClassError, find, safe_name


def make(*files: Path) -> None:
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")


def test_a_folder_of_folders_archives_and_files_has_an_entry_each(tmp_path: Path) -> None:
    make(tmp_path / "ann" / "engine.py", tmp_path / "bob.zip", tmp_path / "cy.tar.gz")
    make(tmp_path / "dee.py", tmp_path / "eve.ipynb", tmp_path / ".git-keep")
    found = find([tmp_path])
    assert [entry.learner for entry in found.entries] == ["ann", "bob", "cy", "dee", "eve"]
    assert found.notes == []


def test_a_folder_that_holds_an_engine_is_one_submission(tmp_path: Path) -> None:
    make(tmp_path / "ann" / "engine.py", tmp_path / "ann" / "old" / "engine.py")
    assert [entry.learner for entry in find([tmp_path / "ann"]).entries] == ["ann"]


def test_folders_given_by_name_are_one_each_and_folders_of_many_are_opened(tmp_path: Path) -> None:
    make(tmp_path / "ann" / "mygrad" / "engine.py", tmp_path / "bob" / "engine.py")
    make(tmp_path / "monday" / "cy" / "engine.py", tmp_path / "monday" / "dee.zip")
    found = find([tmp_path / "ann", tmp_path / "bob", tmp_path / "monday"])
    assert [entry.learner for entry in found.entries] == ["ann", "bob", "cy", "dee"]


def test_of_several_submissions_of_one_learner_the_newest_is_taken_and_that_is_said(
    tmp_path: Path,
) -> None:
    make(tmp_path / "ann" / "engine.py", tmp_path / "ann.zip", tmp_path / "bob.py")
    os.utime(tmp_path / "ann", (1000, 1000))
    os.utime(tmp_path / "ann.zip", (2000, 2000))
    found = find([tmp_path])
    assert [entry.name for entry in found.entries] == ["ann.zip", "bob.py"]
    assert found.notes == ["ann handed in more than once: ann.zip is graded, not ann"]


def test_what_cannot_be_a_submission_is_left_out_and_named(tmp_path: Path) -> None:
    make(tmp_path / "ann.py", tmp_path / "grades.csv")
    assert find([tmp_path]).notes == ["left out, as they cannot be submissions: grades.csv"]


def test_no_submissions_and_no_such_folder_are_one_sentence_each(tmp_path: Path) -> None:
    with pytest.raises(ClassError, match="holds no submissions"):
        find([tmp_path])
    with pytest.raises(ClassError, match="does not exist"):
        find([tmp_path / "nowhere"])


@pytest.mark.parametrize(
    "name",
    [
        "Ann",
        "ann b",
        "../up",
        "con",
        "nul.txt",
        "a" * 300,
        "é",
        "a\nb",
        ".hidden",
        "x.",
        "",
        "\udcff",
    ],
)
def test_ids_are_safe_file_names_and_no_two_are_alike(name: str) -> None:
    safe = safe_name(name)
    assert safe != name
    assert len(safe) < 64
    assert safe == safe.lower()
    assert set(safe) <= set("abcdefghijklmnopqrstuvwxyz0123456789_.-")
    assert safe[0] not in ".-"
    assert safe not in {safe_name(other) for other in ("ann", "ANN", "a b", "E")}


def test_a_safe_name_is_kept() -> None:
    assert safe_name("ann-lee_2.b") == "ann-lee_2.b"


def test_names_that_are_not_utf_8_are_shown_with_their_bytes(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"j\xf6rg")
    try:
        make(folder / "engine.py")
    except OSError:
        pytest.skip("this file system holds only Unicode")
    assert [entry.learner for entry in find([tmp_path]).entries] == [r"j\xf6rg"]
