"""Hypothesis strategies for jobs, and the script that draws from them.

This file is run on its own, fed to a fresh Python on standard input (see `drawing`), and
so imports nothing of ours. The reason: Hypothesis looks through every module that lies
outside the standard library and site-packages and mixes the constants it finds there into
what it draws. A process in which no such file is loaded draws the same from a checkout as
from an installed wheel, and a learner's source can never change what they are asked.

A strategy draws a *job*: for an expression graph
`("program", leaves, instructions, roots)`, see `grader.programs.Program`; for networks see
`grader.worker.jobs`. It need not care whether the job is well-conditioned: `oracle` does.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

Job = tuple[Any, ...]
Draw = Callable[..., Any]
Instruction = tuple[Any, ...]

BETWEEN_NODES = ("add", "sub", "mul", "div")
WITH_NUMBER = (
    *("add-number", "number-add", "sub-number", "number-sub"),
    *("mul-number", "number-mul", "div-number", "number-div"),
)
ALONE = ("neg", "tanh", "exp", "relu")
OPERATIONS = (*BETWEEN_NODES, *WITH_NUMBER, "pow", *ALONE)

# ── Numbers ───────────────────────────────────────────────────────────────────────────

TENTHS = st.integers(-30, 30).filter(bool).map(lambda tenths: tenths / 10)
"""Numbers that are pleasant to read in a counterexample, and rarely a special case."""

FLOATS = st.floats(-3, 3, allow_nan=False).filter(lambda x: abs(x) > 0.05)

NUMBERS = st.one_of(TENTHS, TENTHS, FLOATS)
"""What leaves hold: mostly tenths, some with all their digits."""

INTS = st.integers(-9, 9).filter(bool)

PLAIN = st.one_of(TENTHS, INTS)
"""What stands beside a Value: `a * 3`, `0.5 - a`."""

EXPONENTS = st.sampled_from([2, 3, 2.0, -1, 0.5, 4, -2, 1.5, -0.5, 1, 3.0])

# ── Graphs ────────────────────────────────────────────────────────────────────────────


class Graph:
    """A program under construction.

    Its shape is drawn evenly, from a generator that Hypothesis seeds: left to itself,
    Hypothesis prefers the first operation in a list and small graphs, which is good for
    shrinking and bad for covering every operation. Numbers are Hypothesis's own.
    """

    def __init__(self, draw: Draw, leaves: Sequence[float]) -> None:
        self._draw = draw
        self.random = draw(st.randoms(use_true_random=True))
        self.leaves = list(leaves)
        self.instructions: list[Instruction] = []

    @property
    def size(self) -> int:
        """Number of nodes so far."""
        return len(self.leaves) + len(self.instructions)

    def append(self, operation: str, a: int, b: int | None = None) -> int:
        """Add one operation on node `a` and return the new node.

        The second operand is node `b` where the operation takes a node (drawn if None),
        and a drawn number where it takes a number.
        """
        if operation in BETWEEN_NODES:
            instruction: Instruction = (operation, a, self.some_node() if b is None else b)
        elif operation == "pow":
            instruction = (operation, a, self._draw(EXPONENTS))
        elif operation in WITH_NUMBER:
            instruction = (operation, a, self._draw(PLAIN))
        else:
            instruction = (operation, a)
        self.instructions.append(instruction)
        return self.size - 1

    def some_node(self) -> int:
        """Draw a node."""
        return int(self.random.randrange(self.size))

    def some_operation(self, among: Sequence[str] = OPERATIONS) -> str:
        """Draw an operation."""
        return str(self.random.choice(among))

    def upstream(self, node: int) -> int:
        """Put one operation above `node` whose slope is not 1."""
        operation = self.some_operation(("mul-number", "number-mul", "div-number", "neg", "pow"))
        return self.append(operation, node)

    def uses(self, *roots: int) -> Counter[int]:
        """Count how often each node is used by nodes that some root needs, roots once more."""
        uses = Counter(roots)
        first = len(self.leaves)
        for i in range(self.size - 1, first - 1, -1):
            if i in uses:
                operation, a, *rest = self.instructions[i - first]
                uses.update([a, *rest] if operation in BETWEEN_NODES else [a])
        return uses

    def has_fan_out(self, root: int) -> bool:
        """Tell whether some node that the root needs is used more than once."""
        return max(self.uses(root).values()) > 1

    def job(self, *roots: int) -> Job:
        """Return the program, without nodes that no root needs."""
        first = len(self.leaves)
        kept = sorted(self.uses(*roots))
        place = {old: new for new, old in enumerate(kept)}
        instructions = []
        for i in kept:
            if i >= first:
                operation, a, *rest = self.instructions[i - first]
                if operation in BETWEEN_NODES:
                    rest = [place[rest[0]]]
                instructions.append((operation, place[a], *rest))
        leaves = [self.leaves[i] for i in kept if i < first]
        return ("program", leaves, instructions, [place[root] for root in roots])


def _leaves(draw: Draw, least: int, most: int, numbers: st.SearchStrategy[float] = NUMBERS) -> Any:
    return draw(st.lists(numbers, min_size=least, max_size=most))


def _operands(operation: str) -> int:
    return 2 if operation in BETWEEN_NODES else 1


@st.composite
def one_operation(draw: Draw, operation: str = "", leaves: str = "numbers") -> Job:
    """Draw a single operation (any one by default), with leaves that are `ints` or not."""
    graph = Graph(draw, _leaves(draw, 2, 2, INTS if leaves == "ints" else NUMBERS))
    operation = operation or graph.some_operation()
    count = _operands(operation)
    return graph.job(graph.append(operation, 0, count - 1))


@st.composite
def with_upstream(draw: Draw, operation: str) -> Job:
    """Draw one operation with something above it, so that its upstream gradient is not 1.

    For arithmetic, forms with a plain number count as the operation too. No leaf is used
    twice: whether gradients add up is another question.
    """
    forms = [operation, operation]
    forms += [form for form in WITH_NUMBER if operation in form.split("-")]
    graph = Graph(draw, _leaves(draw, 3, 3))
    middle = graph.append(graph.some_operation(forms), 0, 1)
    if graph.random.random() < 0.5:
        return graph.job(graph.append("mul", middle, 2))
    return graph.job(graph.upstream(middle))


@st.composite
def reused(draw: Draw, operation: str) -> Job:
    """Draw one operation one of whose operands is used again by the root.

    The root pays first, into an empty gradient, and the operation second: so it is the
    operation, and not the root, that must add to what is there. (And the root is none of
    the operators that learners build from others, which would pay at some other time.)
    """
    graph = Graph(draw, _leaves(draw, 2, 2))
    again = graph.random.choice((0, 1)) if operation in BETWEEN_NODES else 0
    pair = [graph.append(operation, 0, 1), again]
    graph.random.shuffle(pair)
    return graph.job(graph.append(graph.some_operation(("add", "mul")), *pair))


@st.composite
def itself(draw: Draw, operation: str) -> Job:
    """Draw `a ∘ a` with something above it."""
    graph = Graph(draw, _leaves(draw, 1, 1))
    return graph.job(graph.upstream(graph.append(operation, 0, 0)))


@st.composite
def diamond(draw: Draw) -> Job:
    """Draw two paths that start at one node and meet again."""
    graph = Graph(draw, _leaves(draw, 1, 2))
    top = graph.append(graph.some_operation(), 0, graph.some_node())
    left = graph.append(graph.some_operation(), top)
    right = graph.append(graph.some_operation(), top)
    return graph.job(graph.append(graph.some_operation(BETWEEN_NODES), left, right))


@st.composite
def uneven_depths(draw: Draw) -> Job:
    """Draw a node used at the end of a short path and of a long one."""
    graph = Graph(draw, _leaves(draw, 1, 3))
    shared = far = graph.append(graph.some_operation(), 0)
    for _ in range(graph.random.randint(1, 4)):
        far = graph.append(graph.some_operation(), far)
    pair = graph.random.sample([far, shared], 2)
    return graph.job(graph.append(graph.some_operation(BETWEEN_NODES), *pair))


@st.composite
def shared_node(draw: Draw) -> Job:
    """Draw a chain each of whose steps uses the step before it or the shared node again."""
    graph = Graph(draw, _leaves(draw, 1, 2))
    shared = last = graph.append(graph.some_operation(), 0)
    for _ in range(graph.random.randint(2, 4)):
        pair = [last, graph.random.choice((shared, last, 0))]
        graph.random.shuffle(pair)
        last = graph.append(graph.some_operation(BETWEEN_NODES), *pair)
    return graph.job(last)


@st.composite
def graph(draw: Draw, most: str) -> Job:
    """Draw any graph of up to `most` operations, in which some node is used twice."""
    built = Graph(draw, _leaves(draw, 1, 4))
    for _ in range(built.random.randint(2, int(most) - 1)):
        # Mostly go on from a recent node, so that graphs grow deep and not only wide.
        recent = max(0, built.size - built.random.randint(1, 3))
        built.append(built.some_operation(), recent)
    if not built.has_fan_out(built.size - 1):
        # Join the result with the node that its last operation came from.
        built.append(
            built.some_operation(("add", "mul")), built.size - 1, built.instructions[-1][1]
        )
    return built.job(built.size - 1)


@st.composite
def two_graphs(draw: Draw) -> Job:
    """Draw two graphs that share their leaves and nothing else."""
    built = Graph(draw, _leaves(draw, 2, 2))
    roots = []
    for _ in range(2):
        node = built.append(built.some_operation(("add", "mul", "sub")), 0, 1)
        roots.append(built.upstream(node))
    return built.job(*roots)


@st.composite
def leaves(draw: Draw) -> Job:
    """Draw a few Values, ints among them, and no operation."""
    numbers = _leaves(draw, 2, 4) + _leaves(draw, 1, 2, INTS)
    return ("program", numbers, [], [])


@st.composite
def doubling(draw: Draw, times: str) -> Job:
    """Draw a chain that doubles so many times, and adds a leaf here and there."""
    graph = Graph(draw, _leaves(draw, 4, 4))
    steps = [True] * int(times) + [False] * 5
    graph.random.shuffle(steps)
    last = 0
    for doubles in steps:
        last = graph.append("add", last, last if doubles else graph.random.randrange(4))
    return graph.job(last)


@st.composite
def long_chain(draw: Draw, length: str) -> Job:
    """Draw a chain of so many operations with plain numbers; it neither grows nor dies out."""
    random = draw(st.randoms(use_true_random=True))
    steps = [
        ("add-number", i, random.randint(-9, 9) / 10)
        if random.random() < 0.5
        else ("number-mul", i, random.randint(990, 1010) / 1000)
        for i in range(int(length))
    ]
    return ("program", _leaves(draw, 1, 1), steps, [int(length)])


# ── Networks and training ─────────────────────────────────────────────────────────────

WEIGHTS = st.integers(-15, 15).map(lambda tenths: tenths / 10)


def _neuron_weights(draw: Draw, nin: int) -> tuple[list[float], float]:
    return draw(st.lists(WEIGHTS, min_size=nin, max_size=nin)), draw(WEIGHTS)


def _network_weights(draw: Draw, nin: int, nouts: Sequence[int]) -> list[Any]:
    sizes = (nin, *nouts)
    return [
        [_neuron_weights(draw, size) for _ in range(count)]
        for size, count in zip(sizes, nouts, strict=False)
    ]


def _inputs(draw: Draw, nin: int) -> Any:
    return draw(st.lists(TENTHS, min_size=nin, max_size=nin))


@st.composite
def neuron(draw: Draw, bias: str) -> Job:
    """Draw one neuron's weights and inputs, and a bias that is `zero` or `any` but 0."""
    nin = draw(st.integers(1, 4))
    weights, drawn = _neuron_weights(draw, nin)
    number = 0.0 if bias == "zero" else drawn or 0.5
    return ("neuron", weights, number, _inputs(draw, nin))


