"""Questions and cards from a lesson page, and every form in which they are handed out.

Read in this order; each file needs only the ones before it.

- `model`: what a lesson holds, once it is read: frozen data for every output to draw.
- `faults`: what is wrong with a page, and where.
- `figures`: numbers in the text that an engine can compute again.
- `richtext`: markdown-it's tokens → paragraphs, lists, code, formulas.
- `graded`: the forms of a question that a machine can mark.
- `parse`: a page, or a folder of pages → `Lesson`.
- `ids`: the record that keeps an id from being lost or used again.
- `terminal`, `html`, `pdf/`: a lesson's text for a screen, a page, paper.
- `anki`, `tsv`, `gift`, `qti`: for other programs.
- `schedule`, `review_log`: when a card is due, and what was answered.

How a page is written stands in the README of this folder.
"""

from flashcards.faults import Fault, LessonError
from flashcards.model import Card, Exercise, GradedForm, ItemId, Lesson, Question
from flashcards.parse import load_lessons, parse_lesson, read_lesson, read_lessons

__all__ = [
    "Card",
    "Exercise",
    "Fault",
    "GradedForm",
    "ItemId",
    "Lesson",
    "LessonError",
    "Question",
    "load_lessons",
    "parse_lesson",
    "read_lesson",
    "read_lessons",
]
