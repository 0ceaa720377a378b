"""A whole run: what is there already, what is marked, what is written at the end."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from grader.classroom import class_page, gradebook
from grader.classroom.entries import ClassError, Entry
from grader.classroom.marking import Marked, Work, rendered
from grader.classroom.reading import report_from
from grader.classroom.results import Folder
from grader.classroom.statistics import Statistics, statistics
from grader.files import write_atomically

Mark = Callable[[Iterable[Work]], Iterator[Marked]]
"""Whatever marks submissions, here or elsewhere, in any order."""


@dataclass(frozen=True)
class Kept:
    """One submission is done. `new` says that its result was not there before."""

    marked: Marked
    new: bool


def run(
    folder: Folder, entries: Sequence[Entry], mark: Mark, formats: Sequence[str], fresh: bool
) -> Iterator[Kept]:
    """Mark all entries, and keep each result before it is yielded.

    Raises: OSError where a result cannot be written, ClassError where an older one is damaged;
    those before it are kept.
    """

    def works() -> Iterator[Work]:
        for entry in entries:
            older = None if fresh else folder.result(entry.id)
            yield Work(entry, None if older is None else older["key"], formats)

    for marked in mark(works()):
        new = folder.keep(marked)
        if marked.result is None:
            _complete(folder, marked.entry.id, formats)
        else:
            folder.note_time(marked.entry.id, marked.seconds)
        yield Kept(marked, new)


def _complete(folder: Folder, id_: str, formats: Sequence[str]) -> None:
    """Write the reports that an earlier run was not asked for."""
    missing = [name for name in formats if not folder.report_file(id_, name).exists()]
    result = folder.result(id_) if missing else None
    if result is None:
        return
    try:
        report = report_from(result["report"])
    except (KeyError, TypeError, ValueError) as error:
        raise ClassError(
            f"{folder.path / 'results' / id_}.json is damaged: delete it, and give the same "
            "command again"
        ) from error
    folder.keep_reports(id_, rendered(report, missing))


def conclude(
    folder: Folder, entries: Sequence[Entry], faults: Mapping[str, str] | None = None
) -> Statistics:
    """Write the gradebook and the class page from all results that are there.

    `faults` says by id what kept this run from a new result, where an older one stands.

    Raises: OSError where one cannot be written.
    """
    here = {entry.id for entry in entries}
    rows = [gradebook.row(id_, result, id_ in here) for id_, result in folder.results()]
    rows = [_behind(row, (faults or {}).get(row.id)) for row in rows]
    rows.sort(key=lambda row: (row.learner.casefold(), row.learner))
    found = statistics(rows, folder.settle_timings())
    write_atomically(folder.path / "gradebook.csv", gradebook.render(rows))
    reports = {row.id: folder.report_file(row.id, "html") for row in rows}
    links = {
        id_: file.relative_to(folder.path).as_posix()
        for id_, file in reports.items()
        if os.path.lexists(file)
    }
    write_atomically(folder.path / "class.html", class_page.render(found, links))
    return found


def _behind(row: gradebook.Row, fault: str | None) -> gradebook.Row:
    """Say in a row that it is an older result's, because the grader failed this time."""
    if fault is None or row.status == "fault":
        return row
    return replace(row, notes=(f"an older result: this time {fault}", *row.notes))
