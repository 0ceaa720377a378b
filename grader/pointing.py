"""Point at the line of a learner's file where a mistake is likely to stand.

The syntax tree is used for this alone: nothing is ever judged by how code is written.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from grader.misconceptions.misconception import Place
from grader.submission import Submission

LONGEST = 200_000
"""Sources of more characters are not read again for this."""

Tree = ast.Module | ast.ClassDef | ast.FunctionDef


class Line(NamedTuple):
    """A line of a submission's file."""

    file: str
    line: int


def point(submission: Submission, role: str, place: Place) -> Line | None:
    """Return the line that a place means in the file of a role; None if nothing is found."""
    module = submission.roles.get(role)
    source = submission.files.get(module or "")
    if source is None or len(source.text) > LONGEST:
        return None
    try:
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(source.text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    for name in place.names:
        found = _defined(tree, name.split("."))
        if found is not None:
            return Line(source.path, _line_in(found, place.statement))
    return None


def _defined(tree: Tree, path: list[str]) -> ast.stmt | None:
    """Return the last definition of a dotted name: a class, a function or an assignment."""
    first, *rest = path
    found: ast.stmt | None = None
    for statement in tree.body:
        if first in _names(statement):
            found = statement
    if found is None or not rest:
        return found
    if isinstance(found, ast.ClassDef | ast.FunctionDef):
        inner = _defined(found, rest)
        if inner is not None:
            return inner
    # Patched on afterwards, as in `Value.exp = exp`.
    dotted = ".".join(path)
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and dotted in map(ast.unparse, statement.targets):
            if isinstance(statement.value, ast.Name):
                return _defined(tree, [statement.value.id]) or statement
            return statement
    return None


def _names(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, ast.ClassDef | ast.FunctionDef):
        yield statement.name
    elif isinstance(statement, ast.Assign):
        yield from (target.id for target in statement.targets if isinstance(target, ast.Name))


def _line_in(definition: ast.stmt, statement: str | None) -> int:
    if statement is not None:
        test = STATEMENTS[statement]
        statements = (node for node in ast.walk(definition) if isinstance(node, ast.stmt))
        lines = [node.lineno for node in statements if node is not definition and test(node)]
        if lines:
            return min(lines)
    return definition.lineno


# ── Statements ────────────────────────────────────────────────────────────────────────────


def _writes(node: ast.AST, attribute: str) -> Iterator[ast.stmt]:
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AugAssign):
        targets = [node.target]
    for target in targets:
        parts = target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
        if any(isinstance(part, ast.Attribute) and part.attr == attribute for part in parts):
            assert isinstance(node, ast.stmt)  # noqa: S101 (assignments are statements)
            yield node


def _sets_grad(node: ast.AST) -> bool:
    return isinstance(node, ast.Assign) and any(_writes(node, "grad"))


def _changes_grad(node: ast.AST) -> bool:
    return any(_writes(node, "grad"))


def _changes_data(node: ast.AST) -> bool:
    return any(_writes(node, "data"))


def _calls(name: str) -> Callable[[ast.AST], bool]:
    def test(node: ast.AST) -> bool:
        if not isinstance(node, ast.Expr | ast.Assign | ast.Return):
            return False
        return any(
            isinstance(part, ast.Call)
            and name in (getattr(part.func, "attr", None), getattr(part.func, "id", None))
            for part in ast.walk(node)
        )

    return test


STATEMENTS: Mapping[str, Callable[[ast.AST], bool]] = {
    "grad =": _sets_grad,
    "grad": _changes_grad,
    "data": _changes_data,
    "return": lambda node: isinstance(node, ast.Return),
    "for": lambda node: isinstance(node, ast.For | ast.While),
    "backward()": _calls("backward"),
    "zero_grad()": _calls("zero_grad"),
    "tanh()": _calls("tanh"),
    "append()": _calls("append"),
}
"""What to look for inside a definition: the first statement that is one."""
