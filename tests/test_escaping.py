"""Hostile text, escaped for each medium, is read back by that medium as what is visible of it.

The readers are not ours: `xml.etree`, `html.parser`, `markdown-it`, and the rules by which
GitHub's runner finds its commands in a log, written down here from its documentation.
"""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from grader.renderers.escaping import (
    BREAK,
    LONGEST,
    for_github_data,
    for_github_property,
    for_html,
    for_markdown,
    for_markdown_code,
    for_markdown_fence,
    for_terminal,
    for_xml,
    visible,
)

NASTY = (
    *("\x1b[31mred\x1b[0m", "\x9b31m", "\x07", "\x7f", "\0", "\r", "\n", "\r\n", "\t", "\x85"),
    *("\u202eevil\u202c", "\u2066x\u2069", "\u200b", "\u200d", "\ufeff", "\u2060", "\u2028"),
    *("\u034f", "\u3164", "\ufe0f", "\U000e0041", "\U000e0100", "\ufffe", "\U0010ffff", "\xad"),
    *("\ud800", "\udfff", "\udc80", "e" + "\u0301" * 30, "漢字", "ä ∂", "🙂"),
    *("<script>", "</td>", "&amp;", "&", '"', "'", "]]>", "<!--", "-->", "<![CDATA["),
    *(
        "`",
        "```",
        "~~~",
        "``",
        "# a",
        "- a",
        "+ a",
        "1. a",
        "1) a",
        "> a",
        "    code",
        "===",
        "---",
    ),
    *("[a](javascript:b)", "![a](b)", "<http://a.b>", "http://a.b", "www.a.b", "@name", "#12", "|"),
    *("*a*", "_a_", "~a~", "$a$", ":smile:", "\\", "\\n", " ", "  ", "[^1]", "[ ] a", "a  \nb"),
    *(
        "::error::x",
        "::stop-commands::t",
        "##[group]g",
        "###[x]",
        "::",
        ":",
        ",",
        "%0A",
        "%",
        "%25",
    ),
)
TEXT = st.lists(st.one_of(st.sampled_from(NASTY), st.text(max_size=5)), max_size=8).map("".join)
TEXT |= st.text(st.characters(exclude_categories=()), max_size=40)

many = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))

FUNCTIONS = (
    *(for_terminal, for_html, for_xml, for_markdown, for_markdown_code, for_markdown_fence),
    *(for_github_data, for_github_property),
)


def is_harmless(text: str, keep: str = "") -> bool:
    """Tell whether nothing controls, hides or turns, by Unicode's own tables."""
    ignorable = {"\u034f", "\u115f", "\u1160", "\u3164", "\uffa0"}
    return all(
        (unicodedata.category(c)[0] not in "CZ" or c == " " or c in keep)
        and c not in ignorable
        and not "\ufe00" <= c <= "\ufe0f"
        for c in text
    )


# ── Terminal ──────────────────────────────────────────────────────────────────────────


@given(TEXT)
@many
def test_nothing_moves_a_cursor_hides_or_turns_the_writing(text: str) -> None:
    assert is_harmless(for_terminal(text))
    assert is_harmless(for_terminal(text, keep="\n"), keep="\n")
    for_terminal(text).encode("utf-8")  # no lone surrogate is left


@given(st.text(st.characters(exclude_categories=("C", "Z", "M", "Lo")), max_size=50))
@many
def test_what_everybody_can_see_stays_as_it_is(text: str) -> None:
    assert visible(text) == text


def test_letters_of_every_language_stay_and_towers_of_accents_do_not() -> None:
    assert visible("ä ∂ 漢字 ελ हिन्दी 한글 🙂") == "ä ∂ 漢字 ελ हिन्दी 한글 🙂"
    assert visible("e" + "\u0301" * 30).count("\\u0301") == 26
    assert visible("\u3164\ufe0f\u200b\ud800") == "\\u3164\\ufe0f\\u200b\\ud800"


# ── Bounds ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_a_text_of_megabytes_is_cut_and_says_so(function: object) -> None:
    assert callable(function)
    for character in ("x", "\x1b", "<", "`", "%", "\U000e0001"):
        shown = function(character * (10 << 20))
        assert len(shown) <= 10 * LONGEST
        assert "10485760" in shown


@given(TEXT, st.integers(0, 60))
@many
def test_no_text_is_longer_than_was_asked(text: str, most: int) -> None:
    assert len(for_terminal(text.replace(":", "").replace("#", ""), most=most)) <= most


# ── HTML and XML ──────────────────────────────────────────────────────────────────────


