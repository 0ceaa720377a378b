"""`course demo`: a training that can be watched, with the reference or with one's own code."""

from __future__ import annotations

import dataclasses
import io
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT
from plain_training import plain_training
from svg_reading import all_of, parsed, texts

from course import demonstration, verdicts
from course.commands import live
from course.drawing import boundary, curves, png, svg, training
from course.drawing.curves import Curve
from course.drawing.text import boundary_lines, curve_lines
from flashcards.terminal import Look
from grader.session import Session
from grader.submission import read

Run = Callable[..., subprocess.CompletedProcess[str]]
Variant = Callable[..., Path]

NO_ZEROING = [("        model.zero_grad()\n", "")]


def said(done: subprocess.CompletedProcess[str]) -> str:
    return " ".join(done.stdout.split())


# ── The command ───────────────────────────────────────────────────────────────────────


def test_losses_come_line_by_line_where_nobody_watches(course: Run) -> None:
    done = course("demo", "--small", "--skip-zeroing", "--steps", "25")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "\x1b" not in done.stdout
    for name in ("with zeroing", "without zeroing"):
        numbers = re.findall(rf"^{name}: iteration +(\d+) of 25  loss ", done.stdout, re.M)
        assert numbers == ["0", "10", "20", "25"]
    assert "target   −1   output" in done.stdout
    assert "Without zeroing the loss ends at" in said(done)


def test_the_figure_and_the_pixels_are_written(course: Run, tmp_path: Path) -> None:
    files = tmp_path / "demo.svg", tmp_path / "demo.png"
    done = course("demo", "--steps", "3", "--svg", files[0], "--png", files[1])
    assert done.returncode == 0, done.stderr
    root = parsed(files[0].read_text("utf-8"))
    assert "Loss over the iterations" in texts(root)
    assert "Trained with zeroing" in texts(root)
    data = files[1].read_bytes()
    assert data.startswith(b"\x89PNG")
    width = int.from_bytes(data[16:20], "big")
    assert width == 2 * float(root.attrib["width"])


def test_a_figure_that_cannot_be_written_is_said(course: Run, tmp_path: Path) -> None:
    done = course("demo", "--small", "--steps", "1", "--svg", tmp_path / "no" / "demo.svg")
    assert done.returncode == 2
    assert "cannot be written" in done.stderr


@pytest.mark.parametrize("rate", ["nan", "inf", "-1", "0", "fast"])
def test_what_is_no_learning_rate_is_refused(course: Run, rate: str) -> None:
    done = course("demo", "--small", "--learning-rate", rate)
    assert done.returncode == 2
    assert "--learning-rate" in done.stderr


def test_ones_own_code_is_trained_as_the_reference_is(course: Run) -> None:
    own = course("demo", "--small", "--submission", ROOT / "examples" / "complete")
    assert own.returncode == 0, own.stderr
    reference = course("demo", "--small")
    at = [f"{out.split('iteration ', 1)[1]}" for out in (own.stdout, reference.stdout)]
    assert at[0] == at[1]


@pytest.mark.parametrize(
    ("broken", "code", "sentence"),
    [
        ({"train": None}, 4, "has no train.py yet"),
        ({"nn": "def f(:\n"}, 1, "SyntaxError at nn.py:1"),
        ({"train": [("total.backward()", "total.backwards()")]}, 1, "AttributeError at train.py"),
        ({"train": [("return losses", "return losses[1:]")]}, 1, "has 2 items, not 3"),
        ({"train": [("return losses", "return None")]}, 1, "is None, not a list"),
        ({"train": [("return losses", "raise SystemExit")]}, 1, "raised SystemExit"),
    ],
)
def test_code_that_fails_is_named_in_a_sentence(
    course: Run, variant: Variant, broken: dict[str, object], code: int, sentence: str
) -> None:
    done = course("demo", "--small", "--steps", "3", "--submission", variant(**broken))
    assert done.returncode == code
    assert sentence in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_no_submission_at_all_is_not_gradable(course: Run, tmp_path: Path) -> None:
    done = course("demo", "--submission", tmp_path / "nowhere")
    assert done.returncode == 4
    assert done.stdout == ""


def test_a_loop_that_never_zeroes_is_found_out(course: Run, variant: Variant) -> None:
    folder = variant(train=NO_ZEROING)
    done = course("demo", "--small", "--steps", "5", "--skip-zeroing", "--submission", folder)
    assert "your own loop does not zero" in said(done)


def test_hostile_names_and_messages_are_inert(course: Run, variant: Variant) -> None:
    name = "<b>\x1b[31m&\u202e"
    raised = [("    losses = []", f"    raise ValueError({name!r})")]
    folder = variant(name, train=raised)
    done = course("demo", "--small", "--submission", folder)
    assert done.returncode == 1
    for text in (done.stdout, done.stderr):
        assert "\x1b" not in text
        assert "\u202e" not in text
    assert "\\x1b[31m" in done.stderr


