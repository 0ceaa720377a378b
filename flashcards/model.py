"""What a lesson page holds, once it is read: plain frozen data for every output to draw.

Lesson
  ├─ Question …      heading, body, answer, and a graded form for an LMS (or none)
  ├─ Exercise        heading, task, solution, graded forms
  ├─ Card …          front, back
  └─ Computation …   code and figures, for an engine to compute again

Text is a small tree. A `Block` is a `Paragraph`, a `List` or a `CodeBlock`; paragraphs and
headings hold `Inline`s. Nothing else can occur: a renderer that knows these nine classes can
draw every page.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NewType, TypeAlias

ItemId = NewType("ItemId", str)


@dataclass(frozen=True, order=True)
class Place:
    """A line of a file, counted from 1; line 0 is the file as a whole."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


# ── Text ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Text:
    """Plain words."""

    text: str


@dataclass(frozen=True)
class Code:
    """Python inside a sentence, to be set in a fixed width."""

    text: str


@dataclass(frozen=True)
class FormulaRun:
    """A stretch of a formula, on the line, raised or lowered."""

    text: str
    position: Literal["line", "raised", "lowered"]


@dataclass(frozen=True)
class Formula:
    """A formula inside a sentence, in Unicode as it was written: `n·aⁿ⁻¹`.

    `text` is for outputs of plain characters. `runs` is for those that can raise and lower
    characters themselves.
    """

    text: str

    @property
    def runs(self) -> tuple[FormulaRun, ...]:
        """The formula with raised and lowered characters turned into ordinary ones.

        Example:
            >>> [(run.text, run.position) for run in Formula("aⁿ⁻¹ + b").runs]
            [('a', 'line'), ('n−1', 'raised'), (' + b', 'line')]
        """
        runs: list[FormulaRun] = []
        for character in self.text:
            run = _on_the_line(character)
            if runs and runs[-1].position == run.position:
                run = FormulaRun(runs.pop().text + run.text, run.position)
            runs.append(run)
        return tuple(runs)


def _on_the_line(character: str) -> FormulaRun:
    kind, _, codes = unicodedata.decomposition(character).partition(" ")
    if kind in ("<super>", "<sub>"):
        text = "".join(chr(int(code, 16)) for code in codes.split())
        return FormulaRun(text, "raised" if kind == "<super>" else "lowered")
    return FormulaRun(character, "line")


@dataclass(frozen=True)
class Emphasis:
    """Words said with more weight (italic)."""

    children: tuple[Inline, ...]


@dataclass(frozen=True)
class Strong:
    """Words to be seen first (bold)."""

    children: tuple[Inline, ...]


@dataclass(frozen=True)
class Link:
    """Words that lead to an https address. On paper the address has to be shown."""

    children: tuple[Inline, ...]
    address: str


Inline: TypeAlias = Text | Code | Formula | Emphasis | Strong | Link


@dataclass(frozen=True)
class Paragraph:
    """Words in a row."""

    children: tuple[Inline, ...]


@dataclass(frozen=True)
class List:
    """Items one below the other; `start` is the first number, None for bullets."""

    items: tuple[tuple[Block, ...], ...]
    start: int | None = None


@dataclass(frozen=True)
class CodeBlock:
    """Lines in a fixed width, without the last newline: Python, or a drawing made of text."""

    text: str
    language: Literal["python", "text"]


Block: TypeAlias = Paragraph | List | CodeBlock


def plain(inlines: Iterable[Inline]) -> str:
    """Return the characters alone, without any markup or address."""
    return "".join(
        inline.text if isinstance(inline, Text | Code | Formula) else plain(inline.children)
        for inline in inlines
    )


# ── Figures ───────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Run:
    """Python of one statement, to be executed for what follows it."""

    place: Place
    code: str


@dataclass(frozen=True)
class Figure:
    """A number on the page, and the Python expression whose value it shows.

    A `rounded` figure shows as many decimal places as it has; any other is exact but for
    what float64 makes of it.
    """

    place: Place
    shown: str
    expression: str
    rounded: bool = False

    @property
    def number(self) -> float:
        """What is shown, as a float: `−0.5` is −0.5."""
        return float(self.shown.replace("−", "-"))

    def agrees(self, computed: float) -> bool:
        """Tell whether the page may show this number for `computed`; never for nan."""
        if self.rounded:
            places = len(self.shown.partition(".")[2])
            return abs(computed - self.number) <= 0.5000001 * 10.0**-places
        return abs(computed - self.number) <= 1e-9 * max(1.0, abs(self.number))


