"""What a class has in common: how it did, what it found hard, who wrote the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, median

from grader.checks import CHECKS
from grader.classroom.gradebook import Row

BINS = (0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100)
"""Percentages at which a new bar begins; the last holds full marks alone."""

SLOWEST = 5


@dataclass(frozen=True)
class Commonest:
    """Something that several learners share; `learners` in the order of the rows."""

    slug: str
    title: str
    learners: Sequence[str]


@dataclass(frozen=True)
class Statistics:
    """A class in figures. Texts are unescaped.

    `bins` counts learners by the percentage at which their bar begins. `failed` are checks,
    `misconceptions` their causes where these were recognised, commonest first. `alike` are
    groups whose code is structurally the same.
    """

    rows: Sequence[Row]
    bins: Mapping[int, int]
    mean: float | None
    median: float | None
    failed: Sequence[Commonest]
    misconceptions: Sequence[Commonest]
    alike: Sequence[Sequence[Row]]
    slowest: Sequence[tuple[Row, float]]

    def with_status(self, status: str) -> list[Row]:
        """Return the rows that ended so."""
        return [row for row in self.rows if row.status == status]


def statistics(rows: Sequence[Row], timings: Mapping[str, float]) -> Statistics:
    """Count what there is to count; `timings` are seconds by id."""
    shares = [100 * row.points / row.max_points for row in rows if row.max_points and
              row.points is not None]  # fmt: skip
    bins = dict.fromkeys(BINS, 0)
    for share in shares:
        bins[max(start for start in BINS if start <= share)] += 1
    timed = [(row, timings[row.id]) for row in rows if row.id in timings]
    return Statistics(
        rows=rows,
        bins=bins,
        mean=mean(shares) if shares else None,
        median=median(shares) if shares else None,
        failed=_failed(rows),
        misconceptions=_misconceptions(rows),
        alike=_alike(rows),
        slowest=sorted(timed, key=lambda pair: -pair[1])[:SLOWEST],
    )


def _failed(rows: Sequence[Row]) -> list[Commonest]:
    """Collect who failed which check. Skipped ones fell with another, and do not count."""
    counted: dict[str, list[str]] = {}
    for row in rows:
        for slug, outcome in row.checks.items():
            if outcome in ("failed", "errored"):
                counted.setdefault(slug, []).append(row.learner)
    titles = {str(slug): check.claim for slug, check in CHECKS.items()}
    return _sorted({slug: (titles.get(slug, ""), who) for slug, who in counted.items()})


def _misconceptions(rows: Sequence[Row]) -> list[Commonest]:
    counted: dict[str, tuple[str, list[str]]] = {}
    for row in rows:
        for slug, sentence in row.misconceptions.items():
            counted.setdefault(slug, (sentence, []))[1].append(row.learner)
    return _sorted(counted)


def _sorted(counted: Mapping[str, tuple[str, list[str]]]) -> list[Commonest]:
    found = [Commonest(slug, title, who) for slug, (title, who) in counted.items()]
    return sorted(found, key=lambda common: (-len(common.learners), common.slug))


def _alike(rows: Sequence[Row]) -> list[list[Row]]:
    counts = Counter(row.likeness for row in rows if row.likeness)
    groups: dict[str, list[Row]] = {}
    for row in rows:
        if row.likeness and counts[row.likeness] > 1:
            groups.setdefault(row.likeness, []).append(row)
    return sorted(groups.values(), key=lambda group: (-len(group), group[0].learner))
