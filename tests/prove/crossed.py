"""Mistakes written into our own engines of other styles, by hand.

A crossing is a mistake of the catalogue made in code that shares nothing with the reference:
closures, a tape, a walk by recursion, a table of gradients. Each edit names the function
that it changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Crossing:
    """A right submission of some style, what is changed in it, and the mistake that this is.

    `edits` are (file, the line that begins the function, old text, new text); within that
    function every occurrence is replaced, and there must be one.
    """

    style: str
    slug: str
    edits: tuple[tuple[str, str, str, str], ...]


OPERATIONS = {
    "add": "def __add__",
    "sub": "def __sub__",
    "mul": "def __mul__",
    "div": "def __truediv__",
    "neg": "def __neg__",
    "pow": "def __pow__",
    "tanh": "def tanh",
    "exp": "def exp",
    "relu": "def relu",
}


def _closures() -> Iterator[Crossing]:
    """Every operator with a closure of its own: `relative_imports`."""
    style, engine = "relative_imports", "engine.py"
    without_upstream = {
        "add": (("+= upstream", "+= 1.0"),),
        "sub": (("+= upstream", "+= 1.0"), ("+= -upstream", "+= -1.0")),
        "mul": (("upstream * ", ""),),
        "div": (("upstream / other", "1 / other"), ("-upstream * self", "-self")),
        "neg": (("-upstream", "-1.0"),),
        "pow": (("upstream * exponent", "exponent"),),
        "tanh": (("upstream * (1", "(1"),),
        "exp": (("upstream * e", "e"),),
        "relu": (("upstream if", "1.0 if"),),
    }
    for name, head in OPERATIONS.items():
        parents = (
            ", (self, other), rule)" if name in ("add", "sub", "mul", "div") else ", (self,), rule)"
        )
        yield Crossing(
            style, f"grad-overwritten-{name}", ((engine, head, ".grad += ", ".grad = "),)
        )
        yield Crossing(style, f"detached-{name}", ((engine, head, parents, ")"),))
        yield Crossing(
            style,
            f"upstream-missing-{name}",
            tuple((engine, head, old, new) for old, new in without_upstream[name]),
        )
        if name != "neg":
            flipped = ((engine, head, ".grad += ", ".grad -= "),)
            yield Crossing(style, f"sign-flipped-{name}", flipped)
    for slug, name, old, new in (
        ("slope-missing-sub", "sub", "+= -upstream", "+= upstream"),
        ("denominator-sign-missing", "div", "-upstream", "upstream"),
        ("denominator-not-squared", "div", "other.data**2", "other.data"),
        ("right-operand-unpaid-mul", "mul", "other.grad += upstream * self.data", "pass"),
        ("left-operand-unpaid-div", "div", "self.grad += upstream / other.data", "pass"),
        ("exponent-not-in-front", "pow", "upstream * exponent * self", "upstream * self"),
        ("exponent-not-lowered", "pow", "(exponent - 1)", "exponent"),
        ("tanh-not-squared", "tanh", "t**2", "t"),
        ("tanh-slope-of-input", "tanh", "t**2", "self.data**2"),
        ("exp-slope-of-input", "exp", "upstream * e", "upstream * self.data"),
        ("slope-missing-relu", "relu", "upstream if self.data > 0 else 0.0", "upstream"),
        ("return-missing-tanh", "tanh", "return Value", "Value"),
    ):
        yield Crossing(style, slug, ((engine, OPERATIONS[name], old, new),))
    swapped = (
        ("self.grad += upstream * other.data", "self.grad += upstream * self.data"),
        ("other.grad += upstream * self.data", "other.grad += upstream * other.data"),
    )
    yield Crossing(
        style,
        "own-factor-as-slope",
        tuple((engine, "def __mul__", old, new) for old, new in swapped),
    )
    upside_down = (
        ("Value(self.data / other.data", "Value(other.data / self.data"),
        (
            "other.grad += -upstream * self.data / other.data**2",
            "other.grad += upstream / self.data",
        ),
        ("upstream / other.data", "-upstream * other.data / self.data**2"),
    )
    yield Crossing(
        style,
        "quotient-upside-down",
        tuple((engine, "def __truediv__", old, new) for old, new in upside_down),
    )
    walk = "def backward"
    yield Crossing(style, "root-grad-zero", ((engine, walk, "self.grad = 1.0", "pass"),))
    yield Crossing(style, "order-not-reversed", ((engine, walk, "reversed(order)", "order"),))
    yield Crossing(style, "guard-never-set", ((engine, walk, "visited.add(node)", "pass"),))
    yield Crossing(
        style,
        "append-outside-guard",
        ((engine, walk, "                order.append(node)", "            order.append(node)"),),
    )
    yield Crossing(
        style, "rsub-not-reversed", ((engine, "__rsub__ =", "swapped(__sub__)", "__sub__"),)
    )
    yield Crossing(
        style,
        "rtruediv-not-reversed",
        ((engine, "__rtruediv__ =", "swapped(__truediv__)", "__truediv__"),),
    )
    yield Crossing(style, "never-zeroed", (("train.py", "def train", "model.zero_grad()", "pass"),))
    yield Crossing(style, "plus-in-update", (("train.py", "def update", "-=", "+="),))


def _lecture() -> Iterator[Crossing]:
    """Closures and compositions as in the lecture: `lecture_closures`."""
    style, engine = "lecture_closures", "engine.py"
    for name in ("add", "mul", "pow", "exp", "tanh", "relu"):
        head = OPERATIONS[name]
        yield Crossing(
            style, f"grad-overwritten-{name}", ((engine, head, ".grad += ", ".grad = "),)
        )
        old, new = ("out.grad", "1.0") if name == "add" else ("out.grad * ", "")
        yield Crossing(
            style, f"upstream-missing-{name}", ((engine, head, f"+= {old}", f"+= {new}"),)
        )
    for slug, head, old, new in (
        ("tanh-not-squared", "def tanh", "t * t", "t"),
        ("exponent-not-in-front", "def __pow__", "out.grad * n * self", "out.grad * self"),
        (
            "number-not-wrapped-mul",
            "def __mul__",
            "other = other if isinstance(other, Value) else Value(other)",
            "pass",
        ),
        ("rsub-not-reversed", "def __rsub__", "-self + other", "self - other"),
        ("reflected-missing-add", "def __radd__", "def __radd__", "def nothing"),
        ("root-grad-zero", "def backward", "self.grad = 1.0", "pass"),
        ("order-not-reversed", "def backward", "reversed(order)", "order"),
    ):
        yield Crossing(style, slug, ((engine, head, old, new),))
    for slug, head, old, new in (
        ("no-activation", "def __call__", "total.tanh()", "total"),
        ("relu-for-tanh", "def __call__", "total.tanh()", "total.relu()"),
        ("bias-not-added", "def __call__", "), self.b)", "), 0 * self.b)"),
        ("bias-not-in-parameters", "def parameters", "self.w + [self.b]", "self.w"),
        (
            "one-neuron-repeated",
            "class Layer",
            "[Neuron(nin) for _ in range(nout)]",
            "[Neuron(nin)] * nout",
        ),
        (
            "sizes-not-chained",
            "class MLP",
            "Layer(sizes[i], sizes[i + 1])",
            "Layer(nin, sizes[i + 1])",
        ),
        (
            "input-to-every-layer",
            "class MLP",
            "            x = layer([x] if isinstance(x, Value) else x)\n        return x",
            "            out = layer(x)\n        return out",
        ),
        (
            "weights-start-equal",
            "def __init__",
            "Value(random.uniform(-1, 1)) for",
            "Value(0.5) for",
        ),
    ):
        yield Crossing(style, slug, (("nn.py", head, old, new),))
    for slug, head, old, new in (
        ("never-zeroed", "def train", "p.grad = 0.0", "pass"),
        ("plus-in-update", "def train", "+= -learning_rate", "+= learning_rate"),
        ("moved-by-grad-alone", "def train", "-learning_rate * p.grad", "-p.grad"),
        ("loss-averaged", "def loss", "zip(predictions, ys))", "zip(predictions, ys)) / len(ys)"),
        ("loss-not-squared", "def loss", "(p - y) ** 2", "(p - y)"),
        ("one-step-too-many", "def train", "range(steps)", "range(steps + 1)"),
        ("losses-as-values", "def train", "total.data", "total"),
    ):
        yield Crossing(style, slug, (("train.py", head, old, new),))


def _tape() -> Iterator[Crossing]:
    """Every operation a line on one tape: `tape_reversed`."""
    style, engine = "tape_reversed", "engine.py"
    for slug, head, old, new in (
        ("grad-overwritten", "def backward", "value.grad += ", "value.grad = "),
        ("upstream-missing", "def backward", "slope * out.grad", "slope"),
        ("root-grad-zero", "def backward", "self.grad = 1.0", "pass"),
        ("slope-missing-sub", "def __sub__", "(other, -1.0)", "(other, 1.0)"),
        (
            "own-factor-as-slope",
            "def __mul__",
            "(self, other.data), (other, self.data)",
            "(self, self.data), (other, other.data)",
        ),
        (
            "slope-missing-mul",
            "def __mul__",
            "(self, other.data), (other, self.data)",
            "(self, 1.0), (other, 1.0)",
        ),
        ("denominator-sign-missing", "def __truediv__", "-ratio", "ratio"),
        ("numerator-multiplied", "def __truediv__", "1 / other.data", "other.data"),
        ("exponent-not-lowered", "def __pow__", "(n - 1)", "n"),
        ("slope-missing-neg", "def __neg__", "(self, -1.0)", "(self, 1.0)"),
        ("detached-neg", "def __neg__", ", (self, -1.0)", ""),
        ("tanh-slope-plus", "def tanh", "1 - t**2", "1 + t**2"),
        ("exp-slope-of-input", "def exp", "(self, e)", "(self, self.data)"),
        ("rsub-not-reversed", "def __rsub__", "lift(other) - self", "self - other"),
        ("rtruediv-not-reversed", "def __rtruediv__", "lift(other) / self", "self / other"),
        ("right-operand-unpaid-add", "def __add__", ", (other, 1.0)", ""),
    ):
        yield Crossing(style, slug, ((engine, head, old, new),))


def _walk() -> Iterator[Crossing]:
    """A walk by recursion, and rules that return a list: `comprehension_walk`."""
    style, engine = "comprehension_walk", "engine.py"
    for slug, head, old, new in (
        ("grad-overwritten", "def backward", "n.grad += g", "n.grad = g"),
        ("order-not-reversed", "def backward", "order[::-1]", "order"),
        ("root-grad-negative", "def backward", "self.grad = 1.0", "self.grad = -1.0"),
        ("upstream-missing-mul", "def __mul__", "[g * b, g * a]", "[b, a]"),
        ("slope-missing-sub", "def __sub__", "[g, -g]", "[g, g]"),
        ("both-sides-negative", "def __sub__", "[g, -g]", "[-g, -g]"),
        ("gradient-shared-out", "def __add__", "[g, g]", "[g / 2, g / 2]"),
        ("numerator-left-out", "def __truediv__", "-g * a / (b * b)", "-g / (b * b)"),
        ("every-power-a-square", "def __pow__", "power * x ** (power - 1)", "power * x"),
        ("upstream-missing-tanh", "def tanh", "g * (1 - t * t)", "1 - t * t"),
        ("tanh-slope-of-sigmoid", "def tanh", "1 - t * t", "t * (1 - t)"),
        ("relu-leaks-gradient", "def relu", "g if on else 0.0", "g if on else 0.01 * g"),
        ("detached-exp", "def exp", ", [self], lambda g: [g * e]", ""),
    ):
        yield Crossing(style, slug, ((engine, head, old, new),))


def _table() -> Iterator[Crossing]:
    """Gradients in a dictionary of their own: `gradient_table`."""
    style, engine = "gradient_table", "engine.py"
    for slug, head, old, new in (
        ("grad-overwritten", "def backward", "table[id(source)] += ", "table[id(source)] = "),
        ("upstream-missing", "def backward", "slope * table[key]", "slope"),
        ("order-not-reversed", "def backward", "reversed(order)", "order"),
        (
            "slope-missing-mul",
            "def __mul__",
            "(self, other.data), (other, self.data)",
            "(self, 1), (other, 1)",
        ),
        ("exponent-not-in-front", "def __pow__", "k * self", "self"),
        ("slope-missing-exp", "def exp", "(self, e)", "(self, 1)"),
        ("tanh-not-squared", "def tanh", "1 - t * t", "1 - t"),
        ("slope-missing-relu", "def relu", "1 if self.data > 0 else 0", "1"),
        ("detached-tanh", "def tanh", ", (self, 1 - t * t)", ""),
        ("right-operand-unpaid-mul", "def __mul__", ", (other, self.data)", ""),
        ("e-rounded", "def exp", "math.exp(self.data)", "2.718**self.data"),
    ):
        yield Crossing(style, slug, ((engine, head, old, new),))


CROSSINGS: tuple[Crossing, ...] = (
    *_closures(),
    *_lecture(),
    *_tape(),
    *_walk(),
    *_table(),
)
