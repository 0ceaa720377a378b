"""What a misconception is: declared once, read by diagnosis, `course explain`, docs and tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from grader.builds import Edit
from grader.checks.check import Stage
from grader.tasks import Slug


@dataclass(frozen=True)
class Place:
    """Where in a learner's file to look, by what things are called there.

    `names` are functions, methods or classes, as in `Value.__mul__`, `Neuron`, `train`:
    the first that the file defines is taken. `statement` picks a line inside it: see
    `grader.pointing.STATEMENTS`.
    """

    names: tuple[str, ...]
    statement: str | None = None


@dataclass(frozen=True)
class Sign:
    """A finding that gives a mistake away where its numbers cannot.

    The check's task ends in `kind`: `timed out`; or `order`, numbers that depend on the
    order of a set; or `raised TYPE`.
    """

    check: Slug
    kind: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Misconception:
    """A mistake that learners make: how it looks, what it breaks, and what to do.

    Texts are plain sentences; code in them stands between backticks. `slug` names the bad
    pattern. `mistake` says what the code does, in one sentence: it is what a report says.
    `belief` is the idea behind it, `why` says why that idea is natural, `breaks` what goes
    wrong. `look` says where to look, `hint` what to change, in words; `solution` is code,
    shown only where asked for.

    `edits` turn the reference into code with the mistake. Where operators are composed of
    others (see `grader.builds`) they may not apply: then `lecture_edits` do, if they are
    given; and if neither applies, that way of composing cannot make the mistake. `variants`
    are other ways of writing the same mistake which give other numbers (a walk in another
    order, say).
    `operations` are those whose own rule is wrong (`mul`, not `mul-number`); none where
    the mistake is about no single operation.

    `fails` are the checks that fail where this is the only mistake. `cards` are the ids of
    the cards and questions that teach the point, the most useful first. Mistakes that give
    equal numbers wherever the contract reaches share a `group`, and are named together.
    With `signs`, all of them are needed; the code is not run beside the grader then, as it
    may not come to an end.
    """

    slug: Slug
    stage: Stage
    mistake: str
    belief: str
    why: str
    breaks: str
    look: str
    hint: str
    solution: str
    edits: tuple[Edit, ...]
    where: Place
    cards: tuple[str, ...]
    fails: frozenset[Slug] = frozenset()
    lecture_edits: tuple[Edit, ...] | None = None
    variants: tuple[tuple[Edit, ...], ...] = ()
    operations: frozenset[str] = field(default_factory=frozenset)
    group: str | None = None
    signs: tuple[Sign, ...] = ()


class Operator(NamedTuple):
    """One operator of the reference, for mistakes that can be made in each.

    `name` is as in programs, `tag` as in the reference's `op`, `written` as in a sentence;
    `method` defines it, and `returns` is the line of the reference that ends it.
    """

    name: str
    tag: str
    written: str
    method: str


OPERATORS: Mapping[str, Operator] = {
    operator.name: operator
    for operator in (
        Operator("add", "+", "`+`", "__add__"),
        Operator("mul", "*", "`*`", "__mul__"),
        Operator("pow", "**", "`**`", "__pow__"),
        Operator("neg", "neg", "unary `-`", "__neg__"),
        Operator("sub", "-", "`-`", "__sub__"),
        Operator("div", "/", "`/`", "__truediv__"),
        Operator("exp", "exp", "`exp`", "exp"),
        Operator("tanh", "tanh", "`tanh`", "tanh"),
        Operator("relu", "relu", "`relu`", "relu"),
    )
}

ACCUMULATE = "                parent.grad += local * upstream\n"
"""The reference's line that pays one parent. Edits hung on it keep it."""


def before_accumulating(*lines: str) -> Edit:
    """Return an edit that runs `lines` just before a parent is paid.

    They see `node` (with `node.op`, `node.data`, `node.parents`), `parent`, `local` and
    `upstream`, and may change the latter two.
    """
    text = "".join(f"                {line}\n" for line in lines)
    return Edit("engine.py", ACCUMULATE, text + ACCUMULATE)
