"""The whole way from a submission to its report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from grader import loading
from grader.checks import CHECKS, Check, Stage, claim_about, claim_about_derivative
from grader.corpus import Corpus
from grader.counterexample import explain, style_of
from grader.judging import Answered, Finding, holds, judged, suspected_derivatives
from grader.lane import Lane
from grader.report import CheckResult, CorpusFacts, Report, SubmissionFacts
from grader.scripts import Style
from grader.session import NOT_RUN, Answer, Limits, Request, Session
from grader.shrinking import Suspect, shrink
from grader.submission import Submission
from grader.tasks import Slug, Task
from grader.worker.wire import Failure

ROLE_OF: Mapping[Stage, str] = {
    "value": "engine",
    "backward": "engine",
    "mlp": "nn",
    "train": "train",
}
"""The file that each stage is written in."""

UNFINISHED = "not written yet"
"""How the message of a hole in the template begins."""


def grade(
    submission: Submission,
    corpus: Corpus,
    *,
    only: Sequence[Slug] = (),
    version: str,
    limits: Limits | None = None,
    lane: Lane | None = None,
) -> Report:
    """Grade a submission and return the report.

    `only` names the checks to report on; none means all. `version` is the grader's, for
    the report. Without a `lane`, one is opened for this submission, at the strongest level
    that this machine gives.

    Raises: SubmissionError if nothing in the submission can be graded; WorkerError if this
    machine cannot start a worker.
    """
    checks = _with_requirements(only or list(CHECKS))
    with Session(submission, limits, lane) as session:
        findings, notes = _findings(session, submission, corpus, checks)
        shown = [finding for slug, finding in findings.items() if not only or slug in only]
        results = _with_diagnoses(
            session, submission, _results(session, submission, shown), findings.values()
        )
    return Report(
        grader_version=version,
        corpus=CorpusFacts(corpus.seed, corpus.digest, corpus.practice, corpus.drawn_with),
        submission=SubmissionFacts(
            submission.digest,
            sorted({file.path for file in submission.files.values()}),
            [*submission.notes, *notes],
        ),
        isolation=session.lane.facts,
        checks=results,
    )


def _with_requirements(slugs: Sequence[Slug]) -> list[Check]:
    """Return the checks and all that they build on, in the order of declaration."""
    wanted = set(slugs)
    for check in reversed(list(CHECKS.values())):
        if check.slug in wanted:
            wanted.update(check.requires)
            if check.stage == "backward":
                # Which operations hold decides which programs may be asked.
                wanted.update(slug for slug, c in CHECKS.items() if c.stage == "value")
    return [check for slug, check in CHECKS.items() if slug in wanted]


# ── Asking ────────────────────────────────────────────────────────────────────────────


def _findings(
    session: Session, submission: Submission, corpus: Corpus, checks: Sequence[Check]
) -> tuple[dict[Slug, Finding], list[str]]:
    """Put all tasks to the submission and judge the answers; also return what was noticed."""
    loaded, answered = _asked(session, submission, corpus, checks)
    suspected = suspected_derivatives(answered)
    findings: dict[Slug, Finding] = {}
    for check in checks:
        role = ROLE_OF[check.stage]
        if role in submission.unreadable:
            finding = Finding(check, "errored", submission.unreadable[role])
        elif role not in loaded:
            reason = f"{role}.py is not there: this stage has not been begun"
            finding = Finding(check, "skipped", reason)
        elif loaded[role].problem is not None:
            finding = Finding(check, loaded[role].outcome, loaded[role].problem)
        else:
            finding = judged(check, answered[check.slug], findings, suspected)
        findings[check.slug] = finding
    # One file may play several roles: what is said of it is said once.
    return findings, list(dict.fromkeys(n for outcome in loaded.values() for n in outcome.notes))


def _asked(
    session: Session, submission: Submission, corpus: Corpus, checks: Sequence[Check]
) -> tuple[dict[str, loading.Loaded], dict[Slug, Answered]]:
    """Send everything in one batch: each file is loaded, then its stages' tasks are run."""
    requests: list[Request] = []
    loads: dict[str, slice] = {}
    spans: dict[Slug, slice] = {}
    for role in dict.fromkeys(ROLE_OF.values()):
        if role in submission.roles:
            loads[role] = _extend(requests, loading.requests_for(role))
            for check in checks:
                if ROLE_OF[check.stage] == role:
                    asked = [request_for(check, task) for task in corpus.tasks[check.slug]]
                    spans[check.slug] = _extend(requests, asked)
    answers = session.run(requests)
    loaded = {role: loading.loaded(submission, role, answers[at]) for role, at in loads.items()}
    return loaded, {
        slug: list(zip(corpus.tasks[slug], answers[at], strict=True)) for slug, at in spans.items()
    }


