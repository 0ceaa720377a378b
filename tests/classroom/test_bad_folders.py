"""Results folders and submissions that cannot be used as asked: one sentence each."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, Run
from privileges import CANNOT, drop_privileges

from grader.classroom.entries import ClassError, find
from grader.classroom.marking import without_report
from grader.classroom.results import Folder


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    folder = tmp_path / "handed-in"
    shutil.copytree(ROOT / "examples" / "complete", folder / "ann")
    return folder


def refused(course: Run, *arguments: str | Path, code: int = 2) -> str:
    """Run grade-all, insist that it refuses in one sentence, and return the sentence."""
    done = course("grade-all", *arguments, "--seed", "practice")
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.stderr.splitlines()[-1]


def test_results_inside_the_submissions_are_refused(course: Run, handed_in: Path) -> None:
    assert "is inside the submissions" in refused(course, handed_in, "--out", handed_in / "out")
    assert not (handed_in / "out").exists()


def test_a_folder_with_other_things_is_refused_and_left_alone(
    course: Run, handed_in: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.txt").write_text("years of work")
    assert "holds other things than results" in refused(course, handed_in, "--out", out)
    assert [file.name for file in out.iterdir()] == ["thesis.txt"]


def test_a_file_in_the_place_of_the_folder_is_refused(
    course: Run, handed_in: Path, tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("a file")
    assert "is a file: give a folder" in refused(course, handed_in, "--out", tmp_path / "out")


def test_results_of_another_class_or_version_are_refused(
    course: Run, handed_in: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert course("grade-all", handed_in, "--out", out, "--seed", "practice").returncode == 0
    other = tmp_path / "other"
    shutil.copytree(ROOT / "examples" / "complete", other / "zoe")
    assert "holds the results of another class" in refused(course, other, "--out", out)
    about = json.loads((out / "class.json").read_text())
    (out / "class.json").write_text(json.dumps({**about, "schema": "course-class/0"}))
    assert "of another version ('course-class/0')" in refused(course, handed_in, "--out", out)
    (out / "class.json").write_text("{")
    assert "class.json cannot be read" in refused(course, handed_in, "--out", out)


def test_two_runs_into_one_folder_are_refused_and_a_stale_lock_is_not(
    course: Run, handed_in: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with Folder(out, [handed_in]):
        assert "another run writes into" in refused(course, handed_in, "--out", out)
    assert (out / ".lock").exists()
    assert course("grade-all", handed_in, "--out", out, "--seed", "practice").returncode == 0


def test_nothing_to_grade_and_nowhere_to_look_are_one_sentence(course: Run, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "holds no submissions" in refused(course, empty, "--out", tmp_path / "out")
    assert "does not exist" in refused(course, tmp_path / "no", "--out", tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is but one level")
def test_a_level_of_isolation_that_is_not_to_be_had_is_refused_before_anything_is_graded(
    course: Run, handed_in: Path, tmp_path: Path
) -> None:
    done = course("grade-all", handed_in, "--out", tmp_path / "out", "--seed", "practice",
                  "--isolation", "strict", env={"PATH": ""})  # fmt: skip
    assert done.returncode == 3
    assert "isolation level 'strict' was asked for" in done.stderr.splitlines()[-1]
    assert list((tmp_path / "out" / "results").iterdir()) == []


def test_a_fault_of_the_grader_never_replaces_a_result(tmp_path: Path, handed_in: Path) -> None:
    (entry,) = find([handed_in]).entries
    with Folder(tmp_path / "out", [handed_in]) as folder:
        assert folder.keep(without_report(entry, "fault", "no worker"))
        assert folder.keep(without_report(entry, "not gradable", "no engine"))
        assert not folder.keep(without_report(entry, "fault", "no worker"))
        result = folder.result(entry.id)
    assert result is not None
    assert result["status"] == "not gradable"


def test_a_secret_that_is_lost_is_not_replaced_by_another(tmp_path: Path, handed_in: Path) -> None:
    entries = find([handed_in]).entries
    with Folder(tmp_path / "out", [handed_in]) as folder:
        secret = folder.settle(entries, None, per_learner=True)
    with Folder(tmp_path / "out", [handed_in]) as folder:
        assert folder.settle(entries, None, per_learner=False) == secret
    (tmp_path / "out" / "secret.txt").unlink()
    with (
        Folder(tmp_path / "out", [handed_in]) as folder,
        pytest.raises(ClassError, match=r"secret\.txt is not there"),
    ):
        folder.settle(entries, None, per_learner=False)


def test_what_a_killed_run_leaves_half_written_is_cleared_away(
    tmp_path: Path, handed_in: Path
) -> None:
    with Folder(tmp_path / "out", [handed_in]):
        pass
    (tmp_path / "out" / "results" / ".ann.json.123.tmp").write_text("{")
    (tmp_path / "out" / "results" / "bob.json").write_text("{")
    with Folder(tmp_path / "out", [handed_in]) as folder:
        assert list(folder.results()) == []
    assert [file.name for file in (tmp_path / "out" / "results").iterdir()] == ["bob.json"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit")
def test_a_full_disk_is_one_sentence_and_the_next_run_goes_on(
    course: Run, handed_in: Path, tmp_path: Path
) -> None:
    import resource

    command = [sys.executable, "-P", "-m", "course", "grade-all", str(handed_in), "--out"]
    command += [str(tmp_path / "out"), "--seed", "practice"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        text=True,
        # No file may be longer: as good as a full disk.
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000)),
    )
    assert done.returncode == 2
    assert "out cannot be written: File too large." in done.stderr
    assert "the same command continues" in done.stderr
    assert list((tmp_path / "out" / "results").iterdir()) == []
    assert course(*command[4:]).returncode == 0


@pytest.mark.skipif(sys.platform != "linux", reason="gives up privileges as Linux has them")
def test_a_folder_that_cannot_be_read_is_one_row(handed_in: Path) -> None:
    locked = handed_in / "bob"
    locked.mkdir()
    locked.chmod(0)
    command = ["-m", "course", "grade-all", str(handed_in), "--seed", "practice", "--out", "out"]
    try:
        done = subprocess.run(
            [sys.executable, *command],
            cwd=handed_in.parent,
            env={**os.environ, "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=drop_privileges,
        )
    finally:
        locked.chmod(0o700)
    if done.returncode == CANNOT:
        pytest.skip("this system does not let root give up its privileges")
    assert done.returncode == 0, done.stderr
    assert "bob cannot be read: Permission denied" in done.stdout


@pytest.mark.parametrize(
    "damage",
    [
        {"report": {}},
        {"report": [1]},
        {"likeness": 5},
        {"status": 7},
        {"learner": None},
        {"problem": 1},
    ],
    ids=repr,
)
def test_a_damaged_result_counts_as_none(
    damage: dict[str, object], tmp_path: Path, handed_in: Path
) -> None:
    entries = find([handed_in]).entries[:1]
    with Folder(tmp_path / "out", [handed_in]) as folder:
        folder.keep(without_report(entries[0], "fault", "once"))
        (result,) = folder.results()
        file = tmp_path / "out" / "results" / f"{entries[0].id}.json"
        file.write_text(json.dumps({**result[1], **damage}), "utf-8")
        assert list(folder.results()) == []
        file.write_text("[" * 100_000, "utf-8")
        assert list(folder.results()) == []


def test_a_damaged_report_in_a_result_is_said_in_one_sentence(
    course: Run, handed_in: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert course("grade-all", handed_in, "--out", out, "--seed", "practice").returncode == 0
    file = next((out / "results").glob("*.json"))
    content = json.loads(file.read_text("utf-8"))
    content["report"]["corpus"] = {"seed": "practice"}
    file.write_text(json.dumps(content), "utf-8")
    told = refused(course, handed_in, "--out", out, "--report", "markdown")
    assert f"{file} is damaged: delete it" in told


def test_a_class_file_with_other_than_text_in_it_is_refused(
    course: Run, handed_in: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    about = {"schema": "course-class/1", "seed": 5, "per_learner": False, "submissions": []}
    (out / "class.json").write_text(json.dumps(about))
    assert "class.json cannot be read" in refused(course, handed_in, "--out", out)
