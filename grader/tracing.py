"""A failing program, node by node: the whole graph, and where the numbers first part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from grader.programs import Program, expression, literal, node_names, operands, used_nodes
from grader.report import FirstDifference, GraphLine, Pair
from grader.session import Session
from grader.shrinking import Suspect
from grader.tasks import Task
from grader.tolerance import close
from grader.worker.wire import Failure

LARGEST = 90
"""Programs of more nodes are not traced."""


@dataclass(frozen=True)
class Trace:
    """What a second, closer look at a program found; nothing where it found nothing."""

    first_difference: FirstDifference | None = None
    graph: Sequence[GraphLine] = ()


def trace(session: Session, suspect: Suspect) -> Trace:
    """Run the program once more, observe every node, and find where it goes wrong first."""
    from grader.oracle import answer as reference  # only for failures

    program = suspect.task.program
    if program is None or program.size > LARGEST:
        return Trace()
    whole = program._replace(observe="nodes")
    request = suspect.request(Task(("program", *whole), (0.0,) * (2 * program.size), 0))
    (answer,) = session.run([request])
    if isinstance(answer, Failure):
        return Trace()
    expected = reference(("program", *whole))
    steps = suspect.task.rounding_steps
    for start in range(0, len(answer), len(expected)):
        run = answer[start : start + len(expected)]
        found = _parting(program, expected, run, steps)
        if found is not None:
            return Trace(found, _marked(graph(program, expected, run), found))
    return Trace()


def _parting(
    program: Program, expected: Sequence[float], actual: Sequence[float], steps: int
) -> FirstDifference | None:
    size, names = program.size, node_names(program.size)

    def difference(i: int, quantity: Literal["data", "grad"]) -> FirstDifference | None:
        at = i if quantity == "data" else size + i
        if close(actual[at], expected[at], steps):
            return None
        text = names[i]
        if i >= len(program.leaves):
            text = expression(program.instructions[i - len(program.leaves)], names)
        uses = [
            f"{names[len(program.leaves) + j]} = {expression(instruction, names)}"
            for j, instruction in enumerate(program.instructions)
            if quantity == "grad" and i in operands(instruction)
        ]
        return FirstDifference(names[i], text, quantity, expected[at], actual[at], uses)

    for i in range(size):
        if (found := difference(i, "data")) is not None:
            return found
    reached = set().union(*(used_nodes(program, root) for root in program.roots))
    # An engine may keep no gradients but the leaves': then only leaves can be compared.
    keeps_all = any(actual[size + i] for i in range(len(program.leaves), size))
    for i in sorted(reached, reverse=True):
        if (i < len(program.leaves) or keeps_all) and (found := difference(i, "grad")):
            return found
    return None


# ── The graph as a tree ───────────────────────────────────────────────────────────────


def graph(
    program: Program, expected: Sequence[float], actual: Sequence[float]
) -> Sequence[GraphLine]:
    """Draw the graph as an indented tree, each result above what it was computed from.

    `expected` and `actual` are the numbers of all nodes, then their gradients. A node that
    is used twice has its operands below its first line only.
    """
    used = {i for instruction in program.instructions for i in operands(instruction)}
    tops = [i for i in range(program.size) if i not in used]
    shown: set[int] = set()
    return [
        line
        for top in sorted(tops, key=lambda i: i not in program.roots)
        for line in _lines(program, top, 0, shown, (expected, actual))
    ]


def _lines(
    program: Program,
    node: int,
    indent: int,
    shown: set[int],
    numbers: tuple[Sequence[float], Sequence[float]],
) -> Iterator[GraphLine]:
    expected, actual = numbers
    names, first = node_names(program.size), len(program.leaves)
    below: tuple[int, ...] = ()
    text = f"Value({literal(program.leaves[node])})" if node < first else ""
    if node >= first:
        instruction = program.instructions[node - first]
        below, text = operands(instruction), expression(instruction, names)
    grad = program.size + node
    yield GraphLine(
        indent=indent,
        node=names[node],
        expression=text,
        data=Pair(expected[node], actual[node]),
        grad=Pair(expected[grad], actual[grad]) if program.roots else None,
        repeated=node in shown,
    )
    if node not in shown:
        shown.add(node)
        for operand in below:
            yield from _lines(program, operand, indent + 1, shown, numbers)


def _marked(lines: Sequence[GraphLine], parting: FirstDifference) -> Sequence[GraphLine]:
    """Mark the first line of the node at which the numbers first part."""
    return [
        replace(line, first_wrong=parting.quantity)
        if line.node == parting.node and not line.repeated
        else line
        for line in lines
    ]
