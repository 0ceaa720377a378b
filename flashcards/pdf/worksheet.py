"""A worksheet: the questions with room to write, and all answers at the end.

Each question and the exercise stays on one page, with its lines to write on; what room is
left on a page becomes more lines. The answers begin on a page of their own, so that they
can be kept back.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flashcards.faults import Fault, LessonError
from flashcards.model import Block as ModelBlock
from flashcards.model import Inline, Lesson, Paragraph, Text, plain
from flashcards.pdf.fitting import (
    FitError,
    Named,
    fitted,
    text_of,
    title_of,
    too_long,
    undrawable,
    undrawable_title,
)
from flashcards.pdf.paper import MM, PAPERS, Paper, PaperName
from flashcards.pdf.setting import (
    Block,
    draw_column,
    height_of,
    set_blocks,
    set_heading,
)
from flashcards.pdf.words import words
from flashcards.pdf.writer import Element, Writer

_MARGIN = 24 * MM
_TOP = 22 * MM
_BOTTOM = 24 * MM
_FOOT = 13 * MM
_TITLE_SIZE, _HEADING, _SIZE = 22.0, 1.15, 11.5  # a heading's is a multiple of its text's
_LINE = 8.5 * MM  # from one line to write on to the next
_BETWEEN = 9 * MM  # from one question to the next
_FEWEST_LINES, _MANY_LINES, _MOST_LINES = 4, 9, 14
_HINT = "Answer from memory and in your own words. The answers are at the end."


@dataclass(frozen=True)
class _Task:
    """A question or the exercise, as it is printed."""

    named: Named
    heading: tuple[Inline, ...]
    asked: tuple[ModelBlock, ...]
    answer: tuple[ModelBlock, ...]


@dataclass
class _Printed:
    """A task that has been set; `lines` is how many there are to write on."""

    task: _Task
    asked: list[Block]
    answer: list[Block]
    lines: int

    @property
    def height(self) -> float:
        """How much room question and lines take."""
        return height_of(self.asked) + self.lines * _LINE


def render(lessons: Sequence[Lesson], paper_name: PaperName) -> bytes:
    """Return a PDF of each lesson's questions and exercise, then all answers.

    Raises: LessonError that names each question or answer that cannot be printed.
    """
    page = _Page(PAPERS[paper_name])
    faults = [fault for lesson in lessons for fault in undrawable_title(lesson)]
    if faults:
        raise LessonError(faults)
    tasks = [(lesson, list(_tasks(lesson))) for lesson in lessons]
    if not any(found for _, found in tasks):
        raise LessonError(Fault(lesson.place, "there are no questions here") for lesson in lessons)
    printed = iter(_printed(page, [task for _, found in tasks for task in found]))
    by_lesson = [
        (plain(lesson.title), list(itertools.islice(printed, len(found))))
        for lesson, found in tasks
        if found
    ]
    title = title_of(lessons, "Self-check")
    flow = _Flow(Writer(title=title, paper=page.paper), page, title)
    for name, ones in by_lesson:
        _draw_questions(flow, name, ones)
    _draw_answers(flow, by_lesson)
    return flow.writer.bytes()


def _tasks(lesson: Lesson) -> Iterator[_Task]:
    for number, question in enumerate(lesson.questions, 1):
        named = Named(question.place, f"question `{question.id}`")
        heading = (Text(f"{number}. "), *question.heading)
        yield _Task(named, heading, question.body, question.answer)
    if lesson.exercise is not None:
        exercise = lesson.exercise
        named = Named(exercise.place, f"exercise `{exercise.id}`")
        heading = (Text("Exercise. "), *exercise.heading)
        yield _Task(named, heading, exercise.task, exercise.solution)


# ── What fits ─────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Page:
    paper: Paper

    @property
    def width(self) -> float:
        return self.paper.width - 2 * _MARGIN

    @property
    def height(self) -> float:
        return self.paper.height - _TOP - _BOTTOM


def _printed(page: _Page, tasks: Sequence[_Task]) -> list[_Printed]:
    done, faults = [], []
    for task in tasks:
        found = list(undrawable(task.named, text_of(task.heading, task.asked, task.answer)))
        faults += found
        try:
            if not found:
                done.append(_set(page, task))
        except FitError as error:
            faults.append(too_long(task.named, str(error), f"a worksheet on {page.paper.called}"))
    if faults:
        raise LessonError(faults)
    return done


def _set(page: _Page, task: _Task) -> _Printed:
    """Set question and answer. Both fit on a page, the answer also in parts on several."""
    room = page.height - _TITLE_SIZE * 6

    def asked(size: float) -> list[Block] | None:
        blocks = _headed(page, task, task.asked, size, "H2")
        return blocks if height_of(blocks) + _FEWEST_LINES * _LINE <= room else None

    def answer(size: float) -> list[Block] | None:
        blocks = _headed(page, task, task.answer, size, "H3")
        return blocks if blocks[0].height + max(b.height + b.gap for b in blocks) <= room else None

    answered = fitted(answer, _SIZE)
    lines = round(height_of(answered) / _LINE * 0.8) + 1
    lines = min(max(lines, _FEWEST_LINES), _MANY_LINES)
    one = _Printed(task, fitted(asked, _SIZE), answered, lines)
    while one.height > room:
        one.lines -= 1
    return one


def _headed(
    page: _Page, task: _Task, blocks: Sequence[ModelBlock], size: float, kind: str
) -> list[Block]:
    measured = words(task.heading, bold=True)
    heading = set_heading(measured, page.width, _HEADING * size, kind, even=False)
    return [heading, *set_blocks(blocks, page.width, size)]


# ── Pages ─────────────────────────────────────────────────────────────────────────────────


class _Flow:
    """Fills page after page from the top."""

    def __init__(self, writer: Writer, page: _Page, title: str) -> None:
        self.writer = writer
        self.page = page
        self.top = page.paper.height - _TOP
        self._title = title

    @property
    def room(self) -> float:
        """How much is left on this page."""
        return self.top - _BOTTOM

    def end_page(self) -> None:
        """Finish this page and begin another at its top."""
        right = self.page.paper.width - _MARGIN
        self.writer.aside(_MARGIN, _FOOT, 9, self._title)
        self.writer.aside(right, _FOOT, 9, str(self.writer.page), align=1)
        self.writer.end_page()
        self.top = self.page.paper.height - _TOP

    def title(self, parent: Element, text: str, size: float, kind: str) -> None:
        """Draw the title of what begins here."""
        block = set_heading(words([Text(text)], bold=True), self.page.width, size, kind)
        self.column(parent, [block])
        self.top -= 0.5 * size

    def column(self, parent: Element, blocks: Sequence[Block]) -> None:
        """Draw blocks that fit on what is left of this page."""
        self.top = draw_column(blocks, self.writer, parent, _MARGIN, self.top)

    def lines(self, number: int) -> None:
        """Draw lines to write on."""
        right = self.page.paper.width - _MARGIN
        heights = [self.top - (index + 1) * _LINE for index in range(number)]
        self.writer.rules((_MARGIN, y, right, y) for y in heights)
        self.top -= number * _LINE


def _draw_questions(flow: _Flow, name: str, ones: Sequence[_Printed]) -> None:
    flow.writer.bookmark(name, 0)
    section = flow.writer.element("Sect", title=name)
    flow.title(section, name, _TITLE_SIZE, "H1")
    flow.column(section, set_blocks([Paragraph((Text(_HINT),))], flow.page.width, _SIZE))
    flow.top -= _BETWEEN
    left = list(ones)
    while left:
        here = _that_fit(left, flow.room)
        del left[: len(here)]
        _fill(here, flow.room)
        for one in here:
            flow.writer.bookmark(plain(one.task.heading), 1, flow.top)
            flow.column(flow.writer.element("Sect", section), one.asked)
            flow.lines(one.lines)
            flow.top -= _BETWEEN
        flow.end_page()


def _that_fit(ones: Sequence[_Printed], room: float) -> list[_Printed]:
    """Return as many as one page holds; at least one, which `_set` has made to fit."""
    number = 1
    while number < len(ones) and _height(ones[: number + 1]) <= room:
        number += 1
    return list(ones[:number])


def _height(ones: Sequence[_Printed]) -> float:
    return sum(one.height for one in ones) + _BETWEEN * (len(ones) - 1)


def _fill(ones: Sequence[_Printed], room: float) -> None:
    """Turn what is left of a page into lines, a share for each."""
    spare = math.floor((room - _height(ones)) / _LINE)
    while spare > 0 and any(one.lines < _MOST_LINES for one in ones):
        fewest = min(ones, key=lambda one: one.lines)
        fewest.lines += 1
        spare -= 1


def _draw_answers(flow: _Flow, by_lesson: Sequence[tuple[str, Sequence[_Printed]]]) -> None:
    flow.writer.bookmark("Answers", 0)
    answers = flow.writer.element("Sect", title="Answers")
    flow.title(answers, "Answers", _TITLE_SIZE, "H1")
    for index, (name, ones) in enumerate(by_lesson):
        flow.top -= _BETWEEN if index else 0.0
        if flow.room < 6 * _LINE:
            flow.end_page()
        flow.writer.bookmark(name, 1)
        section = flow.writer.element("Sect", answers, title=name)
        if len(by_lesson) > 1:
            flow.title(section, name, 1.4 * _SIZE, "H2")
        for one in ones:
            _draw_answer(flow, flow.writer.element("Sect", section), one)
    flow.end_page()


def _draw_answer(flow: _Flow, element: Element, one: _Printed) -> None:
    heading, *blocks = one.answer
    if flow.room < height_of(one.answer[:2]):
        flow.end_page()
    flow.writer.bookmark(plain(one.task.heading), 2, flow.top)
    flow.column(element, [heading])
    for index, block in enumerate(blocks):
        gap = block.gap if index else 0.7 * block.gap
        if flow.room < gap + block.height:
            flow.end_page()
            gap = 0.0
        flow.top -= gap
        flow.column(element, [block])
    flow.top -= 0.7 * _BETWEEN
