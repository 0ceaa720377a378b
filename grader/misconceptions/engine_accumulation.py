"""Mistakes in how a gradient arrives at a parent: set in place of added to."""

from __future__ import annotations

from collections.abc import Mapping

from grader.builds import Edit
from grader.misconceptions.misconception import (
    ACCUMULATE,
    Misconception,
    Place,
    before_accumulating,
)
from grader.misconceptions.rules import RULES, Rule
from grader.tasks import Slug

_CARDS = ("adding-contributions", "why-contributions-add", "same-value-twice")
_EVERYWHERE = Place(("Value.backward", "Value.__add__", "Value"), "grad =")

_BELIEF: Mapping[str, str] = {
    "add": "A sum copies its gradient to its two terms, so it is set.",
    "mul": "The gradient of a factor is what the product says it is, so it is set.",
    "pow": "A power has one operand, so there is nothing to add up.",
    "neg": "Sums and products use a Value twice; a changed sign does not.",
    "sub": "Subtraction decides the gradients of both its sides, so it sets them.",
    "div": "The quotient rule gives each side its gradient, once and for all.",
    "exp": "What goes into `exp` goes nowhere else.",
    "tanh": "Nothing but `tanh` uses the number that goes into `tanh`.",
    "relu": "`relu` lets the gradient through or not: it sets it, or leaves it at 0.",
}


def _reused(rule: Rule) -> frozenset[Slug]:
    uses = ("reused", "itself") if rule.binary else ("reused",)
    return frozenset(Slug(f"backward/{rule.name}-{use}") for use in uses)


_EVERY_USE = frozenset(
    # A tanh made of exp uses it twice, and then is wrong before it is used again.
    slug
    for rule in RULES.values()
    if rule.name != "tanh"
    for slug in _reused(rule)
) | {
    Slug("backward/diamond"),
    Slug("backward/shared-node"),
    Slug("backward/random-graphs"),
}
_BOTH_SIDES = frozenset(
    Slug(f"backward/{check}")
    for check in ("add-itself", "mul-itself", "diamond", "shared-node", "random-graphs")
)


def _overwritten(rule: Rule) -> Misconception:
    return Misconception(
        slug=Slug(f"grad-overwritten-{rule.name}"),
        stage="backward",
        mistake=(
            f"{rule.sign} overwrites the gradient of what it is computed from, where it has to "
            "add to it"
        ),
        belief=_BELIEF[rule.name],
        why=(
            "On paper each derivative is written down once, with an equals sign, and as long "
            "as nothing is used twice `=` and `+=` give the same."
        ),
        breaks=(
            f"In `{rule.twice}` a Value is used twice and is owed two contributions; one of "
            "them is overwritten. Every weight of a network is used once for each example."
        ),
        look=f"the line in {rule.method} that hands on the gradient",
        hint="write `+=` where `.grad =` stands: another use may have paid in already",
        solution=rule.solution,
        edits=rule.here("parent.grad = 0.0"),
        where=rule.overwriting,
        cards=_CARDS,
        operations=frozenset({rule.name}),
        fails=frozenset({*_reused(rule), Slug("backward/random-graphs")}),
    )


MISCONCEPTIONS: tuple[Misconception, ...] = (
    Misconception(
        slug=Slug("grad-overwritten"),
        stage="backward",
        mistake="Every operation overwrites gradients, where it has to add to them",
        belief="Every Value gets its gradient once, from the operation it went into.",
        why=(
            "In a graph without branches that is so, and the first examples one tries have no "
            "branches: the gradient was 0 before, and `=` gives the same as `+=`."
        ),
        breaks="In `b = a + a` the gradient of `a` comes out as 1, and it should be 2.",
        look="each line that hands on a gradient",
        hint="write `+=` where `.grad =` stands, in every operation",
        solution="parent.grad += local_derivative * out.grad",
        edits=(Edit("engine.py", ACCUMULATE, "                parent.grad = local * upstream\n"),),
        # With a table for each pass, what an earlier pass has left is added to all the same.
        variants=(
            (
                Edit(
                    "engine.py",
                    "        self.grad = 1.0\n",
                    "        before = {node: node.grad for node in topological_order(self)}\n"
                    "        self.grad = 1.0\n",
                ),
                Edit(
                    "engine.py",
                    ACCUMULATE,
                    "                parent.grad = before[parent] + local * upstream\n",
                ),
            ),
        ),
        where=_EVERYWHERE,
        fails=_EVERY_USE,
        cards=_CARDS,
    ),
    *(_overwritten(rule) for rule in RULES.values()),
    Misconception(
        slug=Slug("first-gradient-kept"),
        stage="backward",
        mistake="A Value that has a gradient already refuses every further contribution",
        belief="A Value that has its gradient needs no second one.",
        why="It looks like saving work: somebody has been there already.",
        breaks="In `b = a + a` the gradient of `a` comes out as 1: the second use is not paid.",
        look="the condition under which an operand receives a gradient",
        hint="add every contribution, whatever the gradient was before",
        solution="parent.grad += local_derivative * out.grad",
        edits=(before_accumulating("if parent.grad != 0:", "    continue"),),
        where=_EVERYWHERE,
        fails=_EVERY_USE,
        cards=_CARDS,
    ),
    Misconception(
        slug=Slug("operands-in-a-dict"),
        stage="backward",
        mistake="An operation keeps one slope for each Value, so in `a * a` one of two is lost",
        belief="The two operands of an operation are two different Values.",
        why="They have two names in the method, and a dictionary from Value to slope is handy.",
        breaks=(
            "In `a * a` and `a - a` both sides are the same Value, and so the same key: the "
            "second slope replaces the first."
        ),
        look="where an operation keeps its operands and their slopes",
        hint="keep pairs in a list, or two tuples side by side, so that a Value may be there twice",
        solution="self.sources = [(left, slope_left), (right, slope_right)]",
        edits=(
            Edit(
                "engine.py",
                "zip(node.parents, node.local_derivatives, strict=True):",
                "dict(zip(node.parents, node.local_derivatives, strict=True)).items():",
            ),
        ),
        where=Place(("Value.__init__", "Value.backward")),
        fails=_BOTH_SIDES,
        cards=("same-value-twice", "adding-contributions"),
    ),
)
