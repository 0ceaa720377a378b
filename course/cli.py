"""The `course` command.

Each command imports what it needs when it runs, so that `course --help` costs no more than
click itself. Exit codes: 0 graded and all passed · 1 graded, something failed · 2 usage or
configuration · 3 the grader's own fault · 4 not gradable.
"""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType
from typing import NoReturn

import click

from course import __version__
from course.commands.explain import explain
from course.commands.grade import grade
from course.commands.start import start

INTERRUPTED = 130
INTERNAL = 3


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="course")
def cli() -> None:
    """Build a scalar autograd engine, a network and its training loop, check by check."""


for command in (start, grade, explain):
    cli.add_command(command)


def main() -> NoReturn:
    """Run the command line and exit with the code that its outcome has."""
    # A polite kill unwinds like Ctrl-C, so that no worker stays behind.
    signal.signal(signal.SIGTERM, _terminate)
    for stream in (sys.stdout, sys.stderr):
        # A name that the terminal's encoding lacks is shown escaped, not a traceback.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        sys.exit(cli.main(prog_name="course", standalone_mode=False) or 0)
    except click.exceptions.Exit as error:
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has seen enough (`course grade | head`).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        if "COURSE_DEBUG" in os.environ:
            raise
        click.echo(
            f"Error: the grader itself failed ({type(error).__name__}: {error}). Please report "
            "this, with what COURSE_DEBUG=1 prints.",
            err=True,
        )
        sys.exit(INTERNAL)


def _terminate(number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)
