"""Expression graphs as data, and as Python that a learner can paste."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from grader.worker.operations import OPERATIONS

Instruction = tuple[str, int] | tuple[str, int, float]


class Program(NamedTuple):
    """A straight-line program over Values.

    Nodes are numbered: the leaves first, then one node an instruction. An instruction is
    `(operation, node)`, `(operation, node, node)` or `(operation, node, number)`, by the
    operand that `OPERATIONS` lists. `backward()` is called on each root in turn.
    `observe` names the numbers asked for: see `grader.worker.engine_jobs.program`.
    """

    leaves: tuple[float, ...]
    instructions: tuple[Instruction, ...]
    roots: tuple[int, ...]
    observe: str

    @property
    def size(self) -> int:
        """Number of nodes."""
        return len(self.leaves) + len(self.instructions)

    @property
    def observed(self) -> int:
        """How many numbers a run returns."""
        return {
            "results": len(self.instructions),
            "operands": len(self.leaves),
            "gradients": len(self.leaves),
            "nodes": 2 * self.size,
        }[self.observe]


def operands(instruction: Instruction) -> tuple[int, ...]:
    """Return the nodes that an instruction reads."""
    if OPERATIONS[instruction[0]].operand == "node":
        return (instruction[1], int(instruction[2]))  # type: ignore[misc]
    return (instruction[1],)


def node_names(count: int) -> list[str]:
    """Name nodes a, b, … z, then v26, v27 and so on."""
    return [chr(ord("a") + i) if i < 26 else f"v{i}" for i in range(count)]


def expression(instruction: Instruction, names: Sequence[str]) -> str:
    """Write one instruction as Python, its operands by name."""
    operation = OPERATIONS[instruction[0]]
    a, b = names[instruction[1]], ""
    if operation.operand == "node":
        b = names[int(instruction[2])]  # type: ignore[misc]
    elif operation.operand == "number":
        b = literal(instruction[2])  # type: ignore[misc]
        # A negative number binds less tightly than `**`: `-2 ** a` would be `-(2 ** a)`.
        if b.startswith("-"):
            b = f"({b})"
    return operation.python.format(a=a, b=b)


def literal(number: float) -> str:
    """Write a number so that Python reads the same float back."""
    text = repr(number)
    return f'float("{text}")' if text in ("inf", "-inf", "nan") else text


def to_python(program: Program) -> str:
    """Write a program as Python statements; `grader.parsing` is the way back."""
    names = node_names(program.size)
    lines = [
        f"{name} = Value({literal(leaf)})"
        for name, leaf in zip(names, program.leaves, strict=False)
    ]
    results = names[len(program.leaves) :]
    for name, instruction in zip(results, program.instructions, strict=True):
        lines.append(f"{name} = {expression(instruction, names)}")
    lines += [f"{names[root]}.backward()" for root in program.roots]
    return "\n".join(lines)


def used_nodes(program: Program, root: int) -> Iterator[int]:
    """Yield `root` and every node that it was computed from, each once."""
    seen = {root}
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        if node >= len(program.leaves):
            new = set(operands(program.instructions[node - len(program.leaves)])) - seen
            seen |= new
            stack += new
