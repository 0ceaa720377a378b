"""Mistakes are named from the numbers they give; what is not recognised is not named."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from grader import battery, corpus, oracle, submission
from grader.builds import LECTURE, OWN_RULES, STYLES, EditError, Style, build, edits_of, text_of
from grader.fitting import Asked, asked
from grader.grading import grade
from grader.misconceptions import MISCONCEPTIONS, Misconception
from grader.misconceptions.misconception import ACCUMULATE, Edit, Place, before_accumulating
from grader.naming import Naming, name
from grader.pointing import STATEMENTS
from grader.predictions import outcome
from grader.report import Diagnosis, Report
from grader.tasks import Slug
from grader.worker.wire import Failure

SUBMISSIONS = Path(__file__).parent / "submissions"

BATTERY = (*battery.engine(), *battery.networks(), *battery.training())

LEAVES_GET_NOTHING = {m.slug for m in MISCONCEPTIONS.values() if m.group == "leaves-get-nothing"}

SAMPLE = (
    *("grad-overwritten-mul", "grad-overwritten-pow", "grad-overwritten-tanh"),
    *("grad-overwritten", "rsub-not-reversed", "tanh-slope-of-input", "upstream-missing-mul"),
    *("root-grad-zero", "bias-not-added", "never-zeroed"),
)


def answers(edits: Sequence[Edit], style: Style = OWN_RULES, walk: int = 0) -> list[Asked]:
    """Put the battery to the reference with these edits."""
    whole = (*edits_of(style, walk), *edits)
    return [Asked(item, (outcome(whole, item.task.job),)) for item in BATTERY]


def slugs(naming: Naming) -> list[list[str]]:
    return [[m.slug for m in named.misconceptions] for named in naming.named]


# ── The battery ───────────────────────────────────────────────────────────────────────────


def test_every_question_is_fair_to_ask() -> None:
    for item in BATTERY:
        if item.task.kind != "starting-weights":  # chance
            assert oracle.task(item.task.job) is not None, item.task.job


@pytest.mark.parametrize("operation", battery.BASES)
def test_each_operation_is_asked_about_alone(operation: str) -> None:
    alone = [item for item in battery.engine() if item.labels == {operation}]
    assert sum(item.task.job[4] == "gradients" for item in alone) >= 4
    assert any(item.task.job[4] == "results" for item in alone)


# ── Naming ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("walk", [0, 1])
@pytest.mark.parametrize("style", STYLES, ids=" + ".join)
def test_a_correct_engine_gets_no_name(style: Style, walk: int) -> None:
    assert name(answers((), style, walk), MISCONCEPTIONS).named == ()


@pytest.mark.parametrize("style", [OWN_RULES, LECTURE], ids=["own rules", "lecture"])
@pytest.mark.parametrize("slug", SAMPLE)
def test_a_mistake_alone_is_named_in_either_composition(slug: str, style: Style) -> None:
    mistake = MISCONCEPTIONS[Slug(slug)]
    (found,) = slugs(name(answers(mistake.edits, style), MISCONCEPTIONS))
    assert found[0] == slug or MISCONCEPTIONS[Slug(found[0])].group == mistake.group is not None
    assert slug in found


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("rsub-not-reversed", "grad-overwritten-mul"),
        ("tanh-slope-of-input", "grad-overwritten-add"),
        ("grad-overwritten-mul", "never-zeroed"),
        ("bias-not-added", "never-zeroed"),
    ],
)
def test_two_mistakes_at_once_are_both_named(first: str, second: str) -> None:
    edits = (*MISCONCEPTIONS[Slug(first)].edits, *MISCONCEPTIONS[Slug(second)].edits)
    found = slugs(name(answers(edits), MISCONCEPTIONS))
    assert sorted(names[0] for names in found) == sorted([first, second])


def test_mistakes_that_give_equal_numbers_are_named_together() -> None:
    known = MISCONCEPTIONS[Slug("tanh-slope-of-input")]
    other = written("also-the-input", before_accumulating("local = local + 0.0"), *known.edits)
    found = name(answers(known.edits), {known.slug: known, other.slug: other})
    assert slugs(found) == [["tanh-slope-of-input", "also-the-input"]]


def test_a_mistake_that_nobody_declared_is_not_named() -> None:
    edit = before_accumulating("if node.op == 'tanh':", "    local = local * 1.25")
    assert name(answers((edit,)), MISCONCEPTIONS).named == ()


def test_an_undeclared_mistake_does_not_hide_a_known_one() -> None:
    unknown = before_accumulating("if node.op == 'tanh':", "    local = local * 1.25")
    known = MISCONCEPTIONS[Slug("grad-overwritten-mul")]
    found = slugs(name(answers((*known.edits, unknown)), MISCONCEPTIONS))
    assert found == [["grad-overwritten-mul"]]


def test_one_agreeing_number_is_not_enough() -> None:
    edit = Edit("engine.py", ACCUMULATE, ACCUMULATE + "                parent.grad += 0.0\n")
    wrong = written("once-wrong", edit)
    right = answers(())
    spoilt = next(i for i, q in enumerate(right) if len(q.item.task.expected) == 1)
    task = right[spoilt].item.task
    right[spoilt] = Asked(right[spoilt].item, ((task.expected[0] + 1,),))
    assert name(right, {wrong.slug: wrong}).named == ()


@pytest.mark.parametrize("seed", range(3))
def test_random_numbers_are_not_named_and_cost_a_bounded_search(seed: int) -> None:
    chance = random.Random(seed)
    lies = [
        Asked(item, (tuple(chance.uniform(-3, 3) for _ in item.task.expected),)) for item in BATTERY
    ]
    assert name(lies, MISCONCEPTIONS).named == ()


@pytest.mark.parametrize(
    "answer",
    [
        (float("nan"),) * 400,
        (float("inf"),) * 400,
        (0.0,) * 400,
        Failure("raised", "KeyError", "'\x1b[31m'", "engine.py", 3),
        Failure("raised", "NotImplementedError", "not written yet", "engine.py", 3),
        Failure("unexpected", "", "`a + b` gave None, not a Value"),
        Failure("timed out", "", ""),
        Failure("died", "", "the process ended itself with status 3"),
    ],
    ids=["nan", "inf", "zeros", "raises", "hole", "None", "endless", "died"],
)
def test_any_answer_is_looked_at_without_a_crash(answer: tuple[float, ...] | Failure) -> None:
    lies = [
        asked(item, answer if isinstance(answer, Failure) else answer[: len(item.task.expected)])
        for item in battery.engine()
    ]
    named = {slug for names in slugs(name(lies, MISCONCEPTIONS)) for slug in names}
    assert named <= LEAVES_GET_NOTHING


def written(slug: str, *edits: Edit) -> Misconception:
    return Misconception(
        slug=Slug(slug),
        stage="backward",
        mistake="It is wrong",
        belief="",
        why="",
        breaks="",
        look="",
        hint="",
        solution="",
        edits=edits,
        where=Place(("Value.backward",)),
        cards=(),
    )


# ── Declarations ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("mistake", MISCONCEPTIONS.values(), ids=lambda m: m.slug)
def test_a_declaration_applies_in_some_style_and_reads_as_a_sentence(
    mistake: Misconception,
) -> None:
    fitting = 0
    for style in STYLES:
        for edits in (mistake.edits, mistake.lecture_edits or mistake.edits):
            try:
                build((*edits_of(style), *edits))
            except EditError:
                continue
            fitting += 1
    assert fitting
    assert mistake.where.statement is None or mistake.where.statement in STATEMENTS
    for text in (mistake.mistake, mistake.look, mistake.hint):
        assert text
        assert text[-1] != "."
    for text in (mistake.belief, mistake.why, mistake.breaks):
        assert text[-1] in ".?!…"
    assert mistake.cards


# ── In a report ───────────────────────────────────────────────────────────────────────────


def graded(folder: Path) -> Report:
    return grade(submission.read(folder), corpus.practice(), version="")


def diagnoses(report: Report) -> dict[str, Diagnosis]:
    return {check.slug: check.diagnosis for check in report.checks if check.diagnosis}


def test_a_mistake_in_times_is_named_once_for_all_that_it_breaks() -> None:
    report = graded(SUBMISSIONS / "wrong" / "assign_in_mul")
    found = diagnoses(report)
    failed = {check.slug for check in report.checks if check.outcome == "failed"}
    assert found.keys() >= {slug for slug in failed if slug.startswith("backward/")}
    assert {slug for diagnosis in found.values() for slug in diagnosis.slugs} == {
        "grad-overwritten-mul"
    }
    where = found["backward/mul-reused"].where
    assert where is not None
    line = (SUBMISSIONS / "wrong" / "assign_in_mul" / where.file).read_text().split("\n")
    assert line[where.line - 1].strip() == "self.grad = out.grad * other.data"


def test_two_stages_get_a_diagnosis_each() -> None:
    found = diagnoses(graded(SUBMISSIONS / "wrong" / "assign_in_mul_and_no_zeroing"))
    assert found["backward/mul-reused"].slugs == ("grad-overwritten-mul",)
    named = {slug for diagnosis in found.values() for slug in diagnosis.slugs}
    assert named <= {"grad-overwritten-mul", "never-zeroed"}


def test_a_submission_of_mutated_reference_is_named_through_the_worker(tmp_path: Path) -> None:
    edits = MISCONCEPTIONS[Slug("never-zeroed")].edits
    for file in ("engine.py", "nn.py", "train.py"):
        (tmp_path / file).write_text(text_of(file, edits), "utf-8")
    assert diagnoses(graded(tmp_path))["train/zeroing"].slugs[0] == "never-zeroed"


def test_a_correct_submission_gets_no_diagnosis() -> None:
    assert diagnoses(graded(SUBMISSIONS / "right" / "lecture_closures")) == {}


def test_the_classic_walk_without_an_order_is_named_although_parents_stand_in_a_set() -> None:
    found = diagnoses(graded(SUBMISSIONS / "wrong" / "no_topological_order"))
    assert found["backward/diamond"].slugs == ("handed-on-at-first-visit",)


def test_what_does_not_come_to_an_end_is_named_by_that() -> None:
    found = diagnoses(graded(SUBMISSIONS / "wrong" / "exponential_walk"))
    assert found["backward/doubling"].slugs == ("recursion-outside-guard",)
    assert found["backward/doubling"].evidence == "the way in which it fails gives it away"


def test_a_correct_submission_is_graded_without_the_catalogue() -> None:
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from grader import corpus, grading, submission\n"
        "code = submission.read(Path(sys.argv[1]))\n"
        "report = grading.grade(code, corpus.practice(), version='')\n"
        "print(report.points, 'grader.misconceptions' in sys.modules)\n"
    )
    folder = SUBMISSIONS / "right" / "lecture_closures"
    done = subprocess.run(
        [sys.executable, "-c", script, folder], capture_output=True, text=True, check=False
    )
    assert done.stdout == "100 False\n", done.stdout + done.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads Linux's account of memory")
def test_diagnosing_one_submission_after_the_other_needs_little_memory() -> None:
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from grader import corpus, grading, submission\n"
        "for folder in sys.argv[1:]:\n"
        "    code = submission.read(Path(folder))\n"
        "    grading.grade(code, corpus.practice(), version='')\n"
        "print(Path('/proc/self/status').read_text())\n"
    )
    names = ("assign_everywhere", "no_topological_order", "no_zeroing", "loss_as_float")
    done = subprocess.run(
        [sys.executable, "-c", script, *(SUBMISSIONS / "wrong" / name for name in names)],
        capture_output=True,
        text=True,
        check=False,
    )
    kib = next(line.split()[1] for line in done.stdout.split("\n") if line.startswith("VmHWM"))
    assert int(kib) < 70 * 1024, done.stderr
