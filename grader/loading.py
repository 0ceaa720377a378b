"""Loading a submission's files: what they define, and what is to be said about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.counterexample import sentence
from grader.report import Outcome
from grader.roles import GRADED_NAMES
from grader.session import NOT_RUN, Answer, Request
from grader.sources import SubmissionError
from grader.submission import STAND_INS, SourceFile, Submission
from grader.tasks import Slug
from grader.worker.wire import Failure


@dataclass(frozen=True)
class Loaded:
    """What came of loading the file of a role.

    `problem` says why nothing in it can be graded, where that is so, and `outcome` what its
    checks come to.
    """

    problem: str | None = None
    outcome: Outcome = "errored"
    notes: Sequence[str] = ()


def load_slug(role: str) -> Slug:
    """Return the name under which requests say that they need a role's file."""
    return Slug(f"load/{role}")


def requests_for(role: str) -> list[Request]:
    """Ask to load a role's file, and what it defines and imports."""
    slug = load_slug(role)
    names = list(GRADED_NAMES[role])
    survey = ("survey", role, names, list(STAND_INS))
    return [
        Request(("load", role), 0, slug),
        Request(survey, len(names) + len(STAND_INS), slug, touches=frozenset({slug})),
    ]


def loaded(submission: Submission, role: str, answers: Sequence[Answer]) -> Loaded:
    """Read the answers to `requests_for`.

    A file whose top level fails, or trains for longer than a task may, is graded all the
    same where it had defined something by then.

    Raises: SubmissionError if the engine loads but defines no `Value`.
    """
    load, survey = answers
    file = submission.files[submission.roles[role]]
    numbers = () if isinstance(survey, Failure) else survey
    names = GRADED_NAMES[role]
    defines_something = any(numbers[: len(names)])
    if isinstance(load, Failure) and load.kind == NOT_RUN:
        return Loaded(sentence(load), "skipped")
    if isinstance(load, Failure) and not defines_something:
        return Loaded(f"{file.path} cannot be loaded: {sentence(load)}")
    if role == "engine" and not defines_something:
        raise SubmissionError(f"{file.path} defines no Value: the class must have that name")
    notes = [
        f"{_at(file, int(line))} imports {package}, which is not there while grading: "
        "something that does nothing stands in for it"
        for package, line in zip(STAND_INS, numbers[len(names) :], strict=True)
        if 1 <= line <= file.text.count("\n") + 1
    ]
    if isinstance(load, Failure):
        notes.append(f"{file.path}: {sentence(load)}; what was defined before is graded")
    return Loaded(notes=notes)


def _at(file: SourceFile, line: int) -> str:
    path, within = file.place(line)
    return f"{path}:{within}"
