"""Choose the practice examples: as few as show every known mistake, out of many that are drawn.

Run as a program (`python -m grader.choosing`), this writes the practice corpus anew, and prints
how many mutants are shown by how many examples.
"""

from __future__ import annotations

import os
import sys
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain, combinations_with_replacement, islice

from grader.checks import CHECKS
from grader.corpus import PRACTICE, PRACTICE_SEED, Corpus, to_json
from grader.drawing import drawn_with, fresh, ordered
from grader.files import write_atomically
from grader.judging import holds, refuted, rests_on, suspected_derivatives
from grader.kill_matrix import Examiner, Mutant, examining, failed, findings, mutants
from grader.misconceptions import MISCONCEPTIONS
from grader.session import Answer
from grader.tasks import Slug, Task
from grader.worker.wire import Failure

POOL = 2
"""Draw so many times the examples that a check declares, and choose among them."""

TIMES = 5
"""So many examples have to show a mistake, where the pool has them."""

LEAST = 3
"""So many examples of every draw are kept, whatever they show."""

GRAPHS: Mapping[str, int] = {"backward/random-graphs": 100}
"""Where more than the least is kept, for mistakes that nobody has thought of."""

ENDLESS = frozenset({Slug("backward/doubling"), Slug("backward/long-chain")})
"""Checks about walks that do not end, or not in time: dear to ask, and kept as drawn."""


# ── Choosing, whatever the tasks are ──────────────────────────────────────────────────────


@dataclass(frozen=True)
class Demand:
    """So many of some tasks are to be kept."""

    tasks: frozenset[int]
    times: int


def chosen(
    sizes: Sequence[int],
    demands: Iterable[Demand],
    outcomes: Sequence[Sequence[int]] = (),
    kept: Iterable[int] = (),
) -> list[int]:
    """Return the tasks to keep beside those that are `kept` anyway, the most useful first.

    Tasks are numbers, from 0; `sizes` has their sizes. All demands are met, as far as there
    are tasks; and whichever mutants the tasks tell apart, those that are kept do. `outcomes`
    has a row a mutant: what it gives for each task. Always the same for the same.
    """
    kept = list(kept)
    taken = _covering(sizes, demands, kept)
    return taken + _separating(sizes, outcomes, [*kept, *taken])


def _covering(sizes: Sequence[int], demands: Iterable[Demand], kept: Sequence[int]) -> list[int]:
    """Take the task that most of the open demands ask for, until none is open."""
    left = dict.fromkeys(range(len(sizes)))
    for task in kept:
        left.pop(task, None)
    wanted: list[frozenset[int]] = []
    missing: list[int] = []
    asking: list[list[int]] = [[] for _ in sizes]
    for demand in dict.fromkeys(demands):
        free = demand.tasks & left.keys()
        short = min(demand.times, len(demand.tasks)) - len(demand.tasks - free)
        if short > 0:
            for task in free:
                asking[task].append(len(wanted))
            wanted.append(free)
            missing.append(short)
    gain = [len(demanding) for demanding in asking]
    taken: list[int] = []
    while left:
        best = min(left, key=lambda task: (-gain[task], sizes[task], task))
        if gain[best] == 0:
            break
        del left[best]
        taken.append(best)
        for demanding in asking[best]:
            missing[demanding] -= 1
            if missing[demanding] == 0:
                for task in wanted[demanding]:
                    gain[task] -= 1
    return taken


def _separating(
    sizes: Sequence[int], outcomes: Sequence[Sequence[int]], kept: Sequence[int]
) -> list[int]:
    """Take the task that splits most groups of mutants, until no task splits one."""
    groups = [0] * len(outcomes)
    for task in kept:
        groups = _split(groups, outcomes, task)
    taken: list[int] = []
    left = set(range(len(sizes))) - set(kept)
    while left:
        count = {task: len(set(_split(groups, outcomes, task))) for task in left}
        left = {task for task in left if count[task] > len(set(groups))}
        if left:
            best = min(left, key=lambda task: (-count[task], sizes[task], task))
            groups = _split(groups, outcomes, best)
            taken.append(best)
    return taken


def _split(groups: Sequence[int], outcomes: Sequence[Sequence[int]], task: int) -> list[int]:
    """Put mutants into one group where they were in one and give the same for a task."""
    numbers: dict[tuple[int, int], int] = {}
    return [
        numbers.setdefault((group, row[task]), len(numbers))
        for group, row in zip(groups, outcomes, strict=True)
    ]