def _network(draw: Draw, depth: str, outputs: int = 0) -> tuple[int, list[int], list[Any]]:
    """Draw sizes and weights: `1` layer or `more`, so many outputs (any number above 1 for 0).

    A hidden layer has at least two neurons: whether one of a single neuron hands on a
    Value or a list of one is the learner's choice.
    """
    nin = draw(st.integers(1, 3))
    hidden = [
        draw(st.integers(2, 3)) for _ in range(0 if depth == "1" else draw(st.integers(1, 2)))
    ]
    nouts = [*hidden, outputs or draw(st.integers(2, 3))]
    return nin, nouts, _network_weights(draw, nin, nouts)


@st.composite
def forward(draw: Draw, depth: str, outputs: str = "0") -> Job:
    """Draw a small network's sizes, weights and inputs."""
    wanted = int(outputs) or (draw(st.sampled_from((1, 2))) if depth == "more" else 0)
    nin, nouts, weights = _network(draw, depth, wanted)
    return ("forward", nin, nouts, weights, _inputs(draw, nin))


@st.composite
def halved_parameters(draw: Draw) -> Job:
    """Draw a small network's sizes, weights and inputs."""
    nin, nouts, weights = _network(draw, "more")
    return ("halved-parameters", nin, nouts, weights, _inputs(draw, nin))


