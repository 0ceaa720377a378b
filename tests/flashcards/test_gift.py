"""The questions in GIFT: read back as Moodle reads them, and by gift-pegjs."""

import dataclasses
import json
import re
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from course.commands.quiz import quiz
from flashcards import GradedForm, Lesson, gift, load_lessons
from flashcards.html import blocks_as_html, words_as_html
from flashcards.model import (
    Choice,
    ChoicesForm,
    Code,
    CodeBlock,
    Figure,
    ItemId,
    NumberForm,
    Paragraph,
    Place,
    Text,
)

LESSONS = load_lessons(Path(__file__).parents[2] / "course" / "lessons")
FORMS = [form for lesson in LESSONS for form in lesson.graded]
PLACE = Place("1-a.md", 1)

# ── Forms full of what means something to GIFT ────────────────────────────────────────────

SIGNS = "~a =b #c {d} e:f ::g:: \\h \\n \\~ \\\\ <i> -> j & //k [l] \"m\" 'n' $CATEGORY: o %p%"
AWKWARD = (
    ChoicesForm(
        ItemId("choices"),
        PLACE,
        (
            Paragraph((Text(SIGNS), Code("parameter = {parameter}"))),
            CodeBlock("// a\n\n::b::\n\n$CATEGORY: c\n    x = {1: '#'}", "python"),
        ),
        (
            Choice((Text("%50% of it"),), right=False, feedback=(Paragraph((Text(SIGNS),)),)),
            Choice((Text("[3, 4, 4, 1]"),), right=True),
            Choice((Text(SIGNS),), right=False, feedback=(CodeBlock("a\n\n~b", "text"),)),
            Choice((Text("TRUE"),), right=False),
            Choice((Text("~"),), right=False),
        ),
    ),
    NumberForm(
        ItemId("small"),
        PLACE,
        (Paragraph((Text("{#1:2}"),)),),
        Figure(PLACE, "−0.00002", "x"),
        1e-6,
    ),
    NumberForm(
        ItemId("large"), PLACE, (Paragraph((Text("…"),)),), Figure(PLACE, "12345678.25", "x"), 0.5
    ),
)


def lesson_with(forms: Sequence[GradedForm], title: str = "A title") -> Lesson:
    assert LESSONS[0].exercise is not None
    exercise = dataclasses.replace(LESSONS[0].exercise, graded=tuple(forms))
    words = (Text(title),)
    return dataclasses.replace(LESSONS[0], title=words, questions=(), exercise=exercise)


# ── A reader that goes about it as Moodle's importer does ─────────────────────────────────


@dataclass(frozen=True)
class Read:
    """What one question came to: its answers are (right, text, feedback), or two numbers."""

    id: str
    name: str
    category: str
    stem: str
    answers: tuple[tuple[bool, str, str], ...] | tuple[float, float]


def read_gift(text: str) -> list[Read]:
    """Read GIFT in Moodle's order: lines, then escapes, then name, braces and answers."""
    questions, category = [], ""
    for chunk in re.split(r"\n[ \t]*\n", text.strip()):
        comments, lines = [], []
        for line in chunk.split("\n"):
            (comments if line.lstrip().startswith("//") else lines).append(line.strip())
        body = "\n".join(lines)
        if body.startswith("$CATEGORY:"):
            category = body.removeprefix("$CATEGORY:").strip()
            assert "\n" not in body
            continue
        questions.append(read_question(body, "".join(comments), category))
    return questions


def read_question(body: str, comments: str, category: str) -> Read:
    hidden = re.sub(r"\\([\\:#={}~n])", lambda found: HIDDEN[found[1]], body)
    name, stem, answers, *rest = re.fullmatch(
        r"::([^:]*)::\[html\]([^{}]*)\{([^{}]*)\}", hidden, re.S
    ).groups()  # type: ignore[union-attr]
    assert not rest
    (id_,) = re.findall(r"\[id:([^\]]+)\]", comments)
    found = read_number(answers) if answers.startswith("#") else read_choices(answers)
    return Read(id_, shown(name), category, shown(stem), found)


def read_number(answers: str) -> tuple[float, float]:
    number, tolerance = answers[1:].split(":")
    assert all(re.fullmatch(r"-?\d+(\.\d+)?", text) for text in (number, tolerance))
    return float(number), float(tolerance)


def read_choices(answers: str) -> tuple[tuple[bool, str, str], ...]:
    signs, texts = re.findall(r"[~=]", answers), re.split(r"[~=]", answers)
    assert texts.pop(0).strip() == ""
    read = []
    for sign, text in zip(signs, texts, strict=True):
        words, _, feedback = text.strip().partition("#")
        assert "#" not in feedback
        assert not words.startswith("%"), "this would be read as a weight"
        read.append((sign == "=", shown(words), shown(feedback)))
    return tuple(read)


HIDDEN = {sign: chr(0xE000 + at) for at, sign in enumerate("\\:#={}~")} | {"n": "\ue100"}


