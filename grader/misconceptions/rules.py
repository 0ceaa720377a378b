"""How each operation is computed: in the reference's words, in a learner's, and in ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from grader.builds import Edit
from grader.misconceptions.misconception import OPERATORS, Operator, Place, before_accumulating

NEGATIVE_RELU = 'return Value(0.0, (self,), (0.0,), "relu")'
"""The reference's relu has two results; its `Rule` describes the positive one."""


_PLAIN = {
    "div": "self.data / other.data",
    "exp": "math.exp(self.data)",
    "tanh": "math.tanh(self.data)",
    "relu": "max(0.0, self.data)",
}


@dataclass(frozen=True)
class Rule:
    """One operation.

    `number` and `slopes` are the reference's own expressions; `shares` are those with which
    a closure pays the operands. `example` is how it is used, `words` its slopes in words,
    `twice` an expression that uses an operand a second time, and `card` teaches the rule.
    """

    operator: Operator
    number: str
    slopes: tuple[str, ...]
    shares: tuple[str, ...]
    example: str
    words: str
    twice: str
    card: str

    @property
    def name(self) -> str:
        """Its name in programs."""
        return self.operator.name

    @property
    def sign(self) -> str:
        """How a sentence writes it."""
        return self.operator.written

    @property
    def place(self) -> Place:
        """The line that hands on its gradient."""
        return Place((f"Value.{self.operator.method}",), "grad")

    def here(self, *lines: str) -> tuple[Edit, ...]:
        """Return the edits that run lines before this operation pays an operand.

        They apply only where the operation has a rule of its own.
        """
        condition = f"if node.op == {self.operator.tag!r}:"
        unchanged = Edit("engine.py", self.result, self.result)
        return unchanged, before_accumulating(condition, *(f"    {line}" for line in lines))

    @property
    def binary(self) -> bool:
        """Whether it has two operands."""
        return len(self.slopes) == 2

    @property
    def operands(self) -> str:
        """Its operands in words."""
        return "both operands" if self.binary else "the operand"

    @property
    def overwriting(self) -> Place:
        """The line that sets a gradient, and does not add to it."""
        return Place((f"Value.{self.operator.method}",), "grad =")

    @property
    def returning(self) -> Place:
        """The line of that method which returns the result."""
        return Place((f"Value.{self.operator.method}",), "return")

    @property
    def method_place(self) -> Place:
        """The method as a whole."""
        return Place((f"Value.{self.operator.method}",))

    @property
    def parents(self) -> str:
        """The operands as a tuple."""
        return "(self, other)" if self.binary else "(self,)"

    @property
    def plain(self) -> str:
        """The result's number, as a learner writes it in one expression."""
        return _PLAIN.get(self.name, self.number)

    @property
    def forms(self) -> tuple[str, ...]:
        """The operations of programs that its rule computes, with a number on either side."""
        number = (f"{self.name}-number", f"number-{self.name}") if self.binary else ()
        return (self.name, *number)

    @property
    def method(self) -> str:
        """The method's name, as a sentence writes it."""
        return f"`{self.operator.method}`"

    @property
    def result(self) -> str:
        """The reference's line that makes the result."""
        return f"return {self.made()}"

    def made(self, *slopes: str) -> str:
        """Return the expression that makes the result, with other slopes if given."""
        listed = ", ".join(slopes or self.slopes) + ("" if self.binary else ",")
        return f'Value({self.number}, {self.parents}, ({listed}), "{self.operator.tag}")'

    def instead(self, *lines: str, negative: tuple[str, ...] = ()) -> tuple[Edit, ...]:
        """Return the edits that put other lines in the place of the one with the result.

        `negative` are those for relu's other branch, where they differ.
        """
        depth = 12 if self.name == "relu" else 8
        edits = [Edit("engine.py", self.result, f"\n{' ' * depth}".join(lines))]
        if self.name == "relu":
            other = f"\n{' ' * 8}".join(negative or lines)
            edits.append(Edit("engine.py", NEGATIVE_RELU, other))
        return tuple(edits)

    @property
    def solution(self) -> str:
        """The lines that pay the operands, as a closure writes them."""
        return "\n".join(
            f"{operand}.grad += {share}"
            for operand, share in zip(("self", "other"), self.shares, strict=False)
        )


