"""Stage `value`: numbers wrapped in Values compute what numbers compute."""

from __future__ import annotations

from grader.checks.check import Check, Draw
from grader.tasks import Slug

WRAP = Slug("value/wrap")

_OPERATIONS = {
    # Those that others are often made of come first, so that causes stand before effects.
    # operation: (points, claim, why, first cases)
    "add": (
        1,
        "`a + b` holds the sum of two Values",
        "Addition is how a neuron collects its inputs and a loss its examples.",
        ("a = Value(2.0); b = Value(3.0); c = a + b",),
    ),
    "mul": (
        2,
        "`a * b` holds the product of two Values",
        "Every weight acts by being multiplied with an input.",
        ("a = Value(2.0); b = Value(3.0); c = a * b",),
    ),
    "pow": (
        2,
        "`a ** n` holds a Value raised to a plain number",
        "Squaring a miss makes every miss count as positive.",
        (
            "a = Value(3.0); b = a ** 2",
            "a = Value(2.0); b = a ** -1",
            "a = Value(4.0); b = a ** 0.5",
            "a = Value(-2.0); b = a ** 3",
            "a = Value(3.0); b = a ** 1",
            "a = Value(3.0); b = a ** 0",
        ),
    ),
    "neg": (
        1,
        "`-a` holds the negative of a Value",
        "Subtraction is often built on it, and then inherits its mistakes.",
        ("a = Value(2.0); b = -a", "a = Value(-3.0); b = -a"),
    ),
    "sub": (
        1,
        "`a - b` holds the difference of two Values",
        "The miss of a prediction is a difference: prediction minus target.",
        ("a = Value(2.0); b = Value(3.0); c = a - b",),
    ),
    "div": (
        2,
        "`a / b` holds the quotient of two Values",
        "Division is a product with a power of −1, and easily turned upside down.",
        (
            "a = Value(2.0); b = Value(4.0); c = a / b",
            # So large a quotient may differ in the last places, by how it was computed.
            "a = Value(5000000.0); b = Value(0.7); c = a / b",
        ),
    ),
    "exp": (
        2,
        "`a.exp()` holds e raised to a Value",
        "With it, tanh and many other functions can be built from parts.",
        (
            "a = Value(1.0); b = a.exp()",
            "a = Value(-2.0); b = a.exp()",
            "a = Value(0.0); b = a.exp()",
        ),
    ),
    "tanh": (
        2,
        "`a.tanh()` squashes a Value into (−1, 1)",
        "It is what makes a neuron more than a weighted sum.",
        (
            "a = Value(1.0); b = a.tanh()",
            "a = Value(-0.5); b = a.tanh()",
            "a = Value(0.0); b = a.tanh()",
            "a = Value(8.0); b = a.tanh()",
        ),
    ),
    "relu": (
        1,
        "`a.relu()` keeps a positive Value and turns a negative one into 0",
        "It is the commonest activation of large networks.",
        ("a = Value(2.0); b = a.relu()", "a = Value(-2.0); b = a.relu()"),
    ),
}

_WITH_NUMBERS = {
    "add-number": ("add", "`a + 2`: a plain number may stand on the right of `+`"),
    "number-add": ("add", "`2 + a`: a plain number may stand on the left of `+`"),
    "sub-number": ("sub", "`a - 2`: a plain number may stand on the right of `-`"),
    "number-sub": ("sub", "`2 - a` is two minus a, and not a minus two"),
    "mul-number": ("mul", "`a * 2`: a plain number may stand on the right of `*`"),
    "number-mul": ("mul", "`2 * a`: a plain number may stand on the left of `*`"),
    "div-number": ("div", "`a / 2`: a plain number may stand on the right of `/`"),
    "number-div": ("div", "`2 / a` is two divided by a, and not a divided by two"),
}

_WHY_RIGHT = "Inputs and targets are plain numbers, so Values must mix with them."
_WHY_LEFT = (
    "Python asks the number first, which does not know Values; then it asks the Value on "
    "the right through a method whose name starts with `__r`, and hands it the left side."
)


