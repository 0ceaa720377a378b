"""Stage `backward`: every leaf learns how the result would change with it."""

from __future__ import annotations

from itertools import pairwise

from grader.checks.check import Check, Draw
from grader.checks.value import WRAP
from grader.tasks import Slug

_LOCAL = {
    # In the order of stage `value`: causes before effects.
    # operation: (claim, first cases)
    "add": (
        "`+` passes the gradient on unchanged to both operands",
        (
            "a = Value(2.0); b = Value(3.0); c = a + b; c.backward()",
            "a = Value(2.0); b = Value(3.0); c = a + b; d = c * 3; d.backward()",
            "a = Value(2.0); b = Value(3.0); c = a + b; d = c ** 2; d.backward()",
            "a = Value(2.0); b = Value(4.0); c = a + b; d = c / 4; d.backward()",
        ),
    ),
    "mul": (
        "`*` hands each factor the gradient times the other factor",
        (
            "a = Value(2.0); b = Value(5.0); c = a * b; c.backward()",
            "a = Value(2.0); b = Value(5.0); c = Value(3.0); d = a * b; e = d * c; e.backward()",
            "a = Value(2.0); b = Value(5.0); c = a * b; d = c * 3; d.backward()",
        ),
    ),
    "pow": (
        "`a ** n` hands on the gradient times n·aⁿ⁻¹",
        (
            "a = Value(3.0); b = a ** 2; b.backward()",
            "a = Value(3.0); b = a ** 2; c = b ** 3; c.backward()",
            "a = Value(3.0); b = a ** 2; c = b * 5; c.backward()",
            "a = Value(2.0); b = a ** 3; c = b * 5; c.backward()",
            "a = Value(2.0); b = a ** -1; c = b * 5; c.backward()",
            "a = Value(4.0); b = a ** 0.5; c = b * 5; c.backward()",
            "a = Value(-2.0); b = a ** 3; c = b * 5; c.backward()",
        ),
    ),
    "neg": (
        "`-a` hands on the negative of the gradient",
        (
            "a = Value(2.0); b = -a; b.backward()",
            "a = Value(2.0); b = -a; c = -b; c.backward()",
            "a = Value(2.0); b = -a; c = b * 3; c.backward()",
        ),
    ),
    "sub": (
        "`-` passes the gradient on to the first operand and its negative to the second",
        (
            "a = Value(2.0); b = Value(3.0); c = a - b; c.backward()",
            "a = Value(2.0); b = Value(3.0); c = Value(7.0); d = a - b; e = c - d; e.backward()",
            "a = Value(2.0); b = Value(3.0); c = a - b; d = c * 3; d.backward()",
        ),
    ),
    "div": (
        "`/` gives the numerator 1/b of the gradient and the denominator −a/b² of it",
        (
            "a = Value(6.0); b = Value(2.0); c = a / b; c.backward()",
            "a = Value(6.0); b = Value(2.0); c = Value(5.0); d = a / b; e = c / d; e.backward()",
            "a = Value(6.0); b = Value(2.0); c = a / b; d = c * 3; d.backward()",
        ),
    ),
    "exp": (
        "`exp` hands on the gradient times its own result",
        (
            "a = Value(0.5); b = a.exp(); b.backward()",
            "a = Value(0.5); b = a.exp(); c = b.exp(); c.backward()",
            "a = Value(0.5); b = a.exp(); c = b * 3; c.backward()",
            "a = Value(-1.0); b = a.exp(); c = b * 3; c.backward()",
        ),
    ),
    "tanh": (
        "`tanh` hands on the gradient times 1 − t², with t its own result",
        (
            "a = Value(0.5); b = a.tanh(); b.backward()",
            "a = Value(0.5); b = a.tanh(); c = b.tanh(); c.backward()",
            "a = Value(0.5); b = a.tanh(); c = b * 3; c.backward()",
            "a = Value(-1.5); b = a.tanh(); c = b * 3; c.backward()",
        ),
    ),
    "relu": (
        "`relu` hands the gradient on where the input was positive, and nothing where negative",
        (
            "a = Value(2.0); b = a.relu(); b.backward()",
            "a = Value(-2.0); b = a.relu(); b.backward()",
            "a = Value(2.0); b = a.relu(); c = b * 3; c.backward()",
            "a = Value(-2.0); b = a.relu(); c = b * 3; c.backward()",
        ),
    ),
}

