"""A stranger's Python as a tree, if the tree is not too large to be built here.

A megabyte of `a;a;a;…` makes a tree of half a gigabyte, in the trusted process: what is
that dense is left alone, and the worker, which has a limit, says what is wrong with it.
"""

from __future__ import annotations

import ast
import re
import warnings
from itertools import islice

MOST_TOKENS = 60_000
MOST_STATEMENTS = 12_000
"""Ten times more than a long notebook has; together they keep a tree below 40 MiB."""

SYNTAX_ERRORS = (SyntaxError, ValueError, RecursionError, MemoryError)
"""What parsing or printing a hostile source may end in."""

_TOKEN = re.compile(r"\w+|[^\w\s]")
_END_OF_STATEMENT = re.compile(r"[\n;]")


class TooDenseError(ValueError):
    """A source has more parts than anybody writes by hand."""


def parsed(text: str) -> ast.Module:
    """Parse a source, without the warnings that it may give.

    Raises: TooDenseError before anything is built; otherwise what `ast.parse` does, of
    `SYNTAX_ERRORS`.
    """
    if _more(_TOKEN, text, MOST_TOKENS) or _more(_END_OF_STATEMENT, text, MOST_STATEMENTS):
        raise TooDenseError("the source is too large to be looked into")
    with warnings.catch_warnings(action="ignore"):
        return ast.parse(text)


def _more(part: re.Pattern[str], text: str, most: int) -> bool:
    """Tell whether a text has more than so many parts, without making a list of them."""
    return sum(1 for _ in islice(part.finditer(text), most + 1)) > most