RULES: Mapping[str, Rule] = {
    rule.name: rule
    for rule in (
        Rule(
            OPERATORS["add"],
            number="self.data + other.data",
            slopes=("1.0", "1.0"),
            shares=("out.grad", "out.grad"),
            example="a + b",
            words="1 for both operands",
            twice="(a + b) * a",
            card="slopes-of-plus-and-minus",
        ),
        Rule(
            OPERATORS["mul"],
            number="self.data * other.data",
            slopes=("other.data", "self.data"),
            shares=("other.data * out.grad", "self.data * out.grad"),
            example="a * b",
            words="for each factor the other factor",
            twice="a * b + a",
            card="slopes-of-times-and-divide",
        ),
        Rule(
            OPERATORS["pow"],
            number="self.data**exponent",
            slopes=("slope",),
            shares=("exponent * self.data ** (exponent - 1) * out.grad",),
            example="a ** n",
            words="n·aⁿ⁻¹",
            twice="a ** 2 + a",
            card="slope-of-a-power",
        ),
        Rule(
            OPERATORS["neg"],
            number="-self.data",
            slopes=("-1.0",),
            shares=("-out.grad",),
            example="-a",
            words="−1",
            twice="-a * a",
            card="slopes-of-plus-and-minus",
        ),
        Rule(
            OPERATORS["sub"],
            number="self.data - other.data",
            slopes=("1.0", "-1.0"),
            shares=("out.grad", "-out.grad"),
            example="a - b",
            words="1 for the first operand and −1 for the second",
            twice="(a - b) * a",
            card="slopes-of-plus-and-minus",
        ),
        Rule(
            OPERATORS["div"],
            number="quotient",
            slopes=("1.0 / other.data", "-quotient / other.data"),
            shares=("out.grad / other.data", "-self.data / other.data**2 * out.grad"),
            example="a / b",
            words="1/b for the numerator and −a/b² for the denominator",
            twice="a / b + b",
            card="slopes-of-times-and-divide",
        ),
        Rule(
            OPERATORS["exp"],
            number="result",
            slopes=("result",),
            shares=("out.data * out.grad",),
            example="a.exp()",
            words="the result itself",
            twice="a.exp() + a",
            card="slopes-of-exp-and-tanh",
        ),
        Rule(
            OPERATORS["tanh"],
            number="result",
            slopes=("1.0 - result * result",),
            shares=("(1 - out.data**2) * out.grad",),
            example="a.tanh()",
            words="1 − t², with t the result",
            twice="a.tanh() + a",
            card="slopes-of-exp-and-tanh",
        ),
        Rule(
            OPERATORS["relu"],
            number="self.data",
            slopes=("1.0",),
            shares=("(self.data > 0) * out.grad",),
            example="a.relu()",
            words="1 where a is positive and 0 where it is negative",
            twice="a.relu() * a",
            card="slope-of-relu",
        ),
    )
}


def number_first(*names: str) -> tuple[Edit, ...]:
    """Return the edits after which `2 + a` is `Value(2) + a`, for each of `add` and `mul`.

    The reference has `a + 2` there, which comes to the same, unless the operator is wrong.
    """
    symbols = {"add": "+", "mul": "*"}
    return tuple(
        Edit(
            "engine.py",
            f"return self {symbols[name]} other\n",
            f"return as_value(other) {symbols[name]} self\n",
        )
        for name in names
        if name in symbols
    )


BINARY = tuple(rule for rule in RULES.values() if rule.binary)