def shown(text: str) -> str:
    for sign, stand_in in HIDDEN.items():
        text = text.replace(stand_in, "\n" if sign == "n" else sign)
    return text.strip()


def expected(form: GradedForm, category: str) -> Read:
    stem = blocks_as_html(form.stem)
    if isinstance(form, NumberForm):
        return Read(form.id, form.id, category, stem, (form.answer.number, form.tolerance))
    answers = tuple(
        (
            choice.right,
            re.sub("^%", "&#37;", words_as_html(choice.text)),
            blocks_as_html(choice.feedback),
        )
        for choice in form.choices
    )
    return Read(form.id, form.id, category, stem, answers)


# ── What is read back ─────────────────────────────────────────────────────────────────────


def test_every_form_of_the_course_comes_back_as_it_was() -> None:
    titles = ["Recording the graph", "Backward", "Building and training a net"]
    assert read_gift(gift.render(LESSONS)) == [
        expected(form, f"Course/{title}")
        for lesson, title in zip(LESSONS, titles, strict=True)
        for form in lesson.graded
    ]


def test_the_worked_step_asks_for_its_six_numbers() -> None:
    read = read_gift(gift.render(LESSONS[2:]))
    numbers = [found.answers[0] for found in read if found.id.startswith("one-step-")]
    assert numbers == [6, 9, 18, 1.1, 3.3, 0.09]


def test_signs_that_mean_something_to_gift_come_back_as_they_were() -> None:
    read = read_gift(gift.render([lesson_with(AWKWARD)]))
    assert read == [expected(form, "Course/A title") for form in AWKWARD]


def test_a_slash_in_a_title_opens_no_category_in_the_category() -> None:
    (first, *_) = read_gift(gift.render([lesson_with(AWKWARD, "Input/output")]))
    assert first.category == "Course/Input//output"


def test_a_lesson_without_graded_forms_leaves_no_empty_category() -> None:
    assert gift.render([lesson_with([])]) == ""


# ── Read by somebody else's parser ────────────────────────────────────────────────────────

PARSE = """
const text = require("fs").readFileSync(0, "utf8");
process.stdout.write(JSON.stringify(require("gift-pegjs").parse(text)));
"""


@pytest.fixture
def pegjs() -> Callable[[str], list[dict[str, object]]]:
    """Parse with gift-pegjs, where Node finds it: `npm install -g`, and NODE_PATH."""

    def parse(text: str) -> list[dict[str, object]]:
        done = subprocess.run(["node", "-e", PARSE], input=text.encode(), capture_output=True)
        assert done.returncode == 0, done.stderr.decode()
        return list(json.loads(done.stdout))

    return parse


@pytest.mark.needs("node")
@pytest.mark.needs("gift-pegjs")
def test_gift_pegjs_reads_the_same(pegjs: Callable[[str], list[dict[str, object]]]) -> None:
    lessons = [*LESSONS, lesson_with(AWKWARD)]
    parsed = [found for found in pegjs(gift.render(lessons)) if found["type"] != "Category"]
    assert [from_pegjs(found) for found in parsed] == [
        dataclasses.replace(read, category="") for read in read_gift(gift.render(lessons))
    ]


def from_pegjs(found: dict[str, object]) -> Read:
    choices: dict[str, float] | list[dict[str, dict[str, str]]] = found["choices"]  # type: ignore[assignment]
    answers = (
        (choices["number"], choices["range"])
        if isinstance(choices, dict)
        else tuple(
            (
                bool(choice["isCorrect"]),
                choice["text"]["text"],
                (choice["feedback"] or {"text": ""})["text"],
            )
            for choice in choices
        )
    )
    stem: dict[str, str] = found["stem"]  # type: ignore[assignment]
    return Read(str(found["id"]), str(found["title"]), "", stem["text"], answers)


# ── The command ───────────────────────────────────────────────────────────────────────────


def test_the_command_replaces_a_file_and_says_how_many_questions_are_in_it(tmp_path: Path) -> None:
    file = tmp_path / "questions.gift"
    file.write_text("old")
    done = CliRunner().invoke(quiz, ["--gift", str(file), "--lesson", "backward"])
    assert (done.exit_code, done.output) == (0, f"{file}: {len(LESSONS[1].graded)} questions\n")
    assert file.read_text("utf-8") == gift.render(LESSONS[1:2])
    assert [path.name for path in tmp_path.iterdir()] == ["questions.gift"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Say what to write: --gift FILE, --qti FILE or both."),
        (["--gift", "a", "--qti", "a"], "--gift and --qti cannot both be a: name two files."),
        (["--gift", "a", "--lesson", "back"], "no lesson 'back'. Did you mean backward?"),
        (["--gift", "none/a"], "none/a cannot be written: No such file or directory."),
        (["--qti", "."], "File '.' is a directory."),
    ],
)
def test_a_wrong_use_of_the_command_is_one_sentence_and_exit_code_2(
    arguments: list[str], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(quiz, arguments)
    assert list(tmp_path.iterdir()) == []
    assert done.exit_code == 2
    assert sentence in done.output.splitlines()[-1]
