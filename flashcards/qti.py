"""The graded forms as a QTI 1.2 package, which Canvas and others import.

text2qti makes the package out of a text of its own. What it would read in there as Markdown
goes in as finished HTML, one line for each part, so that nothing of it is taken for a mark.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence

from flashcards.anki import archive
from flashcards.faults import Fault, LessonError
from flashcards.html import blocks_as_html, words_as_html
from flashcards.model import (
    Block,
    ChoicesForm,
    GradedForm,
    Lesson,
    NumberForm,
    Place,
    plain,
)

_PLACES = 4  # to which text2qti rounds
_DATE = re.compile(r"(?<=<imsmd:dateTime>)[^<]*")
_NO_DAY = "1980-01-01"  # the day in all our archives: the same questions are the same bytes
# What text2qti would act upon even inside HTML, and a line break, which would end the part.
_ESCAPES = str.maketrans({"\\": "&#92;", "$": "&#36;", "\n": "&#10;"})


def render(lessons: Sequence[Lesson]) -> bytes:
    """Return the graded forms of the lessons, in their order, as one assessment.

    Raises: LessonError for a form that cannot be written as QTI, or if there is none at all.
    """
    forms = [form for lesson in lessons for form in lesson.graded]
    faults = [*_rounded(forms), *_asked_twice(forms), *_alike(forms)]
    if not forms:
        faults = [Fault(lesson.place, "this lesson has no graded form") for lesson in lessons]
    if faults:
        raise LessonError(faults)
    title = plain(lessons[0].title) if len(lessons) == 1 else "Questions of the course"
    return _package("\n".join([f"Quiz title: {title}", *map(_question, forms)]))


def _rounded(forms: Iterable[GradedForm]) -> Iterator[Fault]:
    for form in forms:
        if not isinstance(form, NumberForm):
            continue
        edges = [form.answer.number - form.tolerance, form.answer.number + form.tolerance]
        if any(abs(edge) < 10**-_PLACES for edge in edges):
            yield Fault(form.place, "QTI cannot hold a range of right answers that ends at 0")
        elif any(abs(edge - round(edge, _PLACES)) > 1e-9 for edge in edges):
            sentence = f"for QTI, the answer and its tolerance may have {_PLACES} places at most"
            yield Fault(form.place, sentence)


def _asked_twice(forms: Iterable[GradedForm]) -> Iterator[Fault]:
    first: dict[str, Place] = {}
    for form in forms:
        place = first.setdefault(blocks_as_html(form.stem), form.place)
        if place is not form.place:
            yield Fault(
                form.place, f"the same question is asked at {place}: QTI tells them apart by it"
            )


def _alike(forms: Iterable[GradedForm]) -> Iterator[Fault]:
    for form in forms:
        if isinstance(form, ChoicesForm):
            texts = {words_as_html(choice.text) for choice in form.choices}
            if len(texts) < len(form.choices):
                yield Fault(form.place, "two of the choices are the same")


# ── The text of a question, as text2qti reads it ──────────────────────────────────────────


def _question(form: GradedForm) -> str:
    return "\n".join([f"\nTitle: {form.id}", f"1.  {_whole(form.stem)}", *_answers(form)])


def _answers(form: GradedForm) -> Iterator[str]:
    match form:
        case ChoicesForm():
            for choice in form.choices:
                words = f"<p>{words_as_html(choice.text)}</p>"
                yield f"{'*' if choice.right else ''}a) {words.translate(_ESCAPES)}"
                if choice.feedback:
                    yield f"... {_whole(choice.feedback)}"
        case NumberForm():
            yield f"=   {form.answer.number:.15g} +- {form.tolerance:.15g}"


def _whole(blocks: Iterable[Block]) -> str:
    """Return text of several blocks as one, so that each of them is left as it is."""
    return f"<div>{blocks_as_html(blocks)}</div>".translate(_ESCAPES)


# ── The package ───────────────────────────────────────────────────────────────────────────


def _package(text: str) -> bytes:
    from text2qti.config import Config
    from text2qti.qti import QTI
    from text2qti.quiz import Quiz

    written = QTI(Quiz(text, config=Config()))  # the defaults: no file of settings is read
    written.imsmanifest_xml = _DATE.sub(_NO_DAY, written.imsmanifest_xml)
    with zipfile.ZipFile(io.BytesIO(written.zip_bytes())) as dated:
        return archive({name: dated.read(name) for name in dated.namelist()})
