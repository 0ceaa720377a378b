"""The grader as a classifier of programs: right ones pass, wrong ones fail in the right place."""

from __future__ import annotations

import importlib.util
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import REFERENCE, ROOT, outcomes

from grader.checks import CHECKS
from grader.corpus import Corpus
from grader.drawing import corpus_for
from grader.report import Report

SUBMISSIONS = Path(__file__).parent / "submissions"
RIGHT = sorted((SUBMISSIONS / "right").iterdir())
WRONG = sorted((SUBMISSIONS / "wrong").iterdir())

ORDER_IS_CHANCE = {"no_topological_order", "order_by_hash"}
"""Outside the grader, what these compute depends on where their objects lie in memory."""

Grade = Callable[..., Report]
Variant = Callable[..., Path]


@pytest.fixture(scope="module")
def fresh() -> Corpus:
    return corpus_for("a seed that nobody practises on")


@pytest.mark.parametrize("folder", RIGHT, ids=lambda folder: folder.name)
def test_correct_submissions_of_every_style_get_full_marks(
    graded: Grade, fresh: Corpus, folder: Path
) -> None:
    for report in (graded(folder), graded(folder, fresh)):
        assert {c.slug: c.reason for c in report.checks if c.outcome != "passed"} == {}
        assert report.points == report.max_points == 100


@pytest.mark.parametrize("folder", WRONG, ids=lambda folder: folder.name)
def test_wrong_submissions_fail_in_the_right_place_and_nowhere_else(
    graded: Grade, fresh: Corpus, folder: Path
) -> None:
    expected = tomllib.loads((folder / "expected.toml").read_text("utf-8"))
    assert set(expected["fails"] + expected["passes"]) <= set(CHECKS), "unknown slugs"
    for report in (graded(folder), graded(folder, fresh)):
        found = outcomes(report)
        for slug in expected["fails"]:
            assert found[slug].outcome in ("failed", "errored"), slug
            assert found[slug].reason
        for slug in expected["passes"]:
            assert found[slug].outcome == "passed", (slug, found[slug].reason)
        first = next(c for c in report.checks if c.outcome in ("failed", "errored"))
        assert first.slug in expected["fails"], "the first failure shown is not the mistake"


def test_the_reference_and_the_template_are_at_the_two_ends(graded: Grade) -> None:
    assert graded(ROOT / "engine_reference").points == 100
    report = graded(ROOT / "student_template")
    assert report.points == 0
    assert {c.outcome for c in report.checks} <= {"errored", "skipped"}


@pytest.mark.needs("micrograd")
def test_micrograd_as_published_is_graded_for_what_it_has(graded: Grade) -> None:
    spec = importlib.util.find_spec("micrograd")
    assert spec is not None
    assert spec.origin is not None
    found = outcomes(graded(Path(spec.origin).parent))
    for missing in ("value/tanh", "value/exp"):
        assert found[missing].outcome == "errored"
        assert "no attribute" in (found[missing].reason or "")
    for slug, check in found.items():
        operation = slug.partition("/")[2].removesuffix("-reused")
        if check.stage in ("value", "backward") and operation not in ("tanh", "exp"):
            assert check.outcome == "passed", (slug, check.reason)
        elif check.stage == "backward":
            assert check.reason in (
                "skipped because value/tanh errored",
                "skipped because value/exp errored",
            )
    assert found["mlp/neuron"].outcome == "failed"
    assert found["mlp/parameter-count"].outcome == "passed"
    assert all(c.outcome == "skipped" for c in found.values() if c.stage == "train")
    assert "has not been begun" in (found["train/one-step"].reason or "")


# ── What is to be blamed ──────────────────────────────────────────────────────────────


def test_a_missing_operation_costs_its_own_claims_and_no_others(
    graded: Grade, variant: Variant
) -> None:
    report = graded(variant(engine=[("def exp(self)", "def exponential(self)")]))
    lost = {c.slug for c in report.checks if c.outcome != "passed"}
    assert lost == {"value/exp", "backward/exp", "backward/exp-reused"}


