"""`course step`: the worked step, with the reader's own numbers."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from svg_reading import parsed

from course.one_weight import Problem, walk

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_the_default_step_takes_the_loss_from_9_to_0_09(course: Run) -> None:
    done = course("step")
    assert done.returncode == 0
    assert done.stderr == ""
    for line in (
        "prediction  2·3 = 6",
        "loss        (6 − 3)² = 9",
        "gradient    2·(6 − 3)·3 = 18",
        "update      2 − 0.05·18 = 1.1",
        "loss now    9 → 0.09",
        "gradient    18 + 1.8 = 19.8",
        "loss now    0.09 → 7.1289",
    ):
        assert line in done.stdout, line
    assert "Loss after 2 steps: 9 → 0.0009 with zeroing, 9 → 7.1289 without." in done.stdout


def test_both_ways_stand_side_by_side_and_a_narrow_terminal_stacks_them(course: Run) -> None:
    wide = course("step", env={"COLUMNS": "80"}).stdout.splitlines()
    narrow = course("step", env={"COLUMNS": "50"}).stdout.splitlines()
    assert any(line.startswith("with zeroing ") and "without zeroing" in line for line in wide)
    assert "with zeroing" in narrow
    assert "without zeroing" in narrow
    assert max(map(len, wide)) <= 80
    assert max(map(len, narrow)) <= 50


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--x", "0"), "the weight has no say"),
        (("--learning-rate", "0.2"), "the loss runs away"),
        (("--learning-rate", "-0.01"), "a learning rate below 0 climbs"),
        (("--learning-rate", "0.1"), "it jumps over the minimum"),
        (("--learning-rate", "0"), "it never comes nearer"),
        (("--learning-rate", "0.05555555555555555"), "it lands on it at once"),
        (("--learning-rate", "1e9", "--w", "1e9", "--steps", "50"), "outgrown what a float"),
    ],
)
def test_it_says_where_the_steps_lead(course: Run, options: tuple[str, ...], sentence: str) -> None:
    done = course("step", *options)
    assert done.returncode == 0, done.stderr
    assert sentence in " ".join(done.stdout.split())


@pytest.mark.parametrize("value", ["nan", "inf", "1e300", "two"])
def test_what_is_no_number_is_refused(course: Run, value: str) -> None:
    done = course("step", "--w", value)
    assert done.returncode == 2
    assert "--w" in done.stderr


def test_the_figure_is_written_whole_or_not_at_all(course: Run, tmp_path: Path) -> None:
    file = tmp_path / "step.svg"
    done = course("step", "--svg", file)
    assert done.stdout.endswith(f"Wrote {file}.\n")
    parsed(file.read_text("utf-8"))
    done = course("step", "--svg", tmp_path / "nowhere" / "step.svg")
    assert done.returncode == 2
    assert "cannot be written" in done.stderr


def test_a_terminal_without_unicode_gets_ascii(course: Run) -> None:
    done = course("step", env={"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii", "LC_ALL": "C"})
    assert done.stdout.isascii()
    assert "(6 - 3)^2 = 9" in done.stdout


def test_distance_shrinks_by_the_factor_that_is_named() -> None:
    problem = Problem(w=4.0, x=2.0, y=6.0, learning_rate=0.03)
    steps = walk(problem, 5, zeroing=True).steps
    assert problem.best == 3.0
    for step in steps:
        assert step.next_w - 3.0 == pytest.approx(problem.factor * (step.w - 3.0))


def test_without_zeroing_each_update_uses_the_sum_of_all_slopes() -> None:
    steps = walk(Problem(), 4, zeroing=False).steps
    for i, step in enumerate(steps):
        assert step.gradient == pytest.approx(sum(s.slope for s in steps[: i + 1]))
        assert step.next_w == pytest.approx(step.w - 0.05 * step.gradient)
