"""What any operation can do wrong on the way back: a factor, a sign, an operand left out."""

from __future__ import annotations

from collections.abc import Mapping

from grader.misconceptions.misconception import Misconception, Place, before_accumulating
from grader.misconceptions.rules import BINARY, RULES, Rule, number_first
from grader.tasks import Slug

_RULE = ("chain-rule", "upstream-times-local")
_EVERYWHERE = Place(("Value.backward", "Value.__mul__", "Value"), "grad")


def _derivatives(*names: str) -> frozenset[Slug]:
    return frozenset(Slug(f"backward/{name}") for name in names)


def _upstream_missing(rule: Rule) -> Misconception:
    return Misconception(
        slug=Slug(f"upstream-missing-{rule.name}"),
        stage="backward",
        mistake=(
            f"{rule.sign} hands on its local derivative alone, without the gradient that "
            "arrives from above"
        ),
        belief="The derivative of an operation is what its operands need.",
        why="In an example of one operation the gradient from above is 1, and nothing shows.",
        breaks=(
            f"In `({rule.example}) * 3` the 3 gets lost: what stands below learns as if nothing "
            "stood above."
        ),
        look=f"the line in {rule.method} that hands on the gradient",
        hint="multiply the local derivative by the gradient of the operation's own result",
        solution=rule.solution,
        edits=rule.here("upstream = 1.0"),
        where=rule.place,
        cards=_RULE,
        operations=frozenset({rule.name}),
        fails=_derivatives(rule.name),
    )


def _upstream_added(rule: Rule) -> Misconception:
    return Misconception(
        slug=Slug(f"upstream-added-{rule.name}"),
        stage="backward",
        mistake=(
            f"{rule.sign} adds its local derivative to the gradient from above, where it has to "
            "multiply"
        ),
        belief="Local derivative and gradient from above together make the gradient.",
        why="Contributions of several uses are added, and it is easy to add here as well.",
        breaks=f"The gradient in `{rule.example}` is off by 1 even where nothing stands above.",
        look=f"the line in {rule.method} that hands on the gradient",
        hint="multiply along a path; add only what arrives along different paths",
        solution=rule.solution,
        edits=rule.here("local, upstream = local + upstream, 1.0"),
        where=rule.place,
        cards=_RULE,
        operations=frozenset({rule.name}),
        fails=_derivatives(rule.name),
    )


_SLOPE_LOST: Mapping[str, tuple[str, str]] = {
    # operation: (belief, why it is natural)
    "mul": (
        "A product passes its gradient on to both factors, as a sum does.",
        "With `+` it is just so, and the two methods look alike.",
    ),
    "pow": (
        "A power passes its gradient on to its base.",
        "There is only one operand, so everything seems to belong to it.",
    ),
    "neg": (
        "Changing the sign of a number does not change how it is trained.",
        "The size of the slope is 1, and the sign is easily lost.",
    ),
    "sub": (
        "Subtraction passes gradients on unchanged, like addition.",
        "`+` and `-` look alike, and for the first operand it is true.",
    ),
    "div": (
        "A quotient passes its gradient on to both operands.",
        "With `+` it is just so.",
    ),
    "exp": (
        "`exp` passes its gradient on to what went in.",
        "There is only one operand, so everything seems to belong to it.",
    ),
    "tanh": (
        "`tanh` passes its gradient on to what went in.",
        "Near 0 the curve is almost the line y = x, whose slope is 1.",
    ),
    "relu": (
        "`relu` is a line, so its slope is 1.",
        "On the positive side it is, and examples are often positive.",
    ),
}


def _slope_missing(name: str) -> Misconception:
    rule = RULES[name]
    belief, why = _SLOPE_LOST[name]
    ones = rule.made(*["1.0"] * len(rule.slopes))
    return Misconception(
        slug=Slug(f"slope-missing-{name}"),
        stage="backward",
        mistake=f"{rule.sign} passes the gradient on unchanged, as if its slope were always 1",
        belief=belief,
        why=why,
        breaks=f"The local derivative of `{rule.example}` is {rule.words}; it gets lost.",
        look=f"the line in {rule.method} that hands on the gradient",
        hint=f"multiply the gradient from above by the local derivative: {rule.words}",
        solution=rule.solution,
        edits=rule.instead(
            f"return {ones}", negative=(f"return {ones}".replace("self.data", "0.0"),)
        ),
        where=rule.place,
        cards=(rule.card, "chain-rule"),
        operations=frozenset({name}),
        fails=_derivatives(name),
    )


