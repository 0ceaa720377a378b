"""One submission to one result, whatever it does.

A result is text: JSON of the form `course-result/1`, the same bytes for the same submission,
seed and grader. What it holds is declared by `Status` and written by `_result`.
"""

from __future__ import annotations

import hashlib
import hmac
import importlib.metadata
import json
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from grader.classroom.entries import Entry
from grader.classroom.likeness import print_of
from grader.corpus import PRACTICE_SEED, Corpus, CorpusError, from_json, practice
from grader.grading import grade
from grader.isolation import Demand, WorkerError
from grader.lane import open_lane
from grader.renderers.json import render as render_json
from grader.report import Report, with_cards
from grader.sources import SubmissionError
from grader.submission import Submission, read

SCHEMA = "course-result/1"

Status = Literal["graded", "not gradable", "fault"]
"""`not gradable`: nothing in it can be graded. `fault`: the grader or the machine failed."""


@dataclass(frozen=True)
class Settings:
    """What all submissions of a class have in common.

    `seed` is the class's, or the secret from which each learner's is derived. `corpus` is
    the class's as JSON; None where each learner has one of their own. `cards` names for each
    check what to read; `template` has the units of code that everybody was given.
    """

    version: str
    seed: str
    corpus: str | None
    isolation: Demand = "auto"
    cards: Mapping[str, Sequence[str]] = field(default_factory=dict)
    template: frozenset[str] = frozenset()

    def seed_of(self, learner: str) -> str:
        """Return the seed of a learner's examples."""
        if self.corpus is not None:
            return self.seed
        message = learner.encode("utf-8", "surrogatepass")
        return hmac.new(self.seed.encode(), message, hashlib.sha256).hexdigest()[:16]


@dataclass(frozen=True)
class Work:
    """A submission to mark. With an `older_key` that still holds, nothing is done again.

    `submission` is for those that have been read already: what was read, or why that failed.
    """

    entry: Entry
    older_key: str | None = None
    formats: Sequence[str] = ()
    submission: Submission | str | None = None


@dataclass(frozen=True)
class Marked:
    """What came of it; `result` is None where the older result still holds."""

    entry: Entry
    status: Status
    result: str | None
    reports: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0


class Marker:
    """Mark one submission after the other, in a lane that is opened once: use it in a `with`.

    Raises: WorkerError on entering, if this machine does not give the level of isolation.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._corpus = None if settings.corpus is None else from_json(settings.corpus)
        self._open = ExitStack()

    def __enter__(self) -> Self:
        self._lane = self._open.enter_context(open_lane(self._settings.isolation, for_many=True))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._open.close()

    def mark(self, work: Work) -> Marked:
        """Return the result of a submission; no exception but an interruption gets out."""
        start = time.monotonic()
        try:
            marked = self._mark(work)
        except SubmissionError as error:
            # Where the class lies on this machine is no part of the result.
            problem = str(error).replace(str(work.entry.path), work.entry.name)
            marked = without_report(work.entry, "not gradable", problem)
        except (WorkerError, CorpusError) as error:
            marked = without_report(work.entry, "fault", str(error))
        except Exception as error:
            marked = failed_itself(work.entry, error)
        return replace(marked, seconds=time.monotonic() - start)

    def _mark(self, work: Work) -> Marked:
        submission = work.submission or read(work.entry.path, dict(work.entry.parts))
        if isinstance(submission, str):
            raise SubmissionError(submission)
        key = key_of(self._settings, work.entry, submission)
        if key == work.older_key:
            return Marked(work.entry, "graded", None)
        report = self._report(work.entry, submission)
        likeness = print_of(submission, self._settings.template)
        result = _result(
            work.entry,
            key,
            "graded",
            likeness={"digest": likeness.digest, "size": likeness.size} if likeness else None,
            report=render_json(report),
        )
        return Marked(work.entry, "graded", result, rendered(report, work.formats))

    def _report(self, entry: Entry, submission: Submission) -> Report:
        corpus = self._corpus or drawn(self._settings.seed_of(entry.learner))
        report = grade(submission, corpus, version=self._settings.version, lane=self._lane)
        return with_cards(report, self._settings.cards)


def key_of(settings: Settings, entry: Entry, submission: Submission) -> str:
    """Name everything that a result depends on."""
    parts = (
        entry.learner,
        entry.name,
        submission.digest,
        sorted(submission.roles.items()),
        sorted(submission.unreadable.items()),
        list(submission.folders),
        list(submission.notes),
        settings.version,
        grader_digest(),
        settings.seed_of(entry.learner),
        settings.isolation,
    )
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def drawn(seed: str) -> Corpus:
    """Return the corpus of a seed without leaving it in the cache: a class has many.

    Raises: CorpusError if it cannot be drawn.
    """
    if seed == PRACTICE_SEED:
        return practice()
    from grader.drawing import draw  # imports the reference

    return draw(seed)


def without_report(entry: Entry, status: Status, problem: str) -> Marked:
    """Make the result of a submission that has no report, with one sentence why."""
    return Marked(entry, status, _result(entry, None, status, problem=problem))


def failed_itself(entry: Entry, error: Exception) -> Marked:
    """Make the result of a submission at which the grader itself has failed."""
    sentence = f"the grader itself failed ({type(error).__name__}: {error})"
    return without_report(entry, "fault", sentence)


def rendered(report: Report, formats: Sequence[str]) -> dict[str, str]:
    """Return the report in each format."""
    return {name: import_module(f"grader.renderers.{name}").render(report) for name in formats}


@cache
def grader_digest() -> str:
    """Return a digest of the grader's own sources and of what draws its examples."""
    here = Path(__file__).parent.parent
    digest = hashlib.sha256(importlib.metadata.version("hypothesis").encode())
    reference = (here.parent / "engine_reference").glob("*.py")
    for source in sorted((*here.rglob("*.py"), *reference)):
        if source.parent.name not in ("renderers", "classroom"):
            digest.update(source.read_bytes())
    return digest.hexdigest()


def _result(
    entry: Entry,
    key: str | None,
    status: Status,
    *,
    problem: str | None = None,
    likeness: Mapping[str, Any] | None = None,
    report: str = "null",
) -> str:
    """Write a result; `report` is JSON already."""
    content = {
        "schema": SCHEMA,
        "learner": entry.learner,
        "source": entry.name,
        "key": key,
        "status": status,
        "problem": problem,
        "likeness": likeness,
    }
    return f'{json.dumps(content)[:-1]}, "report":\n{report.rstrip()}\n}}\n'
