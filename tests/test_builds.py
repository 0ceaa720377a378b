"""The reference in many builds: same numbers, other composition; edits apply or are refused."""

from __future__ import annotations

import pytest

from grader import corpus
from grader.builds import (
    LECTURE,
    STYLES,
    WALKS,
    Edit,
    EditError,
    Style,
    build,
    edits_of,
    text_of,
)
from grader.judge import equal_numbers
from grader.tasks import Slug
from grader.worker import jobs


@pytest.mark.parametrize("walk", [0, 1, len(WALKS) - 1])
@pytest.mark.parametrize("style", STYLES, ids=" + ".join)
def test_every_style_and_walk_computes_what_the_reference_does(style: Style, walk: int) -> None:
    made = build(edits_of(style, walk))
    made.restart()
    for task in corpus.practice().tasks[Slug("backward/random-graphs")][:60]:
        assert equal_numbers(task, jobs.run(made, task.job)), task.job


def test_the_lecture_composes_division_of_two_nodes() -> None:
    value = build(edits_of(LECTURE)).load("engine").Value
    assert {parent.op for parent in (value(1.0) / value(2.0)).parents} == {"", "**"}


def test_all_three_files_of_a_build_use_its_own_engine() -> None:
    made = build((Edit("engine.py", "self.data + other.data", "self.data + other.data + 1"),))
    total = made.load("train").loss(lambda x: made.load("engine").Value(x[0]), [[2.0]], [2.0])
    assert total.data != 0.0
    assert made.load("nn").Value is made.load("engine").Value


@pytest.mark.parametrize(
    ("old", "found"), [("no such line", 0), ("return as_value(other)", 2)], ids=["none", "two"]
)
def test_an_edit_that_does_not_apply_as_declared_is_refused(old: str, found: int) -> None:
    with pytest.raises(EditError, match=f"applies {found} times, not 1"):
        build((Edit("engine.py", old, ""),))


def test_an_edit_may_declare_that_it_applies_twice() -> None:
    edit = Edit("engine.py", "return as_value(other)", "return Value(other)", times=2)
    value = build((edit,)).load("engine").Value
    assert (3 - value(1.0)).data == 2.0


def test_a_build_as_text_is_a_file_that_stands_beside_the_others() -> None:
    text = text_of("nn.py", edits_of(LECTURE))
    assert "from engine import Value" in text
    assert text_of("engine.py", edits_of(LECTURE)).count("return self * -1") == 1
