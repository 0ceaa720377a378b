"""Grade all right and wrong submissions on many seeds: does each end where it should?

    python tests/prove/families.py [--seeds N] [--python PATH]

Prints one table, a row a submission. Exit code 1 if any verdict on any seed is not the
expected one. With `--python` another interpreter, in whose environment the project is
installed, does all of the work.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from grader.drawing import corpus_for
from grader.grading import grade
from grader.report import Report
from grader.submission import read

TESTS = Path(__file__).parent.parent
SUBMISSIONS = TESTS / "submissions"
TEMPLATE = TESTS.parent / "student_template"


# ── What is expected ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Member:
    """A submission whose verdict is known beforehand.

    A `wrong` one has to fail the checks in `fails`, one of them first, and to pass those in
    `passes`; a `right` one has to pass everything; a `blank` one has to get no points.
    """

    folder: Path
    kind: Literal["right", "wrong", "blank"]
    fails: tuple[str, ...] = ()
    passes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.folder.name


def member(folder: Path) -> Member:
    if folder == TEMPLATE:
        return Member(folder, "blank")
    if folder.parent.name == "right":
        return Member(folder, "right")
    expected = tomllib.loads((folder / "expected.toml").read_text("utf-8"))
    return Member(folder, "wrong", tuple(expected["fails"]), tuple(expected["passes"]))


def families() -> Iterator[Member]:
    for family in ("right", "wrong"):
        yield from map(member, sorted((SUBMISSIONS / family).iterdir()))
    yield member(TEMPLATE)


def complaints(expected: Member, report: Report) -> list[str]:
    """Say what in a report is not as expected; nothing where the verdict is the right one."""
    outcome = {check.slug: check.outcome for check in report.checks}
    if expected.kind == "blank":
        return [f"{report.points} points for nothing"] if report.points else []
    if expected.kind == "right":
        return [f"{slug} {found}" for slug, found in outcome.items() if found != "passed"]
    found = [
        *(f"{s} {outcome[s]}" for s in expected.fails if outcome[s] not in ("failed", "errored")),
        *(f"{s} {outcome[s]}" for s in expected.passes if outcome[s] != "passed"),
    ]
    if (first := first_failure(report)) not in expected.fails:
        found.append(f"the first to fail is {first}")
    return found


def first_failure(report: Report) -> str | None:
    """Return the first check that failed or errored: what a learner is told to look at."""
    return next((c.slug for c in report.checks if c.outcome in ("failed", "errored")), None)


# ── Many seeds ────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Verdict:
    """What came out for one submission on one seed."""

    name: str
    seed: str
    points: int
    first: str | None
    complaints: Sequence[str]


def verdicts(seed: str) -> list[Verdict]:
    """Grade every submission on one seed."""
    corpus = corpus_for(seed)
    found = []
    for expected in families():
        report = grade(read(expected.folder), corpus, version="prove")
        found.append(
            Verdict(
                expected.name,
                seed,
                report.points,
                first_failure(report),
                complaints(expected, report),
            )
        )
    return found


def on_all_cores(seeds: Sequence[str]) -> list[Verdict]:
    """Grade on all seeds, a process for each core, and show on stderr how far it is."""
    found: list[Verdict] = []
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        running = [pool.submit(verdicts, seed) for seed in seeds]
        for count, done in enumerate(as_completed(running), 1):
            found += done.result()
            wrong = sum(bool(verdict.complaints) for verdict in found)
            progress = f"{count} of {len(seeds)} seeds, {wrong} verdicts not as expected"
            print(progress, end="\r" if sys.stderr.isatty() else "\n", file=sys.stderr)
    return found


def table(found: Sequence[Verdict], seeds: int) -> str:
    """Return a row a submission: on how many seeds its verdict is right, points, first failure."""
    rows = [("submission", "family", "as expected", "points", "first to fail")]
    for expected in families():
        own = [verdict for verdict in found if verdict.name == expected.name]
        right = sum(not verdict.complaints for verdict in own)
        points = [verdict.points for verdict in own]
        first = sorted({verdict.first or "nothing" for verdict in own})
        spread = f"{min(points)}-{max(points)}" if min(points) < max(points) else f"{points[0]}"
        row = (expected.name, expected.kind, f"{right} of {seeds}", spread, ", ".join(first))
        rows.append(row)
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=50, metavar="N", help="default: 50")
    parser.add_argument("--python", metavar="PATH", help="the interpreter that does the work")
    arguments = parser.parse_args()
    if arguments.seeds < 1:
        parser.error("--seeds: at least 1")
    if arguments.python is not None:
        command = [arguments.python, __file__, "--seeds", str(arguments.seeds)]
        return subprocess.run(command, check=False).returncode
    seeds = [f"families {number}" for number in range(1, arguments.seeds + 1)]
    found = on_all_cores(seeds)
    print(f"Python {platform.python_version()}, {len(seeds)} seeds\n")
    print(table(found, len(seeds)))
    unexpected = [verdict for verdict in found if verdict.complaints]
    for verdict in unexpected:
        print(f"\n{verdict.name}, seed {verdict.seed!r}: {'; '.join(verdict.complaints)}")
    right = len(found) - len(unexpected)
    print(f"\n{right} of {len(found)} verdicts are as expected")
    return 1 if unexpected else 0


if __name__ == "__main__":
    sys.exit(main())
