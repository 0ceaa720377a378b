"""Expression graphs as data, as Python that a learner can paste, and back again."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from grader.worker.operations import OPERATIONS

Instruction = tuple[str, int] | tuple[str, int, float]


class Program(NamedTuple):
    """A straight-line program over Values.

    Nodes are numbered: the leaves first, then one node an instruction. An instruction is
    `(operation, node)`, `(operation, node, node)` or `(operation, node, number)`, by the
    operand that `OPERATIONS` lists. `backward()` is called on each root in turn.
    `observe` names the numbers asked for: see `grader.worker.jobs.program`.
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
    """Name nodes a, b, … z, then v26, v27, …"""
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
    """Write a program as Python statements; `parse` is the way back."""
    names = node_names(program.size)
    lines = [f"{name} = Value({literal(leaf)})" for name, leaf in zip(names, program.leaves)]
    results = names[len(program.leaves) :]
    for name, instruction in zip(results, program.instructions, strict=True):
        lines.append(f"{name} = {expression(instruction, names)}")
    lines += [f"{names[root]}.backward()" for root in program.roots]
    return "\n".join(lines)


def parse(text: str, observe: str) -> Program:
    """Read a program from Python statements, those that `to_python` writes.

    An expression may be nested: its parts become nodes from the inside out. All leaves
    must stand before the first expression.

    Raises: ValueError with the offending statement.
    """
    reader = _Reader()
    for statement in ast.parse(text).body:
        try:
            reader.statement(statement)
        except (KeyError, ValueError) as error:
            raise ValueError(f"not a program: {ast.unparse(statement)!r} ({error})") from error
    return Program(
        tuple(reader.leaves), tuple(reader.instructions), tuple(reader.roots), observe
    )


@dataclass(frozen=True)
class _Spelling:
    """How Python's syntax tree spells the operations, read off `OPERATIONS`."""

    binary: Mapping[tuple[type[ast.operator], str], str]
    methods: frozenset[str]

    @staticmethod
    def of_operations() -> _Spelling:
        binary = {}
        methods = set()
        for name, operation in OPERATIONS.items():
            text = operation.python.format(a="a", b="b" if operation.operand == "node" else "2")
            tree = ast.parse(text, mode="eval").body
            if isinstance(tree, ast.BinOp):
                left = "number" if isinstance(tree.left, ast.Constant) else "node"
                right = "number" if isinstance(tree.right, ast.Constant) else "node"
                binary[type(tree.op), f"{left} {right}"] = name
            elif isinstance(tree, ast.Call):
                methods.add(name)
        return _Spelling(binary, frozenset(methods))


class _Reader:
    def __init__(self) -> None:
        self.names: dict[str, int] = {}
        self.leaves: list[float] = []
        self.instructions: list[Instruction] = []
        self.roots: list[int] = []
        self.spelling = _Spelling.of_operations()

    def statement(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id="Value"))):
                if self.instructions:
                    raise ValueError("a leaf after an expression")
                self.names[name] = len(self.leaves)
                self.leaves.append(_number(statement.value.args[0]))  # type: ignore[attr-defined]
            case ast.Assign(targets=[ast.Name(id=name)], value=tree):
                self.names[name] = self.node(tree)
            case ast.Expr(ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="backward"))):
                self.roots.append(self.names[name])
            case _:
                raise ValueError("neither an assignment nor a call of backward()")

    def node(self, tree: ast.expr) -> int:
        match tree:
            case ast.Name(id=name):
                return self.names[name]
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self._append(("neg", self.node(operand)))
            case ast.Call(func=ast.Attribute(value=operand, attr=method)):
                if method not in self.spelling.methods:
                    raise ValueError(f"no operation .{method}()")
                return self._append((method, self.node(operand)))
            case ast.BinOp(left=left, op=operator, right=right):
                return self._binary(left, operator, right)
        raise ValueError("no such operation")

    def _binary(self, left: ast.expr, operator: ast.operator, right: ast.expr) -> int:
        kinds = " ".join("number" if _is_number(side) else "node" for side in (left, right))
        name = self.spelling.binary[type(operator), kinds]
        if kinds == "number node":
            return self._append((name, self.node(right), _number(left)))
        if kinds == "node number":
            return self._append((name, self.node(left), _number(right)))
        return self._append((name, self.node(left), self.node(right)))

    def _append(self, instruction: Instruction) -> int:
        self.instructions.append(instruction)
        return len(self.leaves) + len(self.instructions) - 1


def _is_number(tree: ast.expr) -> bool:
    try:
        _number(tree)
    except ValueError:
        return False
    return True


def _number(tree: ast.expr) -> float:
    if isinstance(tree, ast.Call) and ast.unparse(tree.func) == "float":
        return float(ast.literal_eval(tree.args[0]))
    number = ast.literal_eval(tree)
    if type(number) not in (int, float):
        raise ValueError(f"{number!r} is not a number")
    return number  # type: ignore[no-any-return]


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
