"""A class on one screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.classroom.statistics import Statistics

BAR = 30
SHOWN = 5
WIDTH = 100


def summary(statistics: Statistics, out: Path, unchanged: int, faults: Mapping[str, str]) -> str:
    """Return a few lines: how the class did, what it found hard, where everything is."""
    from grader.renderers.escaping import for_terminal

    parts = [
        [_headline(statistics, unchanged)],
        _distribution(statistics),
        _commonest(statistics),
        _troubles(statistics, faults),
        _alike(statistics),
        [f"Gradebook: {out / 'gradebook.csv'}   The class on a page: {out / 'class.html'}"],
    ]
    lines = "\n\n".join("\n".join(part) for part in parts if part).split("\n")
    return "".join(f"{_cut(for_terminal(line))}\n" for line in lines)


def _cut(line: str) -> str:
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 2]} …"


def _headline(statistics: Statistics, unchanged: int) -> str:
    graded = len(statistics.with_status("graded"))
    words = f"{graded} of {len(statistics.rows)} graded"
    if statistics.mean is not None:
        words += f", median {statistics.median:.0f} %, mean {statistics.mean:.0f} %"
    return f"{words}; {unchanged} unchanged since an earlier run" if unchanged else words


def _distribution(statistics: Statistics) -> list[str]:
    most = max(statistics.bins.values())
    if not most:
        return []
    return [
        f"{'100' if start == 100 else f'{start}-{start + 9}':>6} %  "
        f"{'#' * -(-BAR * count // most):<{BAR}} {count or ''}".rstrip()
        for start, count in sorted(statistics.bins.items(), reverse=True)
    ]


def _commonest(statistics: Statistics) -> list[str]:
    lines = []
    if statistics.failed:
        lines.append("Failed by most (course explain SLUG):")
        lines += [f"  {len(c.learners):>5}  {c.slug}  {c.title}" for c in statistics.failed[:SHOWN]]
    if statistics.misconceptions:
        lines.append("Misconceptions recognised:")
        lines += [
            f"  {len(c.learners):>5}  {c.slug}  {c.title}"
            for c in statistics.misconceptions[:SHOWN]
        ]
    return lines


def _troubles(statistics: Statistics, faults: Mapping[str, str]) -> list[str]:
    not_gradable = [
        (row.learner, row.problem or "") for row in statistics.with_status("not gradable")
    ]
    lines = list(_few("not gradable", not_gradable))
    if faults:
        names = {row.id: row.learner for row in statistics.rows}
        failed = [(names.get(id_, id_), problem) for id_, problem in faults.items()]
        lines += _few("to be graded again, as the grader failed: run the same command", failed)
    return lines


def _few(what: str, pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    if pairs:
        yield f"{len(pairs)} {what}:"
        yield from (f"  {learner}: {problem}" for learner, problem in pairs[:SHOWN])
    if len(pairs) > SHOWN:
        yield f"  and {len(pairs) - SHOWN} more"


def _alike(statistics: Statistics) -> list[str]:
    count = len(statistics.alike)
    groups = "One group" if count == 1 else f"{count} groups"
    return [f"{groups} with the same code under other names: see the page"] if count else []
