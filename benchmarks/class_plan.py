"""Plan a class of any size on many machines, from what is measured here and now.

    python benchmarks/class_plan.py [--learners N …] [--sample N] [--core-hour PRICE]

Grades a small generated class in one lane, and measures: CPU for each submission, where it is
run and where it is coordinated; bytes in and out; what sending a batch through dask costs.
From these come cores, hours, money and storage for each number of learners, and the number
of workers from which on the coordinating machine is the bottleneck.
"""

from __future__ import annotations

import argparse
import pickle
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from class_generator import generate
from measurement import PROJECT, machine, table

sys.path.insert(0, str(PROJECT))

from grader.classroom import batch
from grader.classroom.entries import Entry, find
from grader.classroom.marking import Marked, Marker, Settings, Work, key_of
from grader.classroom.results import Folder
from grader.corpus import practice, to_json
from grader.isolation import Demand
from grader.sources import SubmissionError
from grader.submission import Submission, read


@dataclass(frozen=True)
class Cost:
    """What one submission costs on the average; seconds of CPU, bytes."""

    grading_s: float
    coordinating_s: float
    sent: float
    kept: float


def main() -> int:
    """Measure, then print the plan."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--learners", type=int, nargs="+", default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--sample", type=int, default=60, help="submissions measured (60)")
    parser.add_argument("--core-hour", type=float, default=0.04, help="price of a core-hour (0.04)")
    options = parser.parse_args()
    cost = measured(options.sample)
    print(machine())
    print(f"measured on {options.sample} generated submissions, of all kinds:")
    print(f"  grading       {1000 * cost.grading_s:8.1f} ms of CPU each, on a worker")
    print(f"  coordinating  {1000 * cost.coordinating_s:8.1f} ms of CPU each, on one machine:")
    print("                reading, keeping the result, gradebook and page")
    print(f"  sent          {cost.sent / 1024:8.1f} KiB each, there and back")
    print(f"  kept          {cost.kept / 1024:8.1f} KiB each, without extra reports\n")
    print(plan(cost, options.learners, options.core_hour))
    most = cost.grading_s / cost.coordinating_s
    print(f"\nThe bottleneck: above {most:.0f} cores of workers, the coordinating machine is")
    print("busy all the time and more workers do not help. Then split the class: each part")
    print("with a results folder of its own, the same --seed for all.")
    return 0


def measured(count: int) -> Cost:
    """Grade a generated class in this process, and take its costs apart."""
    with tempfile.TemporaryDirectory() as scratch:
        generate(Path(scratch, "class"), count)
        entries = find([Path(scratch, "class")]).entries
        # `strict` has a process table of its own, whose CPU time nobody outside is told.
        level: Demand = "filtered" if sys.platform == "linux" else "process"
        settings = Settings("plan", "practice", to_json(practice()), isolation=level)
        coordinating = time.process_time()
        works = [Work(entry, submission=readable(entry.path)) for entry in entries]
        for work in works:
            if isinstance(work.submission, Submission):
                key_of(settings, work.entry, work.submission)
        coordinating = time.process_time() - coordinating
        grading = cpu_s()
        with Marker(settings) as marker:
            marked = [marker.mark(work) for work in works]
        grading = cpu_s() - grading
        begun = time.process_time()
        sent, kept = kept_results(Path(scratch, "out"), entries, works, marked)
        coordinating += time.process_time() - begun
    return Cost(grading / count, coordinating / count, sent / count, kept / count)


def readable(path: Path) -> Submission | str:
    """Read a submission as the coordinating machine does; the sentence where that fails."""
    try:
        return read(path)
    except SubmissionError as error:
        return str(error)


def kept_results(
    out: Path, entries: Sequence[Entry], works: list[Work], marked: list[Marked]
) -> tuple[int, int]:
    """Keep the results as a run does; return the bytes that travel, and those on the disk."""
    sent = sum(len(pickle.dumps(work)) for work in works)
    sent += sum(len(pickle.dumps(one)) for one in marked)
    with Folder(out, []) as folder:
        folder.settle(entries, "practice", per_learner=False)
        for _ in batch.run(folder, entries, lambda _works: iter(marked), (), fresh=True):
            pass
        batch.conclude(folder, entries)
    return sent, sum(file.stat().st_size for file in out.rglob("*") if file.is_file())


def cpu_s() -> float:
    """Return the CPU time of this process and of all that it has waited for."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


def plan(cost: Cost, learners: list[int], price: float) -> str:
    """Return the plan as a table."""
    rows = [
        ["learners", "core-hours", "price", "GiB kept", "hours on 2 cores", "on 64", "at least"]
    ]
    for count in learners:
        core_h = count * cost.grading_s / 3600
        floor_h = count * cost.coordinating_s / 3600
        rows.append(
            [
                f"{count:,}",
                f"{core_h:,.1f}",
                f"{core_h * price:,.2f}",
                f"{count * cost.kept / (1 << 30):,.2f}",
                f"{max(core_h / 2, floor_h):,.1f}",
                f"{max(core_h / 64, floor_h):,.1f}",
                f"{floor_h:,.1f}",
            ]
        )
    return table(rows)


if __name__ == "__main__":
    sys.exit(main())
