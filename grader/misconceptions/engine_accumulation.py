"""Mistakes in how a gradient arrives at a parent: set in place of added to."""

from __future__ import annotations

from grader.builds import Edit
from grader.misconceptions.misconception import (
    ACCUMULATE,
    OPERATORS,
    Misconception,
    Operator,
    Place,
    before_accumulating,
    for_each,
)
from grader.tasks import Slug

_BELIEF = "Every node has one gradient, so it can simply be set."
_WHY = (
    "On paper each derivative is written down once, with an equals sign, and as long as "
    "nothing is used twice `=` and `+=` give the same."
)
_BREAKS = (
    "A Value that is used in two places keeps only what the last of them hands it. Every "
    "weight of a network is used once for each example."
)


@for_each(*OPERATORS)
def _overwritten(operator: Operator) -> Misconception:
    name = operator.name
    itself = {f"backward/{name}-itself"} if name in ("add", "mul", "sub", "div") else set()
    return Misconception(
        slug=Slug(f"grad-overwritten-{name}"),
        stage="backward",
        mistake=(
            f"{operator.written} overwrites the gradient of what it is computed from, where it "
            "has to add to it"
        ),
        belief=_BELIEF,
        why=_WHY,
        breaks=_BREAKS,
        look=f"the line that hands on the gradient in {operator.written}",
        hint="write `+=` where `.grad =` stands: another use may have paid in already",
        solution="self.grad += local_derivative * out.grad   # and the same for other.grad",
        edits=(before_accumulating(f"if node.op == {operator.tag!r}:", "    parent.grad = 0.0"),),
        where=Place((f"Value.{operator.method}",), "grad ="),
        cards=("adding-contributions", "why-contributions-add"),
        fails=frozenset(map(Slug, {f"backward/{name}-reused", *itself})),
        operations=frozenset({name}),
    )


MISCONCEPTIONS: tuple[Misconception, ...] = (
    Misconception(
        slug=Slug("grad-overwritten"),
        stage="backward",
        mistake="Every operation overwrites gradients, where it has to add to them",
        belief=_BELIEF,
        why=_WHY,
        breaks=_BREAKS,
        look="each line that hands on a gradient",
        hint="write `+=` where `.grad =` stands, in every operation",
        solution="parent.grad += local_derivative * out.grad",
        edits=(Edit("engine.py", ACCUMULATE, "                parent.grad = local * upstream\n"),),
        where=Place(("Value.backward", "Value.__add__", "Value"), "grad ="),
        cards=("adding-contributions", "why-contributions-add"),
    ),
    *_overwritten,
)
