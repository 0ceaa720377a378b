"""A page is read whole: what it says comes out, what it cannot say is refused with its line."""

from pathlib import Path

import pytest

from flashcards import LessonError, load_lessons, parse_lesson, read_lesson, read_lessons
from flashcards.ids import against_record
from flashcards.model import (
    Card,
    ChoicesForm,
    Code,
    CodeBlock,
    Emphasis,
    Figure,
    Formula,
    FormulaRun,
    ItemId,
    Lesson,
    Link,
    List,
    NumberForm,
    Paragraph,
    Place,
    Run,
    Strong,
    Text,
    plain,
)

PAGE = """\
# A title
<!-- id: a-lesson -->

Introduction.

## Self-check

Answer first.

### Why minus?
<!-- id: why-minus -->

A hint.

<!-- graded choices

Which way?

- [x] Down

  The loss shall shrink.
- [ ] Up
-->

<details><summary>Answer</summary>

Because.

</details>

## Worked exercise

### What does one step do?
<!-- id: one-step -->

The task.

<!-- run
w = 1.1
-->

<!-- graded number
id: one-step-weight
answer: 1.1
tolerance: 0.001
computed: w

Which weight?
-->

<details><summary>Solution</summary>

It is 1.1<!-- = w -->.

</details>

## Flashcards

### The front?
<!-- id: a-card -->

The back.
"""


def line_of(text: str, page: str = PAGE) -> int:
    """Return the line on which `text` begins, which occurs once."""
    assert page.count(text) == 1, text
    return page[: page.index(text)].count("\n") + 1


def changed(old: str, new: str) -> str:
    assert PAGE.count(old) == 1, old
    return PAGE.replace(old, new)


def faults(page: str) -> list[str]:
    return [str(fault) for fault in read_lesson(page, "page.md")[1]]


def back(markdown: str) -> tuple[object, ...]:
    """Return the blocks of a card whose back is this Markdown."""
    (card,) = parse_lesson(changed("The back.", markdown), "page.md").cards
    return card.back


def words(markdown: str) -> tuple[object, ...]:
    """Return what a card of one paragraph holds."""
    (paragraph,) = back(markdown)
    assert isinstance(paragraph, Paragraph)
    return paragraph.children


# ── What a page says ──────────────────────────────────────────────────────────────────────


def test_everything_on_a_page_comes_out() -> None:
    lesson = parse_lesson(PAGE, "page.md")
    assert (lesson.id, lesson.title) == ("a-lesson", (Text("A title"),))
    assert lesson.introduction == (Paragraph((Text("Introduction."),)),)
    assert lesson.before_questions == (Paragraph((Text("Answer first."),)),)

    (question,) = lesson.questions
    assert (question.id, question.heading) == ("why-minus", (Text("Why minus?"),))
    assert question.body == (Paragraph((Text("A hint."),)),)
    assert question.answer == (Paragraph((Text("Because."),)),)

    assert lesson.exercise is not None
    assert lesson.exercise.task == (Paragraph((Text("The task."),)),)
    assert lesson.exercise.solution == (Paragraph((Text("It is 1.1."),)),)

    place = Place("page.md", line_of("### The front?"))
    front, text = (Text("The front?"),), (Paragraph((Text("The back."),)),)
    assert lesson.cards == (Card(ItemId("a-card"), place, front, text),)
    assert list(lesson.items) == ["why-minus", "one-step", "a-card"]


def test_choices_say_which_is_right_and_why() -> None:
    (question,) = parse_lesson(PAGE, "page.md").questions
    form = question.graded
    assert isinstance(form, ChoicesForm)
    assert form.id == "why-minus"
    assert form.stem == (Paragraph((Text("Which way?"),)),)
    assert [(plain(choice.text), choice.right) for choice in form.choices] == [
        ("Down", True),
        ("Up", False),
    ]
    assert form.choices[0].feedback == (Paragraph((Text("The loss shall shrink."),)),)


