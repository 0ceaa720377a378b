"""Lanes: one that dies costs one submission another try, and then its row says so."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT

from grader.classroom.entries import Entry, find
from grader.classroom.lanes import mark_all
from grader.classroom.marking import Marked, Marker, Settings, Work
from grader.classroom.reading import report_from
from grader.corpus import Corpus, to_json
from grader.renderers.json import render

pytestmark = pytest.mark.skipif(os.name == "nt", reason="kills processes")


@pytest.fixture(scope="session")
def settings(practice_corpus: Corpus) -> Settings:
    return Settings("test", "practice", to_json(practice_corpus), isolation="process")


@pytest.fixture
def entries(tmp_path: Path) -> list[Entry]:
    for name in ("ann", "bob", "cy"):
        shutil.copytree(ROOT / "examples" / "complete", tmp_path / name)
    return list(find([tmp_path]).entries)


def lanes() -> list[int]:
    """List the processes that this one has started, but for the helper of Python's own."""
    import multiprocessing

    return [child.pid for child in multiprocessing.active_children() if child.pid]


def statuses(marked: list[Marked]) -> dict[str, str]:
    return {one.entry.learner: one.status for one in marked}


def test_a_lane_that_is_killed_loses_nothing(settings: Settings, entries: list[Entry]) -> None:
    marked = []
    for one in mark_all(map(Work, entries), settings, 1):
        if not marked:
            for pid in lanes():
                os.kill(pid, signal.SIGKILL)
        marked.append(one)
    assert statuses(marked) == dict.fromkeys(("ann", "bob", "cy"), "graded")
    assert lanes() == []


class KillsTheGrader:
    """Stands for a submission that brings the grader's own process down."""

    def __reduce__(self) -> tuple[object, ...]:
        return (os._exit, (7,))


def test_what_kills_every_lane_has_a_row_and_the_others_are_graded(
    settings: Settings, entries: list[Entry]
) -> None:
    def works() -> Iterator[Work]:
        for entry in entries:
            deadly = KillsTheGrader() if entry.learner == "bob" else None
            yield Work(entry, submission=deadly)  # type: ignore[arg-type]

    marked = list(mark_all(works(), settings, 2))
    assert statuses(marked) == {"ann": "graded", "bob": "fault", "cy": "graded"}
    (fault,) = (json.loads(one.result or "") for one in marked if one.status == "fault")
    assert fault["problem"] == "the grader's process ended with status 7"


def test_a_report_is_read_back_from_its_json(settings: Settings, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples" / "forgets_to_zero", tmp_path / "ann")
    (entry,) = find([tmp_path / "ann"]).entries
    with Marker(settings) as marker:
        marked = marker.mark(Work(entry, formats=("json",)))
    text = marked.reports["json"]
    assert render(report_from(json.loads(text))) == text
    assert json.loads(marked.result or "")["report"] == json.loads(text)
