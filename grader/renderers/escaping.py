"""Text from a submission, made harmless for where it is printed."""

from __future__ import annotations


def visible(text: str, keep: str = "") -> str:
    r"""Replace what is not printable by its escape, as in `\x1b` or `\u202e`.

    Control characters move the cursor, change colours or turn the direction of writing
    round; none of them is printable in Unicode's sense. Characters in `keep` stay.
    """
    return "".join(
        c if c.isprintable() or c in keep else c.encode("unicode_escape").decode() for c in text
    )
