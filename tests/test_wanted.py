"""A failed check makes its cards due in `course review`, until they are answered."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import ROOT, Run

from course import wanted
from course.content import CARDS
from flashcards.model import ItemId
from flashcards.review_log import Answer
from flashcards.schedule import Limits, Schedule
from grader.checks import CHECKS
from grader.report import (
    CheckResult,
    CorpusFacts,
    IsolationFacts,
    Outcome,
    Report,
    SubmissionFacts,
)
from grader.tasks import Slug

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MUL = "backward/mul"
CARD, OTHER = ItemId("chain-rule"), ItemId("leaf")


def report(outcomes: Mapping[str, Outcome]) -> Report:
    checks = [
        CheckResult(Slug(slug), CHECKS[Slug(slug)].stage, "", outcome, 0, 1)
        for slug, outcome in outcomes.items()
    ]
    facts = CorpusFacts("practice", "", True, "")
    return Report("", facts, SubmissionFacts("", [], []), IsolationFacts("process", []), checks)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "wanted.json"


def test_what_a_failed_check_leads_to_is_wanted_since_it_failed_first(path: Path) -> None:
    wanted.record(report({MUL: "failed", "value/add": "passed"}), NOON, path)
    wanted.record(report({MUL: "failed"}), NOON + DAY, path)
    assert wanted.cards(path) == dict.fromkeys(CARDS[MUL], NOON)


def test_an_error_counts_like_a_failure_and_a_skipped_check_stays_as_it_was(path: Path) -> None:
    wanted.record(report({MUL: "errored", "value/add": "skipped"}), NOON, path)
    assert list(wanted.failing(path)) == [MUL]
    wanted.record(report({MUL: "skipped"}), NOON + DAY, path)
    assert list(wanted.failing(path)) == [MUL]


def test_a_check_that_passes_wants_nothing_more(path: Path) -> None:
    wanted.record(report({MUL: "failed", "value/add": "failed"}), NOON, path)
    wanted.record(report({MUL: "passed"}), NOON, path)
    assert list(wanted.failing(path)) == ["value/add"]


@pytest.mark.parametrize(
    "damaged",
    [
        "",
        "[]",
        "{",
        '{"v": 2, "failing": {"backward/mul": "2026-03-02T12:00:00+00:00"}}',
        '{"v": 1}',
        '{"v": 1, "failing": {"backward/mul": 3}}',
        '{"v": 1, "failing": {"backward/mul": "2026-03-02T12:00:00"}}',
    ],
)
def test_a_damaged_file_says_nothing_and_is_written_anew(path: Path, damaged: str) -> None:
    path.parent.mkdir()
    path.write_text(damaged)
    assert wanted.cards(path) == {}
    wanted.record(report({MUL: "failed"}), NOON, path)
    assert list(wanted.failing(path)) == [MUL]


def test_where_nothing_can_be_written_nothing_is_noted_and_nothing_raised(path: Path) -> None:
    path.parent.write_text("a file where the folder should be")
    wanted.record(report({MUL: "failed"}), NOON, path)
    assert wanted.failing(path) == {}


def test_a_wanted_card_comes_at_once_beyond_the_limits_and_before_the_others() -> None:
    queue = Schedule().queue([OTHER, CARD], NOON, Limits(new=0), {CARD: NOON - HOUR})
    assert (queue.wanted, queue.new, queue.all) == ((CARD,), (), (CARD,))
    queue = Schedule().queue([OTHER, CARD], NOON, Limits(), {CARD: NOON - HOUR})
    assert queue.all == (CARD, OTHER)


def test_a_known_card_is_wanted_before_its_day_and_until_it_was_answered_once() -> None:
    easy = Answer.given(CARD, 4, NOON)
    schedule = Schedule([easy])
    assert schedule.queue([CARD], NOON + HOUR, Limits()).all == ()
    failed = {CARD: NOON + HOUR}
    assert schedule.queue([CARD], NOON + 2 * HOUR, Limits(reviews=0), failed).wanted == (CARD,)
    schedule.record(replace(easy, review_time=easy.review_time + 3 * 3_600_000))
    assert schedule.queue([CARD], NOON + 4 * HOUR, Limits(), failed).all == ()


def test_grading_and_reviewing_meet(course: Run, tmp_path: Path) -> None:
    graded = course("grade", "examples/forgets_to_zero", env={"XDG_DATA_HOME": str(tmp_path)})
    assert graded.returncode == 1
    (file,) = tmp_path.rglob("wanted.json")
    assert "train/zeroing" in json.loads(file.read_text())["failing"]
    done = subprocess.run(
        [sys.executable, "-P", "-m", "course", "review", "--new", "0"],
        input="q\n",
        cwd=ROOT,
        env={**os.environ, "XDG_DATA_HOME": str(tmp_path), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert "for checks that failed" in done.stdout
    assert "for a check that failed" in done.stdout