SIZE = st.integers(1, 6)
"""How many inputs or neurons, where only the form of a network is looked at."""


@st.composite
def network_form(draw: Draw, kind: str) -> Job:
    """Draw the sizes of a network, for a job of that kind that asks no more."""
    return (kind, draw(SIZE), draw(st.lists(SIZE, min_size=1, max_size=3)))


def _parts(draw: Draw) -> tuple[Any, ...]:
    """Draw the kind and the sizes of a neuron, a layer or a network."""
    kind = draw(st.sampled_from(("Neuron", "Layer", "MLP")))
    if kind == "MLP":
        return (kind, draw(SIZE), draw(st.lists(SIZE, min_size=1, max_size=3)))
    return (kind, *(draw(SIZE) for _ in range(1 if kind == "Neuron" else 2)))


@st.composite
def parameter_count(draw: Draw) -> Job:
    """Draw the sizes of a neuron, a layer or a network."""
    return ("parameter-count", *_parts(draw))


@st.composite
def zero_grad(draw: Draw) -> Job:
    """Draw a neuron, a layer or a network, and a number for each of its parameters."""
    kind, nin, *rest = _parts(draw)
    nouts = rest[0] if kind == "MLP" else rest or [1]
    ends = zip((nin, *nouts), nouts, strict=False)
    count = sum((size + 1) * neurons for size, neurons in ends)
    return ("zero-grad", _leaves(draw, count, count), kind, nin, *rest)


