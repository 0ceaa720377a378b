"""What carries a claim, and what can only refute it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grader.checks import CHECKS, Check
from grader.corpus import Corpus
from grader.judging import NOTHING_FRESH, Finding, judged
from grader.tasks import Slug, Task

ADD = CHECKS[Slug("value/add")]
PASSED = {slug: Finding(CHECKS[slug], "passed") for slug in ADD.requires}


def rightly(tasks: list[Task]) -> list[tuple[Task, tuple[float, ...]]]:
    return [(task, task.expected) for task in tasks]


@pytest.fixture
def written(practice_corpus: Corpus) -> list[Task]:
    return [task for task in practice_corpus.tasks[ADD.slug] if not task.drawn]


def test_examples_that_everybody_can_read_do_not_carry_a_claim(written: list[Task]) -> None:
    finding = judged(ADD, rightly(written), PASSED, {})
    assert (finding.outcome, finding.reason) == ("skipped", NOTHING_FRESH)
    fresh = [replace(task, drawn=True) for task in written]
    assert judged(ADD, rightly(fresh), PASSED, {}).outcome == "passed"


def test_examples_that_everybody_can_read_do_refute_a_claim(written: list[Task]) -> None:
    wrong = [(task, (*task.expected[:-1], task.expected[-1] + 1)) for task in written]
    assert judged(ADD, wrong, PASSED, {}).outcome == "failed"


def test_too_few_fresh_examples_beside_a_refuted_operation_carry_nothing(
    practice_corpus: Corpus,
) -> None:
    check: Check = CHECKS[Slug("backward/diamond")]
    tasks = practice_corpus.tasks[check.slug]
    broken = CHECKS[Slug("value/mul")]
    findings = {
        **{slug: Finding(CHECKS[slug], "passed") for slug in check.requires},
        broken.slug: Finding(broken, "failed"),
    }
    unfair = [task for task in tasks if "mul" in task.operations]
    fair = [task for task in tasks if task.drawn and "mul" not in task.operations]
    few = judged(check, rightly([*unfair, *fair[: check.enough - 1]]), findings, {})
    assert (few.outcome, few.reason) == ("skipped", "skipped because value/mul failed")
    enough = judged(check, rightly([*unfair, *fair[: check.enough]]), findings, {})
    assert enough.outcome == "passed"