def test_a_form_without_a_question_of_its_own_asks_what_the_page_asks() -> None:
    (question,) = parse_lesson(changed("Which way?\n\n", ""), "page.md").questions
    assert question.graded is not None
    assert question.graded.stem == (Paragraph(question.heading), *question.body)


def test_a_graded_number_is_a_figure_with_a_tolerance() -> None:
    lesson = parse_lesson(PAGE, "page.md")
    (form,) = lesson.exercise.graded if lesson.exercise else ()
    assert isinstance(form, NumberForm)
    assert (form.id, form.answer.number, form.tolerance) == ("one-step-weight", 1.1, 0.001)
    assert form.answer.expression == "w"
    assert form.answer in lesson.figures


def test_every_kind_of_text_becomes_its_own_node() -> None:
    assert words("a *b* **c** `d + 1` `n·aⁿ` [e *f*](https://g.h) <https://i.j>") == (
        Text("a "),
        Emphasis((Text("b"),)),
        Text(" "),
        Strong((Text("c"),)),
        Text(" "),
        Code("d + 1"),
        Text(" "),
        Formula("n·aⁿ"),
        Text(" "),
        Link((Text("e "), Emphasis((Text("f"),))), "https://g.h"),
        Text(" "),
        Link((Text("https://i.j"),), "https://i.j"),
    )


def test_lists_nest_and_keep_their_first_number() -> None:
    inner = List(((Paragraph((Text("b"),)),),))
    assert back("3. a\n   - b\n4. c") == (
        List(((Paragraph((Text("a"),)), inner), (Paragraph((Text("c"),)),)), start=3),
    )


def test_code_keeps_its_lines_and_may_look_like_markup() -> None:
    code = "### no heading\n<details>\n- [ ] $x$ <!-- id: no -->\n\n    deep"
    assert back(f"```text\n{code}\n```") == (CodeBlock(code, "text"),)


def test_a_line_end_inside_a_paragraph_is_a_space() -> None:
    assert words("a\nb `c`\nd") == (Text("a b "), Code("c"), Text(" d"))


def test_a_formula_tells_raised_and_lowered_characters() -> None:
    assert Formula("w₁·aⁿ⁻¹ − e²").runs == (
        FormulaRun("w", "line"),
        FormulaRun("1", "lowered"),
        FormulaRun("·a", "line"),
        FormulaRun("n−1", "raised"),
        FormulaRun(" − e", "line"),
        FormulaRun("2", "raised"),
    )


# ── Figures ───────────────────────────────────────────────────────────────────────────────


def figures(markdown: str) -> list[tuple[str, str, bool]]:
    lesson = parse_lesson(changed("The back.", markdown), "page.md")
    (computed,) = [made for made in lesson.computations if made.item == "a-card"]
    found = [step for step in computed.steps if isinstance(step, Figure)]
    return [(figure.shown, figure.expression, figure.rounded) for figure in found]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("18<!-- = x -->", "18"),
        ("x = 1.05<!-- = x -->.", "1.05"),
        ("**0.09**<!-- = x -->", "0.09"),
        ("`w = 1.1`<!-- = x -->", "1.1"),
        ("is −3<!-- = x -->", "−3"),
        ("is -3<!-- = x -->", "-3"),
        ("(−3<!-- = x -->)", "−3"),
        ("6 − 3<!-- = x -->", "3"),
        ("6−3<!-- = x -->", "3"),
        ("1 − (−6) = 7<!-- = x -->", "7"),
    ],
)
def test_a_figure_is_the_number_before_its_comment(written: str, shown: str) -> None:
    assert figures(written) == [(shown, "x", False)]


@pytest.mark.parametrize(
    "written",
    [
        "none <!-- = x -->",
        "5 <!-- = x -->",
        "w1<!-- = x -->",
        "1/3<!-- = x -->",
        "2²⁶<!-- = x -->",
        "v1.2.3<!-- = x -->",
        "five<!-- = x -->",
    ],
)
def test_a_comment_behind_no_plain_number_is_refused(written: str) -> None:
    line = line_of("The back.")
    assert faults(changed("The back.", written)) == [
        f"page.md:{line}: no number stands directly before this comment"
    ]


