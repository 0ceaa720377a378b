"""The questions in QTI: the package is opened, and its XML read back."""

import dataclasses
import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from course.commands.quiz import quiz
from flashcards import GradedForm, Lesson, LessonError, load_lessons, qti
from flashcards.html import blocks_as_html, words_as_html
from flashcards.model import (
    Choice,
    ChoicesForm,
    CodeBlock,
    Figure,
    Formula,
    ItemId,
    NumberForm,
    Paragraph,
    Place,
    Text,
)

LESSONS = load_lessons(Path(__file__).parents[2] / "course" / "lessons")
FORMS = [form for lesson in LESSONS for form in lesson.graded]
PLACE = Place("1-a.md", 7)
QTI = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"
PACKAGING = "{http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1}"

# What text2qti or Markdown would act upon, if they saw it.
SIGNS = (
    "*a* _b_ `c` $d$ \\$ \\num{1} ``` -- ... \"e\" 'f' [g](h) ![i](j) <!-- k --> [^1] {.l} &amp;"
)


def opened(package: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(package))


def assessment(package: bytes) -> ElementTree.Element:
    """Return the assessment that the manifest leads to."""
    with opened(package) as files:
        manifest = ElementTree.fromstring(files.read("imsmanifest.xml"))
        (resource,) = (
            found
            for found in manifest.iter(f"{PACKAGING}resource")
            if found.get("type") == "imsqti_xmlv1p2"
        )
        (file,) = resource.iter(f"{PACKAGING}file")
        return ElementTree.fromstring(files.read(str(file.get("href"))))


def items(package: bytes) -> list[ElementTree.Element]:
    return list(assessment(package).iter(f"{QTI}item"))


def text(element: ElementTree.Element | None, path: str) -> str:
    assert element is not None
    found = element.findtext("/".join(f"{QTI}{name}" for name in path.split("/")))
    assert found is not None
    for written, meant in (("&#92;", "\\"), ("&#36;", "$"), ("&#10;", "\n")):
        found = found.replace(written, meant)
    return found


def lesson_with(*forms: GradedForm) -> Lesson:
    assert LESSONS[0].exercise is not None
    exercise = dataclasses.replace(LESSONS[0].exercise, graded=forms)
    return dataclasses.replace(LESSONS[0], questions=(), exercise=exercise)


def number_form(shown: str, tolerance: float) -> NumberForm:
    stem = (Paragraph((Text("How much?"),)),)
    return NumberForm(ItemId("number"), PLACE, stem, Figure(PLACE, shown, "x"), tolerance)


# ── The package ───────────────────────────────────────────────────────────────────────────


def test_every_file_of_the_manifest_is_in_the_package_and_is_xml() -> None:
    with opened(qti.render(LESSONS)) as files:
        assert files.testzip() is None
        manifest = ElementTree.fromstring(files.read("imsmanifest.xml"))
        named = {str(file.get("href")) for file in manifest.iter(f"{PACKAGING}file")}
        assert named == {name for name in files.namelist() if "/" in name and name[-1] != "/"}
        for name in named:
            ElementTree.fromstring(files.read(name))


