"""`course grade-all` as an instructor runs it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from class_output import lasting, rows
from conftest import ROOT, Run

FORGETS = ROOT / "examples" / "forgets_to_zero"
COMPLETE = ROOT / "examples" / "complete"


@pytest.fixture
def small_class(tmp_path: Path) -> Path:
    """Four learners: right, wrong, the right one again under other names, and no archive."""
    folder = tmp_path / "handed-in"
    shutil.copytree(COMPLETE, folder / "ann")
    shutil.copytree(FORGETS, folder / "bob")
    shutil.copytree(COMPLETE, folder / "cy")
    for file in (folder / "cy").glob("*.py"):
        text = file.read_text("utf-8").replace("other", "thing")
        file.write_text(f"# my own work\n{text}", "utf-8")
    (folder / "dee.zip").write_bytes(b"PK\x03\x04 and no more")
    return folder


def test_every_submission_has_a_row_whatever_it_is(
    course: Run, small_class: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    done = course("grade-all", small_class, "--out", out, "--seed", "practice",
                  "--report", "markdown", "--report", "json", "--jobs", "2")  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = rows(out)
    assert {name: row["points"] for name, row in found.items()} == {
        "ann": "100", "bob": "92", "cy": "100", "dee": "",
    }  # fmt: skip
    assert found["dee"]["status"] == "not gradable"
    assert "dee.zip is not a whole zip archive" in found["dee"]["note"]
    assert "train/zeroing" in found["bob"]["failed"].split()
    assert "3 of 4 graded" in done.stdout
    assert "One group with the same code" in done.stdout
    report = json.loads((out / "reports" / "json" / "bob.json").read_text("utf-8"))
    alone = course("grade", small_class / "bob", "--report", "json").stdout
    assert report == json.loads(alone)
    assert sorted(p.name for p in (out / "reports" / "markdown").iterdir()) == [
        "ann.md", "bob.md", "cy.md",
    ]  # fmt: skip


def test_a_second_run_grades_only_what_has_changed_and_fresh_gives_the_same_bytes(
    course: Run, small_class: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    command = ("grade-all", small_class, "--out", out, "--seed", "practice", "--jobs", "2")
    course(*command, "--report", "html")
    before = lasting(out)
    again = course(*command, "--report", "html")
    assert "4 unchanged since an earlier run" in again.stdout
    assert lasting(out) == before
    timings = (out / "timings.tsv").read_text("utf-8").splitlines()
    assert [line.partition("\t")[0] for line in timings] == ["ann", "bob", "cy", "dee"]
    course(*command, "--report", "html", "--fresh")
    assert lasting(out) == before
    shutil.copy(COMPLETE / "train.py", small_class / "bob" / "train.py")
    third = course(*command, "--report", "junit")
    assert "3 unchanged since an earlier run" in third.stdout
    assert rows(out)["bob"]["points"] == "100"
    # A format that is new is added to what is not graded again.
    assert (out / "reports" / "junit" / "ann.xml").exists()
    # A report of what was handed in before does not stay.
    reports = sorted(path.stem for path in (out / "reports" / "html").iterdir())
    assert reports == ["ann", "cy"]


def test_a_fresh_seed_is_drawn_once_for_a_folder_and_recorded(
    course: Run, small_class: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    for name in ("cy", "ann"):
        shutil.rmtree(small_class / name)
    course("grade-all", small_class, "--out", out)
    seed = json.loads((out / "class.json").read_text("utf-8"))["seed"]
    assert rows(out)["bob"]["seed"] == seed != "practice"
    before = lasting(out)
    course("grade-all", small_class, "--out", out)
    assert lasting(out) == before
    other = course("grade-all", small_class, "--out", out, "--seed", "practice")
    assert other.returncode == 0
    assert rows(out)["bob"]["seed"] == "practice"


def test_each_learner_may_have_a_seed_of_their_own(
    course: Run, small_class: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    shutil.rmtree(small_class / "cy")
    done = course("grade-all", small_class, "--out", out, "--seed-per-learner", "--seed", "x")
    assert done.returncode == 0, done.stderr
    found = rows(out)
    assert found["ann"]["seed"] != found["bob"]["seed"]
    assert found["ann"]["points"] == "100"
    assert json.loads((out / "class.json").read_text("utf-8"))["seed"] is None
    if os.name == "posix":
        assert (out / "secret.txt").stat().st_mode & 0o077 == 0
    again = course("grade-all", small_class, "--out", out)
    assert "3 unchanged" in again.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
def test_a_run_that_is_stopped_goes_on_where_it_was_and_ends_with_the_same_bytes(
    small_class: Path, tmp_path: Path, number: signal.Signals
) -> None:
    for i in range(4):
        shutil.copytree(FORGETS, small_class / f"more-{i}")
    # The last one takes seconds, however quick the others are: the run is not over before.
    (small_class / "zoe").mkdir()
    (small_class / "zoe" / "engine.py").write_text("class Value: pass\nwhile True: pass\n")
    options = [small_class, "--seed", "practice", "--jobs", "2", "--report", "json"]
    undisturbed, out = tmp_path / "undisturbed", tmp_path / "out"
    command = [sys.executable, "-P", "-m", "course", "grade-all"]
    subprocess.run([*command, *options, "--out", undisturbed], cwd=ROOT, check=True,
                   capture_output=True)  # fmt: skip
    stopped = subprocess.Popen(
        [*command, *options, "--out", out],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        # Started in the background, a process may have been told to ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    until = time.monotonic() + 60
    while not list(out.glob("results/*.json")) and time.monotonic() < until:
        time.sleep(0.002)
    stopped.send_signal(number)
    _, said = stopped.communicate(timeout=60)
    assert stopped.returncode in {-number, 128 + number}
    done = len(list((out / "results").glob("*.json")))
    assert 1 <= done < 9
    assert not (out / "gradebook.csv").exists()
    if number != signal.SIGKILL:
        assert f"{done} of 9 are done and kept: the same command continues." in said.decode()
    subprocess.run([*command, *options, "--out", out], cwd=ROOT, check=True, capture_output=True)
    assert lasting(out) == lasting(undisturbed)
