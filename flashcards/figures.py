"""Numbers in the text that an engine can compute again, so that they cannot rot.

A figure stands in a sentence with its expression in a comment behind it, or at the end of a
line of Python, as a comment that is nothing but a number. `≈` marks one that is rounded.
"""

from __future__ import annotations

import ast
import io
import tokenize

from flashcards.faults import Source
from flashcards.model import Figure, Run

_MINUS = "−-"
_MAY_PRECEDE = frozenset(" ([=≈·×+<>:,\"'\u00a0" + _MINUS)


def number_at_end(text: str) -> str | None:
    """Return the number in which `text` ends, with its sign, or None.

    The digits of a name (`w1`), a fraction (`1/3`) or a power (`2²⁶`) are no number.

    Example:
        >>> number_at_end("w = −0.5"), number_at_end("6 − 3"), number_at_end("w1")
        ('−0.5', '3', None)
    """
    start = len(text)
    while start and (text[start - 1].isascii() and text[start - 1].isdigit()):
        start -= 1
    if 1 < start < len(text) and text[start - 1] == "." and text[start - 2] in "0123456789":
        start -= 1
        while start and text[start - 1] in "0123456789":
            start -= 1
    before = text[:start]
    if start == len(text) or (before and before[-1] not in _MAY_PRECEDE):
        return None
    sign = before[-1:] if before[-1:] and before[-1] in _MINUS else ""
    if sign and before[:-1] and before[-2] not in _MAY_PRECEDE:
        sign = ""  # between two operands it is a subtraction
    return sign + text[start:]


def expression_of(marked: str) -> tuple[str, bool] | None:
    """Split `= expression` or `≈ expression` into the expression and whether it is rounded."""
    sign, expression = marked[:1], marked[1:].strip()
    return (expression, sign == "≈") if sign and sign in "=≈" else None


def add_figure(shown: str | None, marked: str, line: int, source: Source) -> Figure | None:
    """Add the figure that a comment `= expression` marks; refuse what cannot be one."""
    expression, rounded = expression_of(marked) or ("", False)
    if shown is None:
        source.refuse(line, "no number stands directly before this comment")
        return None
    try:
        ast.parse(expression, mode="eval")
    except SyntaxError as error:
        source.refuse(line, f"the expression `{expression}` is not Python: {error.msg}")
        return None
    figure = Figure(source.place(line), shown, expression, rounded)
    source.steps.append(figure)
    return figure


def add_code(code: str, first_line: int, source: Source) -> None:
    """Add the statements of some Python, and the figures in the comments behind them."""
    try:
        statements = ast.parse(code).body
    except SyntaxError as error:
        line = first_line + (error.lineno or 1) - 1
        source.refuse(line, f"this is not Python: {error.msg}")
        return
    shown = _numbers_in_comments(code)
    last_on_line = {statement.end_lineno: statement for statement in statements}
    for statement in statements:
        end = statement.end_lineno or statement.lineno
        comment = shown.pop(end, None) if last_on_line[end] is statement else None
        expression = _shown_by(statement)
        if comment is not None and expression is None:
            shown[end] = comment  # a `for` or an `if` shows no number
        if comment is None or expression is None or not isinstance(statement, ast.Expr):
            place = source.place(first_line + statement.lineno - 1)
            source.steps.append(Run(place, ast.unparse(statement)))
        if comment is not None and expression is not None:
            number, rounded = comment
            place = source.place(first_line + end - 1)
            source.steps.append(Figure(place, number, expression, rounded))
    for line in shown:
        source.refuse(
            first_line + line - 1,
            "a number in a comment must stand behind a print, an expression or an assignment",
        )


def _shown_by(statement: ast.stmt) -> str | None:
    match statement:
        case ast.Expr(ast.Call(ast.Name("print"), [argument], [])):
            return ast.unparse(argument)
        case ast.Expr(value):
            return ast.unparse(value)
        case ast.Assign([ast.Name() | ast.Attribute() as target]):
            return ast.unparse(target)
        case ast.AugAssign(target):
            return ast.unparse(target)
    return None


def _numbers_in_comments(code: str) -> dict[int, tuple[str, bool]]:
    """Return the line, the number and whether it is rounded, for each such comment."""
    numbers = {}
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type == tokenize.COMMENT:
            text = token.string.removeprefix("#").strip()
            number = text.removeprefix("≈").strip()
            if number and number_at_end(number) == number:
                numbers[token.start[0]] = (number, number != text)
    return numbers