def test_the_same_questions_make_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    package = qti.render(LESSONS)
    with opened(package) as files:
        assert {member.date_time for member in files.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"<imsmd:dateTime>1980-01-01</imsmd:dateTime>" in files.read("imsmanifest.xml")
    assert qti.render(LESSONS) == package


def test_every_form_is_an_item_in_the_order_of_the_pages() -> None:
    assert [item.get("title") for item in items(qti.render(LESSONS))] == [f.id for f in FORMS]


def test_one_lesson_bears_its_own_title() -> None:
    (found,) = assessment(qti.render(LESSONS[1:2])).iter(f"{QTI}assessment")
    assert found.get("title") == "Backward"


# ── Items ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_a_form_asks_what_the_page_asks(form: GradedForm) -> None:
    item = ITEMS[form.id]
    stem = text(item, "presentation/material/mattext")
    assert stem == f"<div>{blocks_as_html(form.stem)}</div>"
    if isinstance(form, NumberForm):
        check_number(item, form)
    else:
        check_choices(item, form)


ITEMS = {str(item.get("title")): item for item in items(qti.render(LESSONS))}


def check_number(item: ElementTree.Element, form: NumberForm) -> None:
    low, high = (float(item.findtext(f".//{QTI}{name}") or "") for name in ("vargte", "varlte"))
    assert low == pytest.approx(form.answer.number - form.tolerance, abs=1e-9)
    assert high == pytest.approx(form.answer.number + form.tolerance, abs=1e-9)
    assert float(item.findtext(f".//{QTI}varequal") or "") == form.answer.number


def check_choices(item: ElementTree.Element, form: ChoicesForm) -> None:
    labels = list(item.iter(f"{QTI}response_label"))
    feedback = {str(f.get("ident")): f for f in item.iter(f"{QTI}itemfeedback")}
    for label, choice in zip(labels, form.choices, strict=True):
        assert text(label, "material/mattext") == f"<p>{words_as_html(choice.text)}</p>"
        if choice.feedback:
            said = text(feedback[f"{label.get('ident')}_fb"], "flow_mat/material/mattext")
            assert said == f"<div>{blocks_as_html(choice.feedback)}</div>"
    (right,) = (label for label, choice in zip(labels, form.choices, strict=True) if choice.right)
    (scored,) = (
        found
        for found in item.iter(f"{QTI}respcondition")
        if found.findtext(f"{QTI}setvar") == "100"
    )
    assert scored.findtext(f"{QTI}conditionvar/{QTI}varequal") == right.get("ident")


def test_what_means_something_to_text2qti_comes_back_as_it_was() -> None:
    form = ChoicesForm(
        ItemId("awkward"),
        PLACE,
        (
            Paragraph((Text(SIGNS), Formula("wₙ·a²"))),
            CodeBlock("```\n\n1. a\n*a) b\n\nCOMMENT\n% c\n  x = 1", "python"),
        ),
        (
            Choice((Text(SIGNS),), right=True, feedback=(Paragraph((Text(SIGNS),)),)),
            Choice((Text("true"),), right=False, feedback=(CodeBlock("= 1\n\n... 2", "text"),)),
        ),
    )
    (item,) = items(qti.render([lesson_with(form)]))
    stem = text(item, "presentation/material/mattext")
    assert stem == f"<div>{blocks_as_html(form.stem)}</div>"
    check_choices(item, form)


# ── What cannot be written ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("shown", "tolerance", "sentence"),
    [
        ("0", 0, "cannot hold a range of right answers that ends at 0"),
        ("0.5", 0.5, "cannot hold a range of right answers that ends at 0"),
        ("0.12345", 0.001, "may have 4 places at most"),
        ("0.5", 0.00001, "may have 4 places at most"),
    ],
)
def test_a_number_that_would_be_rounded_is_refused_with_its_line(
    shown: str, tolerance: float, sentence: str
) -> None:
    with pytest.raises(LessonError, match=rf"^1-a\.md:7: .*{sentence}"):
        qti.render([lesson_with(number_form(shown, tolerance))])


def test_a_question_that_is_asked_twice_is_refused_with_its_line() -> None:
    once = number_form("1", 0.1)
    again = dataclasses.replace(once, id=ItemId("again"), place=Place("1-a.md", 9))
    with pytest.raises(LessonError, match=r"^1-a\.md:9: the same question is asked at 1-a\.md:7"):
        qti.render([lesson_with(once, again)])


def test_two_choices_that_are_the_same_are_refused() -> None:
    choice = Choice((Text("1"),), right=True)
    form = ChoicesForm(ItemId("a"), PLACE, (), (choice, dataclasses.replace(choice, right=False)))
    with pytest.raises(LessonError, match=r"^1-a\.md:7: two of the choices are the same$"):
        qti.render([lesson_with(form)])


def test_a_lesson_without_graded_forms_is_refused_by_its_place() -> None:
    with pytest.raises(LessonError, match=r"this lesson has no graded form"):
        qti.render([lesson_with()])


# ── The command ───────────────────────────────────────────────────────────────────────────


def test_the_command_writes_both_formats_at_once(tmp_path: Path) -> None:
    files = {name: tmp_path / name for name in ("a.gift", "a.zip")}
    done = CliRunner().invoke(quiz, ["--gift", str(files["a.gift"]), "--qti", str(files["a.zip"])])
    assert done.exit_code == 0
    assert files["a.zip"].read_bytes() == qti.render(LESSONS)
    assert done.output == "".join(f"{file}: {len(FORMS)} questions\n" for file in files.values())
