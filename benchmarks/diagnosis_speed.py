"""Time grading and diagnosing wrong submissions against grading a correct one.

    python benchmarks/diagnosis_speed.py [WRONG …] [--correct FOLDER] [--rounds N]

Each grading is a process of its own; in every round all submissions take their turn. The
ratio is that of CPU time, all processes included, so that a busy machine changes little.
Exit code 1 means that a run failed.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from pathlib import Path

from measurement import PROJECT, Run, RunFailedError, machine, must_succeed, run, spread, table

WRONG = PROJECT / "tests" / "submissions" / "wrong"
CORRECT = PROJECT / "tests" / "submissions" / "right" / "lecture_closures"
USUAL = (
    *("assign_in_mul", "assign_in_tanh", "assign_everywhere"),
    *("no_topological_order", "no_zeroing"),
)


def main() -> int:
    """Grade, and print what a wrong submission costs beside a correct one."""
    parser = argparse.ArgumentParser(description="Time diagnosing against grading alone.")
    parser.add_argument("wrong", nargs="*", type=Path, default=[WRONG / name for name in USUAL])
    parser.add_argument("--correct", type=Path, default=CORRECT)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    folders = [asked.correct, *asked.wrong]
    try:
        named = {folder: mistakes(grade(folder, keep=True)) for folder in folders}
        costs: dict[Path, list[Run]] = {folder: [] for folder in folders}
        for _ in range(asked.rounds):
            for folder in folders:
                costs[folder].append(grade(folder))
    except RunFailedError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{machine()}; {asked.rounds} rounds\n")
    rows = [("submission", "CPU s min", "median", "max", "times correct", "peak MiB", "named")]
    cheapest = {folder: statistics.median(cpu(r) for r in runs) for folder, runs in costs.items()}
    for folder, runs in costs.items():
        times = f"{cheapest[folder] / cheapest[asked.correct]:.2f}"
        peak = f"{max(r.peak_mib or 0 for r in runs):.0f}"
        rows.append((folder.name, *spread([cpu(r) for r in runs]), times, peak, named[folder]))
    print(table(rows))
    most = max(cheapest[folder] for folder in asked.wrong) / cheapest[asked.correct]
    print(f"\nAt most {most:.2f} times a correct submission (medians).")
    return 0


def grade(folder: Path, *, keep: bool = False) -> Run:
    """Grade a folder in a process of its own."""
    command = [sys.executable, "-m", "course", "grade", folder.resolve(), "--exit-zero"]
    done = run([*command, "--report", "json"], folder=PROJECT, keep_stdout=keep)
    return must_succeed(done, f"grading {folder.name}")


def cpu(run_: Run) -> float:
    """Return CPU seconds, or wall time where the system keeps no account of them."""
    return run_.cpu_s if run_.cpu_s is not None else run_.wall_s


def mistakes(run_: Run) -> str:
    """Return the mistakes that a report names."""
    found = [check["diagnosis"]["slugs"][0] for check in checks(run_) if check["diagnosis"]]
    return ", ".join(dict.fromkeys(found)) or "-"


def checks(run_: Run) -> list[dict[str, dict[str, list[str]]]]:
    """Return the checks of a JSON report."""
    listed: list[dict[str, dict[str, list[str]]]] = json.loads(run_.stdout)["checks"]
    return listed


if __name__ == "__main__":
    sys.exit(main())
