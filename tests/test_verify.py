"""`course verify`: the content is right, and whatever is broken in it is named."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from course import content
from course.commands import verify
from course.figures import disagreements
from course.lesson_pages import FOLDER
from flashcards import Card, Fault, Question, load_lessons
from flashcards.model import Computation, Figure, ItemId, Place, Run
from grader.checks import CHECKS

ROOT = Path(__file__).parents[1]
COMMAND = "from course import cli; from course.commands.verify import verify; " + (
    "cli.cli.add_command(verify); cli.main()"
)
LESSONS = load_lessons(FOLDER)
ITEMS = {id_: item for lesson in LESSONS for id_, item in lesson.items.items()}
FIRST = "1-recording-the-graph.md"


def run(*arguments: str | Path, **extra: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-c", COMMAND, "verify", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1", **extra},
        timeout=120,
        check=False,
    )


Break = Callable[..., Path]


@pytest.fixture
def broken(tmp_path: Path) -> Break:
    """Copy the lessons with some edits: `broken((old, new), …)` in the first page."""

    def copy(*edits: tuple[str, str], name: str = FIRST) -> Path:
        folder = tmp_path / "lessons"
        shutil.copytree(FOLDER, folder)
        page = folder / name
        text = page.read_text("utf-8")
        for old, new in edits:
            assert old in text, old
            text = text.replace(old, new, 1)
        page.write_text(text, "utf-8")
        return folder

    return copy


def line_of(text: str, path: Path) -> str:
    before, found, _ = path.read_text("utf-8").partition(text)
    assert found
    return f"{path}:{before.count(chr(10)) + 1}"


# ── The whole ─────────────────────────────────────────────────────────────────────────────


def test_the_course_verifies() -> None:
    done = run("--quick")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    lines = done.stdout.splitlines()
    assert len(lines) == len(verify.GROUPS)
    assert all(line.startswith("✓ ") for line in lines)


def test_a_broken_figure_id_and_glyph_are_each_named_with_their_line(broken: Break) -> None:
    folder = broken(
        ("c = a * b  # 10", "c = a * b  # 11"),
        ("<!-- id: leaf -->", "<!-- id: leaves -->"),
        ("The order: `self`", "The 漢 order: `self`"),
    )
    done = run("--lessons", folder)
    page = folder / FIRST
    assert done.returncode == 1
    assert f"    {line_of('# 11', page)}: 11 is shown, 10.0 is right\n" in done.stdout
    leaf = line_of("### What is a leaf?", page)
    assert f"    {leaf}: the id `leaves` is new" in done.stdout
    assert f"    {line_of('card leaf', folder / 'ids.txt')}: no lesson has `leaf`" in done.stdout
    glyph = line_of("### What do `__rsub__`", page)
    assert f"    {glyph}: the card `reversed-minus-and-divide` uses `漢`" in done.stdout
    assert "value/wrap leads to leaf, and no lesson has it\n" in done.stdout
    assert "course explain weights-as-numbers: leads to leaf, and no lesson has it\n" in done.stdout
    assert done.stdout.count("✗") == 6
    assert done.stdout.count("✓") == 1


BROKEN = {
    # what: (old, new, a text on the line named, part of the sentence)
    "an id used twice": ("id: leaf -->", "id: tanh -->", "### What does `tanh`", "used already"),
    "a missing id": ("<!-- id: leaf -->", "", "### What is a leaf?", "directly below"),
    "a question without answer": (
        "Besides `.data` it keeps three things:\n",
        "</details>\n",
        "- its parents, the Values",
        "belongs to nothing",
    ),
    "code that raises": ("d = c + a  # 12", "d = c + e  # 12", "d = c + e", "NameError"),
    "a figure that is no number": (
        "12<!-- = 2 * 5 + 2 -->",
        "12<!-- = 'twelve' -->",
        "'twelve'",
        "is no number",
    ),
    "an emoji": ("While the expression", "🎈 While the expression", "### When is", "BALLOON"),
    "a card that is too long": (
        "While the expression",
        "While the expression " * 700,
        "### When is the graph",
        "when-the-graph-is-built",
    ),
    "an edited card": ("While the expression", "As the expression", "### When is", "has changed"),
    "an image": ("While the", "![x](https://a.b/c.png) While the", "![x]", "image"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_broken_is_named_with_its_line(what: str, broken: Break) -> None:
    old, new, named, sentence = BROKEN[what]
    folder = broken((old, new))
    done = run("--lessons", folder)
    assert (done.returncode, done.stderr) == (1, "")
    start = f"    {line_of(named, folder / FIRST)}: "
    faults = [line for line in done.stdout.splitlines() if line.startswith(start)]
    assert any(sentence in fault for fault in faults), done.stdout


def test_a_record_of_ids_that_is_missing_is_named(broken: Break) -> None:
    folder = broken()
    (folder / "ids.txt").unlink()
    done = run("--lessons", folder)
    assert done.returncode == 1
    assert f"    {folder / 'ids.txt'}: the record of ids is missing" in done.stdout
    assert done.stdout.endswith("\n1 fault.\n")


def test_a_folder_without_pages_is_one_fault(tmp_path: Path) -> None:
    done = run("--lessons", tmp_path)
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 4
    assert "there is no lesson page" in done.stdout


def test_a_folder_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    assert run("--lessons", tmp_path / "none").returncode == 2


def test_a_plain_terminal_gets_plain_signs() -> None:
    done = run("--quick", PYTHONUTF8="0", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert done.returncode == 0
    assert done.stdout.isascii()
    assert all(line.startswith("+ ") for line in done.stdout.splitlines())


# ── What a failed check leads to ──────────────────────────────────────────────────────────


def test_every_check_leads_to_one_to_three_things_to_study() -> None:
    assert set(content.CARDS) == set(CHECKS)
    for check, ids in content.CARDS.items():
        assert 1 <= len(ids) <= 3, check
        assert len(set(ids)) == len(ids), check


def test_what_a_check_leads_to_exists_and_is_led_by_a_card_or_question() -> None:
    for check, ids in content.CARDS.items():
        assert set(ids) <= set(ITEMS), check
        assert isinstance(ITEMS[ItemId(ids[0])], Card | Question), check


def test_every_question_is_led_to_by_some_check() -> None:
    led_to = {id_ for ids in content.CARDS.values() for id_ in ids}
    asked = {question.id for lesson in LESSONS for question in lesson.questions}
    assert asked <= led_to


@pytest.mark.parametrize(
    ("cards", "sentence"),
    [
        ({"value/wrap": ()}, "the check value/wrap leads to no card"),
        ({"value/wrap": ("nothing",)}, "value/wrap leads to nothing, and no lesson has it"),
        ({"value/rwap": ("leaf",)}, "there is no check value/rwap"),
    ],
)
def test_a_link_that_is_wrong_is_found(
    cards: dict[str, tuple[str, ...]], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content, "CARDS", {**content.CARDS, **cards})
    (group,) = [group for group in verify.GROUPS if "check leads" in group.claim]
    (fault,) = group.examine(verify.Content(FOLDER, LESSONS, ())).faults
    assert fault.sentence == sentence
    assert fault.place.path.endswith("content.py")


# ── Numbers ───────────────────────────────────────────────────────────────────────────────

AT = Place("page.md", 7)


def faults(*steps: Run | Figure) -> list[str]:
    return [str(fault) for fault in disagreements(Computation(ItemId("item"), steps))]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.id)
def test_every_number_of_the_lessons_is_right(lesson: object) -> None:
    made = [made for one in LESSONS if one is lesson for made in one.computations]
    assert made
    assert [fault for one in made for fault in disagreements(one)] == []


def test_a_number_that_is_wrong_is_named_with_the_right_one() -> None:
    assert faults(Run(AT, "w = Value(2.0)"), Figure(AT, "18.5", "w * 9")) == [
        "page.md:7: 18.5 is shown, 18.0 is right"
    ]


def test_code_that_raises_is_named_and_ends_the_item() -> None:
    assert faults(
        Figure(AT, "2", "1"), Run(AT, "x = 1 / 0"), Figure(Place("page.md", 9), "1", "x")
    ) == [
        "page.md:7: 2 is shown, 1 is right",
        "page.md:7: the code raises ZeroDivisionError: division by zero",
    ]


def test_numbers_that_are_none_are_named() -> None:
    assert faults(Figure(AT, "1", "'one'")) == ["page.md:7: 1 is shown, but `'one'` is no number"]
    assert faults(Figure(AT, "1", "math.nan")) == ["page.md:7: 1 is shown, nan is right"]


def test_each_item_starts_with_a_clean_slate_and_the_same_random_numbers() -> None:
    weight = "MLP(1, [1]).parameters()[0].data"
    made = Computation(ItemId("item"), (Figure(AT, "9", weight),))
    first, second = disagreements(made), disagreements(made)
    assert first == second
    assert "NameError" in faults(Figure(AT, "1", "left_over"))[0]


def test_what_the_code_prints_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert faults(Run(AT, "print('hello')")) == []
    assert capsys.readouterr().out == ""


def test_the_mistakes_are_tried_unless_that_is_left_out(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    group = verify.Group("It was tried", lambda _: verify.Findings("all"))
    monkeypatch.setattr(verify, "MISTAKES", group)
    monkeypatch.setattr(verify, "GROUPS", ())
    shutil.copy(FOLDER / FIRST, tmp_path)
    for arguments, tried in (([], True), (["--quick"], False), (["--lessons", tmp_path], False)):
        assert verify.verify.main([*map(str, arguments)], standalone_mode=False) == 0
        assert ("It was tried" in capsys.readouterr().out) == tried


def test_a_mutant_that_is_not_as_it_should_be_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    from grader import kill_matrix
    from grader.misconceptions import MISCONCEPTIONS

    one = next(kill_matrix.mutants([MISCONCEPTIONS["never-zeroed"]]))  # type: ignore[index]
    survivor = kill_matrix.Row(one, frozenset(), {})
    monkeypatch.setattr(kill_matrix, "rows", lambda *_, **__: iter([survivor]))
    found = verify.MISTAKES.examine(verify.Content(FOLDER, LESSONS, []))
    assert "never-zeroed (own rules) survives" in str(found.faults[0])


def test_a_group_is_a_claim_and_a_function(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fault = Fault(Place("page.md", 3), "it is not")
    group = verify.Group("It is so", lambda _: verify.Findings("one thing", [fault, fault]))
    monkeypatch.setattr(verify, "GROUPS", (group,))
    assert verify.verify.main(["--quick"], standalone_mode=False) == 1
    assert capsys.readouterr().out == (
        "✗ It is so (one thing)\n    page.md:3: it is not\n\n1 fault.\n"
    )
