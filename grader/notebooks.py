"""The code of a Jupyter notebook as one Python text, whose lines lead back to its cells.

The standard library's JSON is enough: of the format, the cells and their text are needed,
and they have stood in the same two places since version 3.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from grader.slicing import LONGEST_SLICED, slice_notebook, with_lines
from grader.syntax import SYNTAX_ERRORS, parsed

PYTHON_CELL_MAGICS = {"time", "timeit", "capture", "prun", "python", "python3"}
"""What may stand at the top of a cell whose other lines are Python all the same."""

MAGIC = re.compile(r"^(\s*)(?:[\w.,\s]+=\s*)?[%!?].*$|^(\s*)[\w.]+\?{1,2}\s*$", re.MULTILINE)
"""A line that IPython understands and Python does not: `%matplotlib`, `!pip`, `thing?`."""

FUTURE = re.compile(r"^from __future__ import ([\w, ]+)$", re.MULTILINE)


class NotebookError(Exception):
    """A notebook cannot be read: the end of a sentence about it."""


@dataclass(frozen=True)
class Notebook:
    """A notebook's definitions, as one text.

    `cell_starts` are the lines of the text at which its code cells begin. `problems` are
    ends of sentences about cells that were left out because they are not Python;
    `left_out` says which cells and lines only run something.
    """

    text: str
    cell_starts: Sequence[int]
    problems: Sequence[str] = ()
    left_out: Sequence[str] = ()


def read_notebook(data: bytes, wanted: Sequence[str]) -> Notebook:
    """Read a notebook and take what its code cells define; `wanted` as in `slicing`.

    Raises: NotebookError, with the end of a sentence.
    """
    cells = [with_lines(cell) for cell in _code_cells(_content(data))]
    if sum(map(len, cells)) > LONGEST_SLICED:
        raise NotebookError(f"holds more than {LONGEST_SLICED // 1000} kB of code, and is not read")
    joined = _joined(cells)
    try:
        taken = slice_notebook(joined.text, wanted)
    except SYNTAX_ERRORS as error:
        raise NotebookError(f"cannot be taken apart ({type(error).__name__})") from error
    starts = joined.starts
    return Notebook(
        taken.text,
        starts,
        joined.problems,
        list(_in_words(starts, taken.left_out, taken.taken)),
    )


def cell_at(starts: Sequence[int], line: int) -> tuple[int, int]:
    """Return the number of the code cell, counted from 1, that holds a line, and its line there."""
    number = max(1, bisect_right(starts, line))
    return number, line - starts[number - 1] + 1


# ── The file ──────────────────────────────────────────────────────────────────────────


def _content(data: bytes) -> dict[str, Any]:
    try:
        content = json.loads(data)
    except (ValueError, RecursionError) as error:
        what = str(error).partition(":")[0] if isinstance(error, ValueError) else "nested too deep"
        raise NotebookError(f"is not a whole notebook ({what}): save it again") from error
    if not isinstance(content, dict) or not ({"cells", "worksheets"} & content.keys()):
        raise NotebookError("is not a notebook: it has no cells")
    metadata = content.get("metadata")
    spec = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    language = spec.get("language") if isinstance(spec, dict) else None
    if isinstance(language, str) and language.lower() != "python":
        raise NotebookError(f"holds code in {language[:40]}, not in Python")
    return content


def _code_cells(content: dict[str, Any]) -> Iterator[str]:
    """Yield the text of each code cell; before version 4, cells stood in a worksheet."""
    sheets = [content, *_listed(content.get("worksheets"))]
    for sheet in sheets:
        for cell in _listed(sheet.get("cells")) if isinstance(sheet, dict) else ():
            if isinstance(cell, dict) and cell.get("cell_type") == "code":
                text = cell.get("source", cell.get("input", ""))
                lines = [text] if isinstance(text, str) else _listed(text)
                yield "".join(line for line in lines if isinstance(line, str))


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


# ── The code ──────────────────────────────────────────────────────────────────────────


@dataclass
class _Joined:
    """All cells, one below the other, below one line for `from __future__`."""

    text: str = ""
    starts: list[int] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def _joined(cells: Sequence[str]) -> _Joined:
    joined = _Joined()
    features: list[str] = []
    lines = [""]
    for number, cell in enumerate(cells, 1):
        joined.starts.append(len(lines) + 1)
        code, problem = _python_of(cell)
        if problem is not None:
            if not cell.lstrip().startswith("%%"):
                joined.problems.append(f"cell {number}{problem}; the cell is left out")
            code = "\n" * code.count("\n")
        features += FUTURE.findall(code)
        lines += FUTURE.sub("", code).split("\n")
    if features:
        lines[0] = f"from __future__ import {', '.join(features)}"
    joined.text = "\n".join(lines)
    return joined


def _python_of(cell: str) -> tuple[str, str | None]:
    """Return a cell without its magics, line for line, and why it is not Python, if so."""
    first, newline, rest = cell.partition("\n")
    if first.startswith("%%"):
        magic = first[2:].split()
        cell = newline + rest if magic and magic[0] in PYTHON_CELL_MAGICS else cell
    problem = _problem_of(cell)
    if problem is None:
        return cell, None  # what looks like a magic is a line of a text, or a remainder
    code = MAGIC.sub(lambda line: f"{line[1] or line[2] or ''}pass", cell)
    return code, problem if code == cell else _problem_of(code)


def _problem_of(code: str) -> str | None:
    """Say why a cell is not Python, if so: the end of a sentence that begins with its number."""
    try:
        parsed(code)
    except SyntaxError as error:
        return f":{error.lineno or 1} is not Python ({error.msg})"
    except SYNTAX_ERRORS as error:
        return f" is not Python ({type(error).__name__})"
    return None


def _in_words(
    starts: Sequence[int], left_out: Sequence[tuple[int, int]], taken: Sequence[tuple[int, int]]
) -> Iterator[str]:
    """Name what is left out: whole cells by their number, parts of one with their lines."""
    partly = {cell_at(starts, first)[0] for first, _ in taken}
    spans: dict[int, list[tuple[int, int]]] = {}
    for first, last in left_out:
        cell, line = cell_at(starts, first)
        spans.setdefault(cell, []).append((line, line + last - first))
    for cell, lines in spans.items():
        if cell not in partly:
            yield f"cell {cell}"
        else:
            yield from (f"cell {cell}:{part}" for part in line_ranges(lines))


def line_ranges(spans: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Yield spans of lines in words, those that follow each other as one: `3–9`, `12`."""
    merged: list[tuple[int, int]] = []
    for first, last in spans:
        if merged and first <= merged[-1][1] + 2:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    for first, last in merged:
        yield f"{first}" if first == last else f"{first}–{last}"