def test_a_figure_knows_its_line_also_in_a_long_paragraph() -> None:
    page = changed("The back.", "One\ntwo `a` *three\nfour* 4<!-- = 2 + 2 -->\nfive")
    figure = parse_lesson(page, "page.md").figures[-1]
    assert figure == Figure(Place("page.md", line_of("The back.") + 2), "4", "2 + 2")


def test_numbers_in_the_comments_of_python_are_figures() -> None:
    code = "a = 2  # 2\nprint(a / 3)  # ≈ 0.67\na += 1  # 3\na * 2  # 6\nb = 1  # not a number"
    assert figures(f"```python\n{code}\n```") == [
        ("2", "a", False),
        ("0.67", "a / 3", True),
        ("3", "a", False),
        ("6", "a * 2", False),
    ]


def test_python_runs_in_the_order_of_the_page_from_a_clean_slate() -> None:
    lesson = parse_lesson(
        changed("The back.", "<!-- run\na = 1\n-->\n\n1<!-- = a -->\n\n```python\na = 2  # 2\n```"),
        "page.md",
    )
    (made,) = [made for made in lesson.computations if made.item == "a-card"]
    line = line_of("The back.")
    assert made.steps == (
        Run(Place("page.md", line + 1), "a = 1"),
        Figure(Place("page.md", line + 4), "1", "a"),
        Run(Place("page.md", line + 7), "a = 2"),
        Figure(Place("page.md", line + 7), "2", "a"),
    )


@pytest.mark.parametrize(
    ("shown", "rounded", "computed", "agrees"),
    [
        ("1.1", False, 2 - 0.05 * 18, True),
        ("18", False, 18.3, False),
        ("−3", False, -3.0, True),
        ("0.76", True, 0.7616, True),
        ("0.76", True, 0.7651, False),
        ("0.76", False, 0.7616, False),
        ("1", True, 1.4, True),
        ("1", False, float("nan"), False),
        ("1", True, float("inf"), False),
    ],
)
def test_a_figure_agrees_with_its_number_alone(
    shown: str, rounded: bool, computed: float, agrees: bool
) -> None:
    assert Figure(Place("page.md", 1), shown, "x", rounded).agrees(computed) is agrees


# ── What is refused ───────────────────────────────────────────────────────────────────────

HEADING = "### The front?\n<!-- id: a-card -->"
DETAILS = "<details><summary>Answer</summary>"
FOLD = f"{DETAILS}\n\nBecause.\n\n</details>"
NUMBER = "answer: 1.1\ntolerance: 0.001\ncomputed: 1.1"

