"""The same class on a dask cluster. The long form is `tests/prove/cluster_kill.py`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from class_output import generate, lasting
from conftest import ROOT, Run

pytestmark = pytest.mark.needs("distributed")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_worker_killed_mid_run_changes_not_a_byte() -> None:
    script = ROOT / "tests" / "prove" / "cluster_kill.py"
    done = subprocess.run(
        [sys.executable, script, "--count", "16"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "killed mid-run" in done.stdout


def test_a_local_cluster_continues_what_one_machine_began(course: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    generate(tmp_path / "handed-in", 4)
    command = ("grade-all", tmp_path / "handed-in", "--out", out, "--seed", "practice")
    course(*command)
    before = lasting(out)
    (out / "results" / "learner-0001.json").unlink()
    done = course(*command, "--cluster", "local", "--jobs", "1")
    assert done.returncode == 0, done.stderr
    assert "3 unchanged since an earlier run" in done.stdout
    assert lasting(out) == before


def test_no_cluster_at_an_address_is_one_sentence(course: Run, tmp_path: Path) -> None:
    generate(tmp_path / "handed-in", 1)
    done = course("grade-all", tmp_path / "handed-in", "--out", tmp_path / "out", "--seed",
                  "practice", "--cluster", "nowhere://x")  # fmt: skip
    assert done.returncode == 3
    assert "no dask cluster answers at nowhere://x" in done.stderr.splitlines()[-1]
    assert json.loads((tmp_path / "out" / "class.json").read_text())["seed"] == "practice"
