"""How many examples does a check need? Programs against mutants killed.

    python tests/prove/corpus_curve.py [--seeds N] [--pool N]

Draws a pool of examples for every check on each seed and puts it to every mutant for which
the check is declared to fail. A mutant counts as killed when at least five of the first n
examples show it. Prints the curve over n, and for each check the least n that kills all that
the pool can kill, beside the number that the check declares. Exit code 1 if a check declares
fewer than its mutants need on the median seed.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor

from grader import drawing, oracle
from grader.checks import CHECKS
from grader.judging import holds
from grader.kill_matrix import Mutant, examining, mutants
from grader.misconceptions import MISCONCEPTIONS
from grader.tasks import Job, Slug, Task
from grader.worker.wire import Failure

TIMES = 5
"""So many examples have to show a mistake."""

POOL = 32
STEPS = (1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 32)

Pools = Mapping[tuple[Slug, int], Sequence[Task]]
"""Fair examples in the order in which they were drawn, by check and place of the draw."""


def pools(seed: str, size: int) -> Pools:
    """Draw so many fair examples for each draw of each check."""
    jobs = drawing._drawn_jobs(seed, size)
    return {
        (slug, i): list(_fair(slug, drawn))[:size]
        for slug, of_check in jobs.items()
        for i, drawn in enumerate(of_check)
    }


def _fair(slug: Slug, jobs: Sequence[Job]) -> Iterator[Task]:
    make = drawing._MAKERS.get(CHECKS[slug].rule, oracle.task)
    for job in dict.fromkeys(jobs):
        task = make(job)
        if task is not None:
            yield task


def killing(pools_: Pools, mutant: Mutant) -> dict[tuple[Slug, int], list[int]]:
    """Return for each pool of a declared check which of its examples, from 1, show the mutant."""
    found = {}
    with examining() as examiner:
        for (slug, i), tasks in pools_.items():
            if slug in mutant.misconception.fails:
                answers = [examiner.answer(mutant.build, task.job) for task in tasks]
                found[slug, i] = [
                    place
                    for place, (task, answer) in enumerate(zip(tasks, answers, strict=True), 1)
                    if isinstance(answer, Failure) or not holds(CHECKS[slug], task, answer)
                ]
    return found


def needed(seed: str, size: int) -> dict[tuple[Slug, int], dict[str, int]]:
    """Return how many examples it takes to show each mutant five times, where the pool does."""
    drawn = pools(seed, size)
    need: dict[tuple[Slug, int], dict[str, int]] = defaultdict(dict)
    for mutant in mutants():
        for place, kills in killing(drawn, mutant).items():
            who = f"{mutant.misconception.slug} ({mutant.style_name})"
            need[place][who] = kills[TIMES - 1] if len(kills) >= TIMES else 0
    return dict(need)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--pool", type=int, default=POOL)
    arguments = parser.parse_args()
    seeds = [f"curve {i}" for i in range(arguments.seeds)]
    with ProcessPoolExecutor() as pool:
        by_seed = list(pool.map(needed, seeds, [arguments.pool] * len(seeds)))
    print(f"{len(MISCONCEPTIONS)} mistakes, {len(seeds)} seeds, {arguments.pool} examples a draw\n")
    print("examples of each draw, and mutants that at least five of them show")
    all_needs = [n for need in by_seed for by_mutant in need.values() for n in by_mutant.values()]
    killable = [n for n in all_needs if n]
    for step in (s for s in STEPS if s <= arguments.pool):
        print(f"{step:4} {sum(n <= step for n in killable) / len(killable):7.1%}")
    print(f"\n{1 - len(killable) / len(all_needs):.1%} are shown less often by the whole pool\n")
    print("check, draw: declared, needed on each seed, and by whom")
    short = 0
    for slug, check in CHECKS.items():
        for i, spec in enumerate(check.draws):
            needs = [need.get((slug, i), {}) for need in by_seed]
            worst = [max(by_mutant.values(), default=0) for by_mutant in needs]
            last = max(needs[0], key=lambda who: needs[0][who], default="no mutant")
            enough = spec.examples >= statistics.median(worst)
            short += not enough
            mark = "" if enough else "  too few"
            print(f"{slug} {i}: {spec.examples}, {worst} {last}{mark}")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
