"""Which submissions are one and the same under other names.

Functions are compared as syntax trees in which every name is only a number, in the order in
which names appear; comments, layout, docstrings, annotations, and the order of functions do
not count. Equal prints are worth a look by a person. They prove nothing: two who follow one
lecture closely may well write the same.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from grader.submission import Submission
from grader.syntax import SYNTAX_ERRORS, parsed

LONGEST = 100_000
"""A longer source is not looked at."""

LEAST_UNIT = 12
"""A function of fewer nodes is written alike by everybody."""

LEAST_PRINT = 200
"""So many nodes must be a learner's own before a likeness means anything."""

_DROPPED = {"annotation", "returns", "type_comment", "ctx", "lineno", "end_lineno", "kind"}
_NAMED = {"id", "arg", "attr", "name", "asname", "module", "rest"}


@dataclass(frozen=True)
class Print:
    """A digest of everything that is a learner's own, and how many nodes that is."""

    digest: str
    size: int


def print_of(submission: Submission, template: Collection[str] = ()) -> Print | None:
    """Return the print of the graded files; None where too little is the learner's own.

    `template` has the units of what everybody was given, as `units` names them.
    """
    own: list[str] = []
    size = 0
    for module in sorted(set(submission.roles.values())):
        for digest, nodes in units(submission.files[module].text):
            if digest not in template:
                own.append(digest)
                size += nodes
    if size < LEAST_PRINT:
        return None
    return Print(hashlib.sha256("".join(sorted(own)).encode()).hexdigest(), size)


def units(text: str) -> list[tuple[str, int]]:
    """Return a digest and the number of nodes of each function, nested ones within theirs."""
    if len(text) > LONGEST:
        return []
    try:
        tree = parsed(text)
        found = [_written(function) for function in _functions(tree.body)]
    except SYNTAX_ERRORS:
        return []
    return [
        (hashlib.sha256("\0".join(words).encode("utf-8", "surrogatepass")).hexdigest(), nodes)
        for words, nodes in found
        if nodes >= LEAST_UNIT
    ]


def _functions(body: Iterable[ast.stmt]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node.body)


def _written(function: ast.AST) -> tuple[list[str], int]:
    """Write a tree as words without names; also count its nodes."""
    numbers: dict[str, int] = {}
    words: list[str] = []
    nodes = 0
    waiting: list[object] = [function]
    while waiting:
        part = waiting.pop()
        if isinstance(part, ast.AST):
            nodes += 1
            words.append(type(part).__name__)
            waiting += [
                _nameless(name, getattr(part, name, None), numbers)
                for name in reversed(part._fields)
                if name not in _DROPPED
            ]
        elif isinstance(part, list):
            waiting += [")", *reversed(_without_docstring(part)), "("]
        else:
            words.append(part if isinstance(part, str) else repr(part))
    return words, nodes


def _nameless(field: str, value: object, numbers: dict[str, int]) -> object:
    # `__add__` is no choice of the learner's; `other` is.
    if field not in _NAMED or not isinstance(value, str) or value.startswith("__"):
        return value
    return f"${numbers.setdefault(value, len(numbers))}"


def _without_docstring(body: list[object]) -> list[object]:
    match body:
        case [ast.Expr(value=ast.Constant(value=str())), *rest]:
            return rest
    return body
