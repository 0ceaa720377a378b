"""The graded forms in GIFT, which Moodle and others import.

Each form bears its id twice: as its name, and in a comment that newer Moodles turn into the
question's ID number. A lesson is a category. What Moodle shows a learner is HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from flashcards.html import blocks_as_html, words_as_html
from flashcards.model import Choice, ChoicesForm, GradedForm, Lesson, NumberForm, plain

# A blank line would end the question, so line breaks are written out.
_ESCAPES = str.maketrans({**{sign: f"\\{sign}" for sign in "\\~=#{}:"}, "\n": "\\n"})


def render(lessons: Sequence[Lesson]) -> str:
    """Return the graded forms of the lessons, in their order."""
    return "\n".join(_category(lesson) for lesson in lessons if lesson.graded)


def _category(lesson: Lesson) -> str:
    title = plain(lesson.title).replace("/", "//")  # one slash would open a category in it
    forms = (_question(form, lesson) for form in lesson.graded)
    return "\n".join([f"$CATEGORY: Course/{title}\n", *forms])


def _question(form: GradedForm, lesson: Lesson) -> str:
    stem = _escaped(blocks_as_html(form.stem))
    return (
        f"// [id:{form.id}] [tag:{lesson.id}]\n"
        f"::{_escaped(form.id)}::[html]{stem}{{{_answers(form)}}}\n"
    )


def _answers(form: GradedForm) -> str:
    match form:
        case ChoicesForm():
            return "".join(f"\n\t{_choice(choice)}" for choice in form.choices) + "\n"
        case NumberForm():
            return f"#{_number(form.answer.number)}:{_number(form.tolerance)}"


def _choice(choice: Choice) -> str:
    sign = "=" if choice.right else "~"
    words = words_as_html(choice.text)
    if words.startswith("%"):  # which would begin a weight
        words = f"&#37;{words[1:]}"
    feedback = _escaped(blocks_as_html(choice.feedback))
    return f"{sign}{_escaped(words)}" + (f"#{feedback}" if feedback else "")


def _number(number: float) -> str:
    """Return a number without an exponent, which not every reader of GIFT knows."""
    return f"{Decimal(f'{number:.15g}'):f}"


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)