class Reader(HTMLParser):
    """Collects a page's text, its tags, and the one attribute."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.tags, self.title = "", list[str](), ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.title = dict(attrs).get("title") or ""

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError("a comment was let in")

    handle_decl = handle_pi = unknown_decl = handle_comment


@given(TEXT)
@many
def test_html_is_read_back_as_text_and_as_an_attribute(text: str) -> None:
    reader = Reader()
    reader.feed(f'<p title="{for_html(text)}">{for_html(text)}</p>')
    reader.close()
    assert reader.tags == ["p"]
    assert reader.text == reader.title == visible(text, "\n\t")


@given(TEXT)
@many
def test_xml_is_read_back_as_text_and_as_an_attribute(text: str) -> None:
    element = ElementTree.fromstring(f'<p title="{for_xml(text)}">{for_xml(text)}</p>'.encode())
    assert (element.text or "") == visible(text, "\n\t")
    assert element.get("title") == re.sub("[\n\t]", " ", visible(text, "\n\t"))
    assert not list(element)


# ── Markdown ──────────────────────────────────────────────────────────────────────────

MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def read_markdown(source: str) -> Reader:
    reader = Reader()
    reader.feed(MARKDOWN.render(source))
    reader.close()
    return reader


@given(TEXT)
@many
def test_markdown_is_read_back_as_one_paragraph_without_markup(text: str) -> None:
    reader = read_markdown(for_markdown(text))
    assert set(reader.tags) <= {"p"}
    assert reader.text.replace(BREAK, "").rstrip("\n") == visible(text)


@given(TEXT)
@many
def test_markdown_fits_in_the_cell_of_a_table(text: str) -> None:
    reader = read_markdown(f"| a | b |\n| --- | --- |\n| {for_markdown(text)} | end |\n")
    assert reader.tags == ["table", "thead", "tr", "th", "th", "tbody", "tr", "td", "td"]
    words = [part for part in reader.text.replace(BREAK, "").split("\n") if part]
    assert words == ["a", "b", *([visible(text)] if text else []), "end"]


@given(TEXT)
@many
def test_markdown_neither_notifies_a_person_nor_links(text: str) -> None:
    shown = read_markdown(for_markdown(text)).text
    assert not re.search(r"@\w|#\d", shown)
    assert not re.search(r"(?<!\\)(https?:|www\.)", for_markdown(text))


@given(TEXT)
@many
def test_code_in_markdown_is_read_back_as_code(text: str) -> None:
    reader = read_markdown(f"a {for_markdown_code(text)} b")
    assert reader.tags == ["p", "code"]
    assert reader.text == f"a {visible(text) or ' '} b\n"


@given(TEXT)
@many
def test_a_block_of_code_is_read_back_as_it_is(text: str) -> None:
    reader = read_markdown(for_markdown_fence(text, "python") + "\n\nafter")
    assert reader.tags == ["pre", "code", "p"]
    assert reader.text.rstrip("\n") == f"{visible(text, chr(10))}\n\nafter"


# ── GitHub ────────────────────────────────────────────────────────────────────────────


def command_of(line: str) -> tuple[str, dict[str, str], str] | None:
    """Read a line of a log as GitHub's runner does: `::name key=value,…::message`."""
    found = re.match(r"\s*::(?=\S)(.*?)::(.*)", line, re.DOTALL)
    if not found:
        return None
    name, _, listed = found[1].partition(" ")
    pairs = (pair.split("=", 1) for pair in listed.split(",") if "=" in pair)
    return name, {key: _decoded(value, True) for key, value in pairs}, _decoded(found[2], False)


def _decoded(text: str, in_property: bool) -> str:
    signs = {"%0D": "\r", "%0A": "\n", **({"%3A": ":", "%2C": ","} if in_property else {})}
    for code, sign in signs.items():
        text = text.replace(code, sign)
    return text.replace("%25", "%")


@given(TEXT, TEXT)
@many
def test_a_workflow_command_carries_its_title_and_message_and_no_other_command(
    title: str, message: str
) -> None:
    line = f"::error title={for_github_property(title)}::{for_github_data(message)}"
    assert len(line.splitlines()) == 1
    assert "##[" not in line
    command = command_of(line)
    assert command is not None
    name, properties, read = command
    assert (name, list(properties)) == ("error", ["title"])
    assert properties["title"] == for_terminal(title, "\n")
    assert read == for_terminal(message, "\n")


@given(TEXT, st.integers(0, 30))
@many
def test_no_line_of_a_log_is_a_command_wherever_it_is_wrapped(text: str, at: int) -> None:
    shown = for_terminal(text, keep="\n")
    for line in (*shown.split("\n"), shown[at:], shown[:at]):
        assert "##[" not in line
        assert not re.match(r"\s*::[A-Za-z]", line)


def test_a_command_in_a_message_can_still_be_read() -> None:
    assert for_terminal("::error::no") == ":\\x3aerror:\\x3ano"
    assert for_terminal("##[group]a") == "#\\x23[group]a"
    assert for_terminal("a[::2] std: :b") == "a[::2] std: :b"
