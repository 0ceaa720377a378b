"""Mistakes in a single operation: its number, or the local derivative it hands on."""

from __future__ import annotations

from grader.builds import Edit
from grader.misconceptions.misconception import (
    Misconception,
    Operator,
    Place,
    before_accumulating,
    for_each,
)
from grader.tasks import Slug


@for_each("mul", "pow", "div", "exp", "tanh")
def _upstream_missing(operator: Operator) -> Misconception:
    return Misconception(
        slug=Slug(f"upstream-missing-{operator.name}"),
        stage="backward",
        mistake=(
            f"{operator.written} hands on its local derivative alone, without the gradient that "
            "arrives from above"
        ),
        belief="The derivative of an operation is what its operands need.",
        why="In an example of one operation the gradient from above is 1, and nothing shows.",
        breaks="Everything below such an operation learns as if nothing stood above it.",
        look=f"the line that hands on the gradient in {operator.written}",
        hint="multiply the local derivative by the gradient of the operation's own result",
        solution="self.grad += local_derivative * out.grad",
        edits=(before_accumulating(f"if node.op == {operator.tag!r}:", "    upstream = 1.0"),),
        where=Place((f"Value.{operator.method}",), "grad ="),
        cards=("chain-rule", "upstream-times-local"),
        fails=frozenset({Slug(f"backward/{operator.name}")}),
        operations=frozenset({operator.name}),
    )


MISCONCEPTIONS: tuple[Misconception, ...] = (
    Misconception(
        slug=Slug("rsub-not-reversed"),
        stage="value",
        mistake="`2 - a` is computed as `a - 2`",
        belief="`__rsub__` is `__sub__` for a number on the left, like `__radd__` for `+`.",
        why="For `+` and `*` the order does not matter, and the same line works there.",
        breaks="Every `number - value` has the wrong sign, and so has its gradient.",
        look="`__rsub__`: in it, `self` is what stands on the right",
        hint="compute the other operand minus this one",
        solution="def __rsub__(self, other):\n    return Value(other) - self",
        edits=(
            Edit(
                "engine.py",
                "        return as_value(other) - self\n",
                "        return self - other\n",
            ),
        ),
        where=Place(("Value.__rsub__",), "return"),
        cards=("reversed-minus-and-divide", "number-on-the-left"),
        operations=frozenset({"sub"}),
    ),
    Misconception(
        slug=Slug("tanh-slope-of-input"),
        stage="backward",
        mistake="The slope of `tanh` is computed from its input, where it takes its result",
        belief="The slope of `tanh` is 1 − x².",
        why="The formula 1 − t² does not say what t is, and x is at hand.",
        breaks="Gradients below a neuron shrink or grow wrongly, and turn round beyond |x| = 1.",
        look="the line that hands on the gradient in `tanh`",
        hint="square the result of `tanh`, and not what went into it",
        solution="self.grad += (1 - out.data**2) * out.grad",
        edits=(Edit("engine.py", "(1.0 - result * result,)", "(1.0 - self.data * self.data,)"),),
        where=Place(("Value.tanh",), "grad ="),
        cards=("slopes-of-exp-and-tanh", "slopes-from-the-result"),
        operations=frozenset({"tanh"}),
    ),
    *_upstream_missing,
)
