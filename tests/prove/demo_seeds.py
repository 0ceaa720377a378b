"""Train the demonstration's reference on many seeds: does it keep what `course demo` promises?

    python tests/prove/demo_seeds.py [--seeds N] [--plain]

For each seed the half-moons are trained with zeroing and without, and the four examples as
well. Exit code 1 if fewer than 99 % of the moons end below the loss of a settled training
with every point on its right side, or if skipping ends above ten times that in fewer than
99 %. With `--plain`, plain floats stand in for the reference: many times as fast, the same
numbers but for rounding.
"""

from __future__ import annotations

import argparse
import dataclasses
import gc
import os
import statistics
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from course import demonstration
from course.demonstration import FAR_APART, SETTLED, Problem, Training, moons, small

sys.path.insert(0, str(Path(__file__).parent.parent))  # for `plain_training`
WANTED = 0.99


@dataclass(frozen=True)
class Pair:
    """What one seed came to, with zeroing and without."""

    seed: str
    zeroed: float
    skipped: float
    settled: bool

    @property
    def falls_apart(self) -> bool:
        return self.skipped > FAR_APART * self.zeroed


def both(seed: str, *, plain: bool) -> tuple[Pair, Pair]:
    """Train the moons and the four examples of a seed."""
    # The reference leaves no cycles behind: the collector would look for them in vain.
    gc.disable()
    gc.freeze()
    problems = (dataclasses.replace(moons(seed), grid=()), small(seed))
    return tuple(_pair(problem, plain) for problem in problems)  # type: ignore[return-value]


def _pair(problem: Problem, plain: bool) -> Pair:
    zeroed, skipped = (_train(problem, plain, zeroing) for zeroing in (True, False))
    return Pair(problem.seed, zeroed.end, skipped.end, zeroed.settled)


def _train(problem: Problem, plain: bool, zeroing: bool) -> Training:
    if plain:
        from plain_training import plain_training

        return plain_training(problem, zeroing=zeroing)
    return demonstration.train_reference(problem, lambda _loss: None, zeroing=zeroing)


def on_all_cores(seeds: Sequence[str], plain: bool) -> tuple[list[Pair], list[Pair]]:
    """Train on all seeds, a process for each core, and show on stderr how far it is."""
    found: list[tuple[Pair, Pair]] = []
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        running = [pool.submit(partial(both, plain=plain), seed) for seed in seeds]
        for count, done in enumerate(as_completed(running), 1):
            found.append(done.result())
            settled = sum(of_moons.settled for of_moons, _ in found)
            progress = f"{count} of {len(seeds)} seeds, {settled} settled"
            print(progress, end="\r" if sys.stderr.isatty() else "\n", file=sys.stderr)
    return [pair for pair, _ in found], [pair for _, pair in found]


def report(name: str, pairs: Sequence[Pair]) -> None:
    zeroed, skipped = ([getattr(p, what) for p in pairs] for what in ("zeroed", "skipped"))
    print(f"\n{name}, {len(pairs)} seeds")
    print(f"  final loss with zeroing     median {_three(zeroed)}")
    print(f"  final loss without zeroing  median {_three(skipped)}")
    print(f"  settled with zeroing        {_share([p.settled for p in pairs])}")
    print(f"  skipping above {FAR_APART:g} times     {_share([p.falls_apart for p in pairs])}")
    print(f"  skipping ends lower         {_share([p.skipped < p.zeroed for p in pairs])}")


def _three(numbers: Sequence[float]) -> str:
    return f"{statistics.median(numbers):.3g}, least {min(numbers):.3g}, most {max(numbers):.3g}"


def _share(flags: Sequence[bool]) -> str:
    return f"{sum(flags)} of {len(flags)}"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=300, metavar="N", help="default: 300")
    parser.add_argument("--plain", action="store_true", help="plain floats, not the reference")
    arguments = parser.parse_args()
    if arguments.seeds < 1:
        parser.error("--seeds: at least 1")
    # The seed of `course demo` itself is one of them.
    seeds = [demonstration.MOONS_SEED, *map(str, range(1, arguments.seeds))]
    of_moons, of_small = on_all_cores(seeds, arguments.plain)
    report(f"Half-moons, settled below {SETTLED:g}", of_moons)
    report("Four examples", of_small)
    for pair in of_moons:
        if not (pair.settled and pair.falls_apart):
            print(f"  seed {pair.seed}: {pair.zeroed:.3g} with, {pair.skipped:.3g} without")
    least = WANTED * len(seeds)
    kept = [sum(p.settled for p in of_moons), sum(p.falls_apart for p in of_moons)]
    print(f"\n{'Kept' if min(kept) >= least else 'NOT KEPT'}: {kept} of {len(seeds)}, 99 % wanted")
    return 0 if min(kept) >= least else 1


if __name__ == "__main__":
    sys.exit(main())
