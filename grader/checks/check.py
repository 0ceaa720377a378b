"""What a claim about a submission is: declared once, read by grader, docs and tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from grader.tasks import Job, Slug

Stage = Literal["value", "backward", "mlp", "train"]
STAGES: tuple[Stage, ...] = ("value", "backward", "mlp", "train")

RuleName = Literal["equal", "slope", "distinct", "moved", "downhill", "lower-loss"]


Observe = Literal["results", "operands", "gradients", "values", "losses", "parameters", "examples"]
"""What is looked at. Of a program: `results`, `operands`, `gradients`; of a training:
`losses`, `parameters`, `examples`; `values`: a network's results for Values as inputs."""


@dataclass(frozen=True)
class Draw:
    """So many examples from one of the strategies in `grader/strategies.py`.

    `observe` is what to look at, where it is something else than the check's.
    """

    strategy: str
    examples: int
    arguments: Mapping[str, str] = field(default_factory=dict)
    observe: Observe | None = None


@dataclass(frozen=True, kw_only=True)
class Check:
    """One claim, and what is asked of a submission to test it.

    `claim` is one sentence that should hold and that every output shows; `why` says what
    goes wrong where it does not. `cases` are written by hand: programs as Python text
    (observing `observe`), or whole jobs. They are the same for every seed and can refute a
    claim; it takes some of the random ones that `draws` add to carry it. A check that
    `requires` another is skipped where that one does not pass. Programs that use an
    operation whose own claim in stage `value` does not hold are left out; with fewer than
    `enough` drawn ones left, the check is skipped.
    """

    slug: Slug
    claim: str
    why: str
    points: int
    observe: Observe = "results"
    cases: tuple[str | Job, ...] = ()
    draws: tuple[Draw, ...] = ()
    requires: tuple[Slug, ...] = ()
    enough: int = 1
    rule: RuleName = "equal"

    @cached_property
    def stage(self) -> Stage:
        """The stage, which is the first part of the slug."""
        return next(stage for stage in STAGES if self.slug.startswith(f"{stage}/"))
