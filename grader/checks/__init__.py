"""Every claim that is graded, in the order in which a learner meets them."""

from __future__ import annotations

from grader.checks.backward import BACKWARD
from grader.checks.check import STAGES, Check, Draw, Observe, Stage
from grader.checks.mlp import MLP
from grader.checks.train import TRAIN
from grader.checks.value import VALUE
from grader.tasks import Slug

CHECKS: dict[Slug, Check] = {check.slug: check for check in (*VALUE, *BACKWARD, *MLP, *TRAIN)}

__all__ = [
    "CHECKS",
    "STAGES",
    "Check",
    "Draw",
    "Observe",
    "Slug",
    "Stage",
    "claim_about",
    "claim_about_derivative",
]


def claim_about(operation: str) -> Slug:
    """Return the slug of the claim that an operation gives the right number."""
    return Slug(f"value/{operation}")


def claim_about_derivative(operation: str) -> Slug:
    """Return the slug of the claim that an operation hands on the right gradient.

    Forms with a plain number belong to the operation itself: `add-number` to `add`.
    """
    (name,) = [part for part in operation.split("-") if part != "number"]
    return Slug(f"backward/{name}")
