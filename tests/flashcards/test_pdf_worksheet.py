"""The worksheet, read back."""

import dataclasses
import itertools
from pathlib import Path

import pytest
from pdf_reading import MM, Read

from flashcards import Lesson, LessonError, load_lessons
from flashcards.model import Paragraph, Text, plain
from flashcards.pdf import render_worksheet
from flashcards.pdf.fitting import text_of

LESSONS = load_lessons(Path(__file__).parents[2] / "course" / "lessons")
TRAINING = LESSONS[2]
each_paper = pytest.mark.parametrize("paper", ["a4", "letter"])


def with_answer(*paragraphs: str) -> Lesson:
    blocks = tuple(Paragraph((Text(paragraph),)) for paragraph in paragraphs)
    first, *others = TRAINING.questions
    return dataclasses.replace(
        TRAINING, questions=(dataclasses.replace(first, answer=blocks), *others)
    )


@each_paper
def test_answers_begin_on_a_page_of_their_own_after_all_questions(paper: str) -> None:
    pages = Read(render_worksheet(LESSONS, paper=paper)).pages
    (start,) = [i for i, page in enumerate(pages) if page.read.startswith("Answers")]
    for i, page in enumerate(pages):
        assert bool(page.lines) == (i < start)
    asked = "".join(page.read for page in pages[:start])
    solved = "".join(page.read for page in pages[start:])
    for lesson in LESSONS:
        for question in lesson.questions:
            heading = plain(question.heading)
            assert heading in asked.replace("  ", " ")
            assert heading in solved.replace("  ", " ")
            said = next(text_of(question.answer))[:18]
            assert said not in asked
            assert said in solved


@each_paper
def test_every_question_has_at_least_four_lines_to_write_on(paper: str) -> None:
    asked = 0
    for page in Read(render_worksheet(LESSONS, paper=paper)).pages:
        headings = {one.mark: one.y for one in page.characters if one.tag == "H2" and page.lines}
        starts = sorted(headings.values(), reverse=True)
        for top, bottom in itertools.pairwise([*starts, 0.0]):
            lines = sorted((y for _, y, _, _ in page.lines if bottom < y < top), reverse=True)
            assert len(lines) >= 4
            gaps = {round(a - b, 1) for a, b in itertools.pairwise(lines)}
            assert gaps == {round(8.5 * MM, 1)}
            asked += 1
    assert asked == sum(len(lesson.questions) + 1 for lesson in LESSONS)


@each_paper
def test_no_text_runs_into_lines_or_margins(paper: str) -> None:
    for page in Read(render_worksheet(LESSONS, paper=paper)).pages:
        for one in page.characters:
            if one.text != " ":
                assert 20 * MM < one.x < page.width - 20 * MM - one.width
                assert 12 * MM < one.y < page.height - 20 * MM
            for _, y, _, _ in page.lines:
                assert not y - one.size < one.y < y + 2 or one.mark is None


def test_outline_leads_to_each_question_and_each_answer() -> None:
    outline = Read(render_worksheet([TRAINING])).outline
    assert outline[0] == (1, "Building and training a net")
    assert outline[1] == (
        2,
        "1. Which numbers of a neuron does training change, and which does the data fix?",
    )
    answers = outline.index((1, "Answers"))
    asked = [title for level, title in outline[1:answers] if level == 2]
    solved = [title for level, title in outline[answers:] if level == 3]
    assert asked == solved
    assert asked[-1].startswith("Exercise. ")


def test_pages_are_numbered_and_named() -> None:
    pages = Read(render_worksheet([TRAINING])).pages
    for number, page in enumerate(pages, 1):
        assert page.aside == f"Building and training a net: self-check{number}"


def test_the_same_lessons_give_the_same_bytes() -> None:
    assert render_worksheet(LESSONS) == render_worksheet(LESSONS)


def test_a_long_answer_goes_on_over_pages() -> None:
    long = with_answer(*["word " * 300] * 6)
    assert len(Read(render_worksheet([long])).pages) > len(Read(render_worksheet([TRAINING])).pages)


def test_a_paragraph_longer_than_a_page_is_refused_by_name() -> None:
    with pytest.raises(LessonError) as caught:
        render_worksheet([with_answer("word " * 2000)])
    place = TRAINING.questions[0].place
    assert str(caught.value) == (
        f"{place}: the question `neuron-parameters` is too long for a worksheet on A4, even at "
        "11 pt: shorten it"
    )


def test_a_character_that_no_font_has_is_named_with_its_question() -> None:
    with pytest.raises(LessonError, match=r"the question `neuron-parameters` uses `語`"):
        render_worksheet([with_answer("It is 語.")])


def test_lessons_without_a_question_are_refused() -> None:
    empty = dataclasses.replace(TRAINING, questions=(), exercise=None)
    with pytest.raises(LessonError, match="there are no questions here"):
        render_worksheet([empty])