def _sign_flipped(rule: Rule) -> Misconception:
    return Misconception(
        slug=Slug(f"sign-flipped-{rule.name}"),
        stage="backward",
        mistake=f"{rule.sign} hands on the gradient with the wrong sign",
        belief="Going backwards turns every sign round.",
        why="Training subtracts the gradient, and a minus is easily written one step too early.",
        breaks="The parameters behind this operation go uphill while all others go downhill.",
        look=f"the line in {rule.method} that hands on the gradient: `-=`, or a stray minus",
        hint=f"add the gradient with the local derivative's own sign: {rule.words}",
        solution=rule.solution,
        edits=rule.here("local = -local"),
        where=rule.place,
        cards=(rule.card, "why-minus"),
        operations=frozenset({rule.name}),
        fails=_derivatives(rule.name),
    )


def _detached(rule: Rule) -> Misconception:
    return Misconception(
        slug=Slug(f"detached-{rule.name}"),
        stage="backward",
        mistake=f"The result of {rule.sign} does not know what it was computed from",
        belief="A Value with the right number is the right Value.",
        why="The number is right, and everything that looks at numbers alone works.",
        breaks=f"The way back ends at `{rule.example}`; what went into it keeps the gradient 0.",
        look=f"the line in {rule.method} that makes the result",
        hint="give the new Value its parents, and a way to pay them",
        solution=f"out = Value({rule.plain}, {rule.parents})",
        edits=rule.instead(f"return Value({rule.number})", negative=("return Value(0.0)",)),
        where=rule.returning,
        cards=("keeping-the-record", "what-a-value-keeps"),
        operations=frozenset({rule.name}),
        fails=_derivatives(rule.name),
    )


def _unpaid(rule: Rule, side: int) -> Misconception:
    which, name = (("first", "left"), ("second", "right"))[side]
    slopes = [slope if i != side else "0.0" for i, slope in enumerate(rule.slopes)]
    belief = (
        "`self` is the one that acts; the gradient is for what it acts on.",
        "What `self` is combined with is a number, and numbers need no gradient.",
    )[side]
    edits = rule.instead(f"return {rule.made(*slopes)}")
    return Misconception(
        slug=Slug(f"{name}-operand-unpaid-{rule.name}"),
        stage="backward",
        mistake=f"{rule.sign} hands no gradient to its {which} operand",
        belief=belief,
        why="Of two lines that look alike one is soon forgotten, and no error says so.",
        breaks=f"In `{rule.example}` the gradient of `{'ab'[side]}` stays 0.",
        look=f"where {rule.method} hands on the gradient: there should be two lines",
        hint=f"pay the {which} operand as well; the local derivatives are {rule.words}",
        solution=rule.solution,
        edits=edits,
        variants=tuple((*edits, edit) for edit in number_first(rule.name)),
        where=rule.place,
        cards=(rule.card, "keeping-the-record"),
        operations=frozenset({rule.name}),
        fails=_derivatives(rule.name),
    )


MISCONCEPTIONS: tuple[Misconception, ...] = (
    *(_detached(rule) for rule in RULES.values()),
    *(_upstream_missing(rule) for rule in RULES.values()),
    *(_slope_missing(name) for name in _SLOPE_LOST),
    *(_sign_flipped(rule) for rule in RULES.values() if rule.name != "neg"),
    *(_unpaid(rule, side) for rule in BINARY for side in (0, 1)),
    *(_upstream_added(rule) for rule in RULES.values()),
    Misconception(
        slug=Slug("upstream-missing"),
        stage="backward",
        mistake="Every operation hands on its local derivative alone",
        belief="The derivative of an operation is what its operands need.",
        why="With a single operation the gradient from above is 1, and nothing shows.",
        breaks="In `(a * b) * 3` the gradients are those of `a * b`: the 3 gets lost.",
        look="each line that hands on a gradient",
        hint="multiply the local derivative by the gradient of the operation's own result",
        solution="parent.grad += local_derivative * out.grad",
        edits=(before_accumulating("upstream = 1.0"),),
        where=_EVERYWHERE,
        cards=_RULE,
        fails=_derivatives(*(name for name in RULES if name not in ("add", "relu"))),
    ),
    Misconception(
        slug=Slug("upstream-added"),
        stage="backward",
        mistake="Local derivative and gradient from above are added, where they are multiplied",
        belief="Local derivative and gradient from above together make the gradient.",
        why="Contributions of several uses are added, and it is easy to add here as well.",
        breaks="Already in `a + b` both gradients come out as 2, and they should be 1.",
        look="each line that hands on a gradient",
        hint="multiply along a path; add only what arrives along different paths",
        solution="parent.grad += local_derivative * out.grad",
        edits=(before_accumulating("local, upstream = local + upstream, 1.0"),),
        where=_EVERYWHERE,
        cards=_RULE,
        fails=_derivatives(*RULES),
    ),
)
