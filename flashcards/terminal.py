"""A lesson's text as lines for a terminal: of any width, with colours or without.

Nothing is ever dropped: what the terminal's encoding lacks is written another way (`aⁿ⁻¹` as
`a^(n-1)`).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from flashcards.model import (
    Block,
    Code,
    CodeBlock,
    Emphasis,
    Formula,
    FormulaRun,
    Inline,
    Link,
    List,
    Paragraph,
    Strong,
    Text,
)

NARROWEST = 16

UNBROKEN_SPACE = "\ue000"
"""Stands for a space at which a line must not end; for private use, so in no text."""

BOLD, DIM, ITALIC = "1", "2", "3"
RED, GREEN, YELLOW, CYAN = "31", "32", "33", "36"


@dataclass(frozen=True)
class Look:
    """What an output can show. `width` is in characters."""

    width: int = 80
    colour: bool = False
    ascii_only: bool = False

    def paint(self, text: str, *codes: str) -> str:
        """Return text for this output: with ANSI codes where it has colours."""
        return _painted([(self.spelt(text), codes)], self)

    def spelt(self, text: str) -> str:
        """Return the text in characters that this output has."""
        return in_ascii(text) if self.ascii_only else text


# ── Blocks ────────────────────────────────────────────────────────────────────────────────


def block_lines(blocks: Sequence[Block], look: Look, indent: int = 0) -> list[str]:
    """Return the lines of blocks that stand one below the other, a blank line between."""
    lines: list[str] = []
    for block in blocks:
        lines += [""] if lines else []
        lines += [" " * indent + line for line in _block(block, _narrower(look, indent))]
    return lines


def inline_lines(inlines: Sequence[Inline], look: Look, *codes: str) -> list[str]:
    """Return the lines of words in a row, filled up to the width."""
    return _filled(_spans(inlines, look, codes), look)


def _block(block: Block, look: Look) -> list[str]:
    match block:
        case Paragraph((Formula() as formula,)):
            return _set_apart(formula.text, look)
        case Paragraph(children):
            return inline_lines(children, look)
        case CodeBlock(text):
            return _set_apart(text, look)
        case List():
            return _list(block, look)


def _narrower(look: Look, indent: int) -> Look:
    return Look(max(NARROWEST, look.width - indent), look.colour, look.ascii_only)


def _set_apart(text: str, look: Look) -> list[str]:
    """Indent lines of a fixed form; break those that are longer than the width."""
    width = max(NARROWEST, look.width - 4)
    return [
        f"    {look.paint(line[start : start + width], CYAN)}"
        for line in look.spelt(text).split("\n")
        for start in range(0, max(1, len(line)), width)
    ]


def _list(block: List, look: Look) -> list[str]:
    bullet = "-" if look.ascii_only else "•"
    loose = any(
        (len(item) > 1 and not isinstance(item[-1], List)) or len(item) > 2 for item in block.items
    )
    lines: list[str] = []
    for number, item in enumerate(block.items, block.start or 0):
        mark = f"{bullet} " if block.start is None else f"{number}. "
        inside = _narrower(look, len(mark))
        body = block_lines(item, inside) if loose else _tight(item, inside)
        lines += [""] if lines and loose else []
        lines += [
            f"{mark if i == 0 else ' ' * len(mark)}{line}".rstrip() for i, line in enumerate(body)
        ]
    return lines


def _tight(item: Sequence[Block], look: Look) -> list[str]:
    return [line for block in item for line in _block(block, look)]


# ── Words ─────────────────────────────────────────────────────────────────────────────────

_Span = tuple[str, tuple[str, ...]]


def _spans(inlines: Iterable[Inline], look: Look, codes: tuple[str, ...]) -> Iterator[_Span]:
    for inline in inlines:
        match inline:
            case Text(text):
                yield look.spelt(text), codes
            case Code(text) | Formula(text):
                quoted = text if look.colour else f"`{text}`"
                yield _unbroken(look.spelt(quoted), look), (*codes, CYAN)
            case Emphasis(children):
                yield from _marked(children, look, (*codes, ITALIC))
            case Strong(children):
                yield from _marked(children, look, (*codes, BOLD))
            case Link(children, address):
                words = list(_spans(children, look, codes))
                yield from words
                if "".join(text for text, _ in words) != address:
                    yield f" <{address}>", codes


def _marked(children: Iterable[Inline], look: Look, codes: tuple[str, ...]) -> Iterator[_Span]:
    """Mark stressed words with stars where there is no other way to show it."""
    star = [] if look.colour else [("*", codes)]
    return itertools.chain(star, _spans(children, look, codes), star)


def _unbroken(text: str, look: Look) -> str:
    """Keep a short formula or piece of code on one line."""
    return text.replace(" ", UNBROKEN_SPACE) if len(text) <= look.width // 2 else text


def _filled(spans: Iterable[_Span], look: Look) -> list[str]:
    """Fill lines; a word that is longer than a line stays whole, as a path has to."""
    lines: list[list[_Span]] = [[]]
    used = 0
    for word in _words(spans):
        length = sum(len(text) for text, _ in word)
        if used and used + 1 + length > look.width:
            lines.append([])
            used = 0
        if used:
            before = lines[-1][-1][1]
            lines[-1].append((" ", before if before == word[0][1] else ()))
            used += 1
        lines[-1] += word
        used += length
    return [_painted(line, look) for line in lines]


def _words(spans: Iterable[_Span]) -> Iterator[list[_Span]]:
    """Divide at spaces; a word may begin in one span and end in another."""
    word: list[_Span] = []
    for text, codes in spans:
        for i, part in enumerate(text.split(" ")):
            if i and word:
                yield word
                word = []
            if part:
                word.append((part.replace(UNBROKEN_SPACE, " "), codes))
    if word:
        yield word


def _painted(spans: Iterable[_Span], look: Look) -> str:
    painted = ""
    for codes, group in itertools.groupby(spans, key=lambda span: span[1]):
        text = "".join(text for text, _ in group)
        paint = codes and look.colour and text
        painted += f"\x1b[{';'.join(codes)}m{text}\x1b[0m" if paint else text
    return painted


# ── Plain characters ──────────────────────────────────────────────────────────────────────

_ASCII = str.maketrans(
    {
        "−": "-",
        "–": "-",
        "·": "*",
        "×": "x",
        "…": "...",
        "→": "->",
        "≈": "~",
        "├": "|",
        "└": "`",
        "─": "-",
        "│": "|",
        "“": '"',
        "”": '"',
        "’": "'",
        "✓": "+",
        "✗": "x",
        "\u00a0": " ",
    }
)


def in_ascii(text: str) -> str:
    r"""Return the text in ASCII; what has no such form is escaped.

    Example:
        >>> in_ascii("n·aⁿ⁻¹ − x² → λ")
        'n*a^(n-1) - x^2 -> \\u03bb'
    """
    if UNBROKEN_SPACE in text:
        return UNBROKEN_SPACE.join(map(in_ascii, text.split(UNBROKEN_SPACE)))
    spelt = "".join(_run_in_ascii(run) for run in Formula(text).runs)
    return spelt.translate(_ASCII).encode("ascii", "backslashreplace").decode()


def _run_in_ascii(run: FormulaRun) -> str:
    if run.position == "raised":
        return f"^({run.text})" if len(run.text) > 1 else f"^{run.text}"
    return run.text
