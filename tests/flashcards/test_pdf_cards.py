"""One card a page, read back with a reader that is not ours."""

import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pdf_reading import MM, Read

from flashcards import Lesson, LessonError, load_lessons, read_lesson
from flashcards.model import CodeBlock, Formula, plain
from flashcards.pdf import PaperName, faults, render_cards
from flashcards.pdf.fitting import text_of
from flashcards.pdf.writer import BOLD, BOLD_CODE, BOLD_ITALIC, CODE, ITALIC, TEXT, missing

ROOT = Path(__file__).parents[2]
LESSONS = load_lessons(ROOT / "course" / "lessons")
TRAINING = LESSONS[2]
SIZES: dict[PaperName, tuple[float, float]] = {
    "a4": (595.28, 841.89),
    "letter": (612, 792),
    "index": (360, 216),
}
each_paper = pytest.mark.parametrize("paper", SIZES)
FLOOR = 11


def lesson(*cards: str, title: str = "Tried") -> Lesson:
    """Return a lesson of cards, each written as its heading and back."""
    parts = [
        f"### {front}\n<!-- id: card-{number} -->\n\n{back}\n"
        for number, (front, _, back) in enumerate((card.partition("\n") for card in cards), 1)
    ]
    page = f"# {title}\n<!-- id: tried -->\n\n## Flashcards\n\n" + "\n".join(parts)
    parsed, found = read_lesson(page, "1-tried.md")
    assert all("section" in fault.sentence for fault in found)  # the other sections are missing
    return parsed


def refusal(*lessons: Lesson, paper: PaperName = "a4", layout: str = "card") -> list[str]:
    with pytest.raises(LessonError) as caught:
        render_cards(lessons, paper=paper, layout=layout)
    return str(caught.value).split("\n")


def together(text: str) -> str:
    return "".join(text.split())


# ── Pages ─────────────────────────────────────────────────────────────────────────────────


@each_paper
def test_lesson_3_is_eight_pages_of_the_size_asked_for(paper: PaperName) -> None:
    pages = Read(render_cards([TRAINING], paper=paper)).pages
    assert [(round(page.width, 2), round(page.height, 2)) for page in pages] == [SIZES[paper]] * 8


@each_paper
def test_each_page_says_its_question_and_then_its_answer_and_nothing_else(
    paper: PaperName,
) -> None:
    cards = [card for lesson in LESSONS for card in lesson.cards]
    pages = Read(render_cards(LESSONS, paper=paper)).pages
    for card, page in zip(cards, pages, strict=True):
        read = page.read.replace("• ", "")
        for number in range(1, 5):
            read = read.replace(f"{number}. ", "") if card.id == "four-steps" else read
        assert together(read) == together(plain(card.front) + "".join(text_of(card.back)))


@each_paper
def test_an_answer_stands_below_its_question(paper: PaperName) -> None:
    for page in Read(render_cards(LESSONS, paper=paper)).pages:
        question = [one.y for one in page.characters if one.tag == "H1"]
        answer = [one.y for one in page.characters if one.mark is not None and one.tag != "H1"]
        assert min(question) > max(answer)


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_a_page_folded_in_the_middle_hides_the_answer(paper: PaperName) -> None:
    for page in Read(render_cards(LESSONS, paper=paper)).pages:
        for one in page.characters:
            assert (one.tag == "H1") == (one.y > page.height / 2)


@each_paper
def test_nothing_is_printed_near_the_edge_of_the_paper(paper: PaperName) -> None:
    for page in Read(render_cards(LESSONS, paper=paper)).pages:
        for one in page.characters:
            if one.text == " ":  # at the end of a line it may hang over
                continue
            assert one.x > 7 * MM
            assert one.x + one.width < page.width - 7 * MM
            assert 4.5 * MM < one.y < page.height - 7 * MM


@each_paper
def test_what_is_to_be_read_is_never_smaller_than_the_floor(paper: PaperName) -> None:
    pages = Read(render_cards(LESSONS, paper=paper)).pages
    assert min(one.size for page in pages for one in page.characters if one.mark is not None) >= 11


def test_every_page_names_its_lesson_and_its_number_there() -> None:
    pages = Read(render_cards([TRAINING])).pages
    labels = [f"Building and training a net · {number} of 8" for number in range(1, 9)]
    assert [page.aside for page in pages] == labels


