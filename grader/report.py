"""What came out of a grading: plain data, from which every renderer makes its text.

Report
  ├─ CorpusFacts       which questions were asked
  ├─ SubmissionFacts   of which code
  ├─ IsolationFacts    behind which walls
  └─ CheckResult …     one a claim, in the order of the stages
       ├─ Counterexample   the smallest expression that shows a failure
       └─ Diagnosis        the mistake behind it, where it is recognised
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from grader.checks import Stage
from grader.tasks import Slug

SCHEMA = "course-report/1"

Outcome = Literal["passed", "failed", "errored", "skipped"]


@dataclass(frozen=True)
class FirstDifference:
    """The node at which the learner's numbers and the reference's first part.

    For numbers, first in the order of computing; for gradients, first on the way back from
    the result. `quantity` is `data` or `grad`. `arrives_through` are the expressions that
    use the node, and so hand it its gradient.
    """

    node: str
    expression: str
    quantity: Literal["data", "grad"]
    expected: float
    actual: float
    arrives_through: Sequence[str] = ()


@dataclass(frozen=True)
class Pair:
    """The right number and the learner's."""

    expected: float
    actual: float


@dataclass(frozen=True)
class GraphLine:
    """One node in a graph that is drawn as a tree, each result above its operands.

    `indent` counts the results above it. `grad` is None where nothing asked for gradients.
    `repeated` nodes stand further up already, with their operands. `first_wrong` says what
    is wrong with the node at which the numbers first part, and is None for all others.
    """

    indent: int
    node: str
    expression: str
    data: Pair
    grad: Pair | None
    repeated: bool
    first_wrong: Literal["data", "grad"] | None = None


@dataclass(frozen=True)
class Counterexample:
    """Python that a learner can paste, what it prints, and what it should.

    `expected` and `actual` have the same names in the same order. A name is Python, such
    as `a.grad`. `actual` is None where the code raised instead. `graph` is the expression
    as a tree; empty where the example is no single expression, or too large.
    """

    python: str
    expected: Mapping[str, float]
    actual: Mapping[str, float] | None
    first_difference: FirstDifference | None = None
    graph: Sequence[GraphLine] = ()


def is_count(quantity: str) -> bool:
    """Tell whether a quantity of an example counts something: such a number has no decimals."""
    return quantity.startswith("len(")


@dataclass(frozen=True)
class Where:
    """A line in a file of the submission."""

    file: str
    line: int


@dataclass(frozen=True)
class Diagnosis:
    """The mistake behind a failure: what the code does, how we know, and what to do.

    `slugs` name the misconception; several where mistakes cannot be told apart, as they
    give the same numbers: the texts are then the first one's. `sentence` says what the code
    does, `look` where to look and `hint` what to change, none with a full stop. `where` is
    the line to begin with, where one is found. `cards` teach the point.
    """

    slugs: Sequence[Slug]
    sentence: str
    where: Where | None
    evidence: str
    look: str
    hint: str
    cards: Sequence[str] = ()


@dataclass(frozen=True)
class CheckResult:
    """What became of one claim.

    `reason` is one sentence, for every outcome but `passed`. `diagnosis` is there where the
    mistake is recognised. `cards` are the ids of the cards that teach the point.
    """

    slug: Slug
    stage: Stage
    title: str
    outcome: Outcome
    points: int
    max_points: int
    reason: str | None = None
    counterexample: Counterexample | None = None
    diagnosis: Diagnosis | None = None
    cards: Sequence[str] = ()


@dataclass(frozen=True)
class CorpusFacts:
    """Which examples were asked; `drawn_with` is the version of Hypothesis behind them."""

    seed: str
    digest: str
    practice: bool
    drawn_with: str


@dataclass(frozen=True)
class SubmissionFacts:
    """What was graded: a digest of its sources, their paths, and what was noticed."""

    digest: str
    files: Sequence[str]
    notes: Sequence[str]


@dataclass(frozen=True)
class IsolationFacts:
    """How the submission was kept apart, and which protections this system lacks.

    `advisory` says that the walls are too low to take marks at their word.
    """

    level: str
    missing: Sequence[str]
    advisory: bool = False


@dataclass(frozen=True)
class Report:
    """Everything that a grading has to say. Texts in it are unescaped."""

    grader_version: str
    corpus: CorpusFacts
    submission: SubmissionFacts
    isolation: IsolationFacts
    checks: Sequence[CheckResult]

    @property
    def points(self) -> int:
        """Points reached."""
        return sum(check.points for check in self.checks)

    @property
    def max_points(self) -> int:
        """Points within reach: 100, unless only some checks were asked for."""
        return sum(check.max_points for check in self.checks)

    @property
    def all_passed(self) -> bool:
        """Whether every claim holds."""
        return all(check.outcome == "passed" for check in self.checks)


def with_cards(report: Report, cards: Mapping[str, Sequence[str]]) -> Report:
    """Fill in what to read for each check that did not pass.

    `cards` maps a check's slug to ids; those of its diagnosis come first.
    """
    return replace(
        report,
        checks=[
            check
            if check.outcome == "passed"
            else replace(check, cards=_cards_of(check, cards.get(check.slug, ())))
            for check in report.checks
        ],
    )


def _cards_of(check: CheckResult, usual: Sequence[str]) -> tuple[str, ...]:
    first = check.diagnosis.cards if check.diagnosis else ()
    return tuple(dict.fromkeys((*first, *usual)))
