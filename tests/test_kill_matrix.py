"""The grader tries itself on every known mistake, and the page says what came of it."""

from __future__ import annotations

import gc
from dataclasses import replace
from pathlib import Path

import pytest

from grader import kill_matrix, matrix_page
from grader.builds import FILES, text_of
from grader.checks import CHECKS
from grader.corpus import Corpus
from grader.grading import grade
from grader.kill_matrix import Mutant, Row, faults, load_record, mutants, rows
from grader.misconceptions import MISCONCEPTIONS
from grader.submission import read
from grader.tasks import Slug
from grader.worker.wire import Failure

EVERY = 14
"""So many mutants are passed over between two that are tried; `course verify` tries all."""

IN_A_WORKER = (
    "grad-overwritten-mul",
    "guard-never-set",
    "number-not-wrapped-add",
    "one-neuron-too-few",
    "never-zeroed",
)


def mutant(slug: str) -> Mutant:
    return next(mutants([MISCONCEPTIONS[Slug(slug)]]))


def test_the_record_knows_every_mutant_and_no_other() -> None:
    known = {(slug, style) for slug, by in load_record().items() for style in by}
    assert known == {(m.misconception.slug, m.style_name) for m in mutants()}


def test_each_mistake_is_tried_in_at_least_two_builds() -> None:
    tried = [m.misconception.slug for m in mutants()]
    assert [slug for slug in MISCONCEPTIONS if tried.count(slug) < 2] == []


def test_a_sample_of_mutants_fails_what_is_on_record_and_is_named(
    practice_corpus: Corpus,
) -> None:
    sample = list(mutants())[::EVERY]
    found = list(rows(practice_corpus, sample))
    assert len(found) >= 50
    assert list(faults(found, load_record())) == []


def test_a_clock_that_rings_is_not_swallowed_by_a_watcher_of_the_collector(
    practice_corpus: Corpus,
) -> None:
    rings = 0

    def watch(_phase: str, _info: object) -> None:
        nonlocal rings
        rings += 1

    endless = max(practice_corpus.tasks[Slug("backward/doubling")], key=lambda t: len(repr(t.job)))
    gc.callbacks.append(watch)
    try:
        answer = kill_matrix.Examiner().answer(mutant("guard-never-set").build, endless.job)
        during = rings
    finally:
        gc.callbacks.remove(watch)
    assert isinstance(answer, Failure)
    assert answer.kind == "timed out"
    assert during == 0
    assert gc.isenabled()


def test_what_is_declared_to_fail_is_on_record_in_every_build() -> None:
    for slug, by_style in load_record().items():
        for style, fails in by_style.items():
            missing = MISCONCEPTIONS[Slug(slug)].fails - set(map(Slug, fails))
            assert not missing, f"{slug} ({style}) passes {missing}"


@pytest.mark.parametrize("slug", IN_A_WORKER)
def test_a_worker_gives_the_same_verdict(
    slug: str, practice_corpus: Corpus, tmp_path: Path
) -> None:
    one = mutant(slug)
    for file in FILES:
        (tmp_path / file).write_text(text_of(file, one.edits), "utf-8")
    report = grade(read(tmp_path), practice_corpus, version="test")
    failed = [check for check in report.checks if check.outcome in ("failed", "errored")]
    assert [check.slug for check in failed] == load_record()[slug][one.style_name]
    named = {
        name for check in failed if check.diagnosis is not None for name in check.diagnosis.slugs
    }
    assert slug in named
    assert named <= kill_matrix.equals(one.misconception)


def test_every_check_kills_a_mutant_alone_or_says_why_it_stands() -> None:
    record = load_record()
    assert matrix_page.idle(record) == []
    counts = matrix_page.kills(record)
    assert all(killed > 0 for killed, _ in counts.values())
    needless = [slug for slug in matrix_page.STANDS_BECAUSE if counts[Slug(slug)][1]]
    assert needless == []
    assert matrix_page.STANDS_BECAUSE.keys() <= CHECKS.keys()


def test_the_page_is_the_one_that_the_record_gives() -> None:
    assert matrix_page.PAGE.read_text("utf-8") == matrix_page.render(load_record())


# ── What would be wrong is said ───────────────────────────────────────────────────────────


@pytest.fixture
def right() -> Row:
    one = mutant("never-zeroed")
    fails = frozenset({Slug("train/zeroing")})
    return Row(one, fails, {Slug("train/zeroing"): tuple(kill_matrix.equals(one.misconception))})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"fails": frozenset()}, "survives"),
        ({"fails": frozenset({Slug("train/loss")})}, "passes train/zeroing"),
        (
            {"fails": frozenset({Slug("train/loss"), Slug("train/zeroing")})},
            "not as on record: train/loss",
        ),
        ({"named": {Slug("train/zeroing"): ("plus-in-update",)}}, "is named plus-in-update"),
        ({"named": {}}, "is not recognised"),
    ],
)
def test_a_row_that_is_not_as_it_should_be_is_a_fault(
    right: Row, change: dict[str, object], said: str
) -> None:
    assert list(faults([right], load_record())) == []
    (fault,) = faults([replace(right, **change)], load_record())  # type: ignore[arg-type]
    assert said in fault
