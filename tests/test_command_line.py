"""The command as a user runs it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from conftest import ROOT, Run

from course.cli import cli
from course.commands.grade import as_typed


def test_help_names_every_command_in_a_line(course: Run) -> None:
    done = course("--help")
    assert done.returncode == 0
    listed = re.findall(r"^  ([a-z-]+)  +[A-Z]", done.stdout.partition("Commands:")[2], re.M)
    assert listed == sorted(cli.commands)


@pytest.mark.parametrize(
    ("folder", "code", "points"),
    [
        ("engine_reference", 0, 100),
        ("student_template", 1, 0),
        ("examples/complete", 0, 100),
        ("examples/half_done", 1, None),
        ("examples/forgets_to_zero", 1, None),
    ],
)
def test_exit_codes_and_points(course: Run, folder: str, code: int, points: int | None) -> None:
    done = course("grade", folder, "--report", "json")
    assert done.returncode == code
    assert done.stderr == ""
    report = json.loads(done.stdout)
    assert points is None or report["points"] == points
    assert report["corpus"]["practice"] is True
    assert course("grade", folder, "--exit-zero").returncode == 0


def test_the_examples_score_as_their_readme_says(course: Run) -> None:
    rows = (ROOT / "examples" / "README.md").read_text("utf-8").splitlines()
    table = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows if "](" in row]
    assert len(table) == 3
    for name, *cells in table:
        folder = name.partition("(")[2].rstrip(")")
        checks = json.loads(course("grade", f"examples/{folder}", "--report", "json").stdout)[
            "checks"
        ]
        stages = [
            f"{sum(c['points'] for c in checks if c['stage'] == stage)}"
            f"/{sum(c['max_points'] for c in checks if c['stage'] == stage)}"
            for stage in ("value", "backward", "mlp", "train")
        ]
        assert cells == [*stages, str(sum(c["points"] for c in checks))], folder


def test_a_check_or_a_stage_can_be_graded_alone(course: Run) -> None:
    done = course("grade", "examples/complete", "--check", "value/add", "--report", "json")
    assert [check["slug"] for check in json.loads(done.stdout)["checks"]] == ["value/add"]
    done = course("grade", "examples/complete", "--check", "mlp", "--report", "json")
    assert {check["stage"] for check in json.loads(done.stdout)["checks"]} == {"mlp"}


def test_a_seed_draws_other_examples_and_the_same_seed_the_same(course: Run) -> None:
    first = course("grade", "examples/complete", "--seed", "pear", "--report", "json")
    again = course("grade", "examples/complete", "--seed", "pear", "--report", "json")
    assert first.stdout == again.stdout
    corpus = json.loads(first.stdout)["corpus"]
    assert corpus["seed"] == "pear"
    assert corpus["practice"] is False
    assert corpus["drawn_with"].startswith("hypothesis ")


def test_deep_draws_so_many_fresh_examples_and_says_with_which_seed(course: Run) -> None:
    done = course("grade", "examples/complete", "--deep", "3", "--report", "json")
    assert done.returncode == 0
    corpus = json.loads(done.stdout)["corpus"]
    assert corpus["practice"] is False
    again = course("grade", "examples/complete", "--deep", "3", "--seed", corpus["seed"],
                   "--report", "json")  # fmt: skip
    assert again.stdout == done.stdout


def test_reports_go_to_files_and_replace_them_whole(course: Run, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_text("older")
    text = tmp_path / "report.txt"
    done = course("grade", "examples/complete", "--report", f"json={file}",
                  "--report", f"terminal={text}", "--report", "terminal")  # fmt: skip
    assert done.returncode == 0
    assert json.loads(file.read_text("utf-8"))["points"] == 100
    assert "Every claim holds." in text.read_text("utf-8")
    assert "Every claim holds." in done.stdout
    assert sorted(p.name for p in tmp_path.iterdir()) == ["report.json", "report.txt"]


def test_explain_shows_claim_reason_and_an_example(course: Run) -> None:
    done = course("explain", "backward/mul-reused")
    assert done.returncode == 0
    assert "adds to a gradient that is there already" in done.stdout
    assert "c = a * b" in done.stdout
    assert "should be" in done.stdout


def test_every_check_can_be_explained(course: Run) -> None:
    from click.testing import CliRunner

    from course.commands.explain import explain
    from grader.checks import CHECKS

    for slug, check in CHECKS.items():
        result = CliRunner().invoke(explain, [slug])
        assert result.exit_code == 0, result.output
        assert check.claim in result.output


def test_start_makes_a_folder_to_fill_in_and_never_overwrites(course: Run, tmp_path: Path) -> None:
    done = course("start", tmp_path / "mine")
    assert done.returncode == 0
    assert (tmp_path / "mine" / "engine.py").read_text("utf-8").startswith('"""')
    (tmp_path / "mine" / "engine.py").write_text("my own work")
    again = course("start", tmp_path / "mine")
    assert again.returncode == 2
    assert "nothing was written" in again.stderr
    assert (tmp_path / "mine" / "engine.py").read_text() == "my own work"


