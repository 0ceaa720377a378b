"""Which checks fail for which mistake: the grader, tried on every misconception.

A *mutant* is one misconception, written into the reference in one way of composing its
operators. It is our own code, so it is run here and not in a worker; its answers go the
same way as a learner's, through `judging`.
"""

from __future__ import annotations

import gc
import json
import random
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, cast

from grader.builds import (
    FILES,
    LECTURE,
    OWN_RULES,
    STYLES,
    Build,
    Edit,
    EditError,
    Style,
    build,
    edits_of,
    text_of,
)
from grader.checks import CHECKS, STAGES, Stage
from grader.corpus import Corpus
from grader.diagnosis import diagnose
from grader.files import write_atomically
from grader.judging import Answered, Finding, judged, suspected_derivatives
from grader.misconceptions import MISCONCEPTIONS, Misconception
from grader.session import Answer, Request, Session
from grader.submission import SourceFile, Submission
from grader.tasks import Job, Slug
from grader.worker import jobs
from grader.worker.answers import Unexpected
from grader.worker.limits import RECURSION_LIMIT, OutOfTime, TaskClock
from grader.worker.serve import RANDOM_SEED
from grader.worker.wire import Failure

RECORD = Path(__file__).parent / "corpora" / "kills.json"
"""Which checks every mutant fails on the practice corpus: what the matrix must give again."""

_TASK_CPU_S = 0.25
"""So much may a task of a mutant take; walks that never end are cut off here."""

_FILE_STAGES: Mapping[str, tuple[Stage, ...]] = {
    "engine.py": STAGES,
    "nn.py": ("mlp", "train"),
    "train.py": ("train",),
}
"""What a mistake in a file can change; the rest is the reference, and passes."""

STYLE_NAMES: Mapping[Style, str] = {OWN_RULES: "own rules", LECTURE: "lecture"}


@dataclass(frozen=True)
class Mutant:
    """A misconception in one way of composing operators."""

    misconception: Misconception
    style: Style

    @property
    def style_name(self) -> str:
        """How the style is called in the matrix."""
        return STYLE_NAMES.get(self.style) or ", ".join(self.style)

    @property
    def edits(self) -> tuple[Edit, ...]:
        """What makes it out of the reference."""
        return _edits(self.misconception, self.style)

    @property
    def build(self) -> Build:
        """The reference with the mistake in it."""
        return build(self.edits)

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages in which it can fail."""
        files = [edit.file for edit in self.misconception.edits]
        return max((_FILE_STAGES[file] for file in files), key=len)


def mutants(misconceptions: Sequence[Misconception] | None = None) -> Iterator[Mutant]:
    """Yield each misconception in each of its builds.

    That is: where every operator has its own rule; where they are composed as in the
    lecture, or as nearly so as the mistake leaves room; and, for mistakes in the engine,
    as nearly as possible with `tanh` made of `exp` as well.
    """
    for misconception in misconceptions or MISCONCEPTIONS.values():
        for style in _styles(misconception):
            yield Mutant(misconception, style)


def _styles(misconception: Misconception) -> list[Style]:
    possible = [style for style in STYLES if _can_be_made(misconception, style)]
    lecture = max((s for s in possible if set(s) <= set(LECTURE)), key=len)
    parts = max(possible, key=len)
    engine = any(edit.file == "engine.py" for edit in misconception.edits)
    return list(dict.fromkeys((OWN_RULES, lecture, parts) if engine else (OWN_RULES, lecture)))


def _can_be_made(misconception: Misconception, style: Style) -> bool:
    try:
        _edits(misconception, style)
    except EditError:
        return False
    return True


def _edits(misconception: Misconception, style: Style) -> tuple[Edit, ...]:
    edits = (*edits_of(style), *misconception.edits)
    try:
        build(edits)
    except EditError:
        if misconception.lecture_edits is None:
            raise
        edits = (*edits_of(style), *misconception.lecture_edits)
        build(edits)
    return edits


# ── Asking and judging ────────────────────────────────────────────────────────────────────


class _Clock(TaskClock):
    """A clock for our own code: it rings once, and never ends the process."""

    def _ring(self, _signal: int, _frame: FrameType | None) -> None:
        if not self._rung:
            self._rung = True
            raise OutOfTime


class Examiner:
    """Puts tasks to builds of the reference, in this process.

    Where the system has no clock for a task (Windows), a walk that never ends cannot be cut
    off: there nothing is tried.
    """

    def __init__(self) -> None:
        self._clock = _Clock(_TASK_CPU_S, wall_s=3600)

    def answer(self, submission: Build, job: Job, orders: int = 1) -> Answer:
        """Return a build's answer to a job, as a worker would give it.

        The reference keeps no sets: in each of `orders` orders of them, its numbers are the
        same, and are computed once.
        """
        if job[0] == "starting-weights":
            random.seed(RANDOM_SEED)
        # Whoever watches the collector is called by it, and an exception in such a call is
        # swallowed: the clock would ring unheard.
        collects = gc.isenabled()
        gc.disable()
        try:
            return self._timed(submission, job, orders)
        finally:
            if collects:
                gc.enable()

    def _timed(self, submission: Build, job: Job, orders: int) -> Answer:
        try:
            self._clock.start()
            try:
                answer: Answer = tuple(jobs.run(submission, job)) * orders
            except Unexpected as finding:
                answer = Failure("unexpected", "", str(finding))
            except Exception as error:
                answer = Failure("raised", type(error).__name__, str(error))
            self._clock.stop()
        except OutOfTime:
            self._clock.stop()
            return Failure("timed out", "", "")
        return answer

    def answered(
        self, submission: Build, corpus: Corpus, stages: Sequence[Stage] = STAGES
    ) -> dict[Slug, Answered]:
        """Put the corpus's tasks of some stages to a build."""
        return {
            slug: [
                (task, self.answer(submission, task.job, task.orders))
                for task in corpus.tasks[slug]
            ]
            for slug, check in CHECKS.items()
            if check.stage in stages
        }


