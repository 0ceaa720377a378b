"""Plain numbers beside a Value: not wrapped, not answered for on the left, turned round."""

from __future__ import annotations

from grader.builds import Edit
from grader.misconceptions.misconception import Misconception, Place
from grader.misconceptions.rules import BINARY, RULES, Rule, number_first
from grader.tasks import Slug

_WRAPS = ("wrap-plain-numbers", "plain-number-operand")
_LEFT = ("reflected-operators", "number-on-the-left")
_ROUND = ("reversed-minus-and-divide", "number-on-the-left")

_SYMBOL = {"add": "+", "sub": "-", "mul": "*", "div": "/"}
_METHOD = {"add": "__radd__", "sub": "__rsub__", "mul": "__rmul__", "div": "__rtruediv__"}
_BODY = {
    "add": "return self + other",
    "mul": "return self * other",
    "sub": "return as_value(other) - self",
    "div": "return as_value(other) / self",
}

_FIRST = {"sub": "return Value(self.data", "div": "quotient ="}
"""How the rule begins that an operation has of its own."""

_WRAP = "        other = as_value(other)\n"


def _left(rule: Rule) -> frozenset[Slug]:
    return frozenset({Slug(f"value/number-{rule.name}")})


_FORMS = {
    # `2 + a` is left to `a + 2`; `2 - a` wraps its number first.
    "add": frozenset({Slug("value/add-number"), Slug("value/number-add")}),
    "mul": frozenset({Slug("value/mul-number"), Slug("value/number-mul")}),
    "sub": frozenset({Slug("value/sub-number")}),
    "div": frozenset({Slug("value/div-number")}),
}


def _heading(rule: Rule) -> str:
    return f"    def {rule.operator.method}(self, other: Value | float) -> Value:\n"


def _unwrapped(rule: Rule) -> Edit:
    head, line = _heading(rule), f"        {_FIRST.get(rule.name, '')}"
    return Edit("engine.py", head + _WRAP + line, head + line)


def _not_wrapped(rule: Rule) -> Misconception:
    unwrapped = _unwrapped(rule)
    return Misconception(
        slug=Slug(f"number-not-wrapped-{rule.name}"),
        stage="value",
        mistake=f"{rule.sign} takes for granted that what stands on its right is a Value",
        belief=f"On the right of {rule.sign} stands a Value.",
        why="In `a + b` with two Values it does, and that is the first thing one tries.",
        breaks=f"`a {_SYMBOL[rule.name]} 2` fails: a plain 2 has no `.data`.",
        look=f"the beginning of {rule.method}",
        hint="make a Value of the operand first, if it is not one",
        solution="other = other if isinstance(other, Value) else Value(other)",
        # Where `a - 2` is made of `a + -2`, the sum wraps the number: the mistake needs a rule.
        edits=(unwrapped,),
        variants=tuple((unwrapped, edit) for edit in number_first(rule.name)),
        where=rule.method_place,
        cards=_WRAPS,
        operations=frozenset({rule.name}),
        fails=_FORMS[rule.name],
    )


def _left_missing(rule: Rule) -> Misconception:
    method, symbol = _METHOD[rule.name], _SYMBOL[rule.name]
    head = f"    def {method}(self, other: float) -> Value:"
    return Misconception(
        slug=Slug(f"reflected-missing-{rule.name}"),
        stage="value",
        mistake=f"The class has no `{method}`, so `2 {symbol} a` is not understood",
        belief="An operator has no sides, so one method covers both.",
        why=f"`a {symbol} 2` works, and one expects the same of `2 {symbol} a`.",
        breaks=f"`2 {symbol} a` raises a TypeError: the number does not know Values.",
        look=f"the class `Value`: `{method}`, or the spelling of its name",
        hint=f"define `{method}`: Python calls it where the number stands on the left",
        solution=f"def {method}(self, other):\n    {_BODY[rule.name].replace('as_value', 'Value')}",
        edits=(Edit("engine.py", head, head.replace(method, f"absent_{rule.name}")),),
        where=Place(("Value",)),
        cards=_LEFT,
        operations=frozenset({rule.name}),
        fails=_left(rule),
    )


