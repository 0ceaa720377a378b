"""Let pytest show the course's checks, one test for each.

This file knows no answer. It runs `course grade` once on the folder it lies in and passes the
outcomes on, so `pytest` and `course grade` always agree. There is nothing to edit here.
"""

import functools
import json
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent

# -P keeps this folder off the grader's import path: should one of your files bear the name of
# a module of Python's own, the grader still finds the right one.
COMMAND = [sys.executable, "-P", "-X", "utf8", "-m", "course"]
ARGUMENTS = ["grade", ".", "--report", "json", "--exit-zero"]


@functools.cache
def graded_checks() -> list[dict]:
    """Grade the folder, once a run, and return the checks of the report.

    Where grading itself did not work there is one check in the list, which says why.
    """
    run = subprocess.run(
        [*COMMAND, *ARGUMENTS],
        cwd=FOLDER,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    try:
        # With --exit-zero a failed check ends in 0 as well: any other code is a real trouble.
        return json.loads(run.stdout)["checks"] if run.returncode == 0 else [trouble(run)]
    except (ValueError, KeyError, TypeError):
        return [trouble(run)]


def trouble(run: subprocess.CompletedProcess) -> dict:
    """Return a check that stands for a `course grade` which gave no report."""
    said = run.stderr.strip() or run.stdout.strip() or "It printed nothing."
    reason = f"course {' '.join(ARGUMENTS)}\ngave no report (exit code {run.returncode}).\n\n{said}"
    if "No module named course" in said:
        reason += (
            f"\n\nThis Python has no course installed: {sys.executable}"
            "\nRun pytest with the Python that the `course` command belongs to:"
            " python -m pytest"
        )
    return {
        "slug": "course-grade",
        "title": "the folder can be graded",
        "outcome": "errored",
        "reason": reason,
    }


def explained(check: dict) -> str:
    """Return what a learner needs in order to understand why this check did not pass."""
    parts = [f"{check['slug']}: {check['title']}"]
    if check.get("reason"):
        parts.append(check["reason"])
    if counterexample := check.get("counterexample"):
        parts.append("The smallest program found that shows it:")
        parts.append(counterexample["python"].rstrip())
        parts.append(compared(counterexample["expected"], counterexample["actual"]))
        if counterexample.get("first_difference"):
            parts.append(f"They first part at: {counterexample['first_difference']}")
    if diagnosis := check.get("diagnosis"):
        parts.append(diagnosis["sentence"])
    if "points" in check:
        parts.append(f"{check['points']} of {check['max_points']} points")
        parts.append(f"Read on: course explain {check['slug']}")
    return "\n\n".join(parts)


def compared(expected: dict, actual: dict) -> str:
    """Return the two sets of numbers side by side, one line for each name."""
    names = [*expected, *(name for name in actual if name not in expected)]
    return "\n".join(
        f"{name}: expected {expected.get(name, 'nothing')}, got {actual.get(name, 'nothing')}"
        for name in names
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test of each check in the report."""
    checks = graded_checks()
    metafunc.parametrize("check", checks, ids=[check["slug"] for check in checks])


def test_course(check: dict) -> None:
    """Pass, skip or fail as the grader decided."""
    if check["outcome"] == "skipped":
        pytest.skip(check["reason"] or "skipped")
    if check["outcome"] != "passed":
        # The traceback of this file would tell nothing about yours, so it is left out.
        pytest.fail(explained(check), pytrace=False)