def findings(answered: Mapping[Slug, Answered]) -> dict[Slug, Finding]:
    """Judge answers; a check without any stands for one that the reference passes."""
    suspected = suspected_derivatives(answered)
    found: dict[Slug, Finding] = {}
    for slug, check in CHECKS.items():
        if slug in answered:
            found[slug] = judged(check, answered[slug], found, suspected)
        else:
            found[slug] = Finding(check, "passed")
    return found


def failed(found: Mapping[Slug, Finding]) -> frozenset[Slug]:
    """Return the checks that failed, or could not be judged because of an exception."""
    return frozenset(slug for slug, f in found.items() if f.outcome in ("failed", "errored"))


@contextmanager
def examining() -> Iterator[Examiner]:
    """Lend an examiner; recursion limit and the state of `random` are put back afterwards."""
    limit, state = sys.getrecursionlimit(), random.getstate()
    sys.setrecursionlimit(max(limit, RECURSION_LIMIT))
    try:
        yield Examiner()
    finally:
        sys.setrecursionlimit(limit)
        random.setstate(state)


# ── Naming ────────────────────────────────────────────────────────────────────────────────


class Rehearsal:
    """A session with our own code: what is asked is run here."""

    def __init__(self, examiner: Examiner, submission: Build) -> None:
        self._examiner = examiner
        self._submission = submission

    def run(self, requests: Sequence[Request]) -> list[Answer]:
        """Return the answer to each request, in order."""
        return [self._examiner.answer(self._submission, r.job, r.orders) for r in requests]


def diagnosed(
    examiner: Examiner, mutant: Mutant, found: Mapping[Slug, Finding]
) -> dict[Slug, tuple[str, ...]]:
    """Return what each failed check of a mutant is put down to."""
    texts = {file.removesuffix(".py"): text_of(file, mutant.edits) for file in FILES}
    files = {name: SourceFile(f"{name}.py", text) for name, text in texts.items()}
    submission = Submission(files, {name: name for name in files})
    session = cast(Session, Rehearsal(examiner, mutant.build))
    return {
        slug: tuple(diagnosis.slugs)
        for slug, diagnosis in diagnose(session, submission, list(found.values())).items()
    }


