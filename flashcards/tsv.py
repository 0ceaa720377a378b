"""The cards as tab-separated text, for Anki's text import and for programs of other kinds.

The lines above the cards are for Anki: they say what the columns are. In a card, words are
HTML, and a field that holds a tab, a quote or a line break stands in quotes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from flashcards.anki import deck_name, guid, tag
from flashcards.html import blocks_as_html, words_as_html
from flashcards.model import Lesson

_HEADER = """\
#separator:tab
#html:true
#notetype:Basic
#guid column:1
#deck column:2
#tags column:5
"""


def render(lessons: Sequence[Lesson]) -> str:
    """Return the cards as lines of guid, deck, front, back and tag, below Anki's header."""
    stream = io.StringIO(_HEADER)
    stream.seek(0, io.SEEK_END)
    writer = csv.writer(stream, delimiter="\t", lineterminator="\n")
    for lesson in lessons:
        for card in lesson.cards:
            front, back = words_as_html(card.front), blocks_as_html(card.back)
            writer.writerow((guid(card.id), deck_name(lesson), front, back, tag(card, lesson)))
    return stream.getvalue()
