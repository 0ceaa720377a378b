"""The definitions of a source, without what its top level runs.

Notebooks, and scripts made like them, train and plot between their definitions. To grade
the definitions, imports, classes, functions, literals and patches of classes are taken, and
of the other assignments those that something taken needs. Lines stay where they are.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from grader.statements import (
    Statement,
    defines,
    is_assignment,
    is_import,
    is_main,
    own_of,
    says_nothing,
    statements_of,
    trains,
)
from grader.syntax import SYNTAX_ERRORS, parsed

LONGEST_SLICED = 300_000
"""A longer source is not taken apart: characters."""

RUNNING = re.compile(
    r"""^(?!class\b|def\b|async\b|import\b|from\b|if __name__|[@#"')\]}\s])\S""", re.MULTILINE
)
"""A line that may begin a statement that runs something: most files have none."""


@dataclass(frozen=True)
class Slice:
    """What was taken of a source: a text with the same lines, those left out being empty.

    `left_out` are the first and the last line of what would have run; `taken` are the first
    and last lines of what is there.
    """

    text: str
    left_out: Sequence[tuple[int, int]]
    taken: Sequence[tuple[int, int]]


def with_lines(text: str) -> str:
    """Return a text whose lines all end in one way, as Python counts them."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def slice_script(text: str, wanted: Sequence[str]) -> Slice | None:
    """Take the definitions of a script whose top level trains; None where it does not.

    `wanted` are names that are taken however they get their value. All imports are kept:
    other files may get names through them.
    """
    text = with_lines(text)
    if len(text) > LONGEST_SLICED or not RUNNING.search(text):
        return None
    try:
        if not any(trains(node) and not is_main(node) for node in parsed(text).body):
            return None
        return _sliced(text, statements_of(text), wanted, every_import=True)
    except SYNTAX_ERRORS:
        return None  # loading it will say what is wrong


def slice_notebook(text: str, wanted: Sequence[str]) -> Slice:
    """Take the definitions of a notebook's code; of its imports those that they need.

    Raises: what `parsed` does.
    """
    text = with_lines(text)
    return _sliced(text, statements_of(text), wanted, every_import=False)


def _sliced(
    text: str, statements: Sequence[Statement], wanted: Sequence[str], *, every_import: bool
) -> Slice:
    kept = _kept(statements, wanted, every_import)
    lines = [line.encode("utf-8", "surrogatepass") for line in text.split("\n")]
    left_out: list[tuple[int, int]] = []
    taken: list[tuple[int, int]] = []
    for number, statement in reversed(list(enumerate(statements))):
        span = (statement.first_line, statement.last_line)
        if number in kept:
            taken.append(span)
            continue
        _blank(lines, statement)
        if not says_nothing(statement.node):
            left_out.append(span)
    shortened = "\n".join(line.decode("utf-8", "surrogatepass") for line in lines)
    return Slice(shortened, left_out[::-1], taken[::-1])


def _kept(statements: Sequence[Statement], wanted: Sequence[str], every_import: bool) -> set[int]:
    """Return the numbers of the statements to take: definitions, and what these need."""
    own = own_of(statements)
    definitions = {i for i, s in enumerate(statements) if defines(s.node, own)}
    binders = _binders(statements, definitions, own.classes | own.functions)
    kept = {i for i in definitions if every_import or _is_kept_anyway(statements[i])} | {
        binders[name][-1] for name in wanted if name in binders
    }
    waiting = sorted(kept)
    while waiting:
        i = waiting.pop()
        found = {_last(binders.get(name, ()), before=i) for name in statements[i].needs}
        found |= {_last(binders.get(name, ())) for name in statements[i].later}
        new = {j for j in found if j is not None} - kept
        kept |= new
        waiting += new
    return kept


def _binders(
    statements: Sequence[Statement], definitions: Set[int], own: Set[str]
) -> dict[str, list[int]]:
    """Return by name the numbers of the statements that may be taken for it."""
    binders: dict[str, list[int]] = {}
    for i, statement in enumerate(statements):
        node = statement.node
        if i in definitions or (is_assignment(node) and not trains(node)):
            # Who imports micrograd's `Value` wants to compare it with the one written here.
            for name in statement.binds - own if is_import(node) else statement.binds:
                binders.setdefault(name, []).append(i)
    return binders


def _is_kept_anyway(statement: Statement) -> bool:
    """Tell whether a definition is taken though nothing is known to need it."""
    node = statement.node
    if isinstance(node, ast.ImportFrom) and node.module == "__future__":
        return True
    # Nobody can tell what `from somewhere import *` is needed for.
    return not is_import(node) or not statement.binds


def _last(numbers: Sequence[int], before: int | None = None) -> int | None:
    """Return the last of some statements, the last before another where there is one."""
    earlier = [number for number in numbers if before is None or number < before]
    found = earlier or numbers
    return found[-1] if found else None


def _blank(lines: list[bytes], statement: Statement) -> None:
    """Put `pass` in place of a statement, and leave its lines empty."""
    node = statement.node
    first, last = statement.first_line - 1, statement.last_line - 1
    begin = 0 if first < node.lineno - 1 else node.col_offset  # decorators begin a line
    rest = lines[last][node.end_col_offset :]
    lines[first] = lines[first][:begin] + b"pass" + rest
    for number in range(first + 1, last + 1):
        lines[number] = b""