# ── The matrix ────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Row:
    """What became of one mutant: the checks that failed, and what each was put down to."""

    mutant: Mutant
    fails: frozenset[Slug]
    named: Mapping[Slug, tuple[str, ...]]

    @property
    def names(self) -> frozenset[str]:
        """All misconceptions that were named."""
        return frozenset(name for names in self.named.values() for name in names)


def row(examiner: Examiner, corpus: Corpus, mutant: Mutant) -> Row:
    """Try one mutant."""
    found = findings(examiner.answered(mutant.build, corpus, mutant.stages))
    return Row(mutant, failed(found), diagnosed(examiner, mutant, found))


def rows(corpus: Corpus, tried: Sequence[Mutant], processes: int = 1) -> Iterator[Row]:
    """Try mutants, in order; several at a time in processes of their own."""
    if processes == 1:
        with examining() as examiner:
            for mutant in tried:
                yield row(examiner, corpus, mutant)
        return
    with ProcessPoolExecutor(processes, initializer=_begin, initargs=(corpus,)) as pool:
        keys = [(mutant.misconception.slug, mutant.style) for mutant in tried]
        for mutant, (fails, named) in zip(tried, pool.map(_tried, keys, chunksize=8), strict=True):
            yield Row(mutant, fails, named)


_here: dict[str, Any] = {}
"""In a process of a pool: the corpus, and the examiner, which lives as long as the process."""


def _begin(corpus: Corpus) -> None:
    sys.setrecursionlimit(RECURSION_LIMIT)
    _here.update(corpus=corpus, examiner=Examiner())


def _tried(key: tuple[Slug, Style]) -> tuple[frozenset[Slug], Mapping[Slug, tuple[str, ...]]]:
    found = row(_here["examiner"], _here["corpus"], Mutant(MISCONCEPTIONS[key[0]], key[1]))
    return found.fails, found.named


def faults(found: Iterable[Row], record: Record) -> Iterator[str]:
    """Say what is wrong with rows: who survives, fails other checks than declared, has no name."""
    for one in found:
        misconception, style = one.mutant.misconception, one.mutant.style_name
        who = f"{misconception.slug} ({style})"
        recorded = frozenset(record.get(misconception.slug, {}).get(style, ()))
        if not one.fails:
            yield f"{who} survives: no check fails"
        elif missing := misconception.fails - one.fails:
            yield f"{who} passes {_listed(missing)}"
        elif one.fails != recorded:
            yield f"{who} is not as on record: {_listed(one.fails ^ recorded)}"
        if wrong := one.names - equals(misconception):
            yield f"{who} is named {_listed(wrong)}"
        elif not one.names:
            yield f"{who} is not recognised"


def equals(misconception: Misconception) -> frozenset[str]:
    """Return the misconceptions that give the same numbers as this one, and itself."""
    return frozenset(
        other.slug
        for other in MISCONCEPTIONS.values()
        if other is misconception
        or (misconception.group is not None and other.group == misconception.group)
    )


def _listed(slugs: Iterable[str]) -> str:
    return ", ".join(sorted(slugs))


Record = Mapping[str, Mapping[str, Sequence[str]]]
"""Which checks every mutant fails, by misconception and by the name of the style."""


def load_record() -> Record:
    """Return what was found when the matrix was last recorded."""
    record: Record = json.loads(RECORD.read_text("utf-8"))
    return record


def write_record(found: Iterable[Row]) -> None:
    """Record what was found, in the order of the course."""
    record: dict[str, dict[str, list[str]]] = {}
    for one in found:
        listed: list[str] = [slug for slug in CHECKS if slug in one.fails]
        record.setdefault(one.mutant.misconception.slug, {})[one.mutant.style_name] = listed
    text = ",\n".join(f"{json.dumps(slug)}: {json.dumps(by)}" for slug, by in record.items())
    write_atomically(RECORD, f"{{\n{text}\n}}\n")
