"""Time how long a submission takes to be ready, fresh and through the fork server.

    python benchmarks/startup_speed.py [--rounds N] [--submission FOLDER]

For each level of isolation that this machine gives, in turn and many rounds over:

- fresh: start an interpreter for one submission, at that level, until its sources are in
  memory behind the walls and nothing of it has run; then end everything;
- fork server: the same with a warm parent that is there already;
- whole: grade the submission through the fork server, with all tasks of the practice corpus.

No isolation means level `process`. Exit code 1 means that a level did not work; no timing,
however bad, makes it so.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from measurement import PROJECT, machine, spread, table

sys.path.insert(0, str(PROJECT))

from grader import corpus
from grader.conversation import Limits
from grader.grading import grade
from grader.isolation import LEVELS, Level, WorkerError
from grader.lane import Lane, open_lane, refusal
from grader.submission import Submission, read

WAYS = ("fresh", "fork server", "whole")

Costs = dict[tuple[str, Level], list[float]]


def main() -> int:
    """Read the command line, measure, and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=30, help="of everything (30)")
    parser.add_argument("--submission", type=Path, default=PROJECT / "examples" / "complete")
    options = parser.parse_args()
    print(machine())
    levels = [level for level in LEVELS if refusal(level) is None]
    for level in LEVELS:
        if level not in levels:
            print(f"left out: level {level}, {refusal(level)}")
    try:
        costs = measured(read(options.submission), levels, options.rounds)
    except WorkerError as error:
        print(f"startup_speed: {error}", file=sys.stderr)
        return 1
    show(costs, levels)
    return 0


def measured(submission: Submission, levels: list[Level], rounds: int) -> Costs:
    """Return the milliseconds that each way took at each level, round by round."""
    practice = corpus.practice()
    costs: Costs = {(way, level): [] for way in WAYS for level in levels}
    with ExitStack() as lanes:
        warm = {level: lanes.enter_context(open_lane(level, for_many=True)) for level in levels}
        ways: dict[str, Callable[[Level], object]] = {
            "fresh": lambda level: fresh(submission, level),
            "fork server": lambda level: started(submission, warm[level]),
            "whole": lambda level: grade(submission, practice, version="", lane=warm[level]),
        }
        for round_ in range(-1, rounds):  # the first one is for the caches
            for way, run in ways.items():
                for level in levels:
                    began = time.perf_counter()
                    run(level)
                    if round_ >= 0:
                        costs[way, level].append((time.perf_counter() - began) * 1e3)
    return costs


def fresh(submission: Submission, level: Level) -> None:
    """Start one submission in an interpreter of its own."""
    with open_lane(level) as lane:
        started(submission, lane)


def started(submission: Submission, lane: Lane) -> None:
    """Start one submission, wait until it could run, and end it."""
    talk = lane.start(submission, Limits())
    ready = talk.wait_until_ready()
    talk.end()
    if not ready:
        raise WorkerError(f"a submission did not start at level {lane.level}")


def show(costs: Costs, levels: list[Level]) -> None:
    """Print what each way costs at each level, and how much more than no isolation."""
    rows = [["milliseconds", "min", "median", "max", "more than process"]]
    for way in WAYS:
        base = costs[way, levels[0]]
        for level in levels:
            times = costs[way, level]
            # Each against its neighbour in the same round, so that load falls on both.
            more = [b - a for a, b in zip(base, times, strict=True)]
            extra = f"{statistics.median(more):+.1f}" if level != levels[0] else ""
            rows.append([f"{way}, {level}", *spread(times, 1), extra])
    print(table(rows))


if __name__ == "__main__":
    sys.exit(main())