def test_code_keeps_its_lines_and_its_indentation() -> None:
    (page,) = Read(render_cards([lesson("Code?\n```text\nif a:\n    b\n```")])).pages
    code = [one for one in page.characters if one.tag == "Code"]
    assert "".join(one.text for one in code) == "if a:     b "
    letters = {one.text: one for one in code if one.text.strip()}
    assert letters["b"].y < letters["a"].y
    assert letters["b"].x == pytest.approx(letters["i"].x + 4 * letters["i"].width)
    assert all(one.font.endswith("DejaVuSansMono") for one in code)


def test_formulas_are_set_in_italics_and_read_as_they_were_written() -> None:
    (page,) = Read(
        render_cards([lesson("Slope?\nIt is `n·aⁿ⁻¹` for `tanh(x) → 1`, and ∂ ∇ ∑.")])
    ).pages
    assert "It is n·aⁿ⁻¹ for tanh(x) → 1, and ∂ ∇ ∑." in page.read
    italic = "".join(one.text for one in page.characters if one.font.endswith("Oblique"))
    assert italic == "naⁿx"


def test_sums_and_arrows_are_not_broken_over_two_lines() -> None:
    back = "Some words " * 3 + "then 3 → 4 → 4 → 1 and 2 · (6 − 3) = 6 once more. "
    for shift in range(12):
        (page,) = Read(render_cards([lesson("Q?\n" + "i" * shift + back * 3)])).pages
        lines: dict[float, str] = {}
        for one in page.characters:
            if one.tag == "P":
                lines[one.y] = lines.get(one.y, "") + one.text
        assert len(lines) > 3
        for line in lines.values():
            assert line.strip()[0] not in "→·−=1"
            assert line.strip()[-1] not in "→·−="


def test_a_link_shows_its_address() -> None:
    (page,) = Read(render_cards([lesson("Where?\nOn [a page](https://example.org/one).")])).pages
    assert "On a page (https://example.org/one)." in page.read
    (page,) = Read(render_cards([lesson("Where?\nOn <https://example.org/one>.")])).pages
    assert page.read.count("example.org") == 1


def test_words_are_kept_apart_where_a_line_ends() -> None:
    (page,) = Read(render_cards([lesson("Q?\n" + "word " * 60)])).pages
    assert page.read.split() == ["Q?word", *["word"] * 59]


# ── What cannot be printed ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("語", "`語` (U+8A9E CJK UNIFIED IDEOGRAPH-8A9E)"),
        ("🙂", "`🙂` (U+1F642 SLIGHTLY SMILING FACE)"),
        ("`a\u200b≠b`", "U+200B ZERO WIDTH SPACE"),
    ],
)
@pytest.mark.parametrize("where", ["front", "back", "list", "emphasis", "code"])
@pytest.mark.parametrize("layout", ["card", "sheet"])
def test_a_character_that_no_font_has_is_named_with_its_card(
    written: str, named: str, where: str, layout: str
) -> None:
    card = {
        "front": f"What is {written}?\nThis.",
        "back": f"What?\nIt is {written}.",
        "list": f"What?\n- It is\n  1. {written}",
        "emphasis": f"What?\nIt **is *{written}*.**",
        "code": f"What?\n```text\n{written}\n```",
    }[where]
    assert refusal(lesson("First?\nFine.", card), layout=layout) == [
        f"1-tried.md:11: the card `card-2` uses {named}, which no font has: write it in another way"
    ]


def test_a_character_of_the_title_that_no_font_has_is_named() -> None:
    (said,) = refusal(lesson("Q?\nA.", title="題"))
    assert said.startswith("1-tried.md:1: the title of `tried` uses `題`")


def test_every_fault_is_named_at_once() -> None:
    said = refusal(lesson("A 語?\nB.", "C?\n🙂 and 語.", "E?\nF."))
    assert [line.split(" uses ")[0] for line in said] == [
        "1-tried.md:6: the card `card-1`",
        "1-tried.md:11: the card `card-2`",
        "1-tried.md:11: the card `card-2`",
    ]


@pytest.mark.parametrize("words", [1200, 2000])
@each_paper
def test_a_card_too_long_is_refused_by_name(paper: PaperName, words: int) -> None:
    said = refusal(lesson("Fine?\nYes.", "Long?\n" + "word " * words), paper=paper)
    where = {"a4": "an A4 page", "letter": "a Letter page", "index": "an index card of 5×3 in"}
    assert said == [
        f"1-tried.md:11: the card `card-2` is too long for {where[paper]}, even at 11 pt: "
        "shorten it"
    ]