def test_hostile_names_are_inert_in_figures() -> None:
    name = "</text><script>\x1b[31m\u202e&"
    curve = Curve(name, [1.0, 0.5])
    text = svg.document(curves.draw(name, [curve]))
    root = parsed(text)
    assert not all_of(root, "script")
    assert any("<script>" in found for found in texts(root))
    assert "\x1b" not in text


def test_all_green_is_rewarded_and_only_all_green(course: Run, variant: Variant) -> None:
    folder = variant("my engine")
    done = course("grade", folder)
    assert done.stdout.endswith(f"Now watch it learn: course demo --submission '{folder}'\n")
    for other in (
        course("grade", folder, "--check", "value"),
        course("grade", folder, "--report", "json"),
        course("grade", ROOT / "examples" / "half_done"),
    ):
        assert "watch it learn" not in other.stdout


# ── What is told while it runs ────────────────────────────────────────────────────────


def few(problem: demonstration.Problem, steps: int = 4) -> demonstration.Problem:
    return dataclasses.replace(problem, grid=problem.grid[:3], steps=steps)


@pytest.mark.parametrize("zeroing", [True, False])
def test_a_submission_tells_every_loss_and_ends_like_plain_floats(
    variant: Variant, zeroing: bool
) -> None:
    problem, told = few(demonstration.moons()), list[float]()
    with Session(read(variant()), demonstration.limits_for(150)) as session:
        found = demonstration.train_submission(session, problem, told.append, zeroing=zeroing)
    plain = plain_training(problem, zeroing=zeroing)
    assert told == list(found.losses[:-1])
    assert found.losses == pytest.approx(plain.losses)
    assert found.outputs == pytest.approx(plain.outputs)


@pytest.mark.parametrize(
    "edit",
    [
        # looks at its model twice, or hundreds of times, in each step
        ("losses.append(total.data)", "losses.append(total.data); [model(x) for x in xs]"),
        (
            "losses.append(total.data)",
            "losses.append(total.data); [model(xs[0]) for _ in range(99)]",
        ),
        # steps of its own
        ("    losses = []", "    losses = []; model.layers[0].neurons[0].w[0].data += 0.0"),
    ],
)
def test_any_lawful_loop_can_be_watched(variant: Variant, edit: tuple[str, str]) -> None:
    problem, told = few(demonstration.small(), 6), list[float]()
    with Session(read(variant(train=[edit])), demonstration.limits_for(150)) as session:
        found = demonstration.train_submission(session, problem, told.append, zeroing=True)
    assert 1 <= len(told) <= 6
    assert found.losses == pytest.approx(plain_training(problem, zeroing=True).losses)


def test_zeroing_once_before_the_loop_is_not_hidden_by_watching(variant: Variant) -> None:
    once = [*NO_ZEROING, ("    losses = []", "    losses = []\n    model.zero_grad()")]
    problem = few(demonstration.small(), 6)
    with Session(read(variant(train=once)), demonstration.limits_for(150)) as session:
        found = demonstration.train_submission(session, problem, lambda _: None, zeroing=True)
    assert found.losses == pytest.approx(plain_training(problem, zeroing=False).losses)


def test_numbers_beyond_a_float_are_an_answer_without_zeroing(variant: Variant) -> None:
    composed = (
        "        result = math.tanh(self.data)\n",
        "        e = math.exp(2 * self.data)\n        result = (e - 1) / (e + 1)\n",
    )
    problem = dataclasses.replace(few(demonstration.small(), 40), learning_rate=1e4)
    with Session(read(variant(engine=[composed])), demonstration.limits_for(150)) as session:
        found = demonstration.train_submission(session, problem, lambda _: None, zeroing=False)
    assert found.losses[0] == pytest.approx(plain_training(few(problem, 1), zeroing=True).losses[0])
    assert found.end != found.end  # NaN


def test_an_iteration_without_end_stops_the_training_and_is_named_as_such(variant: Variant) -> None:
    endless = variant(train=[("    losses = []", "    losses = []\n    while True: pass")])
    limits = dataclasses.replace(demonstration.limits_for(6), task_cpu_s=0.3)
    with (
        Session(read(endless), limits) as session,
        pytest.raises(demonstration.TrainingError, match=r"timed out at train\.py"),
    ):
        demonstration.train_submission(
            session, few(demonstration.small(), 6), lambda _: None, zeroing=True
        )


# ── In characters, and as pixels ──────────────────────────────────────────────────────


