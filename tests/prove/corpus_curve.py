"""How many examples does a check need? Programs against mutants killed.

    python tests/prove/corpus_curve.py [--seeds N] [--pool N]

Lists the mutants that fewer than five of the practice examples show, counting the checks that
are declared to fail. Then draws a pool of examples for every check on each seed, and puts it to
the same mutants: prints the curve of examples against mutants that five of them show, and for
each check the least number that shows all which the pool can, beside the number it declares.

`--seeds 0` leaves out the curve, which takes minutes. Nothing is changed: how many examples a
check has, beside those written by hand, stands in `grader/checks`.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor

from grader import drawing, oracle
from grader.checks import CHECKS
from grader.corpus import practice
from grader.judging import holds
from grader.kill_matrix import Mutant, examining, mutants
from grader.tasks import Job, Slug, Task
from grader.worker.wire import Failure

TIMES = 5
"""So many examples have to show a mistake."""

ENDLESS = frozenset({Slug("backward/doubling"), Slug("backward/long-chain")})
"""Checks about walks that do not end, or not in time: one example is enough, and dear."""

POOL = 24
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
            if slug in mutant.misconception.fails - ENDLESS:
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


def seldom_shown() -> Iterator[tuple[str, int]]:
    """Yield the mutants that few of the practice examples show, and how many do."""
    corpus = practice()
    with examining() as examiner:
        for mutant in mutants():
            shown = 0
            for slug in mutant.misconception.fails - ENDLESS:
                for task in corpus.tasks[slug]:
                    answer = examiner.answer(mutant.build, task.job, task.orders)
                    shown += isinstance(answer, Failure) or not holds(CHECKS[slug], task, answer)
            if shown < TIMES and mutant.misconception.fails - ENDLESS:
                yield f"{mutant.misconception.slug} ({mutant.style_name})", shown


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--pool", type=int, default=POOL)
    arguments = parser.parse_args()
    seldom = list(seldom_shown())
    print(f"{len(seldom)} of {len(list(mutants()))} mutants are shown by fewer than {TIMES}")
    for who, shown in seldom:
        print(f"{shown:4} {who}")
    if not arguments.seeds:
        return 0
    seeds = [f"curve {i}" for i in range(arguments.seeds)]
    with ProcessPoolExecutor() as pool:
        by_seed = list(pool.map(needed, seeds, [arguments.pool] * len(seeds)))
    print(f"\n{len(seeds)} seeds, {arguments.pool} examples a draw\n")
    print("examples of each draw, and mutants that at least five of them show")
    all_needs = [n for need in by_seed for by_mutant in need.values() for n in by_mutant.values()]
    killable = [n for n in all_needs if n]
    for step in (s for s in STEPS if s <= arguments.pool):
        print(f"{step:4} {sum(n <= step for n in killable) / len(killable):7.1%}")
    print(f"\n{1 - len(killable) / len(all_needs):.1%} are shown less often by the whole pool\n")
    print("check, draw: declared, needed on each seed, and by whom")
    for slug, check in CHECKS.items():
        for i, spec in enumerate(check.draws):
            needs = [need.get((slug, i), {}) for need in by_seed]
            worst = [max(by_mutant.values(), default=0) for by_mutant in needs]
            last = max(needs[0], key=lambda who: needs[0][who], default="no mutant")
            print(f"{slug} {i}: {spec.examples}, {worst} {last}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