def test_a_card_too_long_for_an_eighth_of_a_sheet_is_refused_by_name() -> None:
    long = lesson("Long?\n" + "word " * 120)
    (said,) = refusal(long, layout="sheet")
    assert "`card-1` is too long for an eighth of A4, even at 11 pt" in said
    assert len(Read(render_cards([long])).pages) == 1


@pytest.mark.parametrize("front", [True, False])
def test_a_word_wider_than_the_card_is_named(front: bool) -> None:
    wide = "w" * 90
    (said,) = refusal(lesson(f"{wide}?\nShort." if front else f"Q?\n{wide} or so."))
    assert f"has `{wide}{'?' if front else ''}`, which is too wide" in said


def test_a_line_of_code_wider_than_the_card_is_named_not_broken() -> None:
    (said,) = refusal(lesson("Q?\n```text\n    " + "x = y; " * 15 + "\n```"), paper="index")
    assert "has `x = y; x = y" in said


def test_a_long_card_is_shrunk_in_steps_and_never_below_11_points() -> None:
    sizes = []
    for words in range(20, 600, 15):
        try:
            (page,) = Read(render_cards([lesson("Long?\n" + "words " * words)])).pages
        except LessonError:
            break
        sizes.append(next(one.size for one in page.characters if one.tag == "P"))
    assert sizes[0] == 18
    assert sizes == sorted(sizes, reverse=True)
    assert min(sizes) == FLOOR
    assert len(set(sizes)) > 5


def test_every_lesson_fits_every_paper_and_layout() -> None:
    assert faults(LESSONS) == ()


def test_faults_are_gathered_over_all_papers_and_layouts() -> None:
    found = [str(fault) for fault in faults([lesson("Long?\n" + "word " * 200, "語?\nA.")])]
    assert len(found) == 1  # a character comes before any size
    found = [str(fault) for fault in faults([lesson("Long?\n" + "word " * 200)])]
    assert [line.partition(" for ")[2].partition(",")[0] for line in found[:3]] == [
        "an eighth of A4",
        "an eighth of Letter",
        "an index card of 5×3 in",
    ]


def test_lessons_without_a_card_are_refused() -> None:
    assert refusal(lesson()) == ["1-tried.md:1: there are no cards here"]


# ── The file ──────────────────────────────────────────────────────────────────────────────


def test_outline_names_lessons_and_cards_in_order() -> None:
    expected = []
    for one in LESSONS:
        expected.append((1, plain(one.title)))
        expected += [(2, plain(card.front)) for card in one.cards]
    assert Read(render_cards(LESSONS)).outline == expected


def test_title_and_language_are_set() -> None:
    one, all_ = Read(render_cards([TRAINING])), Read(render_cards(LESSONS))
    assert one.document.info[0]["Title"] == b"Building and training a net: flashcards"
    assert all_.document.info[0]["Title"] == b"Flashcards"
    assert one.catalog["Lang"] == b"en"
    assert one.catalog["ViewerPreferences"].resolve()["DisplayDocTitle"]


@pytest.mark.parametrize("layout", ["card", "sheet"])
def test_the_same_cards_give_the_same_bytes_in_every_process(layout: str) -> None:
    script = (
        "import hashlib, sys; from pathlib import Path; from flashcards import load_lessons\n"
        "from flashcards.pdf import render_cards, render_worksheet\n"
        "lessons = load_lessons(Path('course/lessons'))\n"
        "render_worksheet(lessons[:1])\n"  # what was drawn before leaves no trace
        f"drawn = render_cards(lessons, layout={layout!r})\n"
        "sys.stdout.write(hashlib.sha256(drawn).hexdigest())\n"
    )
    drawn = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    here = load_lessons(ROOT / "course" / "lessons")
    drawn |= {hashlib.sha256(render_cards(here, layout=layout)).hexdigest() for _ in range(2)}
    assert len(drawn) == 1


def test_the_file_holds_no_place_on_this_machine() -> None:
    assert str(ROOT).encode() not in render_cards(LESSONS)


# ── Fonts ─────────────────────────────────────────────────────────────────────────────────

FACES = (TEXT, BOLD, ITALIC, BOLD_ITALIC, CODE, BOLD_CODE)


def test_every_font_has_the_same_characters() -> None:
    characters = set(TEXT.font.face.charToGlyph)
    assert len(characters) > 1200
    for face in FACES:
        assert characters <= set(face.font.face.charToGlyph)


