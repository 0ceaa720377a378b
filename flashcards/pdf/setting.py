"""Blocks of text → where each of their lines stands.

What comes out are `Block`s, set at a size, to be placed one below the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flashcards.model import Block as ModelBlock
from flashcards.model import CodeBlock, Formula, List, Paragraph
from flashcards.pdf.words import (
    TooWideError,
    Word,
    balanced,
    joined,
    length_of,
    without_orphan,
    words,
    wrap,
)
from flashcards.pdf.writer import BOLD, CODE, TEXT, Element, Pieces, Writer

FLOOR = 11.0  # points: nothing that is to be read is set smaller

# In ems.
LEADING = 1.4
CODE_LEADING = 1.36
BASELINE = 1.05  # of the first line, from the top of its block
GAP = 0.62  # between blocks
ITEM_GAP = 0.28
INDENT = 1.55
CODE_PADDING = 0.6
DISPLAYED = 1.12  # the size of a formula that stands alone


@dataclass(slots=True)
class Part:
    """An element to be, with its lines or its parts; x and y from its block's top left."""

    kind: str
    size: float = 0.0
    lines: list[tuple[float, float, Pieces]] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)


@dataclass(slots=True)
class Block:
    """Text that has been set at a size; nothing but its place is left to be decided."""

    part: Part
    height: float
    gap: float  # wanted above it
    tints: list[tuple[float, float, float, float]] = field(default_factory=list)

    def draw(self, writer: Writer, parent: Element, x: float, top: float) -> None:
        """Draw with the top left corner at x and top, as elements below `parent`."""
        for left, above, width, height in self.tints:
            writer.tint(x + left, top - above - height, width, height)
        self._draw(writer, parent, x, top, self.part)

    def _draw(self, writer: Writer, parent: Element, x: float, top: float, part: Part) -> None:
        element = writer.element(part.kind, parent)
        if part.lines:
            lines = [(x + left, top - below, pieces) for left, below, pieces in part.lines]
            writer.text(element, part.size, lines)
        for child in part.parts:
            self._draw(writer, element, x, top, child)


def height_of(blocks: Sequence[Block]) -> float:
    """Return how much room the blocks take below each other."""
    between = sum(block.gap for block in blocks[1:])
    return between + sum(block.height for block in blocks)


def draw_column(
    blocks: Sequence[Block], writer: Writer, parent: Element, x: float, top: float
) -> float:
    """Draw the blocks below each other, and return where the last one ends."""
    for index, block in enumerate(blocks):
        top -= block.gap if index else 0.0
        block.draw(writer, parent, x, top)
        top -= block.height
    return top


def set_heading(
    measured: Sequence[Word],
    width: float,
    size: float,
    kind: str,
    *,
    even: bool = True,
    centred: bool = False,
) -> Block:
    """Set a heading as an element of the given kind; `even` makes its lines equally long.

    Raises: TooWideError for a word that is longer than a line.
    """
    leading = 1.26 * size
    part = Part(kind, size)
    room = width / size
    if even:
        lines = balanced(measured, room, BOLD)
    else:
        lines = without_orphan(wrap(measured, room, BOLD), room)
    for index, line in enumerate(lines):
        pieces = joined(line, BOLD, last=index == len(lines) - 1)
        x = (width - length_of(line, BOLD) * size) / 2 if centred else 0.0
        part.lines.append((x, 0.98 * size + index * leading, pieces))
    return Block(part, len(lines) * leading, size)


def set_blocks(blocks: Sequence[ModelBlock], width: float, size: float) -> list[Block]:
    """Set blocks in lines of at most `width`.

    Raises: TooWideError for a word or a line of code that is longer.
    """
    return [_set(block, width, size) for block in blocks]


def _set(block: ModelBlock, width: float, size: float) -> Block:
    match block:
        case Paragraph():
            return _set_paragraph(block, width, size)
        case CodeBlock():
            return _set_code(block, width, size)
        case List():
            return _set_list(block, width, size)


def _set_paragraph(block: Paragraph, width: float, size: float) -> Block:
    part = Part("P")
    left = 0.0
    if block.children and all(isinstance(inline, Formula) for inline in block.children):
        left = CODE_PADDING * size
        size = _displayed(block, width - left, size)
    part.size = size
    room = (width - left) / size
    lines = without_orphan(wrap(words(block.children), room, TEXT), room)
    for index, line in enumerate(lines):
        y = (BASELINE + index * LEADING) * size
        part.lines.append((left, y, joined(line, TEXT, last=index == len(lines) - 1)))
    return Block(part, len(lines) * LEADING * size, GAP * size)


def _displayed(block: Paragraph, width: float, size: float) -> float:
    """Return the size for a formula that stands alone: larger, unless that would break it."""
    fitting = min(DISPLAYED * size, 0.999 * width / length_of(words(block.children), TEXT))
    return fitting if fitting >= max(0.85 * size, FLOOR) else size


def _set_code(block: CodeBlock, width: float, size: float) -> Block:
    padding = CODE_PADDING * size
    code = Part("Code", size)
    lines = block.text.split("\n")
    for index, line in enumerate(lines):
        if CODE.width(line) * size > width - 2 * padding:
            raise TooWideError(line.strip())
        y = padding + (0.98 + index * CODE_LEADING) * size
        code.lines.append((padding, y, ((CODE, line + " "),)))
    height = len(lines) * CODE_LEADING * size + 2 * padding
    return Block(Part("P", parts=[code]), height, GAP * size, [(0.0, 0.0, width, height)])


def _set_list(block: List, width: float, size: float) -> Block:
    labels = [
        "•" if block.start is None else f"{block.start + index}."
        for index in range(len(block.items))
    ]
    indent = max(INDENT, max(map(TEXT.width, labels), default=0.0) + 0.55) * size
    whole = Block(Part("L"), 0.0, GAP * size)
    for index, (label, item) in enumerate(zip(labels, block.items, strict=True)):
        if index:
            whole.height += ITEM_GAP * size
        x = 0.35 * size if block.start is None else indent - (TEXT.width(label) + 0.55) * size
        lbl = Part("Lbl", size, [(x, whole.height + BASELINE * size, ((TEXT, label + " "),))])
        body = Part("LBody")
        for place, inner in enumerate(set_blocks(item, width - indent, size)):
            whole.height += inner.gap * 0.6 if place else 0.0
            _shift(inner.part, indent, whole.height)
            whole.tints += [(x + indent, y + whole.height, w, h) for x, y, w, h in inner.tints]
            body.parts.append(inner.part)
            whole.height += inner.height
        whole.part.parts.append(Part("LI", parts=[lbl, body]))
    return whole


def _shift(part: Part, x: float, y: float) -> None:
    part.lines = [(left + x, below + y, pieces) for left, below, pieces in part.lines]
    for child in part.parts:
        _shift(child, x, y)
