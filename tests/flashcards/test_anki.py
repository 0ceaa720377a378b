"""The Anki package: what is in it, and what the real Anki makes of it."""

import dataclasses
import hashlib
import io
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from flashcards import Lesson, LessonError, anki, load_lessons
from flashcards.html import blocks_as_html, words_as_html
from flashcards.model import (
    Code,
    CodeBlock,
    Emphasis,
    Formula,
    ItemId,
    Link,
    List,
    Paragraph,
    Strong,
    Text,
)

FOLDER = Path(__file__).parents[2] / "course" / "lessons"
LESSONS = load_lessons(FOLDER)
TRAINING = LESSONS[2]
JANUARY, FEBRUARY, MARCH = (1_700_000_000 + month * 2_592_000 for month in range(3))
CARDS = sum(len(lesson.cards) for lesson in LESSONS)


def edited(lesson: Lesson, card: str, back: str) -> Lesson:
    cards = tuple(
        dataclasses.replace(old, back=(Paragraph((Text(back),)),)) if old.id == card else old
        for old in lesson.cards
    )
    return dataclasses.replace(lesson, cards=cards)


def recorded(lessons: list[Lesson], changes: anki.Changes, now: int) -> anki.Changes:
    return anki.parse_changes(anki.recorded(lessons, changes, now), "changes.txt")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with zipfile.ZipFile(io.BytesIO(anki.package(LESSONS, {}, now=JANUARY))) as opened:
        opened.extract("collection.anki2", tmp_path)
    connection = sqlite3.connect(tmp_path / "collection.anki2")
    yield connection
    connection.close()


# ── The package ───────────────────────────────────────────────────────────────────────────


def test_the_package_holds_a_sound_database_with_every_card(database: sqlite3.Connection) -> None:
    assert database.execute("pragma integrity_check").fetchone() == ("ok",)
    guids = [guid for (guid,) in database.execute("select guid from notes order by id")]
    assert guids == [f"micrograd-course/{card.id}" for lesson in LESSONS for card in lesson.cards]
    assert database.execute("select count(*) from cards").fetchone() == (CARDS,)


def test_recorded_cards_make_the_same_bytes_at_any_time() -> None:
    changes = recorded([*LESSONS], {}, JANUARY)
    assert anki.package(LESSONS, changes, now=FEBRUARY) == anki.package(LESSONS, changes)


def test_the_record_beside_the_pages_is_used_unless_another_is_given() -> None:
    assert anki.package(LESSONS) == anki.package(LESSONS, anki.load_changes(FOLDER))
    assert anki.package(LESSONS, now=MARCH) != anki.package(LESSONS, {}, now=MARCH)


def test_nothing_of_the_machine_is_in_the_package() -> None:
    with zipfile.ZipFile(io.BytesIO(anki.package(LESSONS, {}, now=JANUARY))) as opened:
        for member in opened.infolist():
            assert member.date_time == (1980, 1, 1, 0, 0, 0)
            assert (member.create_system, member.compress_type) == (3, zipfile.ZIP_STORED)
        assert opened.read("collection.anki2")[96:100] == bytes(4)


def test_what_anki_knows_us_by_never_changes() -> None:
    assert anki.guid(ItemId("update-rule")) == "micrograd-course/update-rule"
    assert anki._MODEL_ID == 1_763_829_417
    assert anki._FIELDS == ("Id", "Question", "Answer", "Source", "Extra")
    decks = [anki._deck_id(lesson.id) for lesson in LESSONS]
    assert decks == [1_157_626_003, 1_552_133_862, 1_555_745_699]


def test_a_changed_template_bears_a_new_date() -> None:
    """When this fails: set `_TEMPLATE_CHANGED` to today, then the digest here to the new one."""
    template = "\x1f".join((anki._FRONT, anki._BACK, anki._CSS))
    digest = hashlib.sha256(template.encode()).hexdigest()[:16]
    assert (anki._TEMPLATE_CHANGED, digest) == (1_795_305_600, "4b5c1126c912843e")


