"""Checks and mistakes as a reader looks them up, from nothing but their declarations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from course.content import CARDS
from grader.checks import CHECKS, STAGES, Check, Stage
from grader.corpus import Corpus, practice
from grader.counterexample import example
from grader.misconceptions import MISCONCEPTIONS, Misconception
from grader.tasks import Slug


@dataclass(frozen=True)
class Example:
    """Python of a learner's, and the numbers that it should give, by name."""

    python: str
    expected: Mapping[str, str]


@dataclass(frozen=True)
class Entry:
    """One check. `requires` are other checks, `items` the ids of what to study in the lessons.

    `mistakes` are those that have a name and make it fail.
    """

    slug: Slug
    claim: str
    why: str
    points: int
    requires: tuple[Slug, ...]
    items: tuple[str, ...]
    mistakes: tuple[Misconception, ...]
    example: Example | None


@dataclass(frozen=True)
class StageEntries:
    """The checks of a stage, in the order in which a learner meets them."""

    stage: Stage
    entries: tuple[Entry, ...]

    @property
    def points(self) -> int:
        """What the stage is worth."""
        return sum(entry.points for entry in self.entries)


def stages() -> tuple[StageEntries, ...]:
    """Return every check that is declared, by stage."""
    corpus = practice()
    return tuple(StageEntries(stage, tuple(_entries(stage, corpus))) for stage in STAGES)


def _entries(stage: Stage, corpus: Corpus) -> Iterator[Entry]:
    for slug, check in CHECKS.items():
        if check.stage == stage:
            yield Entry(
                slug=slug,
                claim=check.claim,
                why=check.why,
                points=check.points,
                requires=check.requires,
                items=CARDS[slug],
                mistakes=tuple(each for each in MISCONCEPTIONS.values() if slug in each.fails),
                example=_example(check, corpus),
            )


def _example(check: Check, corpus: Corpus) -> Example | None:
    shown = example(check, corpus.tasks[check.slug][0])
    if shown is None:
        return None
    return Example(shown.python, {name: repr(number) for name, number in shown.expected.items()})


def mistakes(stage: Stage) -> tuple[Misconception, ...]:
    """Return every mistake of a stage that has a name."""
    return tuple(mistake for mistake in MISCONCEPTIONS.values() if mistake.stage == stage)