def test_curves_keep_to_the_width_and_show_both() -> None:
    both = [Curve("a", [100.0, 10.0, 1.0]), Curve("b", [100.0, 50.0, float("nan")])]
    for width in (30, 60, 120):
        for ascii_only in (True, False):
            lines = curve_lines(both, width, ascii_only=ascii_only)
            assert max(map(len, lines)) <= width
            assert "".join(lines).isascii() == ascii_only
    chart = curve_lines(both, 60)
    assert chart[0].rstrip().endswith("│•") or "•" in chart[0] + chart[1]
    assert any("×" in line for line in chart[:8])


@pytest.mark.parametrize("wild", [1.7e308, -1.7e308, float("inf"), float("nan"), 0.0, -5.0])
def test_whatever_numbers_a_submission_gives_can_be_drawn(wild: float) -> None:
    problem = demonstration.moons()
    losses, outputs = [100.0, wild, 1.0, wild] * 40, [wild, -wild, 0.5, -0.5, 1.0] * 205
    numbers = [*losses[: problem.steps], *[wild] * len(problem.xs), *outputs]
    assert len(numbers) == problem.observed
    for trainings in (
        [problem.training(numbers, zeroing=True)],
        [problem.training(numbers, zeroing=zeroing) for zeroing in (True, False)],
    ):
        text = svg.document(training.draw(problem, trainings))
        parsed(text)
        assert not re.search(r"\b(nan|inf)\b", re.sub(r">[^<]*<", "><", text))
        assert curve_lines(training.curves_of(trainings), 80)
        field = training.field_of(problem, trainings[0])
        assert field is not None
        assert boundary_lines(field, 80)
        assert verdicts.sentences(problem, trainings[0], trainings[-1], own=False)


def test_the_plane_in_characters_has_the_first_row_at_the_top() -> None:
    field = boundary.Field(
        (0, 4, 0, 4), 5, [-1.0] * 15 + [1.0] * 10, [[0, 0], [4, 4]], [-1, 1], [True, True]
    )
    lines = boundary_lines(field, 40, ascii_only=True)
    assert lines[0] == "  ....*"
    assert lines[-1] == "  x"
    assert boundary_lines(field, 6) == []


def test_the_boundary_runs_where_the_output_changes_its_sign() -> None:
    problem = demonstration.moons()
    outputs = [x - 0.5 for x, _ in problem.grid]  # a border upright at 0.5
    found = demonstration.Training(True, [1.0, 0.1], [], outputs, [True] * 49 + [False])
    field = training.field_of(problem, found)
    assert field is not None
    root = parsed(svg.document(boundary.draw("here", field)))
    borders = [p for p in all_of(root, "path") if p.attrib.get("stroke-width") == "2"]
    ends = {float(x) for x in re.findall(r"[ML](\S+) ", borders[0].attrib["d"])}
    left, right = 58, 560 - 18
    assert ends == {left + (right - left) * (0.5 + 1.5) / 4}
    assert len(all_of(root, "circle")) == 25
    assert len([r for r in all_of(root, "rect") if "stroke-width" in r.attrib]) == 25
    assert len(borders) == 2  # and one cross
    assert "1 of 50 points on the wrong side, crossed out" in texts(root)


def test_outputs_that_are_no_numbers_leave_the_plane_blank() -> None:
    problem = demonstration.moons()
    nan = float("nan")
    found = demonstration.Training(False, [1.0, nan], [], [nan] * len(problem.grid), [False] * 50)
    text = svg.document(training.draw(problem, [found]))
    parsed(text)
    assert not re.search(r"\b(nan|inf)\b", re.sub(r">[^<]*<", "><", text))


def test_without_resvg_the_way_to_it_is_said(
    course: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['resvg_py'] = None\n")
    done = course("demo", "--png", "x.png", cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)})
    assert done.returncode == 2
    assert "micrograd-course[png]" in done.stderr
    assert not (tmp_path / "x.png").exists()
    monkeypatch.setitem(__import__("sys").modules, "resvg_py", None)
    with pytest.raises(png.PngMissingError):
        png.render("<svg/>")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_at_a_terminal_the_chart_is_redrawn_and_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr("sys.stdout", screen)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("LINES", "40")
    monkeypatch.setattr(live, "REDRAW_S", 0.0)
    shown = live.Live("with zeroing", 3, Look(width=60))
    for loss in (4.0, 2.0, 1.0, 0.5):  # one more than there are steps
        shown.tell(loss)
    shown.close()
    frames = re.split(r"\x1b\[\d+A\x1b\[J", screen.getvalue())
    assert len(frames) == 4
    assert "iteration   2 of 3  loss 1" in frames[2]
    assert frames[3] == ""
    height = frames[2].count("\n")
    assert screen.getvalue().endswith(f"\x1b[{height}A\x1b[J")