def test_decks_are_named_after_the_number_and_title_of_the_lesson() -> None:
    assert [anki.deck_name(lesson) for lesson in LESSONS] == [
        "Course::1 Recording the graph",
        "Course::2 Backward",
        "Course::3 Building and training a net",
    ]


def test_two_colons_in_a_title_open_no_deck_of_their_own() -> None:
    lesson = dataclasses.replace(TRAINING, title=(Text("Slices: a[::2]"),))
    assert anki.deck_name(lesson) == "Course::3 Slices: a[:2]"


# ── The record of changes ─────────────────────────────────────────────────────────────────


def test_every_card_of_the_course_is_recorded_as_it_is_now() -> None:
    """When this fails: python -m flashcards.anki course/lessons."""
    assert [str(fault) for fault in anki.unrecorded(LESSONS, anki.load_changes(FOLDER))] == []


def test_only_an_edited_card_gets_a_new_time() -> None:
    before = recorded([TRAINING], {}, JANUARY)
    after = recorded([edited(TRAINING, "update-rule", "Downhill.")], before, FEBRUARY)
    assert {id_ for id_ in after if after[id_] != before[id_]} == {"update-rule"}
    assert after[ItemId("update-rule")].seconds == FEBRUARY


def test_an_edit_is_newer_even_where_the_clock_is_behind() -> None:
    before = recorded([TRAINING], {}, FEBRUARY)
    after = recorded([edited(TRAINING, "update-rule", "Downhill.")], before, JANUARY)
    assert after[ItemId("update-rule")].seconds == FEBRUARY + 1


def test_an_unrecorded_edit_is_named_with_its_line() -> None:
    changes = recorded([TRAINING], {}, JANUARY)
    (fault,) = anki.unrecorded([edited(TRAINING, "update-rule", "Downhill.")], changes)
    (card,) = [card for card in TRAINING.cards if card.id == "update-rule"]
    assert fault.place == card.place
    assert "`update-rule` has changed: run `python -m flashcards.anki`" in fault.sentence


def test_without_a_record_nothing_is_recorded(tmp_path: Path) -> None:
    assert anki.load_changes(tmp_path) == {}


@pytest.mark.parametrize("line", ["yesterday 12ab leaf", "2026-11-22T17:00:00 12ab leaf", "leaf"])
def test_a_line_that_is_none_of_a_record_is_refused_with_its_number(line: str) -> None:
    with pytest.raises(
        LessonError, match=r"^changes\.txt:2: this is not a time, a digest and an id"
    ):
        anki.parse_changes(f"# times\n{line}\n", "changes.txt")


# ── A card as HTML ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "html"),
    [
        (Text("a < b & c > d"), "a &lt; b &amp; c &gt; d"),
        (Code('<b>"x"</b>'), '<code>&lt;b&gt;"x"&lt;/b&gt;</code>'),
        (Formula("wₙ·a² < ∞"), '<span class="formula">w<sub>n</sub>·a<sup>2</sup> &lt; ∞</span>'),
        (Emphasis((Strong((Text("so"),)),)), "<em><strong>so</strong></em>"),
        (
            Link((Text("q"),), 'https://a.b/?c=1&d="'),
            '<a href="https://a.b/?c=1&amp;d=&quot;">q</a>',
        ),
    ],
)
def test_words_are_escaped_and_marked(words: Text, html: str) -> None:
    assert words_as_html([words]) == html


def test_blocks_keep_their_order_their_numbers_and_their_lines() -> None:
    one, two = Paragraph((Text("one"),)), Paragraph((Text("two"),))
    code = CodeBlock("if a < b:\n\n    c", "python")
    written = blocks_as_html([one, code, List(((one, List(((two,),))), (one, two)), start=3)])
    assert written == (
        "<p>one</p>\n"
        '<pre class="python"><code>if a &lt; b:\n\n    c</code></pre>\n'
        '<ol start="3">\n<li>one\n<ul>\n<li>two</li>\n</ul></li>\n'
        "<li><p>one</p>\n<p>two</p></li>\n</ol>"
    )