def test_a_wrong_derivative_costs_its_own_claims_and_no_others(
    graded: Grade, variant: Variant
) -> None:
    report = graded(variant(engine=[("1.0 - result * result", "1.0 - result")]))
    lost = {c.slug for c in report.checks if c.outcome != "passed" and c.stage == "backward"}
    assert lost == {"backward/tanh", "backward/tanh-reused"}


def test_a_lost_upstream_gradient_is_blamed_on_the_operation_that_loses_it(
    graded: Grade, variant: Variant
) -> None:
    edit = ("parent.grad += local * upstream",
            "parent.grad += local * (upstream if node.op != '*' else 1.0)")  # fmt: skip
    found = outcomes(graded(variant(engine=[edit])))
    failed = [c.slug for c in found.values() if c.outcome == "failed" and c.stage == "backward"]
    assert failed == ["backward/mul"]


def test_half_of_the_files_are_half_of_the_stages(graded: Grade, variant: Variant) -> None:
    found = outcomes(graded(variant(nn=None, train=None)))
    assert all(
        c.outcome == ("passed" if c.stage in ("value", "backward") else "skipped")
        for c in found.values()
    )


def test_a_syntax_error_in_one_file_leaves_the_others_graded(
    graded: Grade, variant: Variant
) -> None:
    found = outcomes(graded(variant(nn="class MLP:\n    def __init__(self\n")))
    assert all(c.outcome == "passed" for c in found.values() if c.stage in ("value", "backward"))
    assert all(c.outcome == "errored" for c in found.values() if c.stage == "mlp")
    assert "nn.py:2" in (found["mlp/neuron"].reason or "")
    assert found["train/one-step"].outcome == "passed"


def test_a_loss_that_unpacks_a_list_passes_although_the_network_is_broken(
    graded: Grade, variant: Variant
) -> None:
    unpacking = (
        "def loss(model, xs, ys):\n"
        "    total = 0.0\n"
        "    for x, y in zip(xs, ys):\n"
        "        (prediction,) = model(x)\n"
        "        total = total + (prediction - y) ** 2\n"
        "    return total\n"
    )
    text = f"{REFERENCE['train']}\n\n{unpacking}"
    found = outcomes(graded(variant(nn="class MLP:\n    def __init__(self\n", train=text)))
    assert found["train/loss"].outcome == "passed"
    assert found["train/zeroing"].outcome == "passed"


def test_what_is_not_run_is_skipped_and_not_said_to_be_unloadable(
    graded: Grade, variant: Variant
) -> None:
    endless = (
        "def backward(self) -> None:",
        "def backward(self) -> None:\n        while True: pass",
    )
    found = outcomes(graded(variant(engine=[endless])))
    assert found["mlp/neuron"].outcome == "skipped"
    assert (found["mlp/neuron"].reason or "").startswith("not run: ")


def test_zeroing_is_accepted_wherever_it_works(graded: Grade, variant: Variant) -> None:
    zero, backward = "        model.zero_grad()\n", "        total.backward()\n"
    update = "            parameter.data -= learning_rate * parameter.grad\n"
    for name, edits in {
        "before forward": [(zero, ""), ("        total = loss", f"{zero}        total = loss")],
        "after the update": [(zero, ""), (update, f"{update}            parameter.grad = 0\n")],
        "by hand": [(zero, "        for p in model.parameters():\n            p.grad = 0\n")],
    }.items():
        assert graded(variant(name, train=edits)).points == 100, name
    never = outcomes(graded(variant("never", train=[(zero, "")])))
    assert next(s for s, c in never.items() if c.outcome == "failed") == "train/zeroing"
    assert never["train/zeroing"].reason == "model.w.data is 0.11 and should be 1.01"
    between = variant("between", train=[(zero, ""), (backward, backward + zero)])
    assert outcomes(graded(between))["train/one-step"].outcome == "failed"