# ── What mutants make of a pool ───────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Shown:
    """What a mutant makes of a pool of tasks, numbered through in the order of the checks.

    `outcomes` has 0 where the answer is right, and otherwise the same number for the same
    answer. `kills` has for every check that fails the tasks by which it does.
    """

    mutant: str
    declared: frozenset[Slug]
    outcomes: Sequence[int]
    kills: Mapping[Slug, Sequence[int]]


def shown(examiner: Examiner, pool: Corpus, mutant: Mutant) -> Shown:
    """Put a pool to a mutant."""
    asked = Corpus(pool.seed, pool.drawn_with, _without_endless(pool))
    answered = examiner.answered(mutant.build, asked, mutant.stages)
    found = findings(answered)
    known = {**suspected_derivatives(answered), **found}
    fails = failed(found)
    outcomes: list[int] = []
    kills: dict[Slug, list[int]] = {}
    for slug, tasks in pool.tasks.items():
        answers = answered.get(slug, ())
        for task, answer in answers:
            outcome = _outcome(slug, task, answer)
            if outcome and slug in fails and refuted(CHECKS[slug], task, known) is None:
                kills.setdefault(slug, []).append(len(outcomes))
            outcomes.append(outcome)
        outcomes += [0] * (len(tasks) - len(answers))  # not asked: nothing is seen there
    name = f"{mutant.misconception.slug} ({mutant.style_name})"
    return Shown(name, mutant.misconception.fails, outcomes, kills)


def _without_endless(pool: Corpus) -> dict[Slug, Sequence[Task]]:
    return {slug: () if slug in ENDLESS else tasks for slug, tasks in pool.tasks.items()}


def _outcome(slug: Slug, task: Task, answer: Answer) -> int:
    if isinstance(answer, Failure):
        given = f"{answer.kind} {answer.type}"
    elif holds(CHECKS[slug], task, answer):
        return 0
    else:
        given = " ".join(f"{number:.6g}" for number in answer)
    return 1 + zlib.crc32(given.encode())


def all_shown(pool: Corpus, processes: int = 1) -> list[Shown]:
    """Put a pool to all mutants, in processes of their own."""
    keys = [(mutant.misconception.slug, mutant.style) for mutant in mutants()]
    with ProcessPoolExecutor(processes, initializer=_begin, initargs=(pool,)) as workers:
        return list(workers.map(_shown, keys, chunksize=8))


_pool: list[Corpus] = []
"""In a process of its own: the pool."""


def _begin(pool: Corpus) -> None:
    _pool[:] = [pool]


def _shown(key: tuple[Slug, tuple[str, ...]]) -> Shown:
    with examining() as examiner:
        return shown(examiner, _pool[0], Mutant(MISCONCEPTIONS[key[0]], key[1]))


# ── The practice corpus ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Choice:
    """The pool of a seed, what mutants make of it, and the drawn tasks that are kept."""

    pool: Corpus
    found: Sequence[Shown]
    written: Sequence[int]
    taken: Sequence[int]

    @property
    def corpus(self) -> Corpus:
        """The hand-written cases and the tasks that were chosen."""
        kept = {*self.written, *self.taken}
        places = iter(range(len(tasks_of(self.pool))))
        tasks = {
            slug: tuple(task for task in tasks if next(places) in kept)
            for slug, tasks in self.pool.tasks.items()
        }
        return Corpus(self.pool.seed, self.pool.drawn_with, tasks)

    def shown_often(self, drawn: int) -> int:
        """Count the mutants that enough examples show, with so many of the drawn ones."""
        kept = {*self.written, *self.taken[:drawn]}
        return sum(len(kept.intersection(_declared(one))) >= TIMES for one in self.found)

    def told_apart(self, drawn: int) -> int:
        """Count the groups of mutants that so many of the drawn examples tell apart."""
        kept = (*self.written, *self.taken[:drawn])
        return len({tuple(one.outcomes[task] for task in kept) for one in self.found})


