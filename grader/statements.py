"""What the statements at the top of a file do: define something, or run something."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.syntax import SYNTAX_ERRORS, parsed

if TYPE_CHECKING:
    import symtable

TRAINING_METHODS = {"backward"}
TRAINING_FUNCTIONS = {"train", "fit", "input", "get_ipython"}
"""Calls by which a top level is known to train, or to expect somebody at the keyboard."""


@dataclass(frozen=True)
class Statement:
    """One statement at the top level, and the global names it binds and needs.

    `later` are names needed only when a function is called: the last of their definitions
    counts, wherever it stands.
    """

    node: ast.stmt
    binds: Set[str]
    needs: Set[str]
    later: Set[str]

    @property
    def first_line(self) -> int:
        """The first line, that of a decorator where there is one."""
        return _first_line(self.node)

    @property
    def last_line(self) -> int:
        """The last line."""
        return _last_line(self.node)


def statements_of(text: str) -> list[Statement]:
    """Parse a source. Raises: what `parsed` does."""
    nodes = parsed(text).body
    lines = text.split("\n")
    crowded = Counter(line for node in nodes for line in {_first_line(node), _last_line(node)})
    found = []
    for node in nodes:
        first, last = _first_line(node), _last_line(node)
        alone = crowded[first] == crowded[last] == 1
        code = "\n".join(lines[first - 1 : last]) if alone else None
        found.append(Statement(node, *_names(node, code)))
    return found


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def _last_line(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def _names(node: ast.stmt, code: str | None) -> tuple[Set[str], Set[str], Set[str]]:
    """Return the global names that a statement binds, needs at once, and needs later.

    `code` is its source where it has its lines for itself: printing the tree is slower.
    """
    import symtable

    try:
        table = symtable.symtable(code or ast.unparse(node), "statement", "exec")
    except SYNTAX_ERRORS:
        return set(), set(), set()
    here = table.get_symbols()
    binds = {s.get_name() for s in here if s.is_assigned() or s.is_imported()}
    needs = {s.get_name() for s in here if s.is_referenced()}
    later: set[str] = set()
    for inner, deferred in _scopes(table, False):
        wanted = {s.get_name() for s in inner.get_symbols() if s.is_global() and s.is_referenced()}
        (later if deferred else needs).update(wanted)
    return binds, needs, later


def _scopes(
    table: symtable.SymbolTable, deferred: bool
) -> Iterator[tuple[symtable.SymbolTable, bool]]:
    """Yield the scopes inside a scope, and whether they run only when something is called."""
    for inner in table.get_children():
        later = deferred or inner.get_type() == "function"
        yield inner, later
        yield from _scopes(inner, later)


# ── Kinds ─────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Own:
    """The names of the classes and functions that a source defines, and which of these patch."""

    classes: Set[str]
    functions: Set[str] = frozenset()
    patching: Set[str] = frozenset()


def own_of(statements: Sequence[Statement]) -> Own:
    """Return what a source defines that may be patched, or patches."""
    nodes = [statement.node for statement in statements]
    own = Own({node.name for node in nodes if isinstance(node, ast.ClassDef)})
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef)]
    patching = {
        node.name
        for node in functions
        if any(isinstance(part, ast.stmt) and _is_patch(part, own) for part in ast.walk(node))
    }
    return Own(own.classes, {node.name for node in functions}, patching)


def is_import(node: ast.stmt) -> bool:
    """Tell whether a statement only imports, perhaps in one way or another."""
    if isinstance(node, ast.Try | ast.If) and not is_main(node):
        return all(isinstance(part, ast.Pass) or is_import(part) for part in _parts(node))
    return isinstance(node, ast.Import | ast.ImportFrom)


def is_main(node: ast.stmt) -> bool:
    """Tell whether this is `if __name__ == "__main__":`."""
    return isinstance(node, ast.If) and any(
        isinstance(part, ast.Name) and part.id == "__name__" for part in ast.walk(node.test)
    )


def says_nothing(node: ast.stmt) -> bool:
    """Tell whether nobody would miss a statement that is left out."""
    return isinstance(node, ast.Pass) or is_import(node) or is_main(node)


def defines(node: ast.stmt, own: Own) -> bool:
    """Tell whether a statement is a definition: it gives something a name, and runs nothing.

    Such are classes, functions, literals, and what is set on one of the file's own classes.
    """
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return True
    if is_import(node) or _is_patch(node, own) or _is_text(node):
        return True
    if isinstance(node, ast.Try | ast.If) and not is_main(node):
        parts = _parts(node)
        return all(isinstance(part, ast.Pass) or defines(part, own) for part in parts)
    return is_assignment(node) and _is_literal(node.value)  # type: ignore[attr-defined]


def is_assignment(node: ast.stmt) -> bool:
    """Tell whether names, and nothing else, are given a value."""
    if isinstance(node, ast.AnnAssign):
        return isinstance(node.target, ast.Name) and node.value is not None
    return isinstance(node, ast.Assign) and all(map(_is_name, node.targets))


def _is_name(target: ast.expr) -> bool:
    if isinstance(target, ast.Tuple | ast.List):
        return all(map(_is_name, target.elts))
    return isinstance(target, ast.Name)


def _is_text(node: ast.stmt) -> bool:
    constant = node.value if isinstance(node, ast.Expr) else None
    return isinstance(constant, ast.Constant) and isinstance(constant.value, str)


def _is_literal(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Lambda):
        return True
    try:
        ast.literal_eval(value)  # type: ignore[arg-type]
    except (*SYNTAX_ERRORS, TypeError):
        return False
    return True


def _is_patch(node: ast.stmt, own: Own) -> bool:
    """Tell whether something is set on a class, as in `Value.__radd__ = Value.__add__`."""
    if isinstance(node, ast.Assign):
        return all(_is_attribute_of(target, own) for target in node.targets)
    if isinstance(node, ast.For):
        return not node.orelse and all(_is_patch(part, own) for part in node.body)
    call = node.value if isinstance(node, ast.Expr) else None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
        return False
    if call.func.id == "setattr":
        return bool(call.args) and _is_one_of(call.args[0], own.classes)
    return call.func.id in own.patching


def _is_attribute_of(target: ast.expr, own: Own) -> bool:
    return isinstance(target, ast.Attribute) and _is_one_of(target.value, own.classes)


def _is_one_of(value: ast.expr, names: Set[str]) -> bool:
    return isinstance(value, ast.Name) and value.id in names


def _parts(node: ast.Try | ast.If) -> Sequence[ast.stmt]:
    if isinstance(node, ast.If):
        return [*node.body, *node.orelse]
    handled = [part for handler in node.handlers for part in handler.body]
    return [*node.body, *handled, *node.orelse, *node.finalbody]


def trains(node: ast.stmt) -> bool:
    """Tell whether running a statement goes backward, trains, or asks for input."""
    for part in _run_by(node):
        if isinstance(part, ast.Call):
            function = part.func
            if isinstance(function, ast.Attribute) and function.attr in TRAINING_METHODS:
                return True
            if isinstance(function, ast.Name) and function.id in TRAINING_FUNCTIONS:
                return True
    return False


def _run_by(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what is run when a node is: all below it but the bodies of functions."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        yield part
        if not isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            waiting += ast.iter_child_nodes(part)
