"""The demonstration keeps its promises, and tells the truth where a run breaks them."""

from __future__ import annotations

import dataclasses
import math
import random

import pytest
from plain_training import plain_training

from course import demonstration, verdicts
from course.demonstration import FAR_APART, SETTLED, Problem, Training, moons, small
from engine_reference import MLP, train

SEEDS = 20


def watched(problem: Problem, *, zeroing: bool) -> tuple[Training, list[float]]:
    told: list[float] = []
    return demonstration.train_reference(problem, told.append, zeroing=zeroing), told


def without_grid(problem: Problem) -> Problem:
    return dataclasses.replace(problem, grid=())


def of_both(problem: Problem) -> tuple[Training, Training]:
    zeroed, _ = watched(problem, zeroing=True)
    skipped, _ = watched(problem, zeroing=False)
    return zeroed, skipped


@pytest.mark.parametrize("zeroing", [True, False])
def test_the_reference_trains_as_plain_floats_do(zeroing: bool) -> None:
    problem = demonstration.changed(moons(), steps=25, learning_rate=None)
    graph, _ = watched(problem, zeroing=zeroing)
    plain = plain_training(problem, zeroing=zeroing)
    assert graph.losses == pytest.approx(plain.losses, rel=1e-6)
    assert graph.predictions == pytest.approx(plain.predictions, rel=1e-6)
    assert graph.outputs == pytest.approx(plain.outputs, rel=1e-5, abs=1e-9)


@pytest.mark.parametrize("seed", [demonstration.MOONS_SEED, *map(str, range(1, SEEDS))])
def test_on_the_moons_zeroing_settles_and_skipping_does_not(seed: str) -> None:
    # In plain floats, which the test above holds against the reference: many times as fast.
    # `tests/prove/demo_seeds.py` does the same on 300 seeds with the reference itself.
    problem = without_grid(moons(seed))
    zeroed, skipped = (plain_training(problem, zeroing=zeroing) for zeroing in (True, False))
    assert zeroed.settled
    assert skipped.end > FAR_APART * zeroed.end


def test_every_loss_is_told_while_it_is_computed() -> None:
    problem = demonstration.changed(without_grid(moons()), steps=3, learning_rate=None)
    for zeroing in (True, False):
        training, told = watched(problem, zeroing=zeroing)
        assert told == training.losses[:-1]
        assert len(training.losses) == 4


def test_the_reference_trains_as_it_does_without_being_watched() -> None:
    problem = demonstration.changed(small(), steps=20, learning_rate=None)
    model = MLP(problem.nin, problem.nouts)
    for layer, rows in zip(model.layers, problem.weights, strict=True):
        for neuron, (weights, bias) in zip(layer.neurons, rows, strict=True):
            for value, number in zip(neuron.w, weights, strict=True):
                value.data = number
            neuron.b.data = bias
    losses = train(model, problem.xs, problem.ys, steps=20, learning_rate=problem.learning_rate)
    training, _ = watched(problem, zeroing=True)
    assert training.losses[:-1] == losses


def test_without_zeroing_only_the_first_step_is_the_same() -> None:
    zeroed, skipped = of_both(demonstration.changed(small(), steps=5, learning_rate=None))
    assert zeroed.losses[:2] == skipped.losses[:2]
    assert zeroed.losses[2] != skipped.losses[2]


def test_a_seed_gives_the_same_problem_again_and_another_seed_another() -> None:
    for make in (moons, small):
        random.seed(1)
        first = make("7")
        random.seed(2)
        assert make("7") == first
        assert make("8").weights != first.weights
    assert moons("7").xs != moons("8").xs


def test_starting_weights_are_those_of_the_reference_in_kind() -> None:
    rows = [row for layer in moons().weights for row in layer]
    weights = [weight for ws, _ in rows for weight in ws]
    assert all(-1 < weight < 1 for weight in weights)
    assert len(set(weights)) == len(weights) == 2 * 8 + 8 * 8 + 8
    assert {bias for _, bias in rows} == {0.0}


# ── Words ─────────────────────────────────────────────────────────────────────────────


def training(end: float, predictions: list[float], *, zeroing: bool = True) -> Training:
    right = [p * y > 0 for p, y in zip(predictions, small().ys, strict=True)]
    return Training(zeroing, [8.0, 3.0, end], predictions, [], right)


GOOD, STUCK = [0.9, -0.9, -0.9, 0.9], [1.0, 1.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("zeroed", "skipped", "said"),
    [
        (training(0.04, GOOD), None, "every point is on its right side"),
        (training(8.0, STUCK), None, "The network is sure of them"),
        (training(2.0, GOOD), None, "It is not there yet"),
        (training(math.nan, [math.nan] * 4), None, "outgrew what a float can hold"),
        (training(0.04, GOOD), training(8.0, STUCK), "200 times as high"),
        (training(0.04, GOOD), training(8.0, STUCK), "4 of 4 outputs are close to 1 or −1"),
        (training(0.04, GOOD), training(0.0, GOOD), "which is lower than with it"),
        (training(0.0, GOOD), training(0.0, GOOD), "the same as with it"),
        (training(0.04, GOOD), training(0.05, GOOD), "higher than with it, though not many times"),
        (training(0.04, GOOD), training(math.nan, [math.nan] * 4), "numbers outgrew"),
        (training(0.0, GOOD), training(8.0, STUCK), "Without zeroing the loss ends at 8."),
    ],
)
def test_what_is_said_is_what_happened(
    zeroed: Training, skipped: Training | None, said: str
) -> None:
    assert said in " ".join(verdicts.sentences(small(), zeroed, skipped, own=False))


def test_a_rare_run_of_the_moons_is_not_sent_to_the_moons() -> None:
    zeroed = Training(True, [100.0, 2.0], [0.5], [], [True])
    skipped = Training(False, [100.0, 1.0], [0.5], [], [True])
    said = " ".join(verdicts.sentences(moons(), zeroed, skipped, own=False))
    assert "lower than with it" in said
    assert "Another --seed" in said
    assert "course demo --skip-zeroing" not in said


def test_a_loop_of_ones_own_that_never_zeroes_is_told_so() -> None:
    same = training(0.04, GOOD)
    sentences = verdicts.sentences(small(), same, same, own=True)
    assert "your own loop does not zero" in sentences[-1]


def test_a_real_divergence_is_explained() -> None:
    problem = demonstration.changed(without_grid(moons()), steps=60, learning_rate=0.3)
    zeroed, _ = watched(problem, zeroing=True)
    assert not zeroed.settled
    (said,) = verdicts.sentences(problem, zeroed, None, own=False)
    assert "A step was too long" in said


@pytest.mark.parametrize("seed", ["small", "1", "2", "3", "4", "5", "6"])
def test_on_four_examples_the_words_follow_the_run(seed: str) -> None:
    problem = small(seed)
    zeroed, skipped = of_both(problem)
    said = " ".join(verdicts.sentences(problem, zeroed, skipped, own=False))
    if skipped.end < zeroed.end:
        assert "which is lower than with it" in said
    elif skipped.end > FAR_APART * zeroed.end:
        assert "times as high" in said
    else:
        assert "not many times" in said or "the same" in said


def test_by_default_skipping_looks_better_on_four_examples() -> None:
    zeroed, skipped = of_both(small())
    assert skipped.end < zeroed.end < SETTLED
