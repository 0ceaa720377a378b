"""The cards as tab-separated text: read back by a csv reader, and by the real Anki."""

import csv
import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from flashcards import Card, Lesson, load_lessons, tsv
from flashcards.html import blocks_as_html, words_as_html
from flashcards.model import CodeBlock, ItemId, Paragraph, Place, Text

LESSONS = load_lessons(Path(__file__).parents[2] / "course" / "lessons")
CARDS = [card for lesson in LESSONS for card in lesson.cards]

AWKWARD = Card(
    ItemId("awkward"),
    Place("3-a.md", 1),
    (Text('#1: "quoted", 100 %'),),
    (Paragraph((Text("tab\there; <b>"),)), CodeBlock('print("a\\tb")\n\n# end', "python")),
)


def with_card(lesson: Lesson, card: Card) -> Lesson:
    return dataclasses.replace(lesson, cards=(*lesson.cards, card))


def header_and_rows(text: str) -> tuple[list[str], list[list[str]]]:
    lines = text.splitlines(keepends=True)
    header = [line.rstrip("\n") for line in lines if line.startswith("#")]
    return header, list(csv.reader(lines[len(header) :], delimiter="\t", strict=True))


def test_the_header_says_what_the_columns_are() -> None:
    header, rows = header_and_rows(tsv.render(LESSONS))
    assert header == [
        "#separator:tab",
        "#html:true",
        "#notetype:Basic",
        "#guid column:1",
        "#deck column:2",
        "#tags column:5",
    ]
    assert {len(row) for row in rows} == {5}


def test_there_is_a_row_for_every_card_in_order() -> None:
    _, rows = header_and_rows(tsv.render(LESSONS))
    assert [row[0] for row in rows] == [f"micrograd-course/{card.id}" for card in CARDS]
    assert rows[0][1] == "Course::1 Recording the graph"
    assert rows[0][4] == "course::recording-the-graph::value-holds"


def test_tabs_quotes_and_line_breaks_come_back_as_they_were() -> None:
    _, rows = header_and_rows(tsv.render([with_card(LESSONS[2], AWKWARD)]))
    assert rows[-1][2:4] == [words_as_html(AWKWARD.front), blocks_as_html(AWKWARD.back)]


# ── The real Anki ─────────────────────────────────────────────────────────────────────────


class Reader:
    """Somebody's Anki."""

    def __init__(self, folder: Path) -> None:
        from anki.collection import Collection

        self.file = folder / "cards.tsv"
        self.collection = Collection(str(folder / "collection.anki2"))

    def take(self, text: str) -> dict[str, int]:
        """Import a text as Anki's dialog does when its settings are left as they are."""
        from anki.collection import ImportCsvRequest

        self.file.write_text(text, "utf-8", newline="\n")
        metadata = self.collection.get_csv_metadata(str(self.file), None)
        request = ImportCsvRequest(path=str(self.file), metadata=metadata)
        log = self.collection.import_csv(request).log
        kinds = ("new", "updated", "duplicate", "conflicting", "empty_first_field")
        return {kind: len(getattr(log, kind)) for kind in kinds if getattr(log, kind)}


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    reader = Reader(tmp_path)
    yield reader
    reader.collection.close()


@pytest.mark.needs("anki")
def test_anki_reads_every_card_into_its_deck(reader: Reader) -> None:
    assert reader.take(tsv.render([*LESSONS[:2], with_card(LESSONS[2], AWKWARD)])) == {
        "new": len(CARDS) + 1
    }
    for lesson in LESSONS[:2]:
        title = words_as_html(lesson.title)
        assert len(reader.collection.find_notes(f'"deck:Course::* {title}"')) == len(lesson.cards)
    (found,) = reader.collection.find_notes("tag:course::*::awkward")
    note = reader.collection.get_note(found)
    assert note.guid == "micrograd-course/awkward"
    # Anki makes spaces of tabs while it reads a text.
    assert note["Front"] == words_as_html(AWKWARD.front)
    assert note["Back"].split() == blocks_as_html(AWKWARD.back).split()


@pytest.mark.needs("anki")
def test_the_same_text_again_updates_what_was_edited(reader: Reader) -> None:
    reader.take(tsv.render(LESSONS))
    assert reader.take(tsv.render(LESSONS)) == {"duplicate": len(CARDS)}
    card = dataclasses.replace(CARDS[-1], back=(Paragraph((Text("The same."),)),))
    last = dataclasses.replace(LESSONS[2], cards=(*LESSONS[2].cards[:-1], card))
    again = reader.take(tsv.render([*LESSONS[:2], last]))
    assert again == {"updated": 1, "duplicate": len(CARDS) - 1}
    assert reader.collection.note_count() == len(CARDS)


@pytest.mark.needs("anki")
def test_over_the_package_the_text_changes_nothing(reader: Reader) -> None:
    from anki.collection import ImportAnkiPackageRequest

    from flashcards import anki

    package = reader.file.with_name("cards.apkg")
    package.write_bytes(anki.package(LESSONS, {}))
    reader.collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(package)))
    assert reader.take(tsv.render(LESSONS)) == {"conflicting": len(CARDS)}
    assert reader.collection.note_count() == len(CARDS)
