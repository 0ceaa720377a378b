"""A counterexample's graph as lines of plain text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from grader.report import GraphLine, Pair

MOST_LINES = 24
"""Of a larger graph only the beginning is shown, and the first wrong node."""


class Line(NamedTuple):
    """A line, and whether it is that of the first wrong node."""

    text: str
    wrong: bool


def lines(graph: Sequence[GraphLine], width: int, sign: str = "✗", dots: str = "…") -> list[Line]:
    """Return a graph's lines, an operand indented below its result, at most `width` wide.

    `sign` stands before the first wrong node, `dots` where something is left out.
    """
    kept = [line for i, line in enumerate(graph) if i < MOST_LINES or line.first_wrong]
    numbers = [_numbers(line) for line in kept]
    room = max(12, width - 4 - max(map(len, numbers), default=0))
    names = [_cut(_name(line, room), room, dots) for line in kept]
    column = max(map(len, names), default=0)
    shown = [
        Line(
            _cut(
                f"{sign if line.first_wrong else ' '} {name:<{column}}  {text}".rstrip(),
                width,
                dots,
            ),
            line.first_wrong is not None,
        )
        for line, name, text in zip(kept, names, numbers, strict=True)
    ]
    if missing := len(graph) - len(kept):
        shown.append(Line(f"  {dots} and {missing} more lines", False))
    return shown


def _name(line: GraphLine, room: int) -> str:
    margin = "  " * min(line.indent, room // 6)
    return f"{margin}{line.node}{', as above' if line.repeated else f' = {line.expression}'}"


def _numbers(line: GraphLine) -> str:
    if line.repeated:
        return ""
    data = f"data {_number(line.data, line.first_wrong == 'data')}"
    if line.grad is None:
        return data
    return f"{data}  grad {_number(line.grad, line.first_wrong == 'grad')}"


def _number(pair: Pair, wrong: bool) -> str:
    if not wrong:
        return f"{pair.actual:.6g}"
    actual, expected = f"{pair.actual:.6g}", f"{pair.expected:.6g}"
    if actual == expected:  # they part further behind
        actual, expected = repr(pair.actual), repr(pair.expected)
    return f"{actual}, should be {expected}"


def _cut(text: str, width: int, dots: str) -> str:
    return text if len(text) <= width else f"{text[: max(1, width - len(dots))]}{dots}"
