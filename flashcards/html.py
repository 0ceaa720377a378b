"""Text as HTML that holds anywhere: a card in Anki, a question in an LMS, a page.

Every character that means something to HTML is escaped here and nowhere else. The elements
are those that every reader draws without a style sheet; three classes are there for one that
has one: `formula`, and on `pre` the language, `python` or `text`.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

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

_POSITIONS = {"line": "{}", "raised": "<sup>{}</sup>", "lowered": "<sub>{}</sub>"}


def blocks_as_html(blocks: Iterable[Block]) -> str:
    """Return paragraphs, lists and code blocks, each on lines of its own.

    Example:
        >>> blocks_as_html([Paragraph((Text("a < b"),))])
        '<p>a &lt; b</p>'
    """
    return "\n".join(map(_block, blocks))


def words_as_html(words: Iterable[Inline]) -> str:
    """Return the words of a heading or paragraph, without an element around them.

    Example:
        >>> words_as_html([Formula("n·aⁿ⁻¹")])
        '<span class="formula">n·a<sup>n−1</sup></span>'
    """
    return "".join(map(_inline, words))


def _block(block: Block) -> str:
    match block:
        case Paragraph(words):
            return f"<p>{words_as_html(words)}</p>"
        case List(items, None):
            return f"<ul>\n{_items(items)}\n</ul>"
        case List(items, start):
            first = "" if start == 1 else f' start="{start}"'
            return f"<ol{first}>\n{_items(items)}\n</ol>"
        case CodeBlock(text, language):
            return f'<pre class="{language}"><code>{_escaped(text)}</code></pre>'


def _items(items: Iterable[tuple[Block, ...]]) -> str:
    return "\n".join(f"<li>{_item(item)}</li>" for item in items)


def _item(item: tuple[Block, ...]) -> str:
    match item:
        case (Paragraph(words), *rest) if not any(isinstance(b, Paragraph) for b in rest):
            # Words that are alone in their item, but for a list or code below them, need
            # no paragraph, which would move the items apart.
            return "\n".join([words_as_html(words), *map(_block, rest)])
    return blocks_as_html(item)


def _inline(inline: Inline) -> str:
    match inline:
        case Text(text):
            return _escaped(text)
        case Code(text):
            return f"<code>{_escaped(text)}</code>"
        case Formula():
            return f'<span class="formula">{"".join(map(_run, inline.runs))}</span>'
        case Emphasis(children):
            return f"<em>{words_as_html(children)}</em>"
        case Strong(children):
            return f"<strong>{words_as_html(children)}</strong>"
        case Link(children, address):
            return f'<a href="{escape(address)}">{words_as_html(children)}</a>'


def _run(run: FormulaRun) -> str:
    return _POSITIONS[run.position].format(_escaped(run.text))


def _escaped(text: str) -> str:
    return escape(text, quote=False)
