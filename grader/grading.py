"""The whole way from a submission to its report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from grader.checks import CHECKS, STAGES, Check, Stage, claim_about, claim_about_derivative
from grader.corpus import Corpus
from grader.counterexample import explain, sentence
from grader.isolation import facts
from grader.judge import RULES
from grader.report import CheckResult, CorpusFacts, Outcome, Report, SubmissionFacts
from grader.session import NOT_RUN, Answer, Limits, Request, Session
from grader.shrinking import Suspect, shrink
from grader.submission import Submission, SubmissionError
from grader.tasks import Slug, Task
from grader.worker.wire import Failure

ROLE_OF: Mapping[Stage, str] = {
    "value": "engine",
    "backward": "engine",
    "mlp": "nn",
    "train": "train",
}
"""The file that each stage is written in."""

NEEDED_NAME = {"engine": "Value"}
"""Without this name in a role's file there is nothing to grade."""

UNFINISHED = "not written yet"
"""How the message of a hole in the template begins."""


@dataclass(frozen=True)
class Finding:
    """What was found out about one claim, before it is put into words.

    `task` and `answer` are the first that went wrong, where one did.
    """

    check: Check
    outcome: Outcome
    reason: str | None = None
    task: Task | None = None
    answer: Answer | None = None


def grade(
    submission: Submission,
    corpus: Corpus,
    *,
    only: Sequence[Slug] = (),
    version: str,
    limits: Limits | None = None,
) -> Report:
    """Grade a submission and return the report.

    `only` names the checks to report on; none means all. `version` is the grader's, for
    the report.

    Raises: SubmissionError if nothing in the submission can be graded; WorkerError if this
    machine cannot start a worker.
    """
    checks = _with_requirements(only or list(CHECKS))
    with Session(submission, limits) as session:
        findings = _findings(session, submission, corpus, checks)
        shown = [finding for slug, finding in findings.items() if not only or slug in only]
        results = _results(session, submission, shown)
    return Report(
        grader_version=version,
        corpus=CorpusFacts(corpus.seed, corpus.digest, corpus.practice, corpus.drawn_with),
        submission=SubmissionFacts(
            submission.digest,
            sorted({file.path for file in submission.files.values()}),
            submission.notes,
        ),
        isolation=facts(),
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
) -> dict[Slug, Finding]:
    requests: list[Request] = []
    loads: dict[str, int] = {}
    spans: dict[Slug, slice] = {}
    for role, stages in STAGES_OF_ROLE.items():
        if role not in submission.roles:
            continue
        loads[role] = len(requests)
        job = ("load", role, NEEDED_NAME.get(role, ""))
        requests.append(Request(job, 0, Slug(f"load/{role}")))
        for check in checks:
            if check.stage in stages:
                asked = [request_for(check, task) for task in corpus.tasks[check.slug]]
                spans[check.slug] = slice(len(requests), len(requests) + len(asked))
                requests += asked
    answers = session.run(requests)
    unloadable = {
        role: answer for role, at in loads.items() if isinstance(answer := answers[at], Failure)
    }
    _refuse_without_engine(unloadable.get("engine"))
    answered = {
        slug: list(zip(corpus.tasks[slug], answers[span], strict=True))
        for slug, span in spans.items()
    }
    suspected = _suspected(answered)
    findings: dict[Slug, Finding] = {}
    for check in checks:
        role = ROLE_OF[check.stage]
        if role not in loads:
            reason = f"{role}.py is not there: this stage has not been begun"
            findings[check.slug] = Finding(check, "skipped", reason)
        elif role in unloadable:
            reason = f"{role}.py cannot be loaded: {sentence(unloadable[role])}"
            findings[check.slug] = Finding(check, "errored", reason)
        else:
            findings[check.slug] = _judged(check, answered[check.slug], findings, suspected)
    return findings


STAGES_OF_ROLE: Mapping[str, Sequence[Stage]] = {
    role: [stage for stage in STAGES if ROLE_OF[stage] == role]
    for role in dict.fromkeys(ROLE_OF.values())
}


