"""Programs written by hand, as Python text, turned into data."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from grader.programs import Instruction, Program
from grader.worker.operations import OPERATIONS


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
    return Program(tuple(reader.leaves), tuple(reader.instructions), tuple(reader.roots), observe)


@dataclass(frozen=True)
class _Spelling:
    """How Python's syntax tree spells the operations, read off `OPERATIONS`."""

    binary: Mapping[tuple[type[ast.operator], str], str]
    methods: frozenset[str]

    @staticmethod
    @cache
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
