"""The practice examples are chosen: few, and everything that the pool shows is still shown."""

from __future__ import annotations

import random

from grader import choosing
from grader.checks import CHECKS
from grader.choosing import GRAPHS, LEAST, TIMES, Demand, chosen, shown
from grader.corpus import Corpus
from grader.judging import rests_on
from grader.kill_matrix import examining, load_record, mutants
from grader.misconceptions import MISCONCEPTIONS
from grader.tasks import Slug

EVERY = 60
"""So many mutants are passed over between two that are asked; `make corpus` asks all."""


def demand(times: int, *tasks: int) -> Demand:
    return Demand(frozenset(tasks), times)


def some_pool(seed: int) -> tuple[list[int], list[Demand], list[list[int]]]:
    chance = random.Random(seed)
    sizes = [chance.randrange(1, 50) for _ in range(40)]
    outcomes = [[chance.choice((0, 0, 0, 0, 0, 1, 2)) for _ in sizes] for _ in range(12)]
    outcomes += [list(outcomes[0]), [0] * 40]
    demands = [
        Demand(frozenset(task for task, outcome in enumerate(row) if outcome), 3)
        for row in outcomes
    ]
    return sizes, [*demands, demand(4, *range(30, 40))], outcomes


def test_demands_are_met_as_far_as_there_are_tasks() -> None:
    for seed in range(20):
        sizes, demands, outcomes = some_pool(seed)
        kept = set(chosen(sizes, demands, outcomes))
        for one in demands:
            assert len(kept & one.tasks) >= min(one.times, len(one.tasks))
        assert len(kept) < len(sizes)


def test_all_mutants_that_the_pool_tells_apart_are_told_apart_by_what_is_kept() -> None:
    for seed in range(20):
        sizes, _, outcomes = some_pool(seed)
        kept = chosen(sizes, [], outcomes)
        assert len({tuple(row[task] for task in kept) for row in outcomes}) == 13  # two are equal
        assert len(kept) <= 12


def test_the_same_is_chosen_for_the_same() -> None:
    sizes, demands, outcomes = some_pool(1)
    assert chosen(sizes, demands, outcomes) == chosen(sizes, demands, outcomes)


def test_the_task_that_serves_most_is_taken_first_and_of_equals_the_smallest() -> None:
    assert chosen([9, 1, 9], [demand(1, 0, 1), demand(1, 0, 2)]) == [0]
    assert chosen([9, 7, 8], [demand(2, 0, 1, 2)]) == [1, 2]
    assert chosen([5, 5], [demand(1, 0, 1)]) == [0]


def test_what_is_kept_anyway_counts_and_is_not_taken_again() -> None:
    assert chosen([1, 1, 1], [demand(2, 0, 1, 2)], kept=[2]) == [0]
    assert chosen([1, 1, 1], [demand(1, 0, 2)], kept=[2]) == []
    assert chosen([1, 1], [], [[0, 1], [1, 0]], kept=[1]) == []


def test_a_demand_for_more_than_there_is_takes_what_there_is() -> None:
    assert sorted(chosen([1, 1, 1], [demand(5, 0, 2)])) == [0, 2]
    assert chosen([1], [demand(1)]) == []


# ── What ships ────────────────────────────────────────────────────────────────────────────


def test_every_draw_of_the_shipped_corpus_has_a_floor(practice_corpus: Corpus) -> None:
    for slug, check in CHECKS.items():
        floor = sum(min(LEAST, spec.examples) for spec in check.draws)
        drawn = [task for task in practice_corpus.tasks[slug] if task.drawn]
        assert len(drawn) >= max(floor, GRAPHS.get(slug, 0), check.enough), slug


def test_a_claim_about_graphs_is_carried_whichever_operation_is_wrong(
    practice_corpus: Corpus,
) -> None:
    graphs = [check for check in CHECKS.values() if check.enough > 1]
    assert graphs
    for check in graphs:
        drawn = [task for task in practice_corpus.tasks[check.slug] if task.drawn]
        behind = [set(rests_on(check, task)) for task in drawn]
        for claim in set().union(*behind):
            without = [used for used in behind if claim not in used]
            assert len(without) >= check.enough, (check.slug, claim)


def test_a_sample_of_mutants_is_shown_often_by_what_is_shipped(practice_corpus: Corpus) -> None:
    often = 0
    sample = list(mutants())[::EVERY]
    with examining() as examiner:
        for mutant in sample:
            found = shown(examiner, practice_corpus, mutant)
            recorded = load_record()[mutant.misconception.slug][mutant.style_name]
            assert set(found.kills) == set(map(Slug, recorded)) - choosing.ENDLESS, found.mutant
            often += sum(len(found.kills.get(slug, ())) for slug in found.declared) >= TIMES
    assert often >= len(sample) - 1
    assert len(MISCONCEPTIONS) > len(sample)