def _extend(requests: list[Request], more: Sequence[Request]) -> slice:
    """Append requests and return where they are."""
    requests.extend(more)
    return slice(len(requests) - len(more), len(requests))


def request_for(check: Check, task: Task) -> Request:
    """Put a task to the worker in the name of a check."""
    needed = {loading.load_slug("engine"), loading.load_slug(ROLE_OF[check.stage])}
    operations = {claim_about(operation) for operation in task.operations}
    touches = frozenset({check.slug, *needed, *operations})
    return Request(task.job, len(task.expected), check.slug, task.orders, touches)


# ── Putting into words ────────────────────────────────────────────────────────────────


def _results(
    session: Session, submission: Submission, findings: Sequence[Finding]
) -> list[CheckResult]:
    suspects = {
        finding.check.slug: Suspect(
            finding.task,
            finding.answer,
            partial(request_for, finding.check),
            partial(holds, finding.check),
            _about(finding.check, finding.task),
        )
        for finding in findings
        if finding.task is not None and finding.answer is not None
    }
    shrunk = shrink(session, suspects)
    style = style_of(session, submission) if shrunk else Style()
    return [
        _result(session, style, finding, shrunk.get(finding.check.slug)) for finding in findings
    ]


def _about(check: Check, task: Task) -> frozenset[str]:
    """Return the operations in a task that the check is about; none where it is about all."""
    return frozenset(
        operation
        for operation in task.operations
        if check.slug == claim_about(operation)
        or check.slug.removesuffix("-reused").removesuffix("-itself")
        == claim_about_derivative(operation)
    )


def _result(
    session: Session, style: Style, finding: Finding, suspect: Suspect | None
) -> CheckResult:
    check, reason, counterexample = finding.check, finding.reason, None
    if suspect is not None and not _is_hole(finding.answer):
        reason, counterexample = explain(session, style, check, suspect)
    return CheckResult(
        slug=check.slug,
        stage=check.stage,
        title=check.claim,
        outcome=finding.outcome,
        points=check.points if finding.outcome == "passed" else 0,
        max_points=check.points,
        reason=reason,
        counterexample=counterexample,
    )


def _with_diagnoses(
    session: Session,
    submission: Submission,
    results: Sequence[CheckResult],
    findings: Iterable[Finding],
) -> list[CheckResult]:
    """Name the mistakes behind what failed, where they are recognised."""
    wrong = [f for f in findings if f.task is not None and not _is_hole(f.answer)]
    if not wrong:
        return list(results)
    from grader.diagnosis import diagnose  # all mistakes: only where something is wrong

    found = diagnose(session, submission, wrong)
    return [replace(result, diagnosis=found.get(result.slug)) for result in results]


def _is_hole(answer: Answer | None) -> bool:
    return (
        isinstance(answer, Failure)
        and answer.type == "NotImplementedError"
        and answer.message.startswith(UNFINISHED)
    ) or (isinstance(answer, Failure) and answer.kind == NOT_RUN)
