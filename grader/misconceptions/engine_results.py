"""What any operation can give back instead of a new Value: nothing, a number, an old one."""

from __future__ import annotations

from grader.builds import Edit
from grader.misconceptions.misconception import Misconception, Place
from grader.misconceptions.rules import BINARY, NEGATIVE_RELU, RULES, Rule
from grader.tasks import Slug

_CARDS = ("new-value", "a-new-value-each-time")


_UNCHANGED = frozenset({Slug("value/operands-unchanged"), Slug("value/expressions")})


def _number_wrong(rule: Rule) -> frozenset[Slug]:
    return frozenset(Slug(f"value/{form}") for form in rule.forms)


def _return_missing(rule: Rule) -> Misconception:
    result = rule.result.removeprefix("return ")
    return Misconception(
        slug=Slug(f"return-missing-{rule.name}"),
        stage="value",
        mistake=f"{rule.sign} makes its result and does not return it",
        belief="Making the result is the same as giving it back.",
        why="In a notebook the last line of a cell is shown without being asked for.",
        breaks=f"`{rule.example}` is `None`, and the next operation fails with it.",
        look=f"the end of {rule.method}",
        hint="return the new Value as the last thing the method does",
        solution="return out",
        edits=rule.instead(f"_ = {result}", negative=("return None",)),
        where=rule.method_place,
        cards=_CARDS,
        operations=frozenset({rule.name}),
        fails=_number_wrong(rule),
    )


def _number_returned(rule: Rule) -> Misconception:
    return Misconception(
        slug=Slug(f"number-returned-{rule.name}"),
        stage="value",
        mistake=f"{rule.sign} returns a plain number, and not a Value",
        belief="What is computed from numbers is a number.",
        why="The number is right, and printing it looks as expected.",
        breaks=f"A plain number has no way back: the graph ends at `{rule.example}`.",
        look=f"the end of {rule.method}",
        hint="wrap the number in a new Value that knows its parents",
        solution=f"out = Value({rule.plain}, {rule.parents})",
        edits=rule.instead(f"return {rule.number}", negative=("return 0.0",)),
        where=rule.returning,
        cards=(*_CARDS, "keeping-the-record"),
        operations=frozenset({rule.name}),
        fails=_number_wrong(rule),
    )


def _in_place(rule: Rule) -> Misconception:
    return Misconception(
        slug=Slug(f"operand-changed-{rule.name}"),
        stage="value",
        mistake=f"{rule.sign} writes its result into its operand",
        belief="The operand is where the result is kept.",
        why="Programs change variables all the time, and it saves a new object.",
        breaks=(
            f"After `{rule.example}` the Value `a` holds another number, for everyone else who "
            "uses it."
        ),
        look=f"what {rule.method} assigns to",
        hint="leave the operands alone, and return a new Value",
        solution=f"out = Value({rule.plain}, {rule.parents})",
        edits=rule.instead(
            f"result_ = {rule.made()}",
            "self.data = result_.data",
            "return self",
            negative=("self.data = 0.0", "return self"),
        ),
        where=rule.method_place,
        cards=_CARDS,
        operations=frozenset({rule.name}),
        fails=_UNCHANGED,
    )


def _updated_too(rule: Rule) -> Misconception:
    return Misconception(
        slug=Slug(f"operand-changed-too-{rule.name}"),
        stage="value",
        mistake=f"{rule.sign} returns a new Value, and changes its operand as well",
        belief="The result has to be in both: in what is returned and in what was there.",
        why="It is a left-over of an attempt with `self.data`, and the result is right.",
        breaks=f"After `{rule.example}` the Value `a` holds another number.",
        look=f"every line of {rule.method} that assigns to `self.data`",
        hint="leave the operands alone",
        solution=f"out = Value({rule.plain}, {rule.parents})",
        edits=rule.instead(
            f"result_ = {rule.made()}",
            "self.data = result_.data",
            "return result_",
            negative=("self.data = 0.0", NEGATIVE_RELU),
        ),
        where=rule.method_place,
        cards=_CARDS,
        operations=frozenset({rule.name}),
        fails=_UNCHANGED,
    )


_HEAD = {
    "neg": "    def __neg__(self) -> Value:",
    "exp": "    def exp(self) -> Value:",
    "tanh": "    def tanh(self) -> Value:",
    "relu": "    def relu(self) -> Value:",
    "pow": "    def __pow__(self, exponent: float) -> Value:",
} | {
    rule.name: f"    def {rule.operator.method}(self, other: Value | float) -> Value:"
    for rule in BINARY
}


def _missing(rule: Rule) -> Misconception:
    head = _HEAD[rule.name]
    needs = {"neg": "`-` in front of a Value", "pow": "`**`"}.get(rule.name, rule.sign)
    return Misconception(
        slug=Slug(f"method-missing-{rule.name}"),
        stage="value",
        mistake=f"The class has no {rule.method}, so Python does not know what `{rule.example}` is",
        belief=f"Python finds out by itself what {needs} means for a Value.",
        why="For numbers it does, and the method's name is no word that one would think of.",
        breaks=f"`{rule.example}` raises an exception.",
        look="the class `Value`: it, or the spelling of the method's name",
        hint=f"define {rule.method}",
        solution=head.strip().replace(" -> Value", "").replace(": Value | float", ""),
        edits=(Edit("engine.py", head, head.replace(f"def {rule.operator.method}", "def absent")),),
        where=Place(("Value",)),
        cards=("made-of-other-operators", "functions-that-bend", *_CARDS[:1]),
        operations=frozenset({rule.name}),
        fails=_number_wrong(rule),
    )


MISCONCEPTIONS: tuple[Misconception, ...] = (
    *(_missing(rule) for rule in RULES.values()),
    *(_return_missing(rule) for rule in RULES.values()),
    *(_number_returned(rule) for rule in RULES.values()),
    *(_in_place(rule) for rule in RULES.values()),
    *(_updated_too(rule) for rule in RULES.values()),
)