def test_a_folder_with_a_space_is_quoted_in_the_command_to_run_next(
    course: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "my engine"
    command = as_typed(folder)
    assert command[0] == command[-1] in "'\""
    assert f"course grade {command}\n" in course("start", folder).stdout
    assert f"course grade {command} --check value/wrap" in course("grade", folder).stdout


def test_start_may_fill_a_folder_that_is_already_there(course: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert course("start", tmp_path).returncode == 0
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert (tmp_path / "train.py").exists()


def test_the_first_green_check_is_as_near_as_the_template_s_readme_says(
    course: Run, tmp_path: Path
) -> None:
    course("start", tmp_path / "mine")
    engine = tmp_path / "mine" / "engine.py"
    text = engine.read_text("utf-8")
    text = fill(text, "def __init__", "        self.data, self.grad = data, 0.0\n")
    text = fill(
        text,
        "def __add__",
        "        other = other if isinstance(other, Value) else Value(other)\n"
        "        return Value(self.data + other.data, (self, other), '+')\n",
    )
    engine.write_text(text, "utf-8")
    done = course("grade", ".", "--check", "value/add", cwd=tmp_path / "mine")
    assert done.returncode == 0, done.stdout


def fill(text: str, method: str, body: str) -> str:
    """Put `body` in the place of the hole in a method of the template."""
    start = text.index("        raise NotImplementedError", text.index(method))
    return text[:start] + body + text[text.index("\n", start) + 1 :]


def test_a_mistake_is_explained_without_its_solution_until_that_is_asked_for(course: Run) -> None:
    done = course("explain", "grad-overwritten-mul")
    assert done.returncode == 0
    for title in ("The belief", "Why it is natural", "What it breaks", "Where to look"):
        assert title in done.stdout
    assert "course explain adding-contributions" in done.stdout
    assert "other.data * out.grad" not in done.stdout
    solved = course("explain", "grad-overwritten-mul", "--solution")
    assert "    self.grad += other.data * out.grad\n" in solved.stdout
    nothing = course("explain", "grad-overwriten-mul")
    assert nothing.returncode == 2
    assert "grad-overwritten-mul" in nothing.stderr
    for_a_card = course("explain", "update-rule", "--solution")
    assert for_a_card.returncode == 2


def test_every_mistake_can_be_explained_and_none_is_called_like_anything_else() -> None:
    from click.testing import CliRunner

    from course import lesson_pages
    from course.commands.explain import explain
    from grader.checks import CHECKS
    from grader.misconceptions import MISCONCEPTIONS

    items = {str(id_) for lesson in lesson_pages.load() for id_ in lesson.items}
    assert not MISCONCEPTIONS.keys() & (items | CHECKS.keys())
    for slug, misconception in MISCONCEPTIONS.items():
        result = CliRunner().invoke(explain, [slug, "--solution"])
        assert result.exit_code == 0, result.output
        assert misconception.solution.split("\n")[0] in result.output
        assert max(map(len, result.output.split("\n"))) <= 100, slug


def test_a_card_and_a_question_can_be_explained(course: Run) -> None:
    card = course("explain", "update-rule")
    assert card.returncode == 0
    assert "parameter − learning_rate · gradient" in card.stdout
    question = course("explain", "why-minus")
    assert "The gradient points uphill" in question.stdout
    nothing = course("explain", "why-minos")
    assert nothing.returncode == 2
    assert "why-minus" in nothing.stderr


def test_a_report_names_the_cards_that_teach_what_failed(course: Run) -> None:
    report = json.loads(course("grade", "examples/forgets_to_zero", "--report", "json").stdout)
    cards = {check["slug"]: check["cards"] for check in report["checks"]}
    assert "zero-every-iteration" in cards["train/zeroing"]
    assert cards["value/add"] == []
