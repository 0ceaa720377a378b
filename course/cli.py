"""The `course` command.

Each command imports what it needs when it runs, so that `course --help` costs no more than
click itself. Exit codes: 0 graded and all passed · 1 graded, something failed · 2 usage or
configuration · 3 the grader's own fault · 4 not gradable.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any, NoReturn

import click

from course import __version__
from course.commands.demo import demo
from course.commands.doctor import doctor
from course.commands.explain import explain
from course.commands.flashcards import flashcards
from course.commands.grade import grade
from course.commands.grade_all import grade_all
from course.commands.quiz import quiz
from course.commands.review import review
from course.commands.self_check import self_check
from course.commands.serve import serve
from course.commands.site import site
from course.commands.start import start
from course.commands.step import step
from course.commands.verify import verify

INTERRUPTED = 130
INTERNAL = 3


class ReaderGone(Exception):  # noqa: N818 (no error: whoever read our output has seen enough)
    """Nobody reads standard output any more, as after `course explain … | head`."""


class Stopped(BaseException):
    """A signal asks this process to end; raised so that everything is tidied up on the way.

    Not an `Exception`, so that no handler for errors takes it for one.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextlib.contextmanager
def _reader_may_go() -> Iterator[None]:
    # click would end with 1 here, which is our code for "something failed".
    try:
        yield
    except BrokenPipeError as error:
        raise ReaderGone from error


class Commands(click.Group):
    """A group whose output may be cut short by its reader."""

    def make_context(self, *arguments: Any, **options: Any) -> click.Context:
        """Read the command line; `--help` prints here."""
        with _reader_may_go():
            return super().make_context(*arguments, **options)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        with _reader_may_go():
            return super().invoke(ctx)


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="course")
@click.pass_context
def cli(context: click.Context) -> None:
    """Build a scalar autograd engine, a network and its training loop, check by check."""
    if os.environ.get("NO_COLOR"):
        context.color = False


for command in (
    start,
    grade,
    grade_all,
    explain,
    step,
    demo,
    self_check,
    flashcards,
    review,
    quiz,
    site,
    serve,
    doctor,
    verify,
):
    cli.add_command(command)


def main() -> NoReturn:
    """Run the command line and exit with the code that its outcome has."""
    _open_streams()
    # A polite kill unwinds like Ctrl-C, so that no worker stays behind.
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _stop)
    code = _run()
    try:
        sys.stdout.flush()
    except OSError:
        _forget_output()
    sys.exit(code)


def _run() -> int:
    try:
        return cli.main(prog_name="course", standalone_mode=False) or 0
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        _show(error)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        _say("Interrupted.")
        return INTERRUPTED
    except Stopped as stopped:
        _say(f"Stopped by {signal.Signals(stopped.number).name}.")
        return 128 + stopped.number
    except ReaderGone:
        _forget_output()
        return 0
    except Exception as error:
        if "COURSE_DEBUG" in os.environ:
            raise
        _say(
            f"Error: the grader itself failed ({_printable(f'{type(error).__name__}: {error}')}). "
            "Please report this, with what COURSE_DEBUG=1 prints."
        )
        return INTERNAL


def _open_streams() -> None:
    """Make sure that there are standard streams, and that they can show every name."""
    # A stream that the caller has closed (`course grade >&-`) leads nowhere.
    while (null := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(null)
    sys.stdin = sys.stdin or os.fdopen(0)
    sys.stdout = sys.stdout or os.fdopen(1, "w")
    sys.stderr = sys.stderr or os.fdopen(2, "w")
    for stream in (sys.stdout, sys.stderr):
        # A name that the terminal's encoding lacks is shown escaped, not a traceback.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def _forget_output() -> None:
    """Send what is still to be printed nowhere, so that the interpreter can end in peace."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)


def _show(error: click.ClickException) -> None:
    # Names of files are in it. click's own texts have lines, ours are one sentence; and
    # click calls the attribute final, which says how to subclass it, not what it may hold.
    keep = "\n\t" if isinstance(error, click.UsageError) else ""
    error.message = _printable(error.message, keep)  # type: ignore[misc]
    with contextlib.suppress(OSError):  # nobody listens: the exit code still tells
        error.show(file=sys.stderr)


def _say(message: str) -> None:
    with contextlib.suppress(OSError):
        click.echo(message, file=sys.stderr)


def _printable(text: str, keep: str = "") -> str:
    from grader.renderers.escaping import visible

    return visible(text, keep)


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    signal.signal(number, signal.SIG_IGN)  # once is enough: tidying up is not to be disturbed
    raise Stopped(number)
