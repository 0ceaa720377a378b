"""`course grade`: which claims about a submission hold."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from course import __version__

if TYPE_CHECKING:
    from grader.corpus import Corpus
    from grader.isolation import Demand
    from grader.report import Report
    from grader.tasks import Slug

FORMATS = ("terminal", "json", "junit", "html", "markdown", "github")
"""The reports there are: each is a module of `grader.renderers`."""

WIDEST = 100

Decorated = TypeVar("Decorated", bound=Callable[..., object])


def isolation_option(whose: str) -> Callable[[Decorated], Decorated]:
    """Return the option that demands a level of isolation for somebody's code."""
    return click.option(
        "--isolation",
        type=click.Choice(("auto", "strict", "filtered", "process")),
        default="auto",
        show_default=True,
        help=f"How {whose} walled in; `course doctor` shows what this machine gives.",
    )


@dataclass(frozen=True)
class Destination:
    """A report's format and file; None is standard output."""

    format: str
    file: Path | None


def _destinations(
    context: click.Context, _option: click.Parameter, values: Sequence[str]
) -> list[Destination]:
    destinations = []
    for value in values or ("terminal",):
        format_, equals, name = value.partition("=")
        if format_ not in FORMATS:
            raise click.BadParameter(f"{format_!r} is not one of {', '.join(FORMATS)}.")
        if equals and not name:
            raise click.BadParameter(f"after {value} the name of a file is missing.")
        destinations.append(Destination(format_, Path(name) if equals else None))
    files = [destination.file for destination in destinations]
    if files.count(None) > 1:
        raise click.BadParameter(
            "only one report can go to standard output: give the others =FILE."
        )
    for file in files:
        if files.count(file) > 1:
            raise click.BadParameter(f"two reports cannot go to one file, {file}.")
        if file is not None and not context.resilient_parsing:
            _try_to_write(file)
    return destinations


def _try_to_write(file: Path) -> None:
    """Make sure, before anything is graded, that a report can be put there.

    Raises: click.BadParameter if not. What is there already stays as it is.
    """
    try:
        # A device or a pipe would not be written to, but replaced.
        if file.exists() and not file.is_file():
            what = "a folder" if file.is_dir() else "a device or a pipe"
            raise click.BadParameter(f"{file} cannot be written: it is {what}.")
        _write_whole(file, None)
    except (OSError, RuntimeError) as error:
        raise click.BadParameter(f"{file} cannot be written: {_why(error)}.") from error


def _write_whole(file: Path, text: str | None) -> None:
    """Write a report to where `file` leads; None only tries, and leaves no trace."""
    from grader.files import write_atomically

    target = file.resolve()  # a link is to stay a link
    if text is not None:
        write_atomically(target, text)
        return
    trial = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        trial.touch(exist_ok=False)
    finally:
        trial.unlink(missing_ok=True)


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def check_seed(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    """Refuse a seed that is no text. Raises: click.BadParameter."""
    try:
        (value or "").encode()
    except UnicodeEncodeError as error:
        raise click.BadParameter(f"{value!r} is not UTF-8 text.") from error
    return value


@click.command()
# What cannot be read is the submission's trouble (4), not a wrong use of the command (2).
@click.argument("path", type=click.Path(path_type=Path, readable=False), default=".")
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
    callback=check_seed,
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
    help=f"One of {', '.join(FORMATS)}, to standard output or a file; may be repeated.",
)
@isolation_option("the submission is")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 although a check failed.")
def grade(
    path: Path,
    names: Sequence[str],
    seed: str | None,
    deep: int | None,
    reports: Sequence[Destination],
    isolation: Demand,
    exit_zero: bool,
) -> int:
    """Grade the submission in PATH (default: this folder)."""
    from course import wanted
    from course.commands.failure import GraderFault, NotGradable
    from grader.corpus import CorpusError
    from grader.grading import grade as grade_submission
    from grader.isolation import WorkerError
    from grader.lane import open_lane
    from grader.sources import SubmissionError
    from grader.submission import read

    only = _slugs(names)
    try:
        submission = read(path)
        corpus = corpus_of(seed, deep)
        with open_lane(isolation) as lane:
            report = grade_submission(submission, corpus, only=only, version=__version__, lane=lane)
    except SubmissionError as error:
        raise NotGradable(str(error)) from error
    except (CorpusError, WorkerError) as error:
        raise GraderFault(str(error)) from error
    wanted.record(report, datetime.now(UTC))
    _write_all(_with_cards(report), reports, path)
    if report.all_passed and not only and Destination("terminal", None) in reports:
        _offer_reward(path)
    return 0 if report.all_passed or exit_zero else 1


def _offer_reward(path: Path) -> None:
    """Point to what a whole engine can do."""
    from grader.renderers.escaping import visible

    command = f"course demo --submission {as_typed(path)}"
    with contextlib.suppress(BrokenPipeError):
        click.echo(f"Now watch it learn: {visible(command)}", file=sys.stdout)


def as_typed(path: Path) -> str:
    """Return a path as a shell takes it, with quotes where it needs them."""
    import shlex

    return f'"{path}"' if os.name == "nt" else shlex.quote(str(path))


def _with_cards(report: Report) -> Report:
    """Fill in which cards and questions teach the point of each check that did not pass."""
    from course.content import CARDS
    from grader.report import with_cards

    return with_cards(report, CARDS)


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


def corpus_of(seed: str | None, deep: int | None) -> Corpus:
    """Return the examples of a seed; `deep` of them for each check, where that is given.

    Raises: CorpusError where they cannot be drawn.
    """
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


def _write_all(report: Report, destinations: Sequence[Destination], path: Path) -> None:
    """Put every report where it belongs; one that cannot be put there does not stop the others.

    Raises: CannotWrite, after that.
    """
    from course.commands.failure import CannotWrite

    problems = []
    for destination in destinations:
        text = _rendered(report, destination, path)
        try:
            if destination.file is None:
                click.echo(text, nl=False, file=sys.stdout)
            else:
                _write_whole(destination.file, text)
        except BrokenPipeError:
            pass  # whoever reads has seen enough: the verdict is the same
        except OSError as error:
            where = destination.file or "standard output"
            problems.append(f"{where} cannot be written: {_why(error)}.")
    if problems:
        raise CannotWrite(" ".join(problems))


def renderer_of(format_: str) -> Callable[..., str]:
    """Return the function that makes a report of this format; only its module is imported."""
    from importlib import import_module

    render: Callable[..., str] = import_module(f"grader.renderers.{format_}").render
    return render


def _rendered(report: Report, destination: Destination, path: Path) -> str:
    options: dict[str, Any] = {}
    if destination.format == "github":
        options = {"folder": _in_repository(path)}
    elif destination.format == "terminal" and destination.file is None:
        options = {**_terminal(), "place": "" if path == Path() else as_typed(path)}
    return renderer_of(destination.format)(report, **options)


def _in_repository(path: Path) -> str:
    """Return where a submission's files lie below the folder that GitHub counts from."""
    top = Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd()).resolve()
    here = path.resolve()
    folder = here if here.is_dir() else here.parent
    return folder.relative_to(top).as_posix() if folder.is_relative_to(top) else ""


def _terminal() -> dict[str, Any]:
    """Look at where standard output goes: its width, colours, and what it can show."""
    import shutil

    encoding = (sys.stdout.encoding or "ascii").lower().replace("-", "")
    return {
        "width": min(WIDEST, shutil.get_terminal_size().columns),
        "colour": sys.stdout.isatty() and not os.environ.get("NO_COLOR"),
        "ascii_only": not encoding.startswith("utf"),
    }