def choose(seed: str, processes: int = 1) -> Choice:
    """Draw a pool for a seed, put it to all mutants and choose from it."""
    drawn = {
        slug: [
            tasks[: spec.examples] if slug in ENDLESS else tasks
            for spec, tasks in zip(CHECKS[slug].draws, of_check, strict=True)
        ]
        for slug, of_check in fresh(seed, times=POOL).items()
    }
    tasks = {slug: ordered(CHECKS[slug], chain(*of_check)) for slug, of_check in drawn.items()}
    pool = Corpus(seed, drawn_with(), tasks)
    found = all_shown(pool, processes)
    numbered = tasks_of(pool)
    demands = [*_floors(pool, drawn), *_other_operations(pool), *_kills(found)]
    written = [place for place, (_, task) in enumerate(numbered) if not task.drawn]
    sizes = [len(repr(task.job)) for _, task in numbered]
    taken = chosen(sizes, demands, [one.outcomes for one in found], written)
    return Choice(pool, found, written, taken)


def tasks_of(corpus: Corpus) -> list[tuple[Slug, Task]]:
    """Return all tasks of a corpus with their checks, in order."""
    return [(slug, task) for slug, tasks in corpus.tasks.items() for task in tasks]


def _floors(pool: Corpus, drawn: Mapping[Slug, Sequence[Sequence[Task]]]) -> Iterator[Demand]:
    """Demand some examples of every draw, and many random graphs."""
    place = {(slug, task.job): i for i, (slug, task) in enumerate(tasks_of(pool)) if task.drawn}
    for slug, by_draw in drawn.items():
        for spec, tasks in zip(CHECKS[slug].draws, by_draw, strict=True):
            least = spec.examples if slug in ENDLESS else min(LEAST, spec.examples)
            of_draw = frozenset(place[slug, task.job] for task in tasks)
            yield Demand(of_draw, GRAPHS.get(slug, least))


def _other_operations(pool: Corpus) -> Iterator[Demand]:
    """Demand enough examples that rest on neither of two claims: should those not hold."""
    places = iter(range(len(tasks_of(pool))))
    for slug, tasks in pool.tasks.items():
        check = CHECKS[slug]
        behind = {
            place: frozenset(rests_on(check, task))
            for place, task in zip(islice(places, len(tasks)), tasks, strict=True)
            if task.drawn
        }
        claims = sorted(frozenset().union(*behind.values()))
        for two in combinations_with_replacement(claims, 2):
            without = (place for place, used in behind.items() if used.isdisjoint(two))
            yield Demand(frozenset(without), check.enough)


def _kills(found: Sequence[Shown]) -> Iterator[Demand]:
    """Demand that every check which a mutant fails still fails, and often where it is declared."""
    for one in found:
        for slug, tasks in one.kills.items():
            yield Demand(frozenset(tasks), TIMES if slug in one.declared else 1)
        yield Demand(frozenset(_declared(one)), TIMES)


def _declared(one: Shown) -> Iterator[int]:
    """Yield the tasks that show a mutant in the checks which it is declared to fail."""
    for slug in one.declared:
        yield from one.kills.get(slug, ())


def curve(choice: Choice) -> Iterator[str]:
    """Say how many mutants are shown by how many of the drawn examples."""
    last = len(choice.taken)
    yield f"drawn examples kept, of {len(tasks_of(choice.pool)) - len(choice.written)} drawn;"
    yield f"mutants that {TIMES} examples show; groups of mutants told apart"
    for step in (*range(0, last, 50), last):
        yield f"{step:5} {choice.shown_often(step):5} {choice.told_apart(step):5}"
    everything = range(len(tasks_of(choice.pool)))
    pool = Choice(choice.pool, choice.found, everything, ())
    yield f"  all {pool.shown_often(0):5} {pool.told_apart(0):5}"
    if choice.shown_often(last) < len(choice.found):
        yield "fewer examples show, in the whole pool:"
    for one in choice.found:
        if (count := len(list(_declared(one)))) < TIMES:
            yield f"{count:5} {one.mutant}"


def main() -> int:
    """Write the practice corpus that ships with the package."""
    choice = choose(PRACTICE_SEED, os.cpu_count() or 1)
    corpus = choice.corpus
    PRACTICE.parent.mkdir(exist_ok=True)
    write_atomically(PRACTICE, to_json(corpus))
    drawn = Counter(task.drawn for _, task in tasks_of(corpus))
    said = f"{drawn[True]} drawn tasks and {drawn[False]} written by hand"
    print("\n".join([*curve(choice), f"{said}, {corpus.drawn_with}, digest {corpus.digest}"]))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
