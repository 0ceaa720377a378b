"""One question to a submission, with the reference's answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NewType

from grader.programs import Program

Slug = NewType("Slug", str)
Job = tuple[Any, ...]
"""A kind from `grader.worker.jobs.JOBS` and its arguments: numbers, strings and tuples."""


@dataclass(frozen=True)
class Task:
    """A job, the numbers it should give, and how much rounding is forgiven.

    `expected` are the reference's numbers, in the order in which the worker sends them.
    `rounding_steps` counts the float64 operations behind one of them. A `drawn` task was
    made up for its seed; one that is not is written in the check, for everybody to read.
    """

    job: Job
    expected: tuple[float, ...]
    rounding_steps: int
    drawn: bool = False

    @property
    def kind(self) -> str:
        """The job's kind."""
        return str(self.job[0])

    @cached_property
    def program(self) -> Program | None:
        """The expression graph, where the job is one."""
        return Program(*self.job[1:]) if self.job[0] == "program" else None

    @cached_property
    def operations(self) -> frozenset[str]:
        """The operations that the job's program uses."""
        if self.job[0] != "program":
            return frozenset()
        return frozenset(instruction[0] for instruction in self.job[2])

    @property
    def orders(self) -> int:
        """In how many orders of sets the job is run: two, where order can matter."""
        if self.job[0] == "program":
            return 2 if self.job[3] and len(self.job[2]) > 2 else 1
        return 1


def frozen(job: Sequence[Any]) -> Job:
    """Turn lists, as JSON gives them, into tuples all the way down."""
    return tuple(frozen(part) if isinstance(part, list | tuple) else part for part in job)
