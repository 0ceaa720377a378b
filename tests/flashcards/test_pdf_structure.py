"""The structure tree, walked from its root: what a screen reader says, in its order."""

from pathlib import Path

import pytest
from pdf_reading import Node, Read
from pdfminer.pdftypes import resolve1

from flashcards import load_lessons
from flashcards.model import Block, CodeBlock, List, Paragraph, plain
from flashcards.pdf import Layout, PaperName, render_cards, render_worksheet

LESSONS = load_lessons(Path(__file__).parents[2] / "course" / "lessons")
each_layout = pytest.mark.parametrize(
    ("layout", "paper"), [("card", "a4"), ("card", "index"), ("sheet", "a4"), ("sheet", "letter")]
)


def words(text: str) -> str:
    return " ".join(text.split())


def expected(block: Block) -> object:
    """Return the shape that a block should have as tags: kinds and words."""
    match block:
        case Paragraph(children):
            return ("P", words(plain(children)))
        case CodeBlock(text):
            return ("P", [("Code", words(text))])
        case List(items, start):
            labels = ["•" if start is None else f"{start + i}." for i in range(len(items))]
            return (
                "L",
                [
                    ("LI", [("Lbl", label), ("LBody", [expected(inner) for inner in item])])
                    for label, item in zip(labels, items, strict=True)
                ],
            )


def shape(node: Node) -> object:
    if node.children:
        assert node.text == ""
        return (node.kind, [shape(child) for child in node.children])
    return (node.kind, words(node.text))


@each_layout
def test_each_card_is_a_section_of_its_heading_and_then_its_answer(
    layout: Layout, paper: PaperName
) -> None:
    document = Read(render_cards(LESSONS, layout=layout, paper=paper)).structure
    assert document.kind == "Document"
    assert [section.title for section in document.children] == [
        plain(lesson.title) for lesson in LESSONS
    ]
    for lesson, section in zip(LESSONS, document.children, strict=True):
        assert section.kind == "Sect"
        assert [shape(card) for card in section.children] == [
            ("Sect", [("H1", plain(card.front)), *map(expected, card.back)])
            for card in lesson.cards
        ]


def test_each_question_has_its_own_heading_below_its_lesson_and_answers_come_last() -> None:
    *sections, answers = Read(render_worksheet(LESSONS)).structure.children
    for lesson, section in zip(LESSONS, sections, strict=True):
        heading, hint, *tasks = section.children
        assert (heading.kind, heading.text, hint.kind) == ("H1", plain(lesson.title), "P")
        assert lesson.exercise is not None
        asked = [
            *((f"{n}. ", one.heading, one.body) for n, one in enumerate(lesson.questions, 1)),
            ("Exercise. ", lesson.exercise.heading, lesson.exercise.task),
        ]
        assert [shape(task) for task in tasks] == [
            ("Sect", [("H2", words(number + plain(head))), *map(expected, body)])
            for number, head, body in asked
        ]
    heading, *by_lesson = answers.children
    assert (heading.kind, heading.text) == ("H1", "Answers")
    for lesson, section in zip(LESSONS, by_lesson, strict=True):
        assert (section.children[0].kind, section.children[0].text) == ("H2", plain(lesson.title))
        solved = [one.answer for one in lesson.questions]
        solved.append(lesson.exercise.solution if lesson.exercise else ())
        for task, answer in zip(section.children[1:], solved, strict=True):
            assert task.children[0].kind == "H3"
            assert [shape(block) for block in task.children[1:]] == [*map(expected, answer)]


@pytest.mark.parametrize("drawn", ["card", "sheet", "worksheet", "calibration"])
def test_everything_drawn_is_either_in_the_tree_once_or_an_artifact(drawn: str) -> None:
    content = {
        "card": lambda: render_cards(LESSONS),
        "sheet": lambda: render_cards(LESSONS, layout="sheet"),
        "worksheet": lambda: render_worksheet(LESSONS),
        "calibration": lambda: render_cards(LESSONS, calibration=True),
    }[drawn]()
    read = Read(content)  # the reader refuses text and lines that are neither
    for page in read.pages:
        assert {one.tag for one in page.characters if one.mark is None} <= {"Artifact"}
    said = "".join(page.read for page in read.pages)
    assert sorted(read.structure.whole) == sorted(said)


def test_the_table_back_from_marks_to_elements_agrees_with_the_tree() -> None:
    read = Read(render_cards(LESSONS, layout="sheet"))
    root = resolve1(read.catalog["StructTreeRoot"])
    numbers = resolve1(root["ParentTree"])["Nums"]
    assert read.catalog["MarkInfo"].resolve()["Marked"]
    assert numbers[::2] == list(range(len(read.pages)))
    for page, elements in zip(read.raw_pages, numbers[1::2], strict=True):
        assert page.attrs["Tabs"].name == "S"
        for number, reference in enumerate(elements):
            element = resolve1(reference)
            marks = [resolve1(kid) for kid in element["K"]]
            assert element["Pg"].objid == page.pageid
            assert number in marks
