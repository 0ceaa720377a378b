"""Random programs and plain networks that any kind of number can run.

A program is data: leaf numbers, then one operation a step. The same program runs with
`Value`, `float`, `mpmath.mpf` or a torch tensor, because `+ - * / **` come from the number
itself and `exp`, `tanh` and `relu` are passed in. The one derivative written here is the
central difference: it asks for results and knows no rule of differentiation.
"""

import math
import operator
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

Functions = dict[str, Callable[[Any], Any]]

BINARY = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}
FLOAT: Functions = {"exp": math.exp, "tanh": math.tanh, "relu": lambda x: max(x, 0.0)}
EXPONENTS = (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0)


@dataclass(frozen=True)
class Step:
    """One operation; an `int` operand is the index of an earlier node, a `float` a number."""

    op: str
    operands: tuple[int | float, ...]

    @property
    def shape(self) -> str:
        """Name the operation and what stands on either side, as in `number - node`."""
        sides = ["node" if isinstance(operand, int) else "number" for operand in self.operands]
        if len(sides) == 1:
            return f"{self.op} node"
        same = self.operands[0] == self.operands[1] and sides == ["node", "node"]
        return f"{sides[0]} {self.op} {'itself' if same else sides[1]}"


@dataclass(frozen=True)
class Program:
    """A straight-line expression: the nodes are the leaves, then the results of the steps."""

    leaves: tuple[float, ...]
    steps: tuple[Step, ...]

    def __len__(self) -> int:
        return len(self.leaves) + len(self.steps)

    def __str__(self) -> str:
        lines = [f"n{index} = Value({leaf})" for index, leaf in enumerate(self.leaves)]
        for index, step in enumerate(self.steps, start=len(lines)):
            words = [f"n{x}" if isinstance(x, int) else f"({x})" for x in step.operands]
            expression = f" {step.op} ".join(words) if words[1:] else f"{step.op} {words[0]}"
            lines.append(f"n{index} = {expression}")
        return "\n".join(lines)


def apply(op: str, operands: Sequence[Any], functions: Functions) -> Any:
    """Apply one operation to operands of whatever kind."""
    if op in BINARY:
        return BINARY[op](*operands)
    if op == "**":
        return operands[0] ** operands[1]
    return -operands[0] if op == "neg" else functions[op](operands[0])


def run(
    program: Program,
    leaves: Iterable[Any],
    functions: Functions,
    nudge: tuple[int, Any] | None = None,
) -> list[Any]:
    """Return every node of `program`; `nudge` adds an amount to one node on the way.

    The nudge is what turns a result into a derivative: how much does the last node move
    when node number `nudge[0]`, leaf or not, is moved a little and the rest follows?
    """
    moved, amount = nudge or (-1, None)
    nodes: list[Any] = []
    for leaf in leaves:
        nodes.append(leaf + amount if len(nodes) == moved else leaf)
    for step in program.steps:
        operands = [nodes[x] if isinstance(x, int) else x for x in step.operands]
        result = apply(step.op, operands, functions)
        nodes.append(result + amount if len(nodes) == moved else result)
    return nodes


def draw_program(seed: int) -> Program:
    """Draw a well-conditioned program; every node of it leads to the last one."""
    rng = random.Random(seed)
    leaves = tuple(round(rng.uniform(-3, 3), 3) for _ in range(rng.randint(1, 4)))
    nodes, steps, unused = list(leaves), [], set(range(len(leaves)))

    def append(step: Step, result: float) -> None:
        unused.difference_update(x for x in step.operands if isinstance(x, int))
        unused.add(len(nodes))
        nodes.append(result)
        steps.append(step)

    length = rng.randint(3, 12)
    while len(steps) < length:
        step = _draw_step(rng, len(nodes))
        operands = [nodes[x] if isinstance(x, int) else x for x in step.operands]
        if _well_conditioned(step.op, operands):
            result = apply(step.op, operands, FLOAT)
            if abs(result) <= 8:
                append(step, result)
    while len(unused) > 1:
        left, right = sorted(unused)[:2]
        append(Step("+", (left, right)), nodes[left] + nodes[right])
    return Program(leaves, tuple(steps))


