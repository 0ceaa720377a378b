"""Text → words → lines: what may be broken where, and how long everything is.

Words are measured at a size of 1, so that a line is broken alike at every size.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from flashcards.model import Code, Emphasis, Formula, Inline, Link, Strong, Text, plain
from flashcards.pdf.writer import (
    BOLD,
    BOLD_CODE,
    BOLD_ITALIC,
    CODE,
    ITALIC,
    TEXT,
    Face,
    Pieces,
)

KEPT_TOGETHER = 16  # ems: code and formulas up to this length are not broken

_OPERATORS = frozenset("→·×−+=≈<>/")
# In formulas, names of functions stand upright; other names are set in italics.
_UPRIGHT = frozenset({"exp", "log", "max", "min", "relu", "sin", "sum", "tanh"})


class TooWideError(Exception):
    """A word or a line of code is longer than the line; holds its text."""


# ── Words ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Word:
    """What is not broken, with its length at a size of 1."""

    pieces: tuple[tuple[Face, str], ...]
    width: float
    after_space: bool


@dataclass(frozen=True)
class _Faces:
    text: Face
    italic: Face
    code: Face


_PLAIN = _Faces(TEXT, ITALIC, CODE)
_STRONG = _Faces(BOLD, BOLD_ITALIC, BOLD_CODE)


def words(inlines: Iterable[Inline], *, bold: bool = False) -> tuple[Word, ...]:
    """Return the words of a paragraph or heading, measured."""
    found: list[Word] = []
    pieces: list[tuple[Face, str]] = []
    after_space = False
    for face, text in (*_pieces(inlines, _STRONG if bold else _PLAIN), (None, "")):
        if face is not None:
            pieces.append((face, text))
            continue
        if pieces:
            found.append(_word(tuple(pieces), after_space))
            pieces, after_space = [], False
        after_space = after_space or text == " "
    return tuple(found)


@functools.lru_cache(maxsize=4096)  # lessons use the same words again and again
def _word(pieces: tuple[tuple[Face, str], ...], after_space: bool) -> Word:
    return Word(pieces, sum(face.width(text) for face, text in pieces), after_space)


def _pieces(inlines: Iterable[Inline], faces: _Faces) -> Iterator[tuple[Face | None, str]]:
    """Yield text with its face, and without one: " " for a space, "" where a line may end."""
    for inline in inlines:
        match inline:
            case Text(text):
                yield from _split(((faces.text, text),))
            case Code(text):
                yield from _together(((faces.code, text),))
            case Formula(text):
                yield from _together(tuple(_formula(text, faces)))
            case Emphasis(children):
                yield from _pieces(children, _Faces(faces.italic, faces.italic, faces.code))
            case Strong(children):
                yield from _pieces(children, _STRONG)
            case Link(children, address):
                yield from _link(children, address, faces)


def _split(pieces: Iterable[tuple[Face, str]]) -> Iterator[tuple[Face | None, str]]:
    for face, text in pieces:
        for index, part in enumerate(_tied(text)):
            if index:
                yield None, " "
            if part:
                yield face, part


def _tied(text: str) -> list[str]:
    """Split at spaces, but not at those beside an operator, as in `3 → 4 → 1`."""
    parts: list[str] = []
    tie = False
    for part in text.split(" "):
        operator = part in _OPERATORS
        inside = parts and parts[-1] and part
        if inside and (tie or operator) and TEXT.width(parts[-1] + part) < KEPT_TOGETHER:
            parts[-1] += " " + part
        else:
            parts.append(part)
        tie = operator
    return parts


def _together(pieces: Sequence[tuple[Face, str]]) -> Iterator[tuple[Face | None, str]]:
    """Yield code or a formula as one word; break it only where it is long."""
    if sum(face.width(text) for face, text in pieces) <= KEPT_TOGETHER:
        return iter(pieces)
    return _split(pieces)


def _formula(text: str, faces: _Faces) -> Iterator[tuple[Face, str]]:
    for operator in _OPERATORS:  # a line may begin with one, but not end with it
        text = text.replace(f"{operator} ", f"{operator}\u00a0")
    for named, group in itertools.groupby(text, lambda c: c.isalpha() or c == "_"):
        part = "".join(group)
        yield (faces.italic if named and part not in _UPRIGHT else faces.text), part


def _link(
    children: Sequence[Inline], address: str, faces: _Faces
) -> Iterator[tuple[Face | None, str]]:
    """Yield the words of a link and, for paper, its address, which may be broken at a slash."""
    if plain(children) != address:
        yield from _pieces((*children, Text(" (")), faces)
    *parts, end = address.split("/")
    for part in parts:
        yield faces.text, part + "/"
        yield None, ""
    yield faces.text, end
    if plain(children) != address:
        yield faces.text, ")"


# ── Lines ─────────────────────────────────────────────────────────────────────────────────


def wrap(measured: Sequence[Word], width: float, base: Face) -> list[list[Word]]:
    """Return the words in lines of at most `width`, at a size of 1; `base` has the spaces.

    Raises: TooWideError for a word that is longer than a line.
    """
    space = base.width(" ")
    lines: list[list[Word]] = []
    used = 0.0
    for word in measured:
        gap = space if word.after_space else 0.0
        if lines and used + gap + word.width <= width:
            lines[-1].append(word)
            used += gap + word.width
            continue
        if word.width > width:
            raise TooWideError("".join(text for _, text in word.pieces))
        lines.append([word])
        used = word.width
    return lines


def without_orphan(lines: list[list[Word]], width: float) -> list[list[Word]]:
    """Give a short word that is alone on the last line the word before it for company."""
    if len(lines) > 1 and len(lines[-1]) == 1 and len(lines[-2]) > 2:
        word = lines[-1][0]
        if word.after_space and word.width < width / 4 and lines[-2][-1].width < width / 2:
            lines[-1].insert(0, lines[-2].pop())
    return lines


def balanced(measured: Sequence[Word], width: float, base: Face) -> list[list[Word]]:
    """Return the words in as few lines as `wrap` needs, of lengths as equal as may be."""
    lines = wrap(measured, width, base)
    narrowest, widest = max(width / 2, max((word.width for word in measured), default=0)), width
    while len(lines) > 1 and widest - narrowest > 0.2:
        middle = (narrowest + widest) / 2
        tried = wrap(measured, middle, base)
        if len(tried) == len(lines):
            lines, widest = tried, middle
        else:
            narrowest = middle
    return lines


def length_of(line: Sequence[Word], base: Face) -> float:
    """Return how long words are on one line, at a size of 1; `base` has the spaces."""
    spaces = sum(word.after_space for word in line[1:])
    return spaces * base.width(" ") + sum(word.width for word in line)


def joined(line: Sequence[Word], base: Face, *, last: bool) -> Pieces:
    """Return a line as pieces; a space at its end parts it from the next when read aloud."""
    texts: list[tuple[Face, str]] = []
    for index, word in enumerate(line):
        if index and word.after_space:
            texts.append((base, " "))
        texts += word.pieces
    if not last:
        texts.append((base, " "))
    pieces: list[tuple[Face, str]] = []
    for face, text in texts:
        if pieces and pieces[-1][0] is face:
            pieces[-1] = (face, pieces[-1][1] + text)
        else:
            pieces.append((face, text))
    return pieces