def _with_number(operation: str) -> Check:
    base, claim = _WITH_NUMBERS[operation]
    on_the_left = operation.startswith("number")
    symbol = {"add": "+", "sub": "-", "mul": "*", "div": "/"}[base]
    form = "2 {} a" if on_the_left else "a {} 2"
    return Check(
        slug=Slug(f"value/{operation}"),
        claim=claim,
        why=_WHY_LEFT if on_the_left else _WHY_RIGHT,
        points=1,
        cases=(f"a = Value(5.0); b = {form.format(symbol)}",),
        draws=(Draw("one_operation", 6, {"operation": operation}),),
        requires=(WRAP,),
    )


VALUE: tuple[Check, ...] = (
    Check(
        slug=WRAP,
        claim="`Value(number)` keeps the number in `.data`, and `.grad` starts at 0",
        why="Everything else reads and writes these two.",
        points=1,
        cases=(
            ("program", (2.0, -3.5, 0.0, 7, -4), (), (), "operands"),
            ("program", (2.0, -3.5, 0.0, 7, -4), (), (), "gradients"),
        ),
        draws=(
            Draw("leaves", 3, observe="operands"),
            Draw("leaves", 3, observe="gradients"),
        ),
    ),
    *(
        Check(
            slug=Slug(f"value/{operation}"),
            claim=claim,
            why=why,
            points=points,
            cases=cases,
            draws=(Draw("one_operation", 8, {"operation": operation}),),
            requires=(WRAP,),
        )
        for operation, (points, claim, why, cases) in _OPERATIONS.items()
    ),
    *(_with_number(operation) for operation in _WITH_NUMBERS),
    Check(
        slug=Slug("value/operands-unchanged"),
        claim="An operation leaves its operands' numbers as they were",
        why="A Value that changes while it is used is wrong for everyone else who uses it.",
        points=1,
        observe="operands",
        cases=(
            "a = Value(2.0); b = Value(3.0); c = a + b",
            "a = Value(2.0); b = Value(3.0); c = a - b",
            "a = Value(2.0); b = Value(3.0); c = a * b",
            "a = Value(2.0); b = Value(4.0); c = a / b",
            "a = Value(3.0); b = a ** 2",
            "a = Value(2.0); b = -a",
            "a = Value(1.0); b = a.tanh()",
            "a = Value(1.0); b = a.exp()",
            "a = Value(-2.0); b = a.relu()",
            "a = Value(5.0); b = a + 2",
            "a = Value(5.0); b = 2 + a",
            "a = Value(5.0); b = a - 2",
            "a = Value(5.0); b = 2 - a",
            "a = Value(5.0); b = a * 2",
            "a = Value(5.0); b = 2 * a",
            "a = Value(5.0); b = a / 2",
            "a = Value(5.0); b = 2 / a",
        ),
        draws=(Draw("graph", 8, {"most": "6"}),),
        requires=(WRAP,),
    ),
    Check(
        slug=Slug("value/ints-and-signs"),
        claim="Ints work like floats, and negative numbers like positive ones",
        why="`Value(3) / Value(2)` is 1.5: an int must not turn division into whole numbers.",
        points=1,
        cases=(
            "a = Value(3); b = Value(2); c = a / b",
            "a = Value(-7); b = a / 2",
            "a = Value(2); b = 7 / a",
            "a = Value(2); b = a ** -1",
            "a = Value(-3); b = a ** 2",
            "a = Value(-3); b = Value(-4); c = a * b",
            "a = Value(3); b = Value(-5); c = a + b",
            "a = Value(-3); b = Value(-5); c = a - b",
            "a = Value(-2); b = -a",
            "a = Value(1); b = a.tanh()",
            "a = Value(-1); b = a.exp()",
            "a = Value(3); b = a.relu()",
            "a = Value(-3); b = a.relu()",
            "a = Value(3); b = 1 - a",
        ),
        draws=(Draw("one_operation", 12, {"leaves": "ints"}),),
        requires=(WRAP,),
    ),
    Check(
        slug=Slug("value/expressions"),
        claim="Expressions of many operations hold the right number at every step",
        why="A network is one long expression; a step that is only nearly right spoils the rest.",
        points=1,
        cases=("a = Value(2.0); b = Value(-3.0); c = a * b; d = c + 10; e = d.tanh()",),
        draws=(Draw("graph", 60, {"most": "12"}),),
        requires=(WRAP,),
        enough=5,
    ),
)
