"""Point at the line of a learner's file where a mistake is likely to stand.

The syntax tree is used for this alone: nothing is ever judged by how code is written.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from grader.misconceptions.misconception import Place
from grader.submission import Submission
from grader.syntax import SYNTAX_ERRORS, parsed

LONGEST = 200_000
"""Sources of more characters are not read again for this."""

Tree = ast.Module | ast.ClassDef | ast.FunctionDef


class Line(NamedTuple):
    """A line of a submission's file, or of a notebook's cell."""

    file: str
    line: int


def point(submission: Submission, role: str, place: Place) -> Line | None:
    """Return the line that a place means in the file of a role; None if nothing is found."""
    module = submission.roles.get(role)
    source = submission.files.get(module or "")
    if source is None or len(source.text) > LONGEST:
        return None
    try:
        tree = parsed(source.text)
    except SYNTAX_ERRORS:
        return None
    for name in place.names:
        found = _defined(tree, name.split("."))
        if found is not None:
            return Line(*source.place(_line_in(found, place.statement)))
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
        if isinstance(statement, ast.Assign) and dotted in map(_dotted, statement.targets):
            if isinstance(statement.value, ast.Name):
                return _defined(tree, [statement.value.id]) or statement
            return statement
    return None


def _dotted(target: ast.expr) -> str:
    # (`ast.unparse` would end in a RecursionError for `x.a.a.a…`, a thousand of them.)
    names = []
    while isinstance(target, ast.Attribute):
        names.append(target.attr)
        target = target.value
    return ".".join([target.id if isinstance(target, ast.Name) else "?", *reversed(names)])


def _names(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, ast.ClassDef | ast.FunctionDef):
        yield statement.name
    elif isinstance(statement, ast.Assign):
        yield from (target.id for target in statement.targets if isinstance(target, ast.Name))


def _line_in(definition: ast.stmt, statement: str | None) -> int:
    statements = [
        node
        for node in ast.walk(definition)
        if isinstance(node, ast.stmt) and node is not definition
    ]
    for test in STATEMENTS[statement] if statement else ():
        if lines := [node.lineno for node in statements if test(node)]:
            return min(lines)
    return definition.lineno


# ── Statements ────────────────────────────────────────────────────────────────────────────


Test = Callable[[ast.stmt], bool]


def _targets(statement: ast.stmt) -> list[ast.expr]:
    if isinstance(statement, ast.AugAssign):
        return [statement.target]
    whole = statement.targets if isinstance(statement, ast.Assign) else []
    parts = [t.elts if isinstance(t, ast.Tuple | ast.List) else [t] for t in whole]
    return [target for group in parts for target in group]


def _writes(attribute: str) -> Test:
    return lambda statement: any(
        isinstance(target, ast.Attribute) and target.attr == attribute
        for target in _targets(statement)
    )


def _sets(attribute: str) -> Test:
    writes = _writes(attribute)
    return lambda statement: isinstance(statement, ast.Assign) and writes(statement)


def _calls(method: str) -> Test:
    """Return a test for a statement, not a whole block, that calls a method."""
    return lambda statement: (
        isinstance(statement, ast.Expr | ast.Assign | ast.Return)
        and any(
            isinstance(part, ast.Call)
            and isinstance(part.func, ast.Attribute)
            and part.func.attr == method
            for part in ast.walk(statement)
        )
    )


STATEMENTS: Mapping[str, tuple[Test, ...]] = {
    "grad =": (_sets("grad"), _writes("grad")),
    "grad": (_writes("grad"),),
    "data -=": (_writes("data"),),
    "for": (lambda statement: isinstance(statement, ast.For | ast.While),),
    "return": (lambda statement: isinstance(statement, ast.Return),),
    "append()": (_calls("append"),),
    "backward()": (_calls("backward"),),
    "tanh()": (_calls("tanh"),),
}
"""What to look for inside a definition: the first statement that passes a test.

Where none does, the next test is tried, and in the end the definition itself is the place.
"""
