"""From what went wrong to a diagnosis in words: which mistake, where, and what to do next."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from grader import battery
from grader.battery import Item
from grader.fitting import asked
from grader.judging import Finding
from grader.misconceptions import MISCONCEPTIONS, Misconception
from grader.naming import Named, Naming, blamed, name
from grader.pointing import Line, point
from grader.report import Diagnosis, Where
from grader.session import Request, Session
from grader.submission import Submission
from grader.tasks import Slug
from grader.tolerance import close
from grader.worker.wire import Failure

ROLES: Mapping[str, str] = {"value": "engine", "backward": "engine", "mlp": "nn", "train": "train"}


def diagnose(
    session: Session, submission: Submission, findings: Sequence[Finding]
) -> dict[Slug, Diagnosis]:
    """Return a diagnosis for each failed claim whose mistake is recognised.

    The battery is put to the submission in one batch.

    Raises: WorkerError if no worker can be started for it.
    """
    failed = [f for f in findings if f.outcome in ("failed", "errored") and f.task is not None]
    if not failed:
        return {}
    questions = list(_questions(submission, failed))
    answers = session.run([_request(item) for item in questions])
    naming = name(
        [asked(item, answer) for item, answer in zip(questions, answers, strict=True)],
        MISCONCEPTIONS,
    )
    found = {
        finding.check.slug: _diagnosis(submission, named)
        for finding in failed
        if (named := _blamed(naming, finding)) is not None
    }
    for misconception in _given_away(failed, found):
        for sign in misconception.signs:
            found[sign.check] = _diagnosis(submission, Named((misconception,)))
    return found


def _questions(submission: Submission, failed: Sequence[Finding]) -> Iterator[Item]:
    """Yield the battery as far as it can tell anything: what passed is not asked about again."""
    stages = {finding.check.stage for finding in failed}
    if stages & {"value", "backward"}:
        yield from battery.engine()
    if "nn" in submission.roles and "mlp" in stages:
        yield from battery.networks()
    if "train" in submission.roles and "train" in stages:
        yield from battery.training()


def _request(item: Item) -> Request:
    # What does not come to an end is not tried again by others that rest on the same.
    first, *_ = sorted(item.labels) or ["leaf"]
    touches = frozenset(Slug(f"battery/{label}") for label in item.labels)
    task = item.task
    return Request(task.job, len(task.expected), Slug(f"battery/{first}"), task.orders, touches)


def _blamed(naming: Naming, finding: Finding) -> Named | None:
    if finding.task is None or finding.answer is None:
        return None
    return blamed(naming, finding.task, finding.answer)


# ── What numbers do not show ──────────────────────────────────────────────────────────────


def _given_away(
    failed: Sequence[Finding], found: Mapping[Slug, Diagnosis]
) -> Iterator[Misconception]:
    """Yield the mistakes whose signs are all there, where nothing else is left unexplained."""
    kinds = {f.check.slug: _kind(f) for f in failed if f.check.slug not in found}
    for misconception in MISCONCEPTIONS.values():
        signs = {sign.check: sign.kind for sign in misconception.signs}
        stage = {slug for slug in kinds if slug.startswith(f"{misconception.stage}/")}
        shown = signs and all(kinds.get(check) == kind for check, kind in signs.items())
        if shown and stage <= signs.keys() | misconception.fails:
            yield misconception
            return


def _kind(finding: Finding) -> str:
    """Return in what way a claim fails, as a `Sign` names it."""
    answer = finding.answer
    if isinstance(answer, Failure):
        return f"raised {answer.type}" if answer.kind == "raised" else answer.kind
    if answer is None or finding.task is None:
        return ""
    size, steps = len(finding.task.expected), finding.task.rounding_steps
    first, *others = (answer[i : i + size] for i in range(0, len(answer), size or 1))
    differ = any(
        not close(a, b, steps) and not (math.isnan(a) and math.isnan(b))
        for other in others
        for a, b in zip(first, other, strict=True)
    )
    return "order" if differ else "numbers"


# ── In words ──────────────────────────────────────────────────────────────────────────────


def _diagnosis(submission: Submission, named: Named) -> Diagnosis:
    first = named.misconceptions[0]
    where: Line | None = point(submission, ROLES[first.stage], first.where)
    return Diagnosis(
        slugs=tuple(m.slug for m in named.misconceptions),
        sentence=first.mistake,
        where=None if where is None else Where(where.file, where.line),
        evidence=_evidence(named),
        look=first.look,
        hint=first.hint,
        cards=first.cards,
    )


def _evidence(named: Named) -> str:
    """Say what the name rests on."""
    if not named.agreeing:
        return "the way in which it fails gives it away"
    what = "wrong answers" if named.failures else "wrong numbers"
    return f"{named.agreeing} of {named.wrong} {what} are exactly what this mistake gives"
