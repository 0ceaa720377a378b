"""From markdown-it's tokens to the small tree that every output can draw.

What is not in the tree is refused, with its line: nothing of a page is ever dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from flashcards.faults import Source
from flashcards.figures import add_code, add_figure, expression_of, number_at_end
from flashcards.model import (
    Block,
    Code,
    CodeBlock,
    Emphasis,
    Formula,
    Inline,
    Link,
    List,
    Paragraph,
    Strong,
    Text,
    plain,
)

# Tables and strikethrough are switched on only to be recognised, and refused: GitHub would
# draw them, the cards would not. Beyond `maxNesting`, markdown-it drops text without a word:
# lists are refused long before that.
_MARKDOWN = MarkdownIt("commonmark", {"maxNesting": 100}).enable(["table", "strikethrough"])
_DEEPEST_LIST = 3

_LANGUAGES: dict[str, Literal["python", "text"]] = {"python": "python", "text": "text"}

_CANNOT_DRAW = {
    "table": "a table does not fit on a card: write a list",
    "hr": "a line across the page separates nothing here: headings do",
    "blockquote": "a quotation cannot be drawn: write a paragraph",
    "code_block": "code is fenced with ```python or ```text, not indented",
    "heading": "a heading cannot stand here",
    "image": "an image cannot be drawn: say it in words or as ```text",
    "hardbreak": "a line cannot be broken by hand: write two paragraphs or a list",
    "s": "words cannot be struck out: leave them out",
}


def tree(markdown: str, source: Source) -> list[SyntaxTreeNode]:
    """Return the blocks of some Markdown."""
    seen: dict[str, Any] = {}
    nodes = SyntaxTreeNode(_MARKDOWN.parse(markdown, seen)).children
    for definition in seen.get("references", {}).values():
        line = source.lines_above + definition["map"][0] + 1
        source.refuse(line, "write an address in its link, `[words](address)`, not apart from it")
    return nodes


def comment(html: str) -> str | None:
    """Return what stands in an HTML comment; None for any other HTML or two comments."""
    inner = html.strip().removeprefix("<!--").removesuffix("-->")
    whole = html.strip() == f"<!--{inner}-->" and "-->" not in inner
    return inner if whole else None


# ── Blocks ────────────────────────────────────────────────────────────────────────────────


def blocks(nodes: Iterable[SyntaxTreeNode], source: Source) -> tuple[Block, ...]:
    """Return the blocks as a tree, having refused what cannot be drawn."""
    drawn = (_block(node, source) for node in nodes)
    return tuple(block for block in drawn if block is not None)


def _block(node: SyntaxTreeNode, source: Source) -> Block | None:
    match node.type:
        case "paragraph":
            return Paragraph(inlines(node, source))
        case "bullet_list":
            return List(_items(node, source))
        case "ordered_list":
            return List(_items(node, source), int(node.attrs.get("start", 1)))
        case "fence":
            return _code_block(node, source)
        case "html_block":
            _hidden_code(node, source)
        case other:
            what = _CANNOT_DRAW.get(other, f"{other} cannot be drawn")
            source.refuse(source.line(node), what)
    return None


def _items(node: SyntaxTreeNode, source: Source) -> tuple[tuple[Block, ...], ...]:
    if node.level >= 2 * _DEEPEST_LIST:
        source.refuse(source.line(node), "a list in a list in a list is deep enough")
        return ()
    for item in node.children:
        if not item.children:
            source.refuse(source.line(item), "this list item is empty")
    return tuple(blocks(item.children, source) for item in node.children)


def _code_block(node: SyntaxTreeNode, source: Source) -> CodeBlock | None:
    line = source.line(node)
    first, after = node.map or (0, 0)
    if after - first != node.content.count("\n") + 2:
        source.refuse(line, "this code block is never closed")
        return None
    language = _LANGUAGES.get(node.info.strip())
    if language is None:
        source.refuse(line, f"code is ```python or ```text, not ```{node.info.strip()}")
        return None
    if language == "python":
        add_code(node.content, line + 1, source)
    return CodeBlock(node.content.removesuffix("\n"), language)


def _hidden_code(node: SyntaxTreeNode, source: Source) -> None:
    line = source.line(node)
    inner = comment(node.content)
    keyword, _, code = (inner or "").partition("\n")
    if keyword.strip() == "run":
        add_code(code, line + 1, source)
    elif inner is None:
        _refuse_html(node.content, line, source)
    else:
        source.refuse(line, f"a comment that starts with `{_first_word(inner)}` has no place here")


def _refuse_html(html: str, line: int, source: Source) -> None:
    if html.lstrip().startswith("<!--"):
        after = "-->" in html
        what = "nothing may follow a comment on its line" if after else "this comment never ends"
    elif "<details" in html or "</details" in html:
        what = (
            "folded text is opened by a line `<details><summary>…</summary>` and closed by a "
            "line `</details>`, each with a blank line after it, and only around an answer"
        )
    else:
        what = f"raw HTML cannot be drawn: `{html.strip().splitlines()[0]}`"
    source.refuse(line, what)


def _first_word(text: str) -> str:
    return (text.split() or [""])[0]


# ── Inside a paragraph or heading ─────────────────────────────────────────────────────────


def inlines(node: SyntaxTreeNode, source: Source) -> tuple[Inline, ...]:
    """Return the words of a paragraph or heading, having refused what cannot be drawn."""
    line = source.line(node)
    walk = _Walk(source, line)
    words = tuple(word for child in node.children for word in walk.inlines(child.children))
    if walk.line - line != sum(child.content.count("\n") for child in node.children):
        source.refuse(line, "code inside a sentence must end on the line on which it begins")
    return words


class _Walk:
    """Goes through the words of one paragraph and keeps count of the lines."""

    def __init__(self, source: Source, line: int) -> None:
        self.source = source
        self.line = line

    def inlines(self, nodes: Sequence[SyntaxTreeNode]) -> tuple[Inline, ...]:
        words: list[Inline] = []
        for node in nodes:
            word = self._inline(node, words)
            if isinstance(word, Text) and words and isinstance(words[-1], Text):
                last = words.pop()
                word = Text(plain([last, word]))
            if word is not None:
                words.append(word)
        return tuple(words)

    def _inline(self, node: SyntaxTreeNode, before: Sequence[Inline]) -> Inline | None:
        match node.type:
            case "text":
                return self._text(node.content)
            case "softbreak":
                self.line += 1
                return Text(" ")
            case "code_inline":
                # Formulas are told from Python by their characters: Python is ASCII here.
                written = node.content
                return Code(written) if written.isascii() else Formula(written)
            case "em":
                return Emphasis(self.inlines(node.children))
            case "strong":
                return Strong(self.inlines(node.children))
            case "link":
                return self._link(node)
            case "html_inline":
                self._html(node.content, before)
            case other:
                what = _CANNOT_DRAW.get(other, f"{other} cannot be drawn")
                self.source.refuse(self.line, what)
                self.line += other == "hardbreak"
        return None

    def _text(self, text: str) -> Text:
        if "$" in text:
            self.source.refuse(
                self.line, "a dollar sign starts a formula on GitHub: write it inside code"
            )
        return Text(text)

    def _link(self, node: SyntaxTreeNode) -> Link:
        address = str(node.attrs.get("href", ""))
        if not address.startswith("https://"):
            self.source.refuse(
                self.line, f"a link must lead to an https address, not to `{address}`"
            )
        if "title" in node.attrs:
            self.source.refuse(self.line, "a link has no title: it would show only on screens")
        return Link(self.inlines(node.children), address)

    def _html(self, html: str, before: Sequence[Inline]) -> None:
        inner = comment(html)
        self.line += html.count("\n")
        if inner is None:
            self.source.refuse(self.line, f"raw HTML cannot be drawn: `{html}`")
        elif expression_of(inner.strip()) is None:
            self.source.refuse(
                self.line, "a comment in a sentence is `= expression` or `≈ expression`"
            )
        elif "--" in inner:
            self.source.refuse(self.line, "two hyphens in a comment would show it on GitHub")
        else:
            add_figure(number_at_end(plain(before)), inner.strip(), self.line, self.source)
