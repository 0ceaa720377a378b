"""How a command ends when it cannot do what it was asked."""

from __future__ import annotations

from collections.abc import Collection

import click


class GraderFault(click.ClickException):
    """The grader or this machine is at fault, not the submission."""

    exit_code = 3


class NotGradable(click.ClickException):
    """The submission is missing, unreadable or ambiguous."""

    exit_code = 4


class SubmissionFailed(click.ClickException):
    """The submission's own code came to no end."""

    exit_code = 1


class CannotWrite(click.ClickException):
    """What was asked for is done, and cannot be put where it should go."""

    exit_code = 2


def unknown(kind: str, name: str, known: Collection[str]) -> click.UsageError:
    """Make the error for a name that does not exist, with the nearest ones that do."""
    import difflib  # only for a mistake

    near = difflib.get_close_matches(name, list(known), n=3, cutoff=0.5)
    offer = f"Did you mean {', '.join(near)}?" if near else f"One is {next(iter(known))}."
    return click.UsageError(f"There is no {kind} {name!r}. {offer}")