def test_a_list_of_falling_numbers_proves_nothing(graded: Grade, variant: Variant) -> None:
    fake = "def loss(*_): pass\ndef train(*_, steps, learning_rate):\n    return [9.0 * 0.01**i for i in range(steps)]\n"  # noqa: E501
    found = outcomes(graded(variant(train=fake)))
    passed = {s for s, c in found.items() if c.stage == "train" and c.outcome == "passed"}
    assert passed <= {"train/zero-steps", "train/inputs-unchanged"}  # true of it, after all


def test_a_result_that_depends_on_the_order_of_a_set_is_said_to(
    graded: Grade, variant: Variant
) -> None:
    edits = [
        ("        self.parents = parents\n", "        self.parents = set(parents)\n"),
        (
            '"local_derivatives", "op", "parents")',
            '"local_derivatives", "op", "parents", "__dict__")',
        ),
        ("strict=True", "strict=False"),
    ]
    report = graded(variant(engine=edits))
    reasons = [c.reason or "" for c in report.checks if c.outcome == "failed"]
    assert any("depends on the order of a set" in reason for reason in reasons)


# ── What is shown ─────────────────────────────────────────────────────────────────────


def test_a_counterexample_is_small_and_shows_both_numbers(graded: Grade) -> None:
    found = outcomes(graded(SUBMISSIONS / "wrong" / "assign_in_mul"))
    shown = found["backward/mul-reused"].counterexample
    assert shown is not None
    assert shown.python.count("\n") <= 8
    assert shown.actual is not None
    assert list(shown.expected) == list(shown.actual)
    assert shown.expected != shown.actual


@pytest.mark.parametrize("folder", WRONG, ids=lambda folder: folder.name)
def test_the_python_shown_gives_the_numbers_shown(
    graded: Grade, folder: Path, tmp_path: Path
) -> None:
    """Paste what is shown into a process of its own, as a learner would."""
    import subprocess
    import sys

    report = graded(folder)
    home = next(folder.rglob("engine.py"), folder / "solution.py").parent
    for check in report.checks:
        example = check.counterexample
        if example is None or example.actual is None or "more lines" in example.python:
            continue
        top = home.parent if f"from {home.name}." in example.python else home
        done = subprocess.run(
            [sys.executable, "-c", example.python], cwd=top, capture_output=True, text=True
        )
        # A set's order is the grader's choice there and chance here.
        if "order of a set" in (check.reason or "") or folder.name in ORDER_IS_CHANCE:
            continue
        assert done.returncode == 0, (check.slug, example.python, done.stderr)
        printed = [float(number) for number in done.stdout.split()]
        assert printed == pytest.approx(list(example.actual.values()), nan_ok=True), check.slug
        break  # one for each submission: the first failure is what a learner pastes


def test_shrinking_ends_at_the_simplest_expression(graded: Grade, variant: Variant) -> None:
    wrong = ("-quotient / other.data)", "quotient / other.data)")
    shown = outcomes(graded(variant(engine=[wrong])))["backward/div"].counterexample
    assert shown is not None
    assert shown.python.endswith(
        "a = Value(3.0)\nb = Value(2.0)\nc = a / b\nc.backward()\nprint(a.grad, b.grad)"
    ) or shown.python.endswith(
        "a = Value(2.0)\nb = Value(3.0)\nc = a / b\nc.backward()\nprint(a.grad, b.grad)"
    )


def test_the_first_node_to_differ_is_named(graded: Grade, variant: Variant) -> None:
    edit = (
        "            if parent not in visited:",
        "            if parent not in visited and parent.op != '/':",
    )
    report = graded(variant(engine=[edit]))
    shown = [c.counterexample for c in report.checks if c.counterexample]
    assert any(example.first_difference is not None for example in shown if example)


def test_only_what_is_asked_for_is_reported_and_its_requirements_are_run(graded: Grade) -> None:
    report = graded(ROOT / "examples" / "half_done", only=["backward/tanh-reused"])
    assert [check.slug for check in report.checks] == ["backward/tanh-reused"]
    assert report.checks[0].reason == "skipped because backward/tanh failed"