def test_fonts_have_what_lessons_are_written_with() -> None:
    greek = "αβγδεζηθικλμνξοπρσςτυφχψωΓΔΘΛΞΠΣΦΨΩ"
    mathematics = "∂∇∑∏√∞∈∉≠≤≥≈≡∝∀∃∅∩∪⊂⊆⋅∘×÷±·−¬∧∨⊙⊗⊕½⅓"
    arrows = "←↑→↓↔⇒⇐⇔↦"
    small = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿˣʸᵀ₀₁₂₃₄₅₆₇₈₉₊₋ₙₓᵢⱼ"
    words = "äöüßéñçøÅŁ„“”‘’–—…•†§©°€£✓✗├└│─"
    assert missing(greek + mathematics + arrows + small + words) == []


def test_fonts_come_with_their_licence() -> None:
    licence = (ROOT / "flashcards" / "fonts" / "LICENSE-DejaVu.txt").read_text("utf-8")
    assert "Bitstream" in licence
    assert "Permission is hereby granted, free of charge" in licence


@pytest.mark.needs("pdffonts")
def test_every_font_is_embedded(printed: Callable[..., str]) -> None:
    _, _, *fonts = printed("pdffonts", render_cards(LESSONS)).splitlines()
    assert 4 <= len(fonts) <= 6
    for font in fonts:
        assert "DejaVu" in font
        assert font.split()[-5:-2] == ["yes", "yes", "yes"]  # embedded, a subset, with Unicode


# ── Poppler ───────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def printed(tmp_path: Path) -> Callable[..., str]:
    """Return what a program of poppler prints about a PDF, having no complaint."""

    def run(program: str, content: bytes, *options: str) -> str:
        file = tmp_path / "cards.pdf"
        file.write_bytes(content)
        output = ["-"] if program == "pdftotext" else []
        done = subprocess.run(
            [program, *options, str(file), *output], capture_output=True, encoding="utf-8"
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    return run


@pytest.mark.needs("pdftotext")
@each_paper
def test_poppler_reads_question_answer_and_label_on_each_page(
    paper: PaperName, printed: Callable[..., str]
) -> None:
    *pages, end = printed("pdftotext", render_cards([TRAINING], paper=paper)).split("\f")
    assert end == ""
    for card, page in zip(TRAINING.cards, pages, strict=True):
        joined = together(page)
        assert joined.startswith(together(plain(card.front)))
        position = len(together(plain(card.front)))
        for piece in text_of(card.back):
            position = joined.index(together(piece)[:12], position)


@pytest.mark.needs("pdftotext")
def test_poppler_reads_formulas_as_they_were_written(printed: Callable[..., str]) -> None:
    read = together(printed("pdftotext", render_cards(LESSONS), "-raw"))
    for lesson in LESSONS:
        for card in lesson.cards:
            for block in card.back:
                for inline in getattr(block, "children", ()):
                    if isinstance(inline, Formula):
                        assert together(inline.text) in read
                if isinstance(block, CodeBlock):
                    assert together(block.text) in read


@pytest.mark.needs("pdfinfo")
def test_poppler_finds_a_tagged_a4_file_of_eight_pages(printed: Callable[..., str]) -> None:
    said = dict(
        line.split(":", 1)
        for line in printed("pdfinfo", render_cards([TRAINING])).splitlines()
        if ":" in line
    )
    assert said["Pages"].strip() == "8"
    assert said["Tagged"].strip() == "yes"
    assert said["Page size"].split()[-1] == "(A4)"


@pytest.mark.needs("pdfinfo")
@pytest.mark.parametrize("layout", ["card", "sheet"])
def test_poppler_reads_each_card_aloud_in_order(layout: str, printed: Callable[..., str]) -> None:
    said = printed("pdfinfo", render_cards([TRAINING], layout=layout), "-struct-text")
    sections = said.split("    Sect\n")[1:]
    assert len(sections) == 8
    for card, section in zip(TRAINING.cards, sections, strict=True):
        spoken = [line.strip()[1:-1] for line in section.splitlines() if line.strip()[0] == '"']
        assert section.splitlines()[0].strip() == "H1 (block)"
        assert spoken[0] == plain(card.front)
        answer = "".join(line for line in spoken[1:] if line not in ("• ",))
        for number in range(1, 5):
            answer = answer.replace(f"{number}. ", "") if card.id == "four-steps" else answer
        assert together(answer) == together("".join(text_of(card.back)))
