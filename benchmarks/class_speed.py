"""Time `course grade-all` on a class of correct submissions, against pytest and Hypothesis.

    python benchmarks/class_speed.py [--count N] [--few N] [--peers N] [--jobs N]

In one run: the class graded with `--jobs` lanes, a small part of it alone, and the peer suite
(`benchmarks/peer_suite`) over a few of the same submissions with as many processes at once.
Prints submissions per second, CPU per submission at both sizes, and the memory of the
grader's own processes. Exit code 1 means that a run failed; no timing makes it so.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from class_generator import as_folder, fits_a_notebook, known, marked, texts
from grade_speed import Bench
from measurement import (
    PROJECT,
    RunFailedError,
    machine,
    must_succeed,
    ratio,
    run,
    sampled_peaks,
    table,
)


@dataclass(frozen=True)
class Measured:
    """What a class cost; seconds."""

    count: int
    wall_s: float
    cpu_s: float | None

    @property
    def row(self) -> list[str]:
        """The figures as text, for each submission."""
        cpu = "-" if self.cpu_s is None else f"{1000 * self.cpu_s / self.count:.1f}"
        per = 1000 * self.wall_s / self.count
        return [str(self.count), f"{self.count / self.wall_s:.1f}", f"{per:.1f}", cpu]


def main() -> int:
    """Read the command line and run the comparison."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--count", type=int, default=1000, help="submissions in the class (1000)")
    parser.add_argument("--few", type=int, default=100, help="in the small class (100)")
    parser.add_argument("--peers", type=int, default=16, help="given to the peer suite (16)")
    parser.add_argument("--jobs", type=int, default=2, help="at once, for both (2)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        try:
            compare(Path(scratch).resolve(), options)
        except RunFailedError as error:
            print(f"class_speed: {error}", file=sys.stderr)
            return 1
    return 0


def compare(scratch: Path, options: argparse.Namespace) -> None:
    """Measure everything in turn and print it."""
    print(machine())
    submissions = make_class(scratch / "class", options.count)
    few = make_class(scratch / "few", options.few)
    graded(few, scratch, options.jobs, "warm-up")  # draws the examples, which stay in the cache
    small = graded(few, scratch, options.jobs, "small")
    large = graded(submissions, scratch, options.jobs, "large")
    again = graded(few, scratch, options.jobs, "small-again")
    peer = with_peers(submissions, scratch, options)
    head = ["", "submissions", "per second", "wall ms each", "CPU ms each"]
    rows = [["course grade-all", *m.row] for m in (small, large, again)]
    print(table([head, *rows, ["peer suite", *peer.row]]))
    faster = ratio(peer.wall_s / peer.count, large.wall_s / large.count)
    print(f"\npeer suite / course grade-all, wall time each: {faster}")
    if large.cpu_s and small.cpu_s and again.cpu_s:
        least = (small.cpu_s + again.cpu_s) / 2 / small.count
        print(
            f"CPU each at {large.count} / at {small.count}: {large.cpu_s / large.count / least:.2f}"
        )
    for name, folder in (("small", few), ("large", submissions)):
        show_memory(name, folder, scratch, options.jobs)


def make_class(folder: Path, count: int) -> Path:
    """Make a class of correct submissions, all of three files, all different."""
    sources = [files for path in known("right") if fits_a_notebook(files := texts(path))]
    for number in range(count):
        as_folder(marked(sources[number % len(sources)], number), folder / f"learner-{number:05}")
    return folder


def command(submissions: Path, out: Path, jobs: int) -> list[str | Path]:
    """Return the command that grades a class."""
    grade = [sys.executable, "-m", "course", "grade-all", submissions, "--out", out]
    # `strict` has a process table of its own, whose CPU time nobody outside is told.
    level = "filtered" if sys.platform == "linux" else "process"
    return [*grade, "--jobs", str(jobs), "--seed", "class-speed", "--isolation", level]


ENVIRONMENT = {"PYTHONPATH": str(PROJECT)}


def graded(submissions: Path, scratch: Path, jobs: int, name: str) -> Measured:
    """Grade a class into a new folder; insist on full points for everybody."""
    out = scratch / f"out-{name}"
    done = run(
        command(submissions, out, jobs),
        folder=scratch,
        environment=ENVIRONMENT,
        timeout_s=3600,
        keep_stdout=True,
    )
    must_succeed(done, "course grade-all")
    count = len(list(submissions.iterdir()))
    if f"{count} of {count} graded, median 100 %, mean 100 %" not in done.stdout:
        raise RunFailedError(f"not everybody has full points:\n{done.stdout}")
    shutil.rmtree(out)
    return Measured(count, done.wall_s, done.cpu_s)


def with_peers(submissions: Path, scratch: Path, options: argparse.Namespace) -> Measured:
    """Run the peer suite over a few submissions, as many at once as there are lanes."""
    bench = Bench(scratch, examples=100)
    chosen = sorted(submissions.iterdir())[: options.peers]
    must_succeed(bench.run(bench.peer_command(), chosen[0]), "the peer suite")  # its tables
    start = time.monotonic()
    with ThreadPoolExecutor(options.jobs) as pool:
        runs = list(pool.map(lambda folder: bench.run(bench.peer_command(), folder), chosen))
    wall_s = time.monotonic() - start
    for done in runs:
        must_succeed(done, "the peer suite")
    cpu = [done.cpu_s for done in runs if done.cpu_s is not None]
    return Measured(len(chosen), wall_s, sum(cpu) if len(cpu) == len(runs) else None)


def show_memory(name: str, submissions: Path, scratch: Path, jobs: int) -> None:
    """Print the peaks of the grader's own processes, in a run of its own."""
    out = scratch / f"memory-{name}"
    grade = command(submissions, out, jobs)
    peaks = sampled_peaks(grade, folder=scratch, environment={**os.environ, **ENVIRONMENT})
    if peaks is None:
        print("memory: no /proc here")
        return
    first, *others = peaks.values()
    lanes = sorted(others, reverse=True)[:jobs]
    count = len(list(submissions.iterdir()))
    shown = ", ".join(f"{mib:.0f}" for mib in lanes)
    print(f"peak MiB at {count}: {first:.0f} for the command, {shown} for the largest below it")


if __name__ == "__main__":
    sys.exit(main())
