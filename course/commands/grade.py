"""`course grade`: which claims about a submission hold."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from course import __version__

if TYPE_CHECKING:
    from grader.corpus import Corpus
    from grader.report import Report
    from grader.tasks import Slug

FORMATS = ("terminal", "json")
WIDEST = 100


@dataclass(frozen=True)
class Destination:
    """A report's format and file; None is standard output."""

    format: str
    file: Path | None


def _destinations(
    _context: click.Context, _option: click.Parameter, values: Sequence[str]
) -> list[Destination]:
    destinations = []
    for value in values or ("terminal",):
        format_, equals, name = value.partition("=")
        if format_ not in FORMATS:
            raise click.BadParameter(f"{format_!r} is not one of {', '.join(FORMATS)}.")
        if equals and not name:
            raise click.BadParameter(f"after {value} the name of a file is missing.")
        file = Path(name) if equals else None
        if file is not None and (file.is_dir() or not file.parent.is_dir()):
            raise click.BadParameter(
                f"{file} cannot be written: no such folder, or a folder itself."
            )
        destinations.append(Destination(format_, file))
    if sum(destination.file is None for destination in destinations) > 1:
        raise click.BadParameter(
            "only one report can go to standard output: give the others =FILE."
        )
    return destinations


@click.command()
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option(
    "--check",
    "names",
    metavar="SLUG",
    multiple=True,
    help="Only this check or stage; may be repeated.",
)
@click.option(
    "--seed",
    metavar="TEXT",
    help="Fresh examples, drawn from this text, instead of the practice ones.",
)
@click.option(
    "--deep",
    metavar="N",
    type=click.IntRange(1, 10_000),
    help="Draw N fresh examples for each check.",
)
@click.option(
    "--report",
    "reports",
    metavar="FORMAT[=FILE]",
    multiple=True,
    callback=_destinations,
    help=f"{' or '.join(FORMATS)}, to standard output or a file; may be repeated.",
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 although a check failed.")
def grade(
    path: Path,
    names: Sequence[str],
    seed: str | None,
    deep: int | None,
    reports: Sequence[Destination],
    exit_zero: bool,
) -> int:
    """Grade the submission in PATH (default: this folder)."""
    from course.commands.failure import GraderFault, NotGradable
    from grader.corpus import CorpusError
    from grader.grading import grade as grade_submission
    from grader.session import WorkerError
    from grader.sources import SubmissionError
    from grader.submission import read

    only = _slugs(names)
    try:
        submission = read(path)
        corpus = _corpus(seed, deep)
        report = grade_submission(submission, corpus, only=only, version=__version__)
    except SubmissionError as error:
        raise NotGradable(str(error)) from error
    except (CorpusError, WorkerError) as error:
        raise GraderFault(str(error)) from error
    for destination in reports:
        _write(report, destination)
    return 0 if report.all_passed or exit_zero else 1


def _slugs(names: Sequence[str]) -> list[Slug]:
    """Return the checks that `names` mean, each a check or a whole stage."""
    from course.commands.failure import unknown
    from grader.checks import CHECKS, STAGES

    slugs = []
    for name in names:
        meant = [slug for slug, check in CHECKS.items() if name in (slug, check.stage)]
        if not meant:
            raise unknown("check", name, [*CHECKS, *STAGES])
        slugs += meant
    return slugs


def _corpus(seed: str | None, deep: int | None) -> Corpus:
    from grader import corpus

    if deep is None and seed in (None, corpus.PRACTICE_SEED):
        return corpus.practice()
    from grader.drawing import corpus_for  # imports the reference

    if seed is None:
        import secrets

        seed = secrets.token_hex(4)
    with _progress(f"Drawing fresh examples, seed {seed} …"):
        return corpus_for(seed, deep)


@contextlib.contextmanager
def _progress(message: str) -> Iterator[None]:
    """Show that something is going on, where somebody is watching."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(message):
        yield


def _write(report: Report, destination: Destination) -> None:
    render = _renderer(destination)
    if destination.file is None:
        click.echo(render(report), nl=False)
        return
    from grader.files import write_atomically

    try:
        write_atomically(destination.file, render(report))
    except OSError as error:
        raise click.UsageError(
            f"{destination.file} cannot be written: {error.strerror}."
        ) from error


def _renderer(destination: Destination) -> Callable[[Report], str]:
    if destination.format == "json":
        from grader.renderers.json import render as render_json

        return render_json
    from grader.renderers.terminal import render as render_terminal

    if destination.file is not None:
        return render_terminal
    return lambda report: render_terminal(report, **_terminal())


def _terminal() -> dict[str, Any]:
    """Look at where standard output goes: its width, colours, and what it can show."""
    import os
    import shutil

    encoding = (sys.stdout.encoding or "ascii").lower().replace("-", "")
    return {
        "width": min(WIDEST, shutil.get_terminal_size().columns),
        "colour": sys.stdout.isatty() and not os.environ.get("NO_COLOR"),
        "ascii_only": not encoding.startswith("utf"),
    }
