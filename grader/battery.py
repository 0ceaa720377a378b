"""The questions by which a mistake is told from all others: fixed, small, and each about little.

One counterexample fits half of all mistakes; these programs together tell them apart. They
go to a submission in one batch, and only when something failed. Each carries *labels*: what
it rests on. A program about one operation alone (`tanh` of `tanh`, two graphs on one leaf)
shows that operation's mistakes whatever else is wrong; the mixed ones show the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from grader.checks.check import Stage
from grader.oracle import answer, rounding_steps
from grader.parsing import parse
from grader.tasks import Job, Task

BASES = ("add", "mul", "pow", "neg", "sub", "div", "exp", "tanh", "relu")
"""The operations; those that others are often made of come first."""

GRAPHS = "graphs"
"""The label of all that rests on the walk back through shared nodes."""

NETWORK = frozenset({"add", "mul", "tanh"})
LOSS = frozenset({"add", "mul", "sub", "pow"})

VALUES: Sequence[Mapping[str, float]] = (
    {"a": 1.5, "b": -0.75, "c": 2.25},
    {"a": -1.25, "b": 0.625, "c": 1.75},
)
"""What the leaves hold. No two products, sums or slopes of them are equal by chance."""


LONG_CHAIN = 130
"""Operations in the longest programs: deeper than a walk that gives up early."""


@dataclass(frozen=True)
class Item:
    """One question, the stage it is about, and what it rests on.

    `labels` are operations, and for networks and training the kinds of jobs.
    """

    task: Task
    stage: Stage
    labels: frozenset[str]


@cache
def engine() -> tuple[Item, ...]:
    """Return the programs about `Value`: each operation alone, then mixed, then structures."""
    return tuple(_item(job, "backward") for job in dict.fromkeys(_engine_jobs()))


@cache
def networks() -> tuple[Item, ...]:
    """Return the jobs about neurons, layers and networks."""
    return tuple(_item(job, "mlp") for job in _network_jobs())


@cache
def training() -> tuple[Item, ...]:
    """Return the jobs about the loss and the loop, on one weight first, then on a network."""
    return tuple(_item(job, "train") for job in _training_jobs())


def base(operation: str) -> str:
    """Return the operation that a form with a plain number belongs to: `mul` of `number-mul`."""
    (name,) = [part for part in operation.split("-") if part != "number"]
    return name


def labels_of(job: Job) -> frozenset[str]:
    """Return what a job rests on: operations and kinds of jobs."""
    kind = job[0]
    if kind == "program":
        return frozenset(base(instruction[0]) for instruction in job[2])
    if kind in ("loss", "loss-gradients", "training"):
        network = job[1][0] == "mlp"
        parts = {"loss-gradients": {"loss"}, "training": {"loss", "loss-gradients"}}.get(kind, ())
        whole = {f"{kind}: {job[6]}"} if kind == "training" else {kind}
        walks = {GRAPHS} if kind != "loss" else set()
        within = {"network", "neuron"} | NETWORK if network else set()
        return LOSS | whole | {*parts} | walks | within
    if kind in ("neuron", "forward", "halved-parameters", "gradients"):
        return NETWORK | {"neuron", kind} | ({GRAPHS} if kind == "gradients" else set())
    return frozenset({kind})


def _item(job: Job, stage: Stage) -> Item:
    return Item(Task(job, answer(job), rounding_steps(job)), stage, labels_of(job))


# ── The engine ────────────────────────────────────────────────────────────────────────────


def _engine_jobs() -> Iterator[Job]:
    for operation in BASES:
        yield from _alone(operation)
    for operation in BASES:
        yield from _mixed(operation)
    yield from _structures()


_SYMBOLS = {"add": "+", "sub": "-", "mul": "*", "div": "/"}

_RESULTS = (
    "d = a {o} b",
    "d = b {o} c",
    "d = a {o} 3",
    "d = c {o} 0.5",
    "d = 3 {o} a",
    "d = 0.5 {o} c",
)
_BINARY_ALONE = (
    # each operand alone, and with something other than 1 arriving
    "d = a {o} b",
    "d = (a {o} b) {o} c",
    "d = c {o} (a {o} b)",
    # with plain numbers
    "d = a {o} 3",
    "d = 3 {o} a",
    "d = (a {o} 3) {o} b",
    "d = b {o} (3 {o} a)",
    "d = 2 {o} (3 {o} a)",
    "d = (a {o} 3) {o} 2",
    # an operand used again, nearer to the result or farther from it
    "d = a {o} b; e = d {o} a",
    "d = a {o} b; e = a {o} d",
    "d = a {o} b; e = d {o} b",
    "d = a {o} b; e = b {o} d",
    "d = a {o} 3; e = d {o} a",
    "d = 3 {o} a; e = a {o} d",
    # the same Value on both sides
    "d = a {o} a",
    "d = a {o} a; e = d {o} b",
    "d = a {o} a; e = d {o} a",
    "d = a {o} b; e = d {o} d; f = e {o} c",
    # paths that meet again
    "d = a {o} b; e = b {o} c; f = d {o} e",
    "d = a {o} 3; e = a {o} 2; f = d {o} e",
    "d = a {o} b; e = d {o} a; f = e {o} d",
)
_UNARY = {
    "neg": ("-{x}",),
    "exp": ("{x}.exp()",),
    "tanh": ("{x}.tanh()",),
    "relu": ("{x}.relu()",),
    "pow": ("{x} ** 2", "{x} ** 3", "{x} ** -1", "{x} ** 0.5", "{x} ** 1", "{x} ** 1.5"),
}
_POINTS = {"exp": (0.375, -0.75), "pow": (1.5, 2.25), "tanh": (0.375, -0.75, 1.25)}


def _alone(operation: str) -> Iterator[Job]:
    """Yield programs of one operation only."""
    if operation in _SYMBOLS:
        o = _SYMBOLS[operation]
        for values in VALUES:
            yield from (_program(t.format(o=o), values, "results") for t in _RESULTS)
            yield _program(f"d = a {o} b", values, "operands")
            yield _program(f"d = a {o} b; e = a {o} c", values, roots="de")
        for i, text in enumerate(_BINARY_ALONE):
            yield _program(text.format(o=o), VALUES[i % 2])
        yield _program(f"d = a {o} b", {"a": 7, "b": 2}, "results")
        yield _program(f"d = a {o} 2; e = 2 {o} a", {"a": 7}, "results")
        return
    for point in _POINTS.get(operation, (1.5, -0.75)):
        values = {"a": point}
        for form in _UNARY[operation]:
            once, twice = form.format(x="a"), form.format(x="d")
            yield _program(f"d = {once}", values, "results")
            yield _program(f"d = {once}", values, "operands")
            yield _program(f"d = {once}", values)
            yield _program(f"d = {once}; e = {once}", values, roots="de")
            if "1.5" not in form and (operation != "relu" or point > 0):
                yield _program(f"d = {once}; e = {twice}", values)
    if operation == "pow":
        yield _program("d = a ** 3", {"a": -1.5})
        yield _program("d = a ** 2", {"a": -1.5}, "results")


_UPSTREAM = ("d * 3", "d * c", "d ** 2", "d.tanh()", "d + c", "d - c", "d / 4", "-d", "2 - d")
_AGAIN = ("d + a", "a + d", "d * a", "d - a", "a - d", "d / a")


def _mixed(operation: str) -> Iterator[Job]:
    """Yield programs of an operation and another one that uses its result or its operands."""
    if operation in _SYMBOLS:
        forms = [f"a {_SYMBOLS[operation]} b", f"3 {_SYMBOLS[operation]} a"]
    else:
        forms = [_UNARY[operation][0].format(x="a")]
    values = {"a": 0.875, "b": -0.625, "c": 1.75}
    for form in forms:
        yield from (_program(f"d = {form}; e = {upper}", values) for upper in _UPSTREAM)
        yield from (_program(f"d = {form}; e = {again}", values) for again in _AGAIN)
    form = forms[0]
    yield _program(f"d = {form}; e = d * d", values)
    yield _program(f"d = {form}; e = d * 2; f = e + d", values)


def _structures() -> Iterator[Job]:
    """Yield graphs in which it matters when a node hands on, and how often."""
    for text in (
        "d = a * 3; e = a + 1; f = d * e",
        "d = a * b; e = a + b; f = d * e",
        "d = a + a; e = d + a; f = e * d",
        "d = a + b; e = d * d; f = e + d; g = f * e",
        "d = a * b; e = d + 1; f = e * 2; g = f + d",
        "d = a * b; e = d * 2; f = e + 1; g = d * f; h = g + e",
        "d = a + 1; e = d * 2; f = d * e; g = f + d",
        "d = a * 2; e = d * d; f = e * d; g = f + d",
        "d = a + a; e = d + d; f = e + e; g = f + f",
        "d = a * a; e = d * d; f = e * e",
        "d = a * b; e = d.tanh(); f = e * d; g = f + e",
        "d = a.tanh(); e = a * d; f = e.tanh(); g = f * d",
        "d = a - b; e = d * a; f = e - d; g = f * e",
        "d = a * b; e = -d; f = e * d; g = f - e",
        "d = a + b; e = d ** 2; f = e + d; g = f * e",
        "d = a * b; e = d.relu(); f = d + e; g = f * d",
        "d = c / b; e = d * c; f = e + d; g = f / c",
        "d = a * b; e = d + c; f = e.tanh(); g = f * b; h = g + d",
        "d = a + 1; e = d + 1; f = e + 1; g = f + 1; h = g + d; i = h * f",
    ):
        yield _program(text, VALUES[0])
        yield _program(text, {"a": 0.375, "b": 1.25, "c": -0.875})
    yield _program("d = a * b; e = a + b", VALUES[0], roots="de")
    yield _chain("add", 1.0)
    yield _chain("mul", 1.0078125)
    yield _program("d = a * b; e = d.tanh(); f = a * c; g = f + c", VALUES[1], roots="eg")
    yield ("program", (2, -3.5, 0.0), (), (), "operands")
    yield ("program", (2, -3.5, 0.0), (), (), "gradients")


def _chain(operation: str, number: float) -> Job:
    """Make a job that walks back through more operations than a walk by hand would."""
    steps = ((f"{operation}-number", i, number) for i in range(LONG_CHAIN))
    return ("program", (1.5,), tuple(steps), (LONG_CHAIN,), "gradients")


def _program(
    text: str, values: Mapping[str, float], observe: str = "gradients", roots: str = ""
) -> Job:
    """Make a job of a program over the leaves a, b, c; `backward()` starts at the last node."""
    leaves = sorted(set(re.findall(r"\b[abc]\b", text)))
    lines = [*(f"{leaf} = Value({values[leaf]!r})" for leaf in leaves), text]
    if observe == "gradients":
        last = text.rpartition(";")[2].split("=")[0].strip()
        lines += [f"{root}.backward()" for root in roots or last]
    return ("program", *parse("; ".join(lines), observe))


# ── Networks and training ─────────────────────────────────────────────────────────────────

_LAYER = ((((0.5, -1.0), 0.125), ((1.5, 0.25), -0.25), ((-0.75, 0.625), 0.5)),)
_TWO_LAYERS = ((((0.5, -1.0), 0.125), ((1.5, 0.25), -0.25)), (((1.0, -0.5), 0.375),))
_THREE_LAYERS = (
    (((0.5, -1.0), 0.125), ((1.5, 0.25), -0.25)),
    (((1.0, -0.5), 0.375), ((-0.75, 0.5), 0.25)),
    (((0.25, 1.75), -0.375), ((0.5, -1.25), 0.625)),
)


def _network_jobs() -> Iterator[Job]:
    for bias in (0.0, 0.5, -1.25):
        yield ("neuron", (0.5,), bias, (1.5,))
        yield ("neuron", (0.5, -1.0, 2.0), bias, (1.0, 0.75, 0.25))
        yield ("neuron", (0.25, 0.75), bias, (-0.5, 1.5))
    for sizes in ((3, (4, 4, 1)), (2, (3, 2)), (1, (1,)), (4, (2, 5, 3))):
        yield ("sizes", *sizes)
        yield ("parameter-count", "MLP", *sizes)
        yield ("parameters-once", *sizes)
        yield ("starting-weights", *sizes)
        yield ("zero-grad", _distinct(_size(*sizes)), "MLP", *sizes)
    for nin in (1, 3):
        yield ("parameter-count", "Neuron", nin)
        yield ("zero-grad", _distinct(nin + 1), "Neuron", nin)
        yield ("parameter-count", "Layer", nin, 2)
        yield ("zero-grad", _distinct(2 * (nin + 1)), "Layer", nin, 2)
    for nouts, weights in (((3,), _LAYER), ((2, 1), _TWO_LAYERS), ((2, 2, 2), _THREE_LAYERS)):
        for x in ((1.5, -0.5), (-0.75, 1.25)):
            yield ("forward", 2, nouts, weights, x, "floats")
            yield ("forward", 2, nouts, weights, x, "values")
            yield ("halved-parameters", 2, nouts, weights, x)
            yield ("gradients", 2, nouts, weights, x)


def _size(nin: int, nouts: Sequence[int]) -> int:
    return sum((before + 1) * after for before, after in pairwise((nin, *nouts)))


def _distinct(count: int) -> tuple[float, ...]:
    return tuple(0.25 * (i + 1) * (-1) ** i for i in range(count))


_EXAMPLES = (
    (((3.0,),), (3.0,)),
    (((1.5,), (-0.75,), (0.5,)), (1.0, -2.0, 0.25)),
    (((0.5,), (2.0,)), (-1.5, 1.0)),
)
_VECTORS = (((1.0, 1.5), (-1.0, 0.5), (0.5, -1.25)), (0.75, -1.0, 0.5))


def _training_jobs() -> Iterator[Job]:
    network = ("mlp", 2, (2, 1), _TWO_LAYERS)
    for xs, ys in _EXAMPLES:
        for kind in ("loss", "loss-gradients"):
            yield (kind, ("weight", 1.25), xs, ys)
    yield ("loss", network, *_VECTORS)
    yield ("loss-gradients", network, *_VECTORS)
    for observe in ("parameters", "losses"):
        for xs, ys in _EXAMPLES:
            for steps, rate in ((0, 0.05), (1, 0.05), (1, 0.125), (2, 0.05), (3, 0.03125)):
                yield ("training", ("weight", 1.25), xs, ys, steps, rate, observe)
        for steps in (1, 2, 3):
            yield ("training", network, *_VECTORS, steps, 0.05, observe)
    yield ("training", ("weight", 1.25), *_EXAMPLES[1], 2, 0.05, "examples")
    yield ("training", network, *_VECTORS, 2, 0.05, "examples")
