"""Name the mistakes behind wrong numbers, or say nothing.

A mistake is named when the submission's wrong numbers on the battery are those that the
reference gives with the mistake written in: all of them, more than one, in one way of
composing operators. Several mistakes at once are told one after the other, each by the
questions that rest on nothing else that is wrong. What fits nothing stays without a name:
a wrong name sends a learner to the wrong line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from grader.battery import BASES, GRAPHS, Item, labels_of
from grader.builds import LECTURE, NEURON_WAYS, STYLES, Style, concerning
from grader.fitting import Asked, OutOfBudget, Search, runs_of
from grader.misconceptions.misconception import Misconception
from grader.predictions import Hypothesis
from grader.programs import Program, operands
from grader.session import Answer
from grader.tasks import Slug, Task

LEAST = 2
"""A mistake is named only when so many wrong numbers agree with it."""

FEW = 1
"""So many styles that fit equally are followed further."""

RESERVE = 2000
"""So many comparisons are kept for counting what speaks for a name."""

MOST_PATHS = 10_000
"""Graphs with more paths than this are not run with a mistake written in."""

MOST = 4
"""At most so many mistakes of one stage are told apart."""

PHASES: tuple[tuple[frozenset[str], tuple[str, ...]], ...] = (
    (frozenset({"value", "backward"}), BASES),
    (
        frozenset({"mlp"}),
        (
            *("neuron", "sizes", "parameter-count", "parameters-once", "starting-weights"),
            *("zero-grad", "forward", "halved-parameters", "gradients"),
        ),
    ),
    (
        frozenset({"train"}),
        (
            *("loss", "loss-gradients", "training: parameters", "training: losses"),
            *("training: examples", "network"),
        ),
    ),
)
"""The stages that are looked at together, and their labels, causes first."""


@dataclass(frozen=True)
class Named:
    """Mistakes that fit equally well, mostly one, and what says so.

    Of `wrong` numbers in the stage, `agreeing` are what this mistake gives; `failures`
    among them are no numbers, but exceptions of the same kind.
    """

    misconceptions: Hypothesis
    agreeing: int = 0
    wrong: int = 0
    failures: int = 0


@dataclass(frozen=True)
class Naming:
    """All mistakes named so far, causes first; the styles left; labels that nothing explains."""

    named: tuple[Named, ...] = ()
    styles: tuple[Style, ...] = STYLES
    unknown: frozenset[str] = frozenset()

    @property
    def hypothesis(self) -> Hypothesis:
        """One mistake for each that is named."""
        return tuple(named.misconceptions[0] for named in self.named)


def name(questions: Sequence[Asked], catalogue: Mapping[Slug, Misconception]) -> Naming:
    """Return the mistakes that explain what is wrong, stage by stage."""
    search = Search()
    naming = Naming()
    for stages, labels in PHASES:
        here = [q for q in questions if q.item.stage in stages]
        able = [m for m in catalogue.values() if m.stage in stages and not m.signs]
        naming = _counted(search, naming, _named_in_phase(search, naming, here, able, labels), here)
    return naming


def blamed(naming: Naming, task: Task, answer: Answer) -> Named | None:
    """Return the first named mistake that this failing task would not fail without."""
    labels = labels_of(task.job)
    if labels & naming.unknown:
        return None
    if task.program is not None and _paths(task.program) > MOST_PATHS:
        return None
    if task.kind == "starting-weights":  # what is expected of chance: no two are equal
        task = replace(task, expected=tuple(float(i + 1) for i in range(len(task.expected))))
    question = Asked(Item(task, "backward", labels), runs_of(task, answer))
    if not question.runs:
        return None
    try:
        return _first_needed(Search(), naming, question)
    except OutOfBudget:
        return None


def _first_needed(search: Search, naming: Naming, question: Asked) -> Named | None:
    """Return the first named mistake without which a question is not explained as it is."""
    if not search.fits(naming.hypothesis, [question], naming.styles):
        return None
    for named in naming.named:
        others = tuple(m for m in naming.hypothesis if m not in named.misconceptions)
        if not search.fits(others, [question], naming.styles):
            return named
    return None


def _paths(program: Program) -> int:
    """Count the ways from the roots down to leaves: some mistakes walk every one of them."""
    ways = [1] * len(program.leaves)
    for instruction in program.instructions:
        ways.append(sum(ways[node] for node in operands(instruction)))
    return sum(ways[root] for root in program.roots)


# ── One phase ─────────────────────────────────────────────────────────────────────────────


def _named_in_phase(
    search: Search,
    naming: Naming,
    questions: Sequence[Asked],
    able: Sequence[Misconception],
    labels: Sequence[str],
) -> Naming:
    questions = [q for q in questions if q.runs and not q.item.labels & naming.unknown]
    if naming.named and "neuron" in labels:
        # All that are left fit equally; a few will do.
        few = naming.styles[:FEW]
        more = tuple((*style, way) for style in few for way in NEURON_WAYS)
        naming = replace(naming, styles=(*few, *more))
    try:
        styles = search.fits(naming.hypothesis, questions, naming.styles)
        if styles:
            naming = replace(naming, styles=styles)
            unclear = sorted(_open(search, naming, questions), key=_cost)
            able = [m for m in able if _gives(search, naming, m, unclear[:1])]
        return (
            _by_one(search, naming, questions, able)
            or (naming if styles else None)
            or _by_several(search, naming, questions, able, labels)
        )
    except OutOfBudget:
        return replace(naming, unknown=naming.unknown | {*labels, GRAPHS})


def _cost(question: Asked) -> int:
    return len(repr(question.item.task.job))


def _gives(
    search: Search, naming: Naming, misconception: Misconception, questions: Sequence[Asked]
) -> bool:
    """Tell whether one more mistake gives any of these answers to the number."""
    hypothesis = (*naming.hypothesis, misconception)
    return any(search.fits(hypothesis, [q], naming.styles, strictly=True) for q in questions)


def _open(search: Search, naming: Naming, questions: Sequence[Asked]) -> list[Asked]:
    """Return the wrong answers that what is named so far does not give to the number."""
    few = naming.styles[:FEW]
    return [
        q
        for q in questions
        if q.wrong and not search.fits(naming.hypothesis, [q], few, strictly=True)
    ]


def _by_one(
    search: Search, naming: Naming, questions: Sequence[Asked], able: Sequence[Misconception]
) -> Naming | None:
    """Explain everything by one more mistake, or by several that fit equally."""
    telling = sorted(questions, key=_telling)
    fitting = {
        m: styles
        for m in able
        if (styles := search.fits((*naming.hypothesis, m), telling, naming.styles))
    }
    if not fitting:
        return None
    return _best(search, naming, fitting, _open(search, naming, questions))


def _telling(question: Asked) -> tuple[bool, int, int]:
    """Sort what refutes a hypothesis soonest to the front: wrong, about little, few walks."""
    return not question.wrong, len(question.item.labels), question.forks


def _best(
    search: Search,
    naming: Naming,
    fitting: Mapping[Misconception, tuple[Style, ...]],
    wrong: Sequence[Asked],
) -> Naming | None:
    """Take the mistakes that give the most of these wrong answers to the number."""
    scores = {
        m: sum(
            q.wrong_numbers
            for q in wrong
            if search.fits((*naming.hypothesis, m), [q], styles[:FEW], strictly=True)
        )
        for m, styles in fitting.items()
    }
    most = max(scores.values())
    if most < LEAST:
        return None
    best = tuple(m for m in fitting if scores[m] == most)
    if len(best) > 1:
        # One that needs no luck with the order of walks is the better explanation.
        plain = tuple(
            m for m in best if search.fits_leftmost((*naming.hypothesis, m), wrong, fitting[m][0])
        )
        best = plain or best
    return replace(naming, named=(*naming.named, Named(best)), styles=fitting[best[0]])


def _by_several(
    search: Search,
    naming: Naming,
    questions: Sequence[Asked],
    able: Sequence[Misconception],
    labels: Sequence[str],
) -> Naming:
    """Explain one group of questions after the other, each by one more mistake."""
    found = naming
    groups = list(_groups(questions, labels))
    doubtful = {label for label, group in groups if any(q.wrong for q in group)}
    for label, group in groups:
        doubtful.discard(label)
        fair = [q for q in group if not q.item.labels & found.unknown]
        more: Naming | None = None
        # What is wrong below is wrong here too, and where nobody knows how, so it is here.
        if not (_may_rest_on(label, found.unknown) and any(q.wrong for q in fair)):
            clear = [q for q in questions if not q.item.labels & (found.unknown | doubtful)]
            try:
                more = _explained(search, found, label, fair, clear, able)
            except OutOfBudget:
                search.left = 0
        if more is None or len(more.named) > len(naming.named) + MOST:
            more = replace(found, unknown=found.unknown | {label})
        found = more
    return found


def _may_rest_on(label: str, unknown: frozenset[str]) -> bool:
    """Tell whether an operation may be composed of one that nothing explains."""
    _, rests_on = concerning(LECTURE, frozenset({label}))
    return bool(unknown & rests_on - {label})


def _groups(
    questions: Sequence[Asked], labels: Sequence[str]
) -> Iterator[tuple[str, Sequence[Asked]]]:
    """Yield the questions that rest on one label of this phase alone, then all others."""
    left = list(questions)
    seen: set[str] = set()
    for label in labels:
        if label not in BASES:
            seen.add(label)
        alone = [q for q in left if q.item.labels & {*labels} <= {*seen, label}]
        left = [q for q in left if q not in alone]
        if alone:
            yield label, alone
    if left:
        yield GRAPHS, left


def _explained(
    search: Search,
    naming: Naming,
    label: str,
    group: Sequence[Asked],
    clear: Sequence[Asked],
    able: Sequence[Misconception],
) -> Naming | None:
    """Explain a group by what is named, or by one more mistake; None if neither does.

    The mistake must contradict nothing that is right among the `clear` questions: those
    that rest on nothing whose mistakes are still to be found, and may hide it.
    """
    if styles := search.fits(naming.hypothesis, group, naming.styles):
        return replace(naming, styles=styles)
    # What the mistakes named so far do not explain tells soonest what fits.
    plain = {q: bool(search.fits(naming.hypothesis, [q], naming.styles[:FEW])) for q in group}
    telling = sorted(group, key=lambda q: (plain[q], *_telling(q)))
    right = [q for q in clear if not q.wrong]
    fitting: dict[Misconception, tuple[Style, ...]] = {}
    for m in able:
        elsewhere = label in BASES and m.operations and label not in m.operations
        if elsewhere or m in naming.hypothesis:
            continue
        hypothesis = (*naming.hypothesis, m)
        styles = search.fits(hypothesis, telling, naming.styles)
        if styles and (styles := search.fits(hypothesis, right, styles)):
            fitting[m] = styles
    return _best(search, naming, fitting, [q for q in clear if q.wrong]) if fitting else None


# ── Evidence ──────────────────────────────────────────────────────────────────────────────


def _counted(search: Search, before: Naming, found: Naming, questions: Sequence[Asked]) -> Naming:
    """Count what speaks for each new mistake; drop those that something contradicts."""
    search.left = max(search.left, RESERVE)
    fair = [q for q in questions if q.runs and not q.item.labels & found.unknown]
    wrong = [q for q in fair if q.wrong]
    kept = []
    for named in found.named[len(before.named) :]:
        try:
            counted = _with_evidence(search, found, named, wrong)
        except OutOfBudget:
            break  # what cannot be counted is not named
        if counted is not None:
            kept.append(counted)
    return replace(found, named=(*before.named, *kept))


def _with_evidence(
    search: Search, found: Naming, named: Named, wrong: Sequence[Asked]
) -> Named | None:
    """Return a mistake with what speaks for it; None where it is contradicted, or too little."""
    styles = found.styles[:FEW]
    others = tuple(m for m in found.hypothesis if m is not named.misconceptions[0])
    touched = [q for q in wrong if not search.fits(others, [q], styles, strictly=True)]
    fitting = tuple(
        m
        for m in named.misconceptions
        if all(search.fits((*others, m), [q], styles) for q in touched)
    )
    if not fitting:
        return None
    explained = [
        q for q in touched if search.fits((*others, fitting[0]), [q], styles, strictly=True)
    ]
    agreeing = sum(q.wrong_numbers for q in explained)
    if agreeing < LEAST:
        return None
    failures = sum(isinstance(q.runs[0], str) for q in explained)
    return Named(fitting, agreeing, sum(q.wrong_numbers for q in wrong), failures)
