"""`course flashcards`, as far as it makes PDFs and lists cards."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pdf_reading import Read

from course.commands.flashcards import flashcards


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(flashcards, arguments)

    return run


def test_pdf_without_a_name_writes_all_decks_to_flashcards_pdf(run, tmp_path: Path) -> None:
    result = run("--pdf")
    assert (result.exit_code, result.output) == (0, "Wrote flashcards.pdf.\n")
    assert len(Read((tmp_path / "flashcards.pdf").read_bytes()).pages) == 32


@pytest.mark.parametrize("name", ["building-and-training-a-net", "3"])
def test_lesson_3_alone_is_eight_pages(run, tmp_path: Path, name: str) -> None:
    assert run("--pdf", "cards.pdf", "--lesson", name).exit_code == 0
    assert len(Read((tmp_path / "cards.pdf").read_bytes()).pages) == 8


def test_an_unknown_lesson_is_answered_with_the_nearest(run) -> None:
    result = run("--pdf", "--lesson", "bakward")
    assert result.exit_code == 2
    assert "There is no lesson 'bakward'. Did you mean backward?" in result.output


def test_a_second_run_writes_the_same_bytes_over_the_old_file(run, tmp_path: Path) -> None:
    file = tmp_path / "flashcards.pdf"
    run("--pdf", "--layout", "sheet", "--paper", "letter")
    first = file.read_bytes()
    file.write_text("something else")
    run("--pdf", "--layout", "sheet", "--paper", "letter")
    assert file.read_bytes() == first
    assert list(tmp_path.iterdir()) == [file]


def test_a_file_that_cannot_be_written_is_one_sentence_and_leaves_nothing(
    run, tmp_path: Path
) -> None:
    result = run("--pdf", "missing/cards.pdf")
    assert result.exit_code == 2
    assert result.output == (
        "Error: missing/cards.pdf cannot be written: No such file or directory.\n"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--paper", "letter"), "--paper is about a PDF: give --pdf as well."),
        (("--calibration",), "--calibration is about a PDF: give --pdf as well."),
        (("--pdf", "--nudge-x", "1"), "--nudge-x is about sheets: give --layout sheet as well."),
        (("--pdf", "--flip", "short"), "--flip is about sheets: give --layout sheet as well."),
        (("--pdf", "--layout", "sheet", "--paper", "index"), "needs --paper a4 or --paper letter."),
        (("--pdf", "--calibration", "--paper", "index"), "needs --paper a4 or --paper letter."),
        (("--pdf", "--layout", "sheet", "--nudge-y", "9"), "9.0 is not in the range"),
        (("--pdf", "x", "--tsv", "x"), "Two files cannot both be x"),
        (("--pdf", "."), "is a directory"),
    ],
)
def test_options_that_make_no_sense_are_refused_before_anything_is_written(
    run, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.output
    assert list(tmp_path.iterdir()) == []


def test_calibration_makes_one_sheet(run, tmp_path: Path) -> None:
    assert run("--pdf", "--calibration", "--flip", "short", "--nudge-x", "-1.5").exit_code == 0
    front, _back = Read((tmp_path / "flashcards.pdf").read_bytes()).pages
    assert "turned at the short edge, --nudge-x -1.5, --nudge-y 0." in front.read


def test_without_a_file_the_decks_and_their_cards_are_listed(run, tmp_path: Path) -> None:
    result = run("--lesson", "3")
    lines = result.output.splitlines()
    assert result.exit_code == 0
    assert lines[0] == "Building and training a net  (building-and-training-a-net)"
    assert lines[1] == "   1. What does a neuron compute, written with Values?"
    assert lines[8] == "   8. What has this loop to do with training GPT?"
    assert "course flashcards --pdf" in lines[-1]
    assert list(tmp_path.iterdir()) == []


def test_all_three_forms_can_be_written_at_once(run, tmp_path: Path) -> None:
    result = run("--pdf", "--anki", "cards.apkg", "--tsv", "cards.tsv")
    assert result.exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "cards.apkg",
        "cards.tsv",
        "flashcards.pdf",
    ]