def _draw_step(rng: random.Random, n_nodes: int) -> Step:
    op = rng.choice(["+", "-", "*", "/", "**", "neg", "exp", "tanh", "relu"])
    node = rng.randrange(n_nodes)
    if op == "**":
        return Step(op, (node, rng.choice(EXPONENTS)))
    if op not in BINARY:
        return Step(op, (node,))
    number = round(rng.uniform(-3, 3), 3)
    other = rng.choice([rng.randrange(n_nodes), rng.randrange(n_nodes), node, number])
    return Step(op, rng.choice([(node, other), (other, node)]))


def _well_conditioned(op: str, operands: Sequence[float]) -> bool:
    """Tell whether a rounding error going in comes out about as small."""
    first = operands[0]
    match op:
        case "/":
            return abs(operands[1]) >= 0.5
        case "**":
            return abs(first) >= 0.5 and (first > 0 or operands[1].is_integer())
        case "relu":
            return abs(first) >= 0.05
        case "exp":
            return abs(first) <= 2
    return True


def central_difference(function: Callable[[float], float], h: float = 1e-5) -> float:
    """Return the slope of `function` at 0, with an error in the order of h²."""
    return (function(h) - function(-h)) / (2 * h)


# ── Networks ──────────────────────────────────────────────────────────────────────────
# Their parameters are one flat list: layer by layer, neuron by neuron, weights then bias.


def n_parameters(nin: int, nouts: Sequence[int]) -> int:
    """Count the weights and biases."""
    return sum((n_in + 1) * n_out for n_in, n_out in pairwise([nin, *nouts]))


def draw_parameters(seed: int, nin: int, nouts: Sequence[int]) -> list[float]:
    """Draw every weight and bias from (−1, 1)."""
    rng = random.Random(seed)
    return [rng.uniform(-1, 1) for _ in range(n_parameters(nin, nouts))]


def draw_data(seed: int, nin: int, n_samples: int) -> tuple[list[list[float]], list[float]]:
    """Draw inputs and targets."""
    rng = random.Random(seed + 1000)
    xs = [[rng.uniform(-2, 2) for _ in range(nin)] for _ in range(n_samples)]
    return xs, [rng.uniform(-1, 1) for _ in range(n_samples)]


def plain_forward(
    parameters: Iterable[Any], nouts: Sequence[int], x: Sequence[Any], tanh: Callable[[Any], Any]
) -> list[Any]:
    """Return a network's outputs for `x`, without any object of the engine."""
    flat = iter(parameters)
    for nout in nouts:
        outputs = []
        for _ in range(nout):
            weighted = [next(flat) * value for value in x]
            outputs.append(tanh(sum(weighted) + next(flat)))
        x = outputs
    return list(x)


def plain_loss(
    parameters: Sequence[Any],
    nouts: Sequence[int],
    xs: Sequence[Sequence[float]],
    ys: Sequence[float],
    tanh: Callable[[Any], Any],
) -> Any:
    """Return the summed squared error of a one-output network, without the engine."""
    errors = [plain_forward(parameters, nouts, x, tanh)[0] - y for x, y in zip(xs, ys, strict=True)]
    return sum(error * error for error in errors)


def values_of(model: Any) -> list[Any]:
    """Return the Values of an MLP in the flat order, found without `parameters()`."""
    neurons = [neuron for layer in model.layers for neuron in layer.neurons]
    return [value for neuron in neurons for value in (*neuron.w, neuron.b)]


def set_parameters(model: Any, parameters: Sequence[float]) -> None:
    """Write a flat list into the weights and biases of an MLP."""
    for value, number in zip(values_of(model), parameters, strict=True):
        value.data = number