def luminance(colour: str) -> float:
    """Return the relative luminance as WCAG defines it; 0 is black, 1 white."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_text_stands_out_from_its_ground_by_day_and_by_night() -> None:
    modes = [dict(re.findall(r"--(\w+): (#\w{6})", block)) for block in anki._CSS.split("}")]
    day, night = [colours for colours in modes if colours]
    assert day.keys() == night.keys()
    for colours in (day, night):
        for ink, ground in (("ink", "paper"), ("ink", "code"), ("quiet", "paper")):
            dark, light = sorted(luminance(colours[name]) for name in (ink, ground))
            assert (light + 0.05) / (dark + 0.05) >= 6


# ── The real Anki ─────────────────────────────────────────────────────────────────────────


class Reader:
    """Somebody's Anki."""

    def __init__(self, folder: Path) -> None:
        from anki.collection import Collection

        self.folder = folder
        self.collection = Collection(str(folder / "collection.anki2"))

    def take(self, package: bytes) -> dict[str, int]:
        """Import a package as a double click does; return what Anki says about the notes."""
        from anki.collection import ImportAnkiPackageRequest

        file = self.folder / "cards.apkg"
        file.write_bytes(package)
        log = self.collection.import_anki_package(
            ImportAnkiPackageRequest(package_path=str(file))
        ).log
        kinds = ("new", "updated", "duplicate", "conflicting")
        return {kind: len(getattr(log, kind)) for kind in kinds if getattr(log, kind)}

    def note(self, card: str) -> SimpleNamespace:
        (found,) = self.collection.find_notes(f"tag:course::*::{card}")
        note = self.collection.get_note(found)
        return SimpleNamespace(note=note, card=note.cards()[0], **dict(note.items()))

    def study(self, card: str) -> None:
        from anki.scheduler.v3 import CardAnswer

        shown = self.note(card).card
        shown.start_timer()
        states = self.collection._backend.get_scheduling_states(shown.id)
        answer = self.collection.sched.build_answer(
            card=shown, states=states, rating=CardAnswer.EASY
        )
        self.collection.sched.answer_card(answer)


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    reader = Reader(tmp_path)
    yield reader
    reader.collection.close()


def schedule(shown: SimpleNamespace) -> tuple[int, ...]:
    card = shown.card
    return (card.reps, card.ivl, card.due, int(card.type), int(card.queue), card.factor)


@pytest.mark.needs("anki")
def test_an_edited_card_is_updated_in_place_and_keeps_its_schedule(reader: Reader) -> None:
    changes = recorded([TRAINING], {}, JANUARY)
    assert reader.take(anki.package([TRAINING], changes)) == {"new": 8}
    reader.study("update-rule")
    reader.study("mlp")
    before = {card: schedule(reader.note(card)) for card in ("update-rule", "mlp")}
    assert all(reps == 1 and interval > 0 for reps, interval, *_ in before.values())

    again = edited(TRAINING, "update-rule", "Go downhill.")
    changes = recorded([again], changes, FEBRUARY)
    assert reader.take(anki.package([again], changes)) == {"updated": 1, "duplicate": 7}
    assert reader.collection.note_count() == reader.collection.card_count() == 8
    assert reader.note("update-rule").Answer == "<p>Go downhill.</p>"
    assert {card: schedule(reader.note(card)) for card in before} == before


@pytest.mark.needs("anki")
def test_the_same_package_twice_changes_nothing(reader: Reader) -> None:
    package = anki.package(LESSONS, anki.load_changes(FOLDER))
    assert reader.take(package) == {"new": CARDS}
    assert reader.take(package) == {"duplicate": CARDS}