REFUSED = {
    # what: (old, new, a text on the line named, part of the sentence)
    "a missing id": ("<!-- id: a-card -->\n", "", "### The front?", "directly below"),
    "a missing id of the page": ("<!-- id: a-lesson -->\n", "", "# A title", "directly below"),
    "an id in the heading": (
        HEADING,
        "### The front? <!-- id: a-card -->",
        "### The front?",
        "directly below",
    ),
    "an id of other characters": ("id: a-card", "id: A_card", "id: A_card", "only a-z"),
    "an empty id": ("id: a-card", "id: ", "<!-- id:  -->", "only a-z"),
    "an id used twice": (
        "id: a-card",
        "id: one-step ",
        "### The front?",
        "is used already at page.md:",
    ),
    "an id twice under a heading": (
        "The back.",
        "<!-- id: another -->\n\nThe back.",
        "id: another",
        "`id:` has no place here",
    ),
    "a page without title": ("# A title\n", "", "<!-- id: a-lesson", "begins with its title"),
    "a second title": ("The back.", "The back.\n\n# More", "# More", "headings are"),
    "a heading too deep": ("The back.", "The back.\n\n#### More", "#### More", "headings are"),
    "an unknown section": ("The back.", "The back.\n\n## More", "## More", "in this order"),
    "a section twice": ("The back.", "The back.\n\n## Flashcards\n", "", "in this order"),
    "a section missing": ("## Self-check", "## Check yourself", "# A title", "no section"),
    "a section that is empty": (f"{HEADING}\n\nThe back.\n", "", "## Flashcards", "is empty"),
    "a second exercise": (
        "## Flashcards",
        f"### Another?\n<!-- id: another -->\n\n{FOLD.replace('Answer', 'Solution')}\n\n"
        "## Flashcards",
        "### Another?",
        "one worked exercise",
    ),
    "a heading without words": ("### The front?", "###", "###\n", "is empty"),
    "a card without a back": ("\nThe back.\n", "", "### The front?", "no back"),
    "a question without answer": (FOLD, "", "### Why minus?", "folded under this heading"),
    "an empty answer": ("Because.", "", "### Why minus?", "folded under this heading"),
    "an exercise without solution": (
        "It is 1.1<!-- = w -->.",
        "",
        "### What does one step do?",
        "as its solution",
    ),
    "an unclosed details": (
        "Because.\n\n</details>",
        "Because.",
        DETAILS,
        "never closed",
    ),
    "a details with another summary": (DETAILS, "<details><summary>Look</summary>", "", "write `"),
    "a details without blank line": (f"{DETAILS}\n", DETAILS, "<details><summary>A", "blank line"),
    "a details in a details": (
        "Because.",
        f"{DETAILS}\n\nBecause.",
        "",
        "only around an answer",
    ),
    "a details closed twice": ("Because.", "Because.\n\n</details>", "", "belongs to nothing"),
    "a details on a card": ("The back.", f"Back.\n\n{FOLD}", "", "only around an answer"),
    "text between an answer and the next heading": (
        "Because.\n\n</details>",
        "Because.\n\n</details>\n\nStray words.",
        "Stray words.",
        "belongs to nothing",
    ),
    "a rule between cards": ("The back.", "The back.\n\n---", "---\n", "headings do"),
    "an image": ("The back.", "See ![it](https://a.b/c.png)", "See", "image"),
    "a table": ("The back.", "| a |\n| - |\n| b |", "| a |", "table"),
    "raw HTML in a sentence": ("The back.", "The <b>back</b>", "The <b>", "raw HTML"),
    "raw HTML as a block": ("The back.", "<div>\nback\n</div>", "<div>", "raw HTML"),
    "a quotation": ("The back.", "> The back.", "> The back.", "quotation"),
    "struck-out words": ("The back.", "The ~~front~~ back.", "~~front~~", "struck out"),
    "indented code": ("The back.", "    The back.", "The back.", "fenced"),
    "code in another language": ("The back.", "```ruby\nx\n```", "```ruby", "```python or ```text"),
    "code without a language": ("The back.", "```\nx\n```", "```\nx", "```python or ```text"),
    "code that is never closed": ("The back.", "```text\nx", "```text", "never closed"),
    "a forced line break": ("The back.", "The  \nback.", "The  ", "broken by hand"),
    "code over a line end": ("The back.", "The `b\nack`.", "The `b", "must end on the line"),
    "a dollar sign": ("The back.", "It costs $x$.", "It costs", "dollar sign"),
    "a link to a file": ("The back.", "[it](other.md)", "[it]", "https address"),
    "a link with a title": ("The back.", '[it](https://a.b "t")', "[it]", "title"),
    "an address apart from its link": (
        "The back.",
        "[it]\n\n[it]: https://a.b",
        "[it]: ",
        "not apart",
    ),
    "an empty list item": ("The back.", "- a\n-\n- b", "-\n- b", "empty"),
    "lists too deep": ("The back.", "- a\n  - b\n    - c\n      - d", "      - d", "deep enough"),
    "an unknown comment": ("The back.", "The<!-- back -->", "The<!--", "`= expression`"),
    "an unknown comment on its own": (
        "The back.",
        "Back\n\n<!-- todo -->",
        "<!-- todo",
        "no place",
    ),
    "words behind a comment": ("The back.", "<!-- run --> x", "<!-- run --> x", "nothing may"),
    "a comment that never ends": ("The back.", "<!-- run\nx = 1", "<!-- run\nx = 1", "never ends"),
    "hyphens in a comment": ("The back.", "3<!-- = 2--1 -->", "2--1", "two hyphens"),
    "an expression that is none": ("The back.", "3<!-- = 2 + -->", "2 +", "not Python"),
    "an empty expression": ("The back.", "3<!-- = -->", "3<!-- =", "not Python"),
    "Python that does not parse": ("The back.", "```python\nx = 1\ny =\n```", "y =", "not Python"),
    "hidden Python that does not parse": ("w = 1.1", "w = 1.1\nv =", "v =", "not Python"),
    "a number behind half a statement": (
        "The back.",
        "```python\nfor i in ():\n    i  # 3\n```",
        "    i  # 3",
        "must stand behind",
    ),
    "a number behind a statement that shows none": (
        "The back.",
        "```python\nimport math  # 3\n```",
        "import math  # 3",
        "must stand behind",
    ),
    "a graded form of no kind": ("graded choices", "graded essay", "graded essay", "`graded cho"),
    "a graded form with an unknown line": (
        "id: one-step-weight",
        "id: one-step-weight\nunit: kg",
        "unit: kg",
        "no line `unit: …`",
    ),
    "a graded number without answer": ("answer: 1.1\n", "", "<!-- graded number", "`answer: …`"),
    "a graded number without tolerance": (
        "tolerance: 0.001\n",
        "",
        "<!-- graded number",
        "`tolerance: …`",
    ),
    "a graded number that is none": (
        "answer: 1.1",
        "answer: one",
        "<!-- graded number",
        "plain numbers",
    ),
    "a graded number that cannot be computed": (
        "computed: w",
        "computed: w +",
        "<!-- graded number",
        "not Python",
    ),
    "a graded form of an exercise without id": (
        "id: one-step-weight\n",
        "",
        "<!-- graded number",
        "needs a line `id: …`",
    ),
    "choices without a right one": ("[x] Down", "[ ] Down", "<!-- graded cho", "exactly one"),
    "choices with two right ones": ("[ ] Up", "[x] Up", "<!-- graded cho", "exactly one"),
    "a choice without its box": ("[ ] Up", "Up", "- Up", "begins with `[ ]`"),
    "a graded form without choices": (
        "- [x] Down\n\n  The loss shall shrink.\n- [ ] Up\n",
        "",
        "<!-- graded cho",
        "must end with a list",
    ),
    "a table in a graded form": ("Which way?", "| a |\n| - |\n| b |", "| a |", "table"),
    "a second graded form of a question": (
        DETAILS,
        f"<!-- graded number\nid: again\n{NUMBER}\n-->\n\n{DETAILS}",
        "<!-- graded number\nid: again",
        "one graded form",
    ),
    "a graded form on a card": (
        "The back.",
        "The back.\n\n<!-- graded choices -->",
        "<!-- graded choices -->",
        "`graded` has no place",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refused_with_its_line(what: str) -> None:
    old, new, named, sentence = REFUSED[what]
    page = changed(old, new)
    line = line_of(named, page) if named else None
    found = faults(page)
    with pytest.raises(LessonError) as caught:
        parse_lesson(page, "page.md")
    assert str(caught.value).splitlines() == found
    start = "page.md:" if line is None else f"page.md:{line}: "
    assert any(text.startswith(start) and sentence in text for text in found), found


def test_all_faults_of_a_page_are_named_at_once_and_the_rest_is_read() -> None:
    page = changed("id: a-card", "id: A").replace("Because.", "> Because.").replace("= w", "= w +")
    lesson, found = read_lesson(page, "page.md")
    assert [fault.place.line for fault in found] == [
        line_of("> Because.", page) - 6 - 10 - 1,
        line_of("> Because.", page),
        line_of("= w +", page),
        line_of("id: A", page),
    ]
    assert [plain(card.front) for card in lesson.cards] == ["The front?"]


# ── Folders and ids ───────────────────────────────────────────────────────────────────────


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def second(page: str) -> str:
    """Return the page with other ids."""
    for id_ in ("a-lesson", "why-minus", "one-step-weight", "a-card"):
        page = page.replace(id_, f"{id_}-2")
    return page.replace("id: one-step -->", "id: one-step-2 -->")


def test_lessons_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    write(tmp_path, "10-a-lesson.md", PAGE)
    write(tmp_path, "9-a-lesson-2.md", second(PAGE))
    write(tmp_path, "README.md", "no lesson")
    write(tmp_path, "notes.txt", "no lesson")
    assert [lesson.id for lesson in load_lessons(tmp_path)] == ["a-lesson-2", "a-lesson"]


def test_an_id_of_another_page_is_refused_with_both_lines(tmp_path: Path) -> None:
    first = write(tmp_path, "1-a-lesson.md", PAGE)
    other = write(tmp_path, "2-a-lesson-2.md", second(PAGE).replace("a-card-2", "a-card"))
    line = line_of("### The front?")
    with pytest.raises(LessonError) as caught:
        load_lessons(tmp_path)
    assert str(caught.value) == (
        f"{other}:{line}: the id `a-card` is used already at {first}:{line}"
    )


def test_a_file_that_is_not_named_after_its_lesson_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "1-other.md", PAGE)
    (fault,) = read_lessons(tmp_path)[1]
    assert str(fault) == f"{path}:1: the file of this lesson must be called `number-a-lesson.md`"


def test_bytes_that_are_no_text_are_refused_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "1-a-lesson.md"
    path.write_bytes(PAGE.encode() + b"\xff\n")
    (fault,) = read_lessons(tmp_path)[1]
    assert str(fault) == f"{path}:{PAGE.count(chr(10)) + 1}: this is not UTF-8 text"


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    (fault,) = read_lessons(tmp_path)[1]
    assert str(fault) == f"{tmp_path}: there is no lesson page `number-id.md` here"


RECORD = """\
# for people
lesson a-lesson
question why-minus
exercise one-step
graded one-step-weight

card a-card
"""


CARD = f"p.md:{line_of('### The front?')}"


def against(record: str) -> list[str]:
    return [str(fault) for fault in against_record([parse_lesson(PAGE, "p.md")], record, "ids")]


def test_a_record_that_agrees_has_no_faults() -> None:
    assert against(RECORD) == []
    assert against(RECORD + "retired card old\n") == []


@pytest.mark.parametrize(
    ("record", "fault"),
    [
        (RECORD + "card old", "ids:8: no lesson has `old`: restore it, or mark it retired"),
        (
            RECORD.replace("card a-card", ""),
            f"{CARD}: the id `a-card` is new: add the line `card a-card` to ids",
        ),
        (
            RECORD.replace("card a-card", "retired question a-card"),
            f"{CARD}: the id `a-card` was retired and cannot be used again",
        ),
        (
            RECORD.replace("card a-card", "question a-card"),
            f"{CARD}: the id `a-card` was that of a question",
        ),
        (
            RECORD + "card a-card",
            "ids:8: a line of the record is a kind and an id that it has not had yet",
        ),
        (RECORD + "old", "ids:8: a line of the record is a kind and an id that it has not had yet"),
    ],
)
def test_an_id_that_is_lost_new_or_used_again_is_named(record: str, fault: str) -> None:
    assert against(record) == [fault]


def test_reading_is_the_same_every_time() -> None:
    first: Lesson = parse_lesson(PAGE, "page.md")
    assert first == parse_lesson(PAGE, "page.md")
    assert hash(first) == hash(parse_lesson(PAGE, "page.md"))