Step: TypeAlias = Run | Figure


@dataclass(frozen=True)
class Computation:
    """The steps of one item in the order of the page. Each item starts with a clean slate.

    `item` is the id of the question, exercise or card; the lesson's own for text that
    belongs to none of them.

    The Python may use the names `Value`, `topological_order`, `Neuron`, `Layer`, `MLP`,
    `loss`, `train` and `math`. An expression that gives a `Value` stands for its `data`.
    """

    item: ItemId
    steps: tuple[Step, ...]


# ── Items ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Choice:
    """One of the answers offered; `feedback` says why it is right or wrong (or nothing)."""

    text: tuple[Inline, ...]
    right: bool
    feedback: tuple[Block, ...] = ()


@dataclass(frozen=True)
class ChoicesForm:
    """A question with answers to choose from, of which exactly one is right.

    `stem` is the whole question: it needs nothing around it.
    """

    id: ItemId
    place: Place
    stem: tuple[Block, ...]
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class NumberForm:
    """A question whose answer is a number, right within `tolerance` on either side.

    `answer` is a figure like those in the text, so an engine can compute it again.
    `stem` is the whole question: it needs nothing around it.
    """

    id: ItemId
    place: Place
    stem: tuple[Block, ...]
    answer: Figure
    tolerance: float


GradedForm: TypeAlias = ChoicesForm | NumberForm


@dataclass(frozen=True)
class Question:
    """A self-check question. `body` is what the reader has to see beside the heading.

    A graded form bears the question's id unless it was given one of its own.
    """

    id: ItemId
    place: Place
    heading: tuple[Inline, ...]
    body: tuple[Block, ...]
    answer: tuple[Block, ...]
    graded: GradedForm | None = None


@dataclass(frozen=True)
class Exercise:
    """Something to work out on paper, and how it comes out."""

    id: ItemId
    place: Place
    heading: tuple[Inline, ...]
    task: tuple[Block, ...]
    solution: tuple[Block, ...]
    graded: tuple[GradedForm, ...] = ()


@dataclass(frozen=True)
class Card:
    """A flashcard."""

    id: ItemId
    place: Place
    front: tuple[Inline, ...]
    back: tuple[Block, ...]


Item: TypeAlias = Question | Exercise | Card


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """A page. The `before_…` texts lead into the three sections."""

    id: ItemId
    place: Place
    title: tuple[Inline, ...]
    introduction: tuple[Block, ...]
    before_questions: tuple[Block, ...]
    questions: tuple[Question, ...]
    before_exercise: tuple[Block, ...]
    exercise: Exercise | None
    before_cards: tuple[Block, ...]
    cards: tuple[Card, ...]
    computations: tuple[Computation, ...]

    @property
    def items(self) -> Mapping[ItemId, Item]:
        """Questions, exercise and cards by id, in the order of the page."""
        exercises = () if self.exercise is None else (self.exercise,)
        return {item.id: item for item in (*self.questions, *exercises, *self.cards)}

    @property
    def graded(self) -> tuple[GradedForm, ...]:
        """Every graded form of the page, in its order."""
        asked = [question.graded for question in self.questions if question.graded is not None]
        return (*asked, *(self.exercise.graded if self.exercise is not None else ()))

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every number that can be computed again, in the order of the page."""
        steps = (step for computation in self.computations for step in computation.steps)
        return tuple(step for step in steps if isinstance(step, Figure))


Kind = Literal["lesson", "question", "graded", "exercise", "card"]
KINDS: tuple[Kind, ...] = ("lesson", "question", "graded", "exercise", "card")


def every_id(lesson: Lesson) -> Iterator[tuple[ItemId, Kind, Place]]:
    """Yield every id of a page with what bears it; a graded form's only if it is its own."""
    yield lesson.id, "lesson", lesson.place
    for question in lesson.questions:
        yield question.id, "question", question.place
        if question.graded is not None and question.graded.id != question.id:
            yield question.graded.id, "graded", question.graded.place
    if lesson.exercise is not None:
        yield lesson.exercise.id, "exercise", lesson.exercise.place
        for form in lesson.exercise.graded:
            yield form.id, "graded", form.place
    for card in lesson.cards:
        yield card.id, "card", card.place