_REUSED = {
    # operation: an expression of a (and b), written like the declarations above
    "add": "a = Value(2.0); b = Value(3.0); c = a + b; d = c * a",
    "mul": "a = Value(2.0); b = Value(3.0); c = a * b; d = c + a",
    "pow": "a = Value(3.0); b = a ** 2; c = b + a",
    "neg": "a = Value(2.0); b = -a; c = b * a",
    "sub": "a = Value(2.0); b = Value(3.0); c = a - b; d = c * a",
    "div": "a = Value(6.0); b = Value(2.0); c = a / b; d = c + b",
    "exp": "a = Value(0.5); b = a.exp(); c = b + a",
    "tanh": "a = Value(0.5); b = a.tanh(); c = b + a",
    "relu": "a = Value(2.0); b = a.relu(); c = b * a",
}

_SYMBOL = {"add": "+", "sub": "-", "mul": "*", "div": "/"}


def _written(operation: str) -> str:
    if operation in _SYMBOL:
        return f"a {_SYMBOL[operation]} b"
    return {"pow": "a ** n", "neg": "-a"}.get(operation, f"a.{operation}()")


def _left_forms(operation: str) -> tuple[str, ...]:
    return (f"number-{operation}",) if operation in _SYMBOL else ()


def _local(operation: str) -> Check:
    claim, cases = _LOCAL[operation]
    return Check(
        slug=Slug(f"backward/{operation}"),
        claim=claim,
        why=(
            "The chain rule: what arrives from above, times the local derivative. Here what "
            "arrives is not 1, so leaving it out shows."
        ),
        points=1,
        observe="gradients",
        cases=cases,
        draws=(
            Draw("with_upstream", 10, {"operation": operation}),
            # A number on the left has a method of its own, which can lose the way back.
            *(Draw("with_upstream", 5, {"operation": form}) for form in _left_forms(operation)),
        ),
        requires=(WRAP, Slug(f"value/{operation}")),
    )


def _reused(operation: str) -> Check:
    last = _REUSED[operation].rpartition(";")[2].split("=")[0].strip()
    return Check(
        slug=Slug(f"backward/{operation}-reused"),
        claim=f"`{_written(operation)}` adds to a gradient that is there already",
        why=(
            "An operand that is used a second time elsewhere is owed both contributions; "
            "writing `=` where `+=` belongs keeps only the last."
        ),
        points=1,
        observe="gradients",
        cases=(f"{_REUSED[operation]}; {last}.backward()",),
        draws=(Draw("reused", 10, {"operation": operation}),),
        requires=(WRAP, Slug(f"value/{operation}"), Slug(f"backward/{operation}")),
    )


def _itself(operation: str, slope: str) -> Check:
    symbol = _SYMBOL[operation]
    return Check(
        slug=Slug(f"backward/{operation}-itself"),
        claim=f"`a {symbol} a`: both sides are the same Value, and the gradient is {slope}",
        why=f"Each side of `a {symbol} a` pays its share to the same `a`; the shares add up.",
        points=1,
        observe="gradients",
        cases=(
            f"a = Value(3.0); b = a {symbol} a; b.backward()",
            f"a = Value(-2.0); b = a {symbol} a; c = b * 4; c.backward()",
        ),
        draws=(Draw("itself", 4, {"operation": operation}),),
        requires=(WRAP, Slug(f"value/{operation}"), Slug(f"backward/{operation}")),
    )


def _doubling(times: int) -> str:
    # Node 0 is the leaf; each next node is the sum of the one before with itself.
    names = [f"v{i}" for i in range(times + 1)]
    steps = [f"{b} = {a} + {a}" for a, b in pairwise(names)]
    return "; ".join([f"{names[0]} = Value(1.0)", *steps, f"{names[-1]}.backward()"])


def _chain(length: int) -> str:
    names = [f"v{i}" for i in range(length + 1)]
    steps = [
        f"{b} = {a} + 1.0" if i % 2 else f"{b} = 0.999 * {a}"
        for i, (a, b) in enumerate(pairwise(names))
    ]
    return "; ".join([f"{names[0]} = Value(1.0)", *steps, f"{names[-1]}.backward()"])


