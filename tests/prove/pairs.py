"""Two mistakes at once: are both named, and nothing else?

    python tests/prove/pairs.py [COUNT] [--seed TEXT]

Draws pairs of mistakes about different operations, or from different stages, writes both into
the reference in one way of composing operators, and grades it on the practice corpus. A pair
counts if some check fails that is declared for the one, and some that is declared for the
other: where the first mistake has the others' checks skipped, nobody has asked yet. Prints how
many were named, and every pair that was not. Exit code 1 if both are named in less than
90 % of the pairs, or a third one in more than 1 %.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import count, islice

from grader.builds import LECTURE, OWN_RULES, EditError, Style, build, edits_of
from grader.checks import STAGES
from grader.corpus import practice
from grader.kill_matrix import (
    Mutant,
    diagnosed,
    equals,
    examining,
    failed,
    findings,
)
from grader.misconceptions import MISCONCEPTIONS, Misconception
from grader.tasks import Slug

PAIRS = 300


@dataclass(frozen=True)
class Pair(Mutant):
    """Two mistakes in one build."""

    second: Misconception

    @property
    def edits(self) -> tuple:  # type: ignore[type-arg]
        """What makes it out of the reference."""
        return (*super().edits, *self.second.edits)


@dataclass(frozen=True)
class Result:
    """What was named, and whether checks of both mistakes failed, so that both were asked for."""

    pair: tuple[str, str, Style]
    names: frozenset[str]
    shown: bool = True

    @property
    def both(self) -> bool:
        return all(self.names & equals(MISCONCEPTIONS[Slug(slug)]) for slug in self.pair[:2])

    @property
    def third(self) -> bool:
        right = frozenset().union(*(equals(MISCONCEPTIONS[Slug(s)]) for s in self.pair[:2]))
        return bool(self.names - right)


def apart(a: Misconception, b: Misconception) -> bool:
    """Tell whether two mistakes are about different things."""
    if a.stage != b.stage and {a.stage, b.stage} != {"value", "backward"}:
        return True
    return bool(a.operations and b.operations) and not a.operations & b.operations


def pairs(seed: str) -> Iterator[tuple[str, str, Style]]:
    """Draw pairs that can be written into one build, endlessly, each once."""
    chance = random.Random(seed)
    able = [m for m in MISCONCEPTIONS.values() if not m.signs]
    seen = set()
    for i in count():
        a, b = sorted(chance.sample(able, 2), key=lambda m: STAGES.index(m.stage))
        style = (OWN_RULES, LECTURE)[i % 2]
        if (a.slug, b.slug) in seen or not apart(a, b):
            continue
        try:
            build((*edits_of(style), *a.edits, *b.edits))
        except EditError:
            continue
        seen.add((a.slug, b.slug))
        yield a.slug, b.slug, style


def tried(pair: tuple[str, str, Style]) -> Result:
    """Grade one pair."""
    a, b = (MISCONCEPTIONS[Slug(slug)] for slug in pair[:2])
    both = Pair(a, pair[2], b)
    corpus = practice()
    with examining() as examiner:
        found = findings(examiner.answered(both.build, corpus))
        fails = failed(found)
        if not (a.fails & fails and b.fails & fails):
            return Result(pair, frozenset(), shown=False)
        named = diagnosed(examiner, both, found)
    return Result(pair, frozenset(name for names in named.values() for name in names))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("count", nargs="?", type=int, default=PAIRS)
    parser.add_argument("--seed", default="pairs")
    arguments = parser.parse_args()
    with ProcessPoolExecutor() as pool:
        drawn = pairs(arguments.seed)
        results: list[Result] = []
        while len(results) < arguments.count:
            some = list(islice(drawn, arguments.count - len(results)))
            results += [result for result in pool.map(tried, some) if result.shown]
    both = sum(result.both for result in results)
    third = sum(result.third for result in results)
    for result in results:
        if not result.both or result.third:
            a, b, style = result.pair
            said = ", ".join(sorted(result.names)) or "nothing"
            print(f"{a} + {b} ({'lecture' if style else 'own rules'}): named {said}")
    print(
        f"\n{len(results)} pairs: both named in {both / len(results):.1%}, "
        f"a wrong third in {third / len(results):.1%}"
    )
    return 0 if both >= 0.9 * len(results) and third <= 0.01 * len(results) else 1


if __name__ == "__main__":
    sys.exit(main())
