r"""Text from a submission, made harmless for where it is printed.

Every function here takes any string at all, lone surrogates included, and returns one that
is no longer than `most` characters before the escapes of its medium are added. What cannot
be seen is first made visible, as in `\x1b` or `\u202e`; then the medium's own signs are
escaped. A reader of the medium gets back `visible(text)`, cut to `most`, and nothing else.
"""

from __future__ import annotations

import html
import re
import unicodedata

LONGEST = 4_000
"""So many characters of one text are shown, unless the caller says otherwise."""

INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Characters that count as letters or marks, and yet are shown as nothing."""

MARKS = 4
"""So many accents may stand on one letter; a tower of them covers the lines above."""

RUNNER_COMMAND = re.compile(r"::(?=[A-Za-z])|##(?=\[)")
"""Where GitHub's runner would take a line of a log for a command: `::error`, `##[group]`."""

BREAK = "\N{WORD JOINER}"
"""Stands unseen between a sign and the word that it would turn into a link or a mention."""


def visible(text: str, keep: str = "") -> str:
    r"""Replace what is not printable by its escape, as in `\x1b` or `\u202e`.

    Control characters move the cursor, change colours or turn the direction of writing
    round; zero-width ones hide in a word; none of them is printable in Unicode's sense.
    Characters in `keep` stay.
    """
    if text.isprintable() and text.isascii():
        return text
    parts, marks = [], 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character)[0] == "M" else 0
        shown = character.isprintable() and marks <= MARKS and not INVISIBLE.match(character)
        parts.append(character if shown or character in keep else _escape(character))
    return "".join(parts)


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode()


def for_terminal(text: str, keep: str = "", most: int = LONGEST) -> str:
    r"""Return text for a terminal or a log of continuous integration.

    Nothing in it moves the cursor or changes the direction of writing; nothing is taken
    for a command by GitHub's runner, which reads every line that is printed, wherever it
    was wrapped: the second sign of `::error` or `##[group]` is shown as `\x3a` or `\x23`.
    """
    return RUNNER_COMMAND.sub(_broken, _shown(text, keep, most))


def for_html(text: str, keep: str = "\n\t", most: int = LONGEST) -> str:
    """Return text for HTML, between tags or in a quoted attribute."""
    return html.escape(_shown(text, keep, most), quote=True)


def for_xml(text: str, keep: str = "\n\t", most: int = LONGEST) -> str:
    """Return text for XML, between tags or in a quoted attribute.

    No character is left that XML forbids. In an attribute, XML itself reads a new line or
    a tab as a space.
    """
    return for_html(text, keep, most)


def for_markdown(text: str, most: int = LONGEST) -> str:
    """Return text for one line of Markdown, in a table's cell or anywhere else.

    No sign acts: none begins a list, a link, a heading, or HTML; nor does GitHub take
    `@name` for a person to notify or `#1` for an issue.
    """
    shown = re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", _shown(text, "", most))
    shown = re.sub(r"([@#])(?=\w)", rf"\1{BREAK}", shown)
    # Spaces at the ends would be lost, or four of them make a block of code.
    return re.sub(r"\A +| +\Z", lambda spaces: "&#32;" * len(spaces[0]), shown)


def for_markdown_code(text: str, most: int = LONGEST) -> str:
    """Return text as code within a line of Markdown, outside of tables, where `|` divides."""
    shown = _shown(text, "", most)
    fence = "`" * (_longest_run(shown) + 1)
    if not shown.strip(" "):
        return f"{fence}{shown or ' '}{fence}"  # of nothing but spaces, none is taken away
    pad = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def for_markdown_fence(text: str, language: str = "", most: int = LONGEST) -> str:
    """Return text as a block of code in Markdown, with its fences, to start at a line's start."""
    shown = _shown(text, "\n", most)
    fence = "`" * max(3, _longest_run(shown) + 1)
    return f"{fence}{language}\n{shown}\n{fence}"


def for_github_data(text: str, most: int = LONGEST) -> str:
    """Return text for the message of a GitHub workflow command: `::error::message`.

    Lines are kept. The older commands, `##[error]`, are obeyed anywhere in a line: broken.
    """
    shown = for_terminal(text, "\n", most)
    return shown.replace("%", "%25").replace("\n", "%0A")


def for_github_property(text: str, most: int = LONGEST) -> str:
    """Return text for a property of a GitHub workflow command: `::error title=property::`."""
    return for_github_data(text, most).replace(":", "%3A").replace(",", "%2C")


def _shown(text: str, keep: str, most: int) -> str:
    """Return a text made visible and cut to `most` characters, which says that it was cut."""
    shown = visible(text[: most + 1], keep)
    if len(text) <= most and len(shown) <= most:
        return shown
    note = f" … ({len(text)} characters in all)"
    return (shown[: max(0, most - len(note))] + note)[:most]


def _broken(signs: re.Match[str]) -> str:
    return f"{signs[0][0]}\\x{ord(signs[0][1]):02x}"


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)
