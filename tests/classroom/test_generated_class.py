"""A small form of `tests/prove/class_kill.py`: every kind of submission, every outcome known."""

from __future__ import annotations

import json
from pathlib import Path

from class_output import generate, rows
from conftest import Run


def test_every_kind_of_submission_has_the_outcome_that_is_known_beforehand(
    course: Run, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    expected = generate(tmp_path / "handed-in", 36)
    done = course("grade-all", tmp_path / "handed-in", "--out", out, "--seed", "practice")
    assert done.returncode == 0, done.stderr
    assert set(rows(out)) == set(expected)
    for learner, outcome in expected.items():
        result = json.loads((out / "results" / f"{learner}.json").read_text("utf-8"))
        assert outcome.contradictions(result) == [], learner


def test_the_same_number_makes_the_same_class(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("one", "two")]
    assert generate(folders[0], 36) == generate(folders[1], 36)
    first, second = (
        {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
        for folder in folders
    )
    assert len(first) > 36
    assert first == second
