"""Expression graphs, computed with the learner's `Value`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .answers import Submission, defined, number, number_or_nan, value_number
from .operations import OPERATIONS

Instruction = tuple[Any, ...]  # (operation, node) or (operation, node, node or number)


def program(
    submission: Submission,
    leaves: Sequence[float],
    instructions: Sequence[Instruction],
    roots: Sequence[int],
    observe: str,
) -> list[float]:
    """Run an expression graph, call `backward()` on each root, and observe.

    Nodes are numbered: first the leaves, then the results of the instructions. `observe`:
    `results` are the numbers of all instructions, `operands` those of the leaves,
    `gradients` the leaves' gradients, `nodes` the numbers of all nodes and then all
    gradients, where a gradient that is no number counts as NaN (only leaves are judged).
    """
    value_class = defined(submission, "engine", "Value")
    nodes = [value_class(leaf) for leaf in leaves]
    for instruction in instructions:
        nodes.append(execute(instruction, nodes))
    first = len(leaves)
    if observe == "results":
        return [data_of(nodes[i], i, first, instructions) for i in range(first, len(nodes))]
    for root in roots:
        nodes[root].backward()
    if observe == "operands":
        return [data_of(nodes[i], i, first, instructions) for i in range(first)]
    if observe == "gradients":
        return [number(leaf.grad, "a leaf's `.grad`") for leaf in nodes[:first]]
    numbers = [data_of(node, i, first, instructions) for i, node in enumerate(nodes)]
    return numbers + [number_or_nan(getattr(node, "grad", None)) for node in nodes]


def execute(instruction: Instruction, nodes: Sequence[Any]) -> Any:
    """Compute one instruction's node with the learner's operators."""
    operation = OPERATIONS[instruction[0]]
    if operation.operand is None:
        return operation.apply(nodes[instruction[1]])
    operand = instruction[2]
    return operation.apply(
        nodes[instruction[1]], nodes[operand] if operation.operand == "node" else operand
    )


def data_of(node: Any, index: int, first: int, instructions: Sequence[Instruction]) -> float:
    """Return a node's number; `index` and `first` name the node in an error."""
    if index < first:
        what = "`Value(number)`"
    else:
        name, *operands = instructions[index - first]
        operation = OPERATIONS[name]
        b = operands[1] if operation.operand == "number" else "b"
        what = f"`{operation.python.format(a='a', b=b)}`"
    return value_number(node, what)