BACKWARD: tuple[Check, ...] = (
    *(_local(operation) for operation in _LOCAL),
    *(_reused(operation) for operation in _REUSED),
    _itself("add", "2"),
    _itself("mul", "2a"),
    _itself("sub", "0"),
    _itself("div", "0"),
    Check(
        slug=Slug("backward/diamond"),
        claim="A Value that reaches the result along two paths collects from both",
        why="Paths that part and meet again are what order and accumulation are for.",
        points=2,
        observe="gradients",
        cases=(
            "a = Value(2.0); b = a * 3; c = a + 1; d = b * c; d.backward()",
            "a = Value(-2.0); b = Value(3.0); c = a * b; d = a + b; e = c * d; e.backward()",
            "a = Value(0.5); b = a.tanh(); c = a.exp(); d = b * c; d.backward()",
        ),
        draws=(Draw("diamond", 16),),
        requires=(WRAP,),
        enough=3,
    ),
    Check(
        slug=Slug("backward/uneven-depths"),
        claim="A Value used near the result and far from it collects from both",
        why="A walk by distance hands a gradient on before the longer path has paid in.",
        points=1,
        observe="gradients",
        cases=(
            "a = Value(2.0); b = a * 3; c = b + 1; d = c * 2; e = d + b; e.backward()",
            "a = Value(2.0); b = a + 1; c = b * 2; d = b * c; e = d + b; e.backward()",
        ),
        draws=(Draw("uneven_depths", 16),),
        requires=(WRAP,),
        enough=3,
    ),
    Check(
        slug=Slug("backward/shared-node"),
        claim="A result used by earlier and later nodes is finished before it hands on",
        why="A node may pass its gradient on only when all that use it have paid theirs.",
        points=2,
        observe="gradients",
        cases=(
            "a = Value(3.0); b = a + a; c = b + a; d = c * b; d.backward()",
            "a = Value(2.0); b = a * 2; c = b * b; d = c * b; e = d + b; e.backward()",
        ),
        draws=(Draw("shared_node", 16),),
        requires=(WRAP,),
        enough=3,
    ),
    Check(
        slug=Slug("backward/random-graphs"),
        claim="Every gradient is right in random graphs with shared parts",
        why="A rule that holds only in tidy graphs does not hold in a network.",
        points=3,
        observe="gradients",
        draws=(Draw("graph", 160, {"most": "14"}),),
        requires=(WRAP,),
        enough=20,
    ),
    Check(
        slug=Slug("backward/gradient-check"),
        claim="Every gradient is the slope that nudging the leaf a little shows",
        why=(
            "(f(x + h) − f(x − h)) / 2h needs no calculus: the gradient must agree with it "
            "wherever the curve has no kink."
        ),
        points=2,
        observe="gradients",
        cases=(
            "a = Value(0.7); b = Value(-1.2); c = a * b; d = c + a; e = d.tanh(); e.backward()",
        ),
        draws=(Draw("graph", 30, {"most": "8"}),),
        requires=(WRAP,),
        enough=5,
        rule="slope",
    ),
    Check(
        slug=Slug("backward/two-graphs"),
        claim="A leaf in two graphs keeps the contributions of both",
        why="That is how gradients of several examples add up, and why a loop has to zero them.",
        points=1,
        observe="gradients",
        cases=(
            "a = Value(2.0); b = a * 3; c = a * 5; b.backward(); c.backward()",
            "a = Value(2.0); b = Value(4.0); c = a * b; d = a + b; c.backward(); d.backward()",
        ),
        draws=(Draw("two_graphs", 10),),
        requires=(WRAP,),
    ),
    Check(
        slug=Slug("backward/doubling"),
        claim="Doubling a Value 26 times does not take for ever",
        why="A walk that visits a shared node once for every path takes 2²⁶ visits here.",
        points=1,
        observe="gradients",
        cases=(_doubling(4), _doubling(26)),
        draws=(Draw("doubling", 2, {"times": "4"}), Draw("doubling", 2, {"times": "22"})),
        requires=(WRAP,),
    ),
    Check(
        slug=Slug("backward/long-chain"),
        claim="A chain of 900 operations can be walked back",
        why="A network's loss is a long chain; a walk must get to its beginning.",
        points=1,
        observe="gradients",
        cases=(_chain(8), _chain(900)),
        draws=(Draw("long_chain", 2, {"length": "8"}), Draw("long_chain", 2, {"length": "900"})),
        requires=(WRAP,),
    ),
)