@st.composite
def gradients(draw: Draw) -> Job:
    """Draw a network deep enough that hidden outputs are shared, and its inputs."""
    nin = draw(st.integers(1, 2))
    nouts = [draw(st.integers(2, 3)), 2, draw(st.integers(1, 2))]
    return ("gradients", nin, nouts, _network_weights(draw, nin, nouts), _inputs(draw, nin))


def _examples(draw: Draw, nin: int, count: int) -> tuple[list[list[float]], list[float]]:
    xs = [_inputs(draw, nin) for _ in range(count)]
    return xs, draw(st.lists(TENTHS, min_size=count, max_size=count))


@st.composite
def loss(draw: Draw) -> Job:
    """Draw a one-weight model and a few examples, for its loss or the loss's gradient."""
    kind = draw(st.sampled_from(("loss", "loss-gradients")))
    return (kind, ("weight", draw(TENTHS)), *_examples(draw, 1, draw(st.integers(1, 4))))


@st.composite
def one_weight(draw: Draw, steps: str = "1", rate: str = "") -> Job:
    """Draw a one-weight model and one example, for so many steps; by default any rate."""
    drawn = float(rate) if rate else draw(st.sampled_from((0.001, 0.003, 0.01, 0.02, 0.03)))
    return ("training", ("weight", draw(TENTHS)), *_examples(draw, 1, 1), int(steps), drawn)


@st.composite
def training(draw: Draw, steps: str) -> Job:
    """Draw a small network, a few examples, a gentle learning rate and so many steps."""
    nin = draw(st.integers(1, 3))
    nouts = [draw(st.integers(2, 3)), *draw(st.sampled_from(([], [2]))), 1]
    examples = _examples(draw, nin, draw(st.integers(2, 4)))
    count = draw(st.integers(2, 4)) if steps == "few" else int(steps)
    model = ("mlp", nin, nouts, _network_weights(draw, nin, nouts))
    return ("training", model, *examples, count, draw(st.sampled_from((0.01, 0.02))))


STRATEGIES: Mapping[str, Callable[..., st.SearchStrategy[Job]]] = {
    strategy.__name__: strategy
    for strategy in (
        *(one_operation, with_upstream, reused, itself, diamond, uneven_depths),
        *(shared_node, graph, two_graphs, leaves, doubling, long_chain),
        *(neuron, forward, gradients, network_form, parameter_count),
        *(halved_parameters, zero_grad, loss, one_weight, training),
    )
}


def examples(strategy: st.SearchStrategy[Job], count: int, seed_text: str) -> list[Job]:
    """Return `count` examples; the same text gives the same ones."""
    drawn: list[Job] = []

    @seed(int.from_bytes(hashlib.sha256(seed_text.encode()).digest()[:8], "big"))
    @settings(
        max_examples=count,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(job: Job) -> None:
        drawn.append(job)

    collect()
    return drawn


def main(request: str) -> None:
    """Draw as asked and print the jobs as JSON.

    `request` is a JSON list of `[seed text, strategy, arguments, count]`.
    """
    drawn = [
        examples(STRATEGIES[name](**arguments), count, seed_text)
        for seed_text, name, arguments, count in json.loads(request)
    ]
    json.dump(drawn, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
