"""The figures that are shipped are those of the demonstration as it is."""

from __future__ import annotations

import pytest

from course import demonstration
from course.site.training_figures import FOLDER, RECORD, shipped

PROBLEMS = {"moons": demonstration.moons(), "small": demonstration.small()}


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_training_that_was_drawn_is_the_one_that_course_demo_runs(name: str) -> None:
    problem, drawn = PROBLEMS[name], shipped(name)
    assert drawn.points == len(problem.xs)
    assert tuple(drawn.sizes) == (problem.nin, *problem.nouts)
    assert (drawn.learning_rate, drawn.steps) == (problem.learning_rate, problem.steps)
    begun = demonstration.changed(problem, steps=len(drawn.losses) - 1, learning_rate=None)
    training = demonstration.train_reference(begun, lambda _: None, zeroing=True)
    assert drawn.losses == pytest.approx(training.losses, rel=1e-6)


def test_every_figure_has_a_size_and_words_for_who_cannot_see_it() -> None:
    figures = [figure for name in PROBLEMS for figure in shipped(name).figures.values()]
    for figure in figures:
        assert len(figure.alternative) > 20
        assert figure.width > 0
        assert figure.height > 0
    named = {figure.name.removeprefix("figures/") for figure in figures}
    assert {path.name for path in FOLDER.iterdir()} == {*named, RECORD.name}


def test_the_losses_say_with_and_without_zeroing() -> None:
    assert "without zeroing, from 106" in shipped("moons").figures["losses"].alternative
