"""The forms of a question that a machine can mark, written in a comment of the page.

The comment begins with `graded choices` or `graded number`; then come lines `key: value` up
to a blank line, then Markdown: the question, and for choices a list of `[ ]` and `[x]`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markdown_it.tree import SyntaxTreeNode

from flashcards.faults import Source
from flashcards.figures import add_figure, number_at_end
from flashcards.model import (
    Block,
    Choice,
    ChoicesForm,
    GradedForm,
    ItemId,
    NumberForm,
    Paragraph,
    Text,
)
from flashcards.richtext import blocks, tree

_KEYS = {
    "choices": frozenset({"id"}),
    "number": frozenset({"id", "answer", "tolerance", "computed"}),
}


@dataclass(frozen=True)
class _Comment:
    """A graded form before its parts are understood."""

    line: int
    kind: str
    keys: Mapping[str, str]
    nodes: Sequence[SyntaxTreeNode]
    inside: Source


def is_graded(inner: str) -> bool:
    """Tell whether a comment is meant to be a graded form."""
    return inner.split()[:1] == ["graded"]


def graded_form(
    inner: str, line: int, default: tuple[ItemId | None, tuple[Block, ...]], source: Source
) -> GradedForm | None:
    """Read the comment that begins on `line`; None, with a fault noted, if it is no form.

    `default` holds the id and the question to be used where the form has none of its own;
    without a default id it must have one.
    """
    comment = _comment(inner, line, source)
    if comment is None:
        return None
    default_id, question = default
    given = comment.keys.get("id")
    if given is None and default_id is None:
        source.refuse(line, "each graded form of an exercise needs a line `id: …`")
    id_ = default_id or ItemId("") if given is None else source.identifier(given, line)
    if comment.kind == "choices":
        return _choices(comment, id_, question)
    return _number(comment, id_, question)


def _comment(inner: str, line: int, source: Source) -> _Comment | None:
    first, *rest = inner.split("\n")
    kind = first.strip().removeprefix("graded").strip()
    if kind not in _KEYS:
        source.refuse(line, "a graded form is `graded choices` or `graded number`")
        return None
    header = rest[: next((i for i, text in enumerate(rest) if not text.strip()), len(rest))]
    keys = {}
    for below, text in enumerate(header, 1):
        key, _, value = (part.strip() for part in text.partition(":"))
        if key not in _KEYS[kind]:
            allowed = ", ".join(sorted(_KEYS[kind]))
            source.refuse(line + below, f"`graded {kind}` has no line `{key}: …`, only: {allowed}")
        keys[key] = value
    inside = source.below(line + len(header))
    nodes = tree("\n".join(rest[len(header) :]), inside)
    return _Comment(line, kind, keys, nodes, inside)


def _choices(comment: _Comment, id_: ItemId, question: tuple[Block, ...]) -> ChoicesForm | None:
    source, nodes = comment.inside, comment.nodes
    if not nodes or nodes[-1].type != "bullet_list":
        source.refuse(comment.line, "`graded choices` must end with a list of `[ ]` and `[x]`")
        return None
    stem = blocks(nodes[:-1], source) or question
    choices = tuple(_choice(node, source) for node in nodes[-1].children)
    if len(choices) < 2 or sum(choice.right for choice in choices) != 1:
        source.refuse(comment.line, "of two or more choices exactly one must be right: `[x]`")
    return ChoicesForm(id_, source.place(comment.line), stem, choices)


def _choice(node: SyntaxTreeNode, source: Source) -> Choice:
    match blocks(node.children, source):
        case (Paragraph((Text(text), *words)), *feedback) if text[:4] in ("[ ] ", "[x] "):
            start = (Text(text[4:]),) if text[4:] else ()
            return Choice((*start, *words), text.startswith("[x]"), tuple(feedback))
    source.refuse(source.line(node), "a choice begins with `[ ]`, or with `[x]` if it is right")
    return Choice((), right=False)


def _number(comment: _Comment, id_: ItemId, question: tuple[Block, ...]) -> NumberForm | None:
    source, keys = comment.inside, comment.keys
    missing = [key for key in ("answer", "tolerance", "computed") if not keys.get(key)]
    if missing:
        source.refuse(comment.line, f"`graded number` needs a line `{missing[0]}: …`")
        return None
    rounded = "≈" if keys["answer"].startswith("≈") else "="
    shown = keys["answer"].removeprefix("≈").strip()
    number = shown if number_at_end(shown) == shown else None
    if number is None or number_at_end(keys["tolerance"]) != keys["tolerance"]:
        source.refuse(comment.line, "the answer and its tolerance must be plain numbers")
        return None
    answer = add_figure(number, f"{rounded} {keys['computed']}", comment.line, source)
    if answer is None:
        return None
    stem = blocks(comment.nodes, source) or question
    place = source.place(comment.line)
    return NumberForm(id_, place, stem, answer, float(keys["tolerance"]))
