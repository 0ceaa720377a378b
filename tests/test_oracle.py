"""Which tasks are fair, and how far apart correct numbers may be."""

from __future__ import annotations

import math

import pytest

from grader import oracle
from grader.checks import CHECKS
from grader.corpus import Corpus
from grader.judge import equal_numbers
from grader.parsing import parse
from grader.tasks import Task
from grader.tolerance import tolerance
from grader.worker import jobs
from grader.worker.operations import OPERATIONS


def fair(text: str, observe: str = "gradients") -> Task | None:
    return oracle.task(("program", *parse(text, observe)))


@pytest.mark.parametrize(
    "text",
    [
        "a = Value(0.7); b = a / 0.1; c = b * 0.1; d = c - a; e = d.relu(); e.backward()",
        "a = Value(0.01); b = a.relu(); b.backward()",
        "a = Value(2.0); b = a - 2; c = 1 / b; c.backward()",
        "a = Value(25.0); b = a.exp(); b.backward()",
        "a = Value(-2.0); b = a ** 0.5; b.backward()",
        "a = Value(0.001); b = a ** -1; b.backward()",
        "a = Value(15.0); b = a.exp(); c = b * b; d = c * b; d.backward()",
        "a = Value(5.0); b = a.exp(); c = b.exp(); c.backward()",
    ],
)
def test_what_rounding_or_size_could_decide_is_not_asked(text: str) -> None:
    assert fair(text) is None


def test_builds_that_part_by_cancellation_are_not_asked() -> None:
    # b is about 1e8 and rounded to 1e-8; a difference of two such is mostly rounding, and
    # differently so where `/` is made of `*` and `**`.
    text = f"a = Value(3.1e7); b = a / 0.7; c = b * 0.7; d = c - {3.1e7}; e = d * 1e7"
    job = ("program", *parse(text, "results"))
    assert jobs.run(oracle.own_rules(), job) != jobs.run(oracle.composed(), job)
    assert oracle.task(job) is None


def test_ordinary_programs_are_asked() -> None:
    assert fair("a = Value(2.0); b = a * a; b.backward()") is not None


def test_central_differences_agree_with_calculus() -> None:
    program = parse(
        "a = Value(1.5); b = a ** 3; c = b.tanh(); d = c + a; d.backward()", "gradients"
    )
    slope = 1 + 3 * 1.5**2 * (1 - math.tanh(1.5**3) ** 2)
    assert oracle.central_differences(program)[0] == pytest.approx(slope, rel=1e-8)


def test_a_kink_is_nobody_s_fault() -> None:
    assert oracle.slope_task(("program", *parse("a = Value(2.0); b = a.relu(); b.backward()",
                                               "gradients"))) is not None  # fmt: skip
    near = 2.0**-19
    job = ("program", *parse(f"a = Value({near}); b = a.relu(); b.backward()", "gradients"))
    assert oracle.slope_task(job) is None


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf, 6.0 + 1e-9, 5.999])
def test_a_wrong_number_is_not_equal(wrong: float) -> None:
    task = Task(("program", (3.0,), (("mul", 0, 0),), (1,), "gradients"), (6.0,), 3)
    assert not equal_numbers(task, (wrong,))
    assert equal_numbers(task, (6.0 + 1e-12,))


def test_tolerance_is_absolute_and_relative_and_grows_with_the_steps() -> None:
    assert tolerance(0.0, 0) > 1e-16  # the exp formula of tanh is off by that near 0
    assert tolerance(1e6, 3) > 1e5 * tolerance(0.0, 3)
    assert tolerance(1.0, 100) > 10 * tolerance(1.0, 5)
    assert tolerance(1.0, 1800) < 1e-8  # and a chain of 900 is still held to 8 digits


def test_random_graphs_are_many_and_share_nodes(practice_corpus: Corpus) -> None:
    tasks = [task for task in practice_corpus.tasks["backward/random-graphs"] if task.program]
    assert len(tasks) >= 100
    for task in tasks:
        assert task.program is not None
        used: list[int] = [*task.program.roots]
        for instruction in task.program.instructions:
            node = OPERATIONS[instruction[0]].operand == "node"
            used += [instruction[1], instruction[2]] if node else [instruction[1]]  # type: ignore[misc]
        assert len(used) > len(set(used)), task.program


def test_every_operation_is_met_in_every_kind_of_random_graph(practice_corpus: Corpus) -> None:
    for slug in ("value/expressions", "backward/random-graphs"):
        met = set().union(*(task.operations for task in practice_corpus.tasks[slug]))
        assert met == set(OPERATIONS), slug


def test_upstream_gradients_other_than_1_are_asked_of_every_operation(
    practice_corpus: Corpus,
) -> None:
    for slug, check in CHECKS.items():
        if check.stage == "backward" and slug.count("-") == 0 and len(check.requires) == 2:
            sizes = [len(task.job[2]) for task in practice_corpus.tasks[slug]]
            assert sum(size > 1 for size in sizes) >= 5, slug
