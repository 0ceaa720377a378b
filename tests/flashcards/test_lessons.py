"""The lessons themselves: what has to be on each page, and every number on it."""

import math
from pathlib import Path

import pytest

import engine_reference
from engine_reference import Value
from engine_reference.engine import topological_order
from flashcards import Lesson, load_lessons
from flashcards.ids import against_record
from flashcards.model import (
    Block,
    Card,
    ChoicesForm,
    Computation,
    Figure,
    Inline,
    Link,
    List,
    NumberForm,
    Paragraph,
    Run,
    Text,
    every_id,
    plain,
)

FOLDER = Path(__file__).parents[2] / "course" / "lessons"
LESSONS = load_lessons(FOLDER)
RECORDING, BACKWARD, TRAINING = LESSONS
each_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.id)


def paragraphs(blocks: tuple[Block, ...]) -> list[tuple[Inline, ...]]:
    found = []
    for block in blocks:
        if isinstance(block, Paragraph):
            found.append(block.children)
        elif isinstance(block, List):
            found += [children for item in block.items for children in paragraphs(item)]
    return found


def said(blocks: tuple[Block, ...]) -> str:
    return " ".join(plain(children) for children in paragraphs(blocks))


# ── What has to be there ──────────────────────────────────────────────────────────────────


def test_the_three_lessons_come_in_order() -> None:
    assert [lesson.id for lesson in LESSONS] == [
        "recording-the-graph",
        "backward",
        "building-and-training-a-net",
    ]


def test_page_3_asks_its_five_questions_in_order() -> None:
    assert [question.id for question in TRAINING.questions] == [
        "neuron-parameters",
        "loss-one-value",
        "why-minus",
        "four-steps-in-order",
        "without-zeroing",
    ]


def test_page_3_works_one_step_by_hand() -> None:
    assert TRAINING.exercise is not None
    assert TRAINING.exercise.id == "one-step-by-hand"
    forms = [form for form in TRAINING.exercise.graded if isinstance(form, NumberForm)]
    answers = [form.answer.shown for form in forms]
    assert answers == ["6", "9", "18", "1.1", "3.3", "0.09"]
    shown = said(TRAINING.exercise.solution)
    for number in ("1.01", "0.0009", "19.8", "0.11", "7.1289"):
        assert number in shown


def test_page_3_has_its_eight_cards_in_order() -> None:
    assert [card.id for card in TRAINING.cards] == [
        "neuron",
        "mlp",
        "loss-squared-error",
        "update-rule",
        "learning-rate",
        "four-steps",
        "zero-every-iteration",
        "training-gpt",
    ]


def test_page_3_says_that_the_loss_is_summed_and_not_averaged() -> None:
    card = next(card for card in TRAINING.cards if card.id == "loss-squared-error")
    assert "summed, not averaged" in said(card.back)


def test_page_3_credits_micrograd_by_name_and_address() -> None:
    (words,) = [p for p in paragraphs(TRAINING.introduction) if "micrograd" in plain(p)]
    assert "Andrej Karpathy" in plain(words)
    address = "https://github.com/karpathy/micrograd"
    assert Link((Text(address),), address) in words


@pytest.mark.parametrize("lesson", [RECORDING, BACKWARD], ids=lambda lesson: lesson.id)
def test_pages_1_and_2_have_the_same_form(lesson: Lesson) -> None:
    assert 5 <= len(lesson.questions) <= 7
    assert 8 <= len(lesson.cards) <= 12


@each_lesson
def test_every_page_has_an_exercise_with_numbers_to_grade(lesson: Lesson) -> None:
    assert lesson.exercise is not None
    assert lesson.exercise.task
    assert any(isinstance(form, NumberForm) for form in lesson.exercise.graded)


@each_lesson
def test_the_reader_is_asked_to_answer_first_and_told_why(lesson: Lesson) -> None:
    assert "before you unfold" in said(lesson.before_questions)
    assert "far better than reading it once more" in said(lesson.before_questions)
    assert "before you unfold" in said(lesson.before_exercise)
    assert "before you look" in said(lesson.before_cards)


@each_lesson
def test_every_heading_is_a_question(lesson: Lesson) -> None:
    for item in lesson.items.values():
        heading = item.front if isinstance(item, Card) else item.heading
        assert plain(heading).endswith("?"), item.id


@each_lesson
def test_every_question_is_answered_and_can_be_graded(lesson: Lesson) -> None:
    for question in lesson.questions:
        assert said(question.answer), question.id
        assert question.graded is not None, question.id
        assert question.graded.stem, question.id


@each_lesson
def test_every_choice_says_why_it_is_right_or_wrong(lesson: Lesson) -> None:
    for form in lesson.graded:
        for choice in form.choices if isinstance(form, ChoicesForm) else ():
            assert said(choice.feedback), f"{form.id}: {plain(choice.text)}"


def test_the_right_choice_cannot_be_told_by_its_place() -> None:
    forms = [f for lesson in LESSONS for f in lesson.graded if isinstance(f, ChoicesForm)]
    places = [[choice.right for choice in form.choices].index(True) for form in forms]
    assert max(places.count(place) for place in places) <= len(forms) / 2


# ── Ids ───────────────────────────────────────────────────────────────────────────────────


def test_ids_are_unique() -> None:
    ids = [id_ for lesson in LESSONS for id_, _, _ in every_id(lesson)]
    assert len(ids) == len(set(ids))


def test_ids_are_stable() -> None:
    record = (FOLDER / "ids.txt").read_text(encoding="utf-8")
    assert [str(fault) for fault in against_record(LESSONS, record, "ids.txt")] == []


# ── Numbers ───────────────────────────────────────────────────────────────────────────────


def disagreements(computation: Computation) -> list[str]:
    names: dict[str, object] = {name: getattr(engine_reference, name) for name in NAMES}
    names |= {"math": math, "topological_order": topological_order}
    found = []
    for step in computation.steps:
        if isinstance(step, Run):
            exec(step.code, names)
            continue
        computed = eval(step.expression, names)
        number = computed.data if isinstance(computed, Value) else computed
        if not step.agrees(number):
            found.append(f"{step.place}: {step.shown} is shown, {number} is right")
    return found


NAMES = ("MLP", "Layer", "Neuron", "Value", "loss", "train")


@each_lesson
def test_every_figure_is_what_the_reference_computes(lesson: Lesson) -> None:
    assert [text for made in lesson.computations for text in disagreements(made)] == []


def test_a_wrong_figure_would_be_found() -> None:
    (made,) = [made for made in TRAINING.computations if made.item == "one-step-by-hand"]
    wrong = [
        Figure(step.place, "18.5", step.expression)
        if isinstance(step, Figure) and step.shown == "18"
        else step
        for step in made.steps
    ]
    found = disagreements(Computation(made.item, tuple(wrong)))
    assert len(found) == 2
    assert all("18.5 is shown, 18.0 is right" in text for text in found)