def request_for(check: Check, task: Task) -> Request:
    """Put a task to the worker in the name of a check."""
    touches = {check.slug, f"load/{ROLE_OF[check.stage]}"}
    touches |= {claim_about(operation) for operation in task.operations}
    if ROLE_OF[check.stage] != "engine":
        touches.add("load/engine")
    return Request(
        task.job, len(task.expected), check.slug, task.orders, frozenset(map(Slug, touches))
    )


def _refuse_without_engine(failure: Failure | None) -> None:
    if failure is not None and failure.kind == "unexpected":
        raise SubmissionError(
            f"{failure.message}: the engine's class must be called Value to be found"
        )


# ── Judging ───────────────────────────────────────────────────────────────────────────


def _judged(
    check: Check,
    answered: Sequence[tuple[Task, Answer]],
    findings: Mapping[Slug, Finding],
    suspected: Mapping[Slug, Finding],
) -> Finding:
    for slug in check.requires:
        if findings[slug].outcome != "passed":
            return Finding(check, "skipped", _because(findings[slug]))
    fair = []
    in_the_way: Finding | None = None
    for task, answer in answered:
        refuted = _refuted(check, task, {**suspected, **findings})
        if refuted is None:
            fair.append((task, answer))
        else:
            in_the_way = in_the_way or refuted
    if in_the_way is not None and len(fair) < check.enough:
        return Finding(check, "skipped", _because(in_the_way))
    return _first_failure(check, fair) or Finding(check, "passed")


def _first_failure(check: Check, answered: Sequence[tuple[Task, Answer]]) -> Finding | None:
    for task, answer in answered:
        if isinstance(answer, Failure):
            return Finding(check, "errored", sentence(answer), task, answer)
        if not holds(check, task, answer):
            return Finding(check, "failed", None, task, answer)
    return None


def _refuted(check: Check, task: Task, findings: Mapping[Slug, Finding]) -> Finding | None:
    """Return the finding that makes a task unfair: an operation in it does not hold.

    What is to be blamed is the operation, in the one claim that is about it, and not every
    claim whose examples happen to use it.
    """
    for operation in sorted(task.operations):
        claims = [claim_about(operation)]
        if check.stage == "backward":
            claims.append(claim_about_derivative(operation))
        for slug in claims:
            if slug != check.slug and slug in findings and findings[slug].outcome != "passed":
                return findings[slug]
    return None


def _suspected(
    answered: Mapping[Slug, Sequence[tuple[Task, Answer]]],
) -> dict[Slug, Finding]:
    """Find the derivatives that fail where no other operation is in the program.

    To see that an operation hands on a gradient other than 1, something must stand above
    it. Where that something is itself wrong, it would be blamed on the operation, unless
    it is known beforehand.
    """
    found = {}
    for slug, tasks in answered.items():
        alone = [
            (task, answer)
            for task, answer in tasks
            if task.operations and {claim_about_derivative(o) for o in task.operations} == {slug}
        ]
        if (failure := _first_failure(CHECKS[slug], alone)) is not None:
            found[slug] = failure
    return found


def _because(finding: Finding) -> str:
    if finding.outcome == "skipped" and finding.reason is not None:
        return finding.reason  # the first cause, not the last link
    return f"skipped because {finding.check.slug} {finding.outcome}"


def holds(check: Check, task: Task, answer: Sequence[float]) -> bool:
    """Tell whether an answer supports the claim, in every order of sets that was tried."""
    size = len(task.expected)
    rule = RULES[check.rule]
    return all(rule(task, answer[i : i + size]) for i in range(0, len(answer), size or 1))


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
        )
        for finding in findings
        if finding.task is not None and finding.answer is not None
    }
    shrunk = shrink(session, suspects)
    return [
        _result(session, submission, finding, shrunk.get(finding.check.slug))
        for finding in findings
    ]


def _result(
    session: Session, submission: Submission, finding: Finding, suspect: Suspect | None
) -> CheckResult:
    check, reason, counterexample = finding.check, finding.reason, None
    if suspect is not None and not _is_hole(finding.answer):
        reason, counterexample = explain(session, submission, check, suspect)
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


def _is_hole(answer: Answer | None) -> bool:
    return (
        isinstance(answer, Failure)
        and answer.type == "NotImplementedError"
        and answer.message.startswith(UNFINISHED)
    ) or (isinstance(answer, Failure) and answer.kind == NOT_RUN)
