"""Mistakes in engines of other styles than the reference's are named, and never wrongly.

All of them are graded by `tests/prove/crossings.py`; here some from every style.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from prove.crossed import CROSSINGS, OPERATIONS, Crossing
from prove.crossings import changed, names, right, write

from grader.misconceptions import MISCONCEPTIONS

EVERY = 11


def test_every_crossing_is_a_known_mistake_and_can_be_written(tmp_path: Path) -> None:
    for i, crossing in enumerate(CROSSINGS):
        assert crossing.slug in MISCONCEPTIONS
        write(crossing, tmp_path / str(i))
        for file in (tmp_path / str(i)).glob("*.py"):
            compile(file.read_text("utf-8"), file.name, "exec")


def test_there_are_enough_and_closures_have_every_operator() -> None:
    assert len(CROSSINGS) >= 60
    assert len({(crossing.style, crossing.slug) for crossing in CROSSINGS}) == len(CROSSINGS)
    closures = {crossing.slug for crossing in CROSSINGS if crossing.style == "relative_imports"}
    assert {f"grad-overwritten-{name}" for name in OPERATIONS} <= closures


@pytest.mark.parametrize("crossing", CROSSINGS[::EVERY], ids=lambda c: f"{c.style}-{c.slug}")
def test_a_mistake_in_another_style_is_named_and_no_other(crossing: Crossing) -> None:
    found = names(crossing)
    assert crossing.slug in found
    assert found <= right(crossing)


def test_an_edit_that_does_not_apply_is_refused() -> None:
    text = "def one():\n    return 1\n\n\ndef two():\n    return 2\n"
    assert changed(text, "def two", "return 2", "return 3").endswith("return 3\n")
    with pytest.raises(ValueError, match="is not in"):
        changed(text, "def one", "return 2", "return 3")