def _not_reversed(rule: Rule, slug: str) -> Misconception:
    method, symbol = _METHOD[rule.name], _SYMBOL[rule.name]
    like, same = ("__radd__", "+") if rule.name == "sub" else ("__rmul__", "*")
    return Misconception(
        slug=Slug(slug),
        stage="value",
        mistake=f"`2 {symbol} a` is computed as `a {symbol} 2`",
        belief=f"`{method}` does what the plain method does, as `{like}` does for `{same}`.",
        why=f"For `{same}` the order does not matter, and the same line works there.",
        breaks=(
            "Every `number - value` has the wrong sign, and so has its gradient."
            if rule.name == "sub"
            else "Every `number / value` is turned upside down."
        ),
        look=f"`{method}`: in it, `self` is what stands on the right",
        hint="begin with the other operand: it stands on the left",
        solution=f"def {method}(self, other):\n    return Value(other) {symbol} self",
        edits=(Edit("engine.py", _BODY[rule.name], f"return self {symbol} other"),),
        where=Place((f"Value.{method}",), "return"),
        cards=_ROUND,
        operations=frozenset({rule.name}),
        fails=_left(rule),
    )


def _calls_itself(rule: Rule) -> Misconception:
    method, symbol = _METHOD[rule.name], _SYMBOL[rule.name]
    return Misconception(
        slug=Slug(f"reflected-calls-itself-{rule.name}"),
        stage="value",
        mistake=f"`{method}` asks for `other {symbol} self`, which calls `{method}` again",
        belief="Python finds the operation by itself once the order is put right.",
        why="It is the right order; but `other` is still a plain number.",
        breaks="Python calls the method until it gives up with a RecursionError.",
        look=f"what `{method}` returns",
        hint=(
            "make a Value of `other` first"
            if rule.name in ("sub", "div")
            else f"write `self {symbol} other`: the order does not matter here"
        ),
        solution=f"def {method}(self, other):\n    {_BODY[rule.name].replace('as_value', 'Value')}",
        edits=(Edit("engine.py", _BODY[rule.name], f"return other {symbol} self"),),
        where=Place((f"Value.{method}",), "return"),
        cards=(*_ROUND, "reflected-operators"),
        operations=frozenset({rule.name}),
        fails=_left(rule),
    )


def _left_detached(rule: Rule) -> Misconception:
    method, symbol = _METHOD[rule.name], _SYMBOL[rule.name]
    return Misconception(
        slug=Slug(f"reflected-detached-{rule.name}"),
        stage="backward",
        mistake=f"`2 {symbol} a` makes a new Value that does not know `a`",
        belief="With a number on the left there is only a number to compute.",
        why="The number is right, and everything that looks at numbers alone works.",
        breaks=f"No gradient comes back through `2 {symbol} a`.",
        look=f"what `{method}` returns",
        hint=f"leave it to {rule.sign}: make a Value of the number, and compute with that",
        solution=f"def {method}(self, other):\n    {_BODY[rule.name].replace('as_value', 'Value')}",
        edits=(Edit("engine.py", _BODY[rule.name], f"return Value(other {symbol} self.data)"),),
        where=Place((f"Value.{method}",), "return"),
        cards=("keeping-the-record", *_LEFT),
        operations=frozenset({rule.name}),
        fails=frozenset({Slug(f"backward/{rule.name}")}),
    )


_COMPOSED = tuple(_unwrapped(RULES[name]) for name in ("add", "mul"))
_NEVER = (*_COMPOSED, *(_unwrapped(RULES[name]) for name in ("sub", "div")))

MISCONCEPTIONS: tuple[Misconception, ...] = (
    Misconception(
        slug=Slug("number-never-wrapped"),
        stage="value",
        mistake="No operator makes a Value of a plain number on its right",
        belief="On the right of an operator stands a Value.",
        why="In `a + b` with two Values it does, and that is the first thing one tries.",
        breaks="`a + 2` fails: a plain 2 has no `.data`.",
        look="the beginning of the operators' methods",
        hint="make a Value of the operand first, if it is not one, in `+`, `-`, `*` and `/`",
        solution="other = other if isinstance(other, Value) else Value(other)",
        edits=_NEVER,
        lecture_edits=_COMPOSED,
        variants=(
            (*_NEVER, *number_first("add", "mul")),
            (*_COMPOSED, *number_first("add", "mul")),
        ),
        where=Place(("Value.__add__", "Value")),
        cards=_WRAPS,
        fails=frozenset(Slug(f"value/{name}-number") for name in ("add", "mul", "sub")),
    ),
    *(_not_wrapped(rule) for rule in BINARY),
    *(_left_missing(rule) for rule in BINARY),
    _not_reversed(RULES["sub"], "rsub-not-reversed"),
    _not_reversed(RULES["div"], "rtruediv-not-reversed"),
    *(_calls_itself(rule) for rule in BINARY),
    *(_left_detached(rule) for rule in BINARY),
)
