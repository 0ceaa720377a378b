"""`course grade-all`: a whole class, with a gradebook at the end and nothing lost on the way."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from course import __version__
from course.commands.grade import FORMATS, check_seed, corpus_of, isolation_option

if TYPE_CHECKING:
    from grader.classroom.batch import Mark
    from grader.classroom.entries import Entry
    from grader.classroom.gradebooks import Gradebooks
    from grader.classroom.marking import Settings
    from grader.classroom.results import Folder, Seed
    from grader.classroom.statistics import Statistics
    from grader.isolation import Demand


@click.command("grade-all")
@click.argument("submissions", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out",
    metavar="DIR",
    required=True,
    type=click.Path(path_type=Path),
    help="The folder for results; an earlier run into it is continued.",
)
@click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(1, 1000),
    help="Grade so many at once (default: the processor's cores).",
)
@click.option(
    "--seed",
    metavar="TEXT",
    callback=check_seed,
    help="The text from which examples are drawn (default: a fresh one for each class).",
)
@click.option(
    "--seed-per-learner",
    "per_learner",
    is_flag=True,
    help="Other examples for each learner, derived from a secret (or from --seed).",
)
@isolation_option("submissions are")
@click.option("--fresh", is_flag=True, help="Grade again what has not changed, too.")
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Grade on the dask cluster at ADDRESS; `local` starts one on this machine.",
)
@click.option(
    "--report",
    "formats",
    metavar="FORMAT",
    multiple=True,
    type=click.Choice(FORMATS),
    help="A report for each learner, in DIR/reports; may be repeated.",
)
@click.option(
    "--roster",
    metavar="CSV",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Who should have handed in; DIR/roster.csv is it with points, missing learners included.",
)
@click.option(
    "--canvas",
    metavar="CSV",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A gradebook exported from Canvas; DIR/canvas.csv is it filled in.",
)
@click.option(
    "--moodle",
    metavar="CSV",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A grading worksheet downloaded from Moodle; DIR/moodle.csv is it filled in.",
)
@click.option(
    "--assignment",
    metavar="NAME",
    help="The column of the Canvas gradebook to fill, where there are several.",
)
def grade_all(
    submissions: Sequence[Path],
    out: Path,
    jobs: int | None,
    seed: str | None,
    per_learner: bool,
    isolation: Demand,
    fresh: bool,
    cluster: str | None,
    formats: Sequence[str],
    **gradebooks: Any,
) -> int:
    """Grade every submission in SUBMISSIONS: each is one, or a folder of them."""
    from course.commands.failure import CannotWrite, GraderFault
    from grader.classroom.entries import ClassError, find
    from grader.classroom.gradebooks import Gradebooks, Wanted
    from grader.classroom.results import Folder
    from grader.corpus import CorpusError
    from grader.isolation import WorkerError

    try:
        found = find(submissions)
        books = Gradebooks.read(Wanted(**gradebooks), found.entries)
    except ClassError as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        raise click.UsageError(f"{error.filename} cannot be read: {error.strerror}.") from error
    try:
        with Folder(out, submissions) as folder:
            settings = _settings(folder.settle(found.entries, seed, per_learner), isolation)
            for note in [*found.notes, *books.notes]:
                _say(note)
            mark = _marking(settings, jobs or _cores(), len(found.entries), cluster)
            return _run(folder, found.entries, books, mark, formats, fresh)
    except ClassError as error:
        raise click.UsageError(str(error)) from error
    except (CorpusError, WorkerError) as error:
        raise GraderFault(str(error)) from error
    except BrokenPipeError:
        raise  # nobody reads the summary any more: everything is written
    except OSError as error:
        what = f"{out} cannot be written: {error.strerror or error}."
        raise CannotWrite(f"{what} What is graded is kept: the same command continues.") from error


def _run(
    folder: Folder,
    entries: Sequence[Entry],
    books: Gradebooks,
    mark: Mark,
    formats: Sequence[str],
    fresh: bool,
) -> int:
    import json

    from course.commands.class_progress import progress
    from course.commands.class_summary import summary
    from grader.classroom import batch

    done = unchanged = 0
    faults: dict[str, str] = {}
    try:
        with progress(len(entries)) as step:
            for kept in batch.run(folder, entries, mark, list(dict.fromkeys(formats)), fresh):
                done += 1
                unchanged += not kept.new
                if kept.marked.status == "fault" and kept.marked.result:
                    faults[kept.marked.entry.id] = json.loads(kept.marked.result)["problem"]
                step()
    except BaseException:
        if done:
            _say(f"{done} of {len(entries)} are done and kept: the same command continues.")
        raise
    found = batch.conclude(folder, entries, faults)
    for note in _fill(books, folder, found):
        _say(note)
    click.echo(summary(found, folder.path, unchanged, faults), nl=False)
    return 3 if faults else 0


def _fill(books: Gradebooks, folder: Folder, found: Statistics) -> list[str]:
    """Write the gradebooks that were asked for; return what is to be said about them."""
    from grader.classroom.gradebooks import Points
    from grader.files import write_atomically

    points = {row.id: Points(row.points, row.max_points, row.status) for row in found.rows}
    notes = []
    for name, filled in books.fill(points).items():
        write_atomically(folder.path / name, filled.content)
        notes += [f"{name}: {note}" for note in filled.notes]
    return notes


def _settings(seed: Seed, isolation: Demand) -> Settings:
    """Put together what all submissions have in common; draws the class's examples."""
    import importlib.resources

    from course.content import CARDS
    from grader.classroom.likeness import units
    from grader.classroom.marking import Settings
    from grader.corpus import to_json

    return Settings(
        version=__version__,
        seed=seed.text,
        corpus=None if seed.per_learner else to_json(corpus_of(seed.text, None)),
        isolation=isolation,
        cards={slug: tuple(cards) for slug, cards in CARDS.items()},
        template=frozenset(
            digest
            for file in importlib.resources.files("student_template").iterdir()
            if file.name.endswith(".py")
            for digest, _ in units(file.read_text("utf-8"))
        ),
    )


def _marking(settings: Settings, jobs: int, count: int, cluster: str | None) -> Mark:
    """Return what marks `count` submissions: lanes of this machine, or a cluster."""
    jobs = min(jobs, count)
    if cluster is None:
        from grader.classroom.lanes import mark_all

        return lambda works: mark_all(works, settings, jobs)
    try:
        from grader.classroom.cluster import mark_on_cluster
    except ImportError as error:
        raise click.UsageError(
            "--cluster needs dask: install the course's extra, as in pip install '.[cluster]'."
        ) from error
    return lambda works: mark_on_cluster(works, settings, cluster, jobs, count)


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _say(message: str) -> None:
    from grader.renderers.escaping import visible

    click.echo(visible(message), err=True)