@pytest.mark.needs("anki")
def test_an_edit_that_nobody_recorded_gets_through_all_the_same(reader: Reader) -> None:
    changes = recorded([TRAINING], {}, JANUARY)
    reader.take(anki.package([TRAINING], changes))
    again = edited(TRAINING, "update-rule", "Go downhill.")
    package = anki.package([again], changes, now=FEBRUARY)
    assert reader.take(package) == {"updated": 1, "duplicate": 7}


@pytest.mark.needs("anki")
def test_a_card_added_in_the_middle_is_new_and_no_other_is(reader: Reader) -> None:
    first, *rest = TRAINING.cards
    without = dataclasses.replace(TRAINING, cards=(first, *rest[1:]))
    changes = recorded([without], {}, JANUARY)
    assert reader.take(anki.package([without], changes)) == {"new": 7}
    changes = recorded([TRAINING], changes, FEBRUARY)
    assert reader.take(anki.package([TRAINING], changes)) == {"new": 1, "duplicate": 7}
    assert {card.id for card in TRAINING.cards} == {
        reader.collection.get_note(id_)["Id"] for id_ in reader.collection.find_notes("")
    }


@pytest.mark.needs("anki")
def test_what_a_reader_wrote_on_another_card_stays(reader: Reader) -> None:
    changes = recorded([TRAINING], {}, JANUARY)
    reader.take(anki.package([TRAINING], changes))
    own = reader.note("mlp").note
    own["Extra"] = "my own words"
    reader.collection.update_note(own)
    again = edited(TRAINING, "update-rule", "Go downhill.")
    reader.take(anki.package([again], recorded([again], changes, MARCH)))
    assert reader.note("mlp").Extra == "my own words"


@pytest.mark.needs("anki")
def test_a_lesson_taken_alone_goes_into_the_same_deck(reader: Reader) -> None:
    reader.take(anki.package(LESSONS, {}, now=JANUARY))
    assert reader.take(anki.package([TRAINING], {}, now=JANUARY)) == {"duplicate": 8}
    names = {deck.name for deck in reader.collection.decks.all_names_and_ids()}
    assert names == {"Default", "Course", *map(anki.deck_name, LESSONS)}


@pytest.mark.needs("anki")
def test_new_cards_come_in_the_order_of_the_page(reader: Reader) -> None:
    reader.take(anki.package(LESSONS, {}, now=JANUARY))
    in_order = sorted(
        (reader.note(card.id).card.due, card.id) for lesson in LESSONS for card in lesson.cards
    )
    expected = [card.id for lesson in LESSONS for card in lesson.cards]
    assert [id_ for _, id_ in in_order] == expected


@pytest.mark.needs("anki")
def test_a_card_shows_question_then_answer_lesson_and_id(reader: Reader) -> None:
    reader.take(anki.package(LESSONS, {}, now=JANUARY))
    drawn = reader.note("update-rule").card.render_output()
    assert "What is the update rule?" in drawn.question_text
    assert "uphill" not in drawn.question_text
    order = ["What is the update rule?", "uphill", "Building and training a net", "update-rule<"]
    places = [drawn.answer_text.index(text) for text in order]
    assert places == sorted(places)
    assert 'class="extra"' not in drawn.answer_text


@pytest.mark.needs("anki")
def test_a_changed_template_reaches_cards_that_are_there(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.take(anki.package([TRAINING], {}, now=JANUARY))
    monkeypatch.setattr(anki, "_CSS", ".card { color: green; }")
    monkeypatch.setattr(anki, "_TEMPLATE_CHANGED", anki._TEMPLATE_CHANGED + 1)
    assert reader.take(anki.package([TRAINING], {}, now=JANUARY)) == {"duplicate": 8}
    note_type = reader.collection.models.by_name("Micrograd course")
    assert note_type is not None
    assert note_type["css"] == ".card { color: green; }"
