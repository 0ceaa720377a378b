"""`course self-check`, and a lesson's text on terminals of every width."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from course import lesson_pages
from flashcards import Question, parse_lesson
from flashcards.model import Block, CodeBlock, List, Paragraph, Text, plain
from flashcards.terminal import Look, block_lines, in_ascii, inline_lines

ROOT = Path(__file__).parents[2]
COMMAND = "from course import cli; from course.commands.self_check import self_check; " + (
    "cli.cli.add_command(self_check); cli.main()"
)
LESSONS = lesson_pages.load()
TEXTS = [
    (item.id, (item.answer if isinstance(item, Question) else item.back))
    for lesson in LESSONS
    for item in (*lesson.questions, *lesson.cards)
]


def self_check(
    *arguments: str | Path, said: str = "", cwd: Path = ROOT, **extra: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-c", COMMAND, "self-check", *map(str, arguments)],
        cwd=cwd,
        input=said,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1", "COLUMNS": "80", **extra},
        timeout=60,
        check=False,
    )


# ── Asking ────────────────────────────────────────────────────────────────────────────────


def test_each_question_is_shown_before_its_answer_and_only_then() -> None:
    asked = self_check("--lesson", "3", said="").stdout
    revealed = self_check("--lesson", "3", said="\n").stdout
    assert "1 of 5 · Building and training a net" in asked
    assert "Which numbers of a neuron does training change" in asked
    assert "Training changes one weight for each input" not in asked
    assert "Training changes one weight for each input" in revealed


def test_the_end_says_what_to_read_again_the_worst_first() -> None:
    done = self_check("--lesson", "3", said="\nk\n\np\n\nn\n\nknew it\n\npartly\n")
    assert (done.returncode, done.stderr) == (0, "")
    end = done.stdout[done.stdout.index("5 questions answered") :]
    assert end.startswith("5 questions answered: knew it 2, partly 2, not yet 1.\n")
    places = [end.index(text) for text in ("Why is there a minus", "Why is the loss", "zero the")]
    assert places == sorted(places)
    line = next(q.place for q in LESSONS[2].questions if q.id == "why-minus")
    assert f"    {line}\n" in end
    assert "course self-check --lesson building-and-training-a-net\n" in end
    assert "Which numbers of a neuron" not in end


def test_knowing_everything_leaves_nothing_to_read() -> None:
    done = self_check("--lesson", "3", said="\nk\n" * 5)
    assert done.stdout.endswith("5 questions answered: knew it 5.\n")


@pytest.mark.parametrize("said", ["\nk\n\n", "\nk\nq\n", "\nk\n\nquit\n", "\nk\n\nx\n"])
def test_stopping_anywhere_sums_up_what_was_answered(said: str) -> None:
    done = self_check("--lesson", "3", said=said)
    assert done.returncode == 0
    assert "1 of 5 questions answered: knew it 1." in done.stdout


def test_stopping_at_once_is_no_error() -> None:
    done = self_check(said="")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("No question answered.\n")


def test_an_answer_that_means_nothing_is_asked_for_again() -> None:
    done = self_check("--lesson", "3", said="\nwell\n\nK\n")
    assert done.stdout.count("Type k, p or n") == 2
    assert "knew it 1" in done.stdout


def test_all_lessons_come_in_order_and_lessons_named_too() -> None:
    count = sum(len(lesson.questions) for lesson in LESSONS)
    assert f"1 of {count} · Recording the graph" in self_check().stdout
    some = self_check("--lesson", "3", "--lesson", "backward").stdout
    assert "1 of 12 · Backward" in some


def test_a_lesson_that_is_none_is_named_with_the_nearest() -> None:
    done = self_check("--lesson", "backwards")
    assert done.returncode == 2
    assert "There is no lesson 'backwards'. Did you mean backward?" in done.stderr


def test_ctrl_c_ends_with_the_summary() -> None:
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", COMMAND, "self-check", "--lesson", "3"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\nn\n")
    process.stdin.flush()
    for line in process.stdout:
        if "2 of 5" in line:
            break
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "1 of 5 questions answered: not yet 1." in rest
    assert "Read again:" in rest


# ── On paper ──────────────────────────────────────────────────────────────────────────────


def test_a_worksheet_is_written_and_an_old_one_replaced(tmp_path: Path) -> None:
    file = tmp_path / "sheet.pdf"
    file.write_text("old")
    done = self_check("--pdf", file, "--lesson", "3", "--paper", "letter")
    assert (done.returncode, done.stdout) == (0, f"Wrote {file}.\n")
    assert file.read_bytes().startswith(b"%PDF")
    assert list(tmp_path.iterdir()) == [file]


def test_without_a_name_the_worksheet_is_called_self_check_pdf(tmp_path: Path) -> None:
    assert self_check("--pdf", "--lesson", "3", cwd=tmp_path).returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["self-check.pdf"]


def test_a_worksheet_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    done = self_check("--pdf", tmp_path / "none" / "sheet.pdf")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "cannot be written" in done.stderr
    assert self_check("--pdf", tmp_path).returncode == 2


def test_paper_without_a_worksheet_is_a_mistake() -> None:
    done = self_check("--paper", "a4")
    assert done.returncode == 2
    assert "--paper is for the worksheet" in done.stderr


# ── Text in lines ─────────────────────────────────────────────────────────────────────────


def words(blocks: tuple[Block, ...]) -> list[str]:
    """Return the words of a text, without any marks."""
    found: list[str] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            found += plain(block.children).split()
        elif isinstance(block, CodeBlock):
            found += block.text.split()
        elif isinstance(block, List):
            found += [word for item in block.items for word in words(item)]
    return found


@pytest.mark.parametrize("width", [16, 24, 40, 80, 100])
def test_lines_keep_to_the_width_and_every_word_is_there(width: int) -> None:
    for id_, blocks in TEXTS:
        lines = block_lines(blocks, Look(width))
        for line in lines:
            too_long = len(line) > max(width, 22) and " " in line.strip(" •-0123456789.")
            assert not too_long, (id_, line)
        shown = "".join("".join(lines).split()).replace("`", "").replace("*", "")
        position = 0
        for word in words(blocks):
            bare = word.replace("`", "").replace("*", "")
            position = shown.find(bare, position)
            assert position >= 0, (id_, word)


@pytest.mark.parametrize("width", [30, 80])
def test_colours_change_nothing_but_colours(width: int) -> None:
    for _, blocks in TEXTS:
        for line in block_lines(blocks, Look(width, colour=True)):
            assert line.count("\x1b[") == 2 * line.count("\x1b[0m")


def test_every_lesson_can_be_shown_in_ascii() -> None:
    for id_, blocks in TEXTS:
        text = "\n".join(block_lines(blocks, Look(80, ascii_only=True)))
        assert text.isascii(), id_
        assert "\\u" not in text, id_
        assert "\\x" not in text, id_


def test_raised_characters_are_spelt_out_where_only_ascii_is_shown() -> None:
    assert in_ascii("n·aⁿ⁻¹ − x² → 2²⁶") == "n*a^(n-1) - x^2 -> 2^26".replace("2^26", "2^(26)")


def test_a_word_longer_than_a_line_stays_whole() -> None:
    assert inline_lines([Text("see some/long/path.md:3 now")], Look(16)) == [
        "see",
        "some/long/path.md:3",
        "now",
    ]


def test_without_colours_code_and_stress_are_marked_by_characters() -> None:
    page = "\n".join(
        [
            *("# T", "<!-- id: t -->", "", "## Self-check", "", "### Q?", "<!-- id: q -->", ""),
            *("<details><summary>Answer</summary>", "", "Say `a + 1` *now* or **never**.", ""),
            *("- one", "- two", "  1. three", "", "</details>", "", "## Worked exercise", ""),
            *("### E?", "<!-- id: e -->", "", "<details><summary>Solution</summary>", "", "S"),
            *("", "</details>", "", "## Flashcards", "", "### F?", "<!-- id: f -->", "", "B", ""),
        ]
    )
    (question,) = parse_lesson(page, "t.md").questions
    lines = block_lines(question.answer, Look(40), indent=2)
    assert lines == [
        "  Say `a + 1` *now* or *never*.",
        "",
        "  • one",
        "  • two",
        "    1. three",
    ]
