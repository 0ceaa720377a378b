"""The report as GitHub workflow commands, which a run shows as annotations on the code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from grader.checks import Stage
from grader.renderers import wording
from grader.renderers.escaping import for_github_data, for_github_property, for_terminal
from grader.report import CheckResult, Report

MOST = 10
"""GitHub shows so many annotations of a kind for each step, and silently drops the others."""

FILE_OF: Mapping[Stage, str] = {
    "value": "engine.py",
    "backward": "engine.py",
    "mlp": "nn.py",
    "train": "train.py",
}
"""Where a stage is usually written: the place of a failure that names no line."""


@dataclass(frozen=True)
class Annotation:
    """One remark: `kind` is error, warning or notice; `file` is empty where none is known."""

    kind: str
    title: str
    message: str
    file: str = ""
    line: int = 0


def render(report: Report, *, folder: str = "") -> str:
    """Return workflow commands, at most ten of a kind, and then the points in a plain line.

    Failed and errored checks are errors, skipped ones warnings, notes are notices. `folder`
    is where the submission lies in the repository, with `/`.
    """
    lines = []
    for kind in ("error", "warning", "notice"):
        found = [remark for remark in _annotations(report) if remark.kind == kind]
        lines += [_command(remark, folder) for remark in _at_most(found)]
    score = f"{wording.score(report)} {wording.questions(report)}. {wording.isolation(report)}"
    lines.append(for_terminal(score))
    return "\n".join(lines) + "\n"


def _annotations(report: Report) -> Iterator[Annotation]:
    for check in wording.wrong(report):
        file, line = _place(report, check)
        yield Annotation("error", f"{check.slug} {check.outcome}", _message(check), file, line)
    for check in report.checks:
        if check.outcome == "skipped":
            yield Annotation("warning", f"{check.slug} skipped", _message(check))
    for note in report.submission.notes:
        yield Annotation("notice", "note", note, *_named(report, note))


def _at_most(found: Sequence[Annotation]) -> Sequence[Annotation]:
    if len(found) <= MOST:
        return found
    rest = found[MOST - 1 :]
    listed = "\n".join(f"{remark.title}: {remark.message.splitlines()[0]}" for remark in rest)
    return [*found[: MOST - 1], Annotation(rest[0].kind, f"and {len(rest)} more", listed)]


def _command(remark: Annotation, folder: str) -> str:
    properties = {"title": remark.title}
    if remark.file:
        path = (PurePosixPath(folder) / remark.file).as_posix()
        properties = {"file": path, "line": f"{remark.line or 1}", **properties}
    listed = ",".join(f"{name}={for_github_property(text)}" for name, text in properties.items())
    return f"::{remark.kind} {listed}::{for_github_data(remark.message)}"


def _message(check: CheckResult) -> str:
    lines = [check.title, check.reason or check.outcome]
    if (example := check.counterexample) is not None:
        lines += ["", example.python, ""]
        lines += [
            f"{name}: yours {yours}, expected {expected}"
            for name, yours, expected, _ in wording.numbers(example)
        ]
    lines += [f"{word}: {sentence}" for word, sentence in wording.diagnosis(check)]
    return "\n".join([*lines, f"Read: {wording.read_on(check)}"])


def _place(report: Report, check: CheckResult) -> tuple[str, int]:
    """Return file and line of a failure.

    That is what the diagnosis points at, else what the reason names, else the stage's file.
    """
    where = check.diagnosis.where if check.diagnosis else None
    pointed = f"{where.file}:{where.line} " if where else ""
    file, line = _named(report, f"{pointed}{check.reason or ''}")
    if file:
        return file, line
    usual = [f for f in report.submission.files if PurePosixPath(f).name == FILE_OF[check.stage]]
    return (usual[0] if usual else ""), 0


def _named(report: Report, text: str) -> tuple[str, int]:
    """Return the first of the submission's own files that a sentence names with a line.

    A line within a cell is no line of the notebook's file: there it is 0.
    """
    found = [
        (match.start(), file, int(match[2]) if match[1] is None else 0)
        for file in report.submission.files
        for match in re.finditer(rf"(?<!\S){re.escape(file)}( cell \d{{1,6}})?:(\d{{1,6}})\b", text)
    ]
    _, file, line = min(found, default=(0, "", 0))
    return file, line
