"""Two problems to watch a network learn on, and what came of a training.

The half-moons are the default: there, leaving out the zeroing always shows. On four
examples it often does not, which is worth seeing beside them. Why these numbers:
`docs/decisions/0008-the-moons.md`.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from grader.counterexample import sentence
from grader.oracle import Reference
from grader.session import Limits, Request, Session
from grader.tasks import Job, Slug
from grader.worker import jobs
from grader.worker.demonstration_jobs import squared_error
from grader.worker.network_jobs import Weights
from grader.worker.wire import Failure

MOONS_SEED = "moons"
SMALL_SEED = "small"

POINTS = 50
NOISE = 0.05
GRID_COLUMNS, GRID_ROWS = 41, 25
AREA = (-1.5, 2.5, -1.0, 1.5)
"""Left, right, bottom and top of the part of the plane that is asked about."""

SETTLED = 0.5
"""A total loss over the moons below this is a training that worked."""

FAR_APART = 10.0
"""A final loss so many times another one is worse beyond doubt."""


def limits_for(steps: int) -> Limits:
    """Return what a submission may use here for one training.

    Half a second of CPU time for each iteration is eight times what a slow engine takes; no
    verdict depends on it, but a `backward()` without end should not take all afternoon.
    """
    training_s = max(30.0, 0.5 * steps)
    return Limits(cpu_s=3 * training_s, task_cpu_s=training_s)


Tell = Callable[[float], None]


@dataclass(frozen=True)
class Problem:
    """Examples, a network with its starting weights, and how to train it.

    Shape: xs: n × nin; ys: n. `grid` are points of the plane at which the trained network is
    asked as well, row by row from the bottom; none where the inputs are no plane.
    """

    name: str
    seed: str
    xs: Sequence[Sequence[float]]
    ys: Sequence[float]
    nin: int
    nouts: Sequence[int]
    weights: Weights
    learning_rate: float
    steps: int
    grid: Sequence[Sequence[float]] = ()

    def job(self, *, zeroing: bool) -> Job:
        """Return the training as a job for a worker, or for the reference."""
        model = ("mlp", self.nin, tuple(self.nouts), self.weights)
        xs, grid = (tuple(map(tuple, rows)) for rows in (self.xs, self.grid))
        rate = self.learning_rate
        return ("demonstration", model, xs, tuple(self.ys), self.steps, rate, grid, zeroing)

    @property
    def observed(self) -> int:
        """How many numbers a training returns."""
        return self.steps + len(self.xs) + len(self.grid)

    def training(self, numbers: Sequence[float], *, zeroing: bool) -> Training:
        """Read what a job returned."""
        middle = self.steps + len(self.xs)
        predictions = numbers[self.steps : middle]
        return Training(
            zeroing=zeroing,
            losses=[*numbers[: self.steps], squared_error(predictions, self.ys)],
            predictions=predictions,
            outputs=numbers[middle:],
            right=[p * y > 0 for p, y in zip(predictions, self.ys, strict=True)],
        )


@dataclass(frozen=True)
class Training:
    """What came of a training. `losses` are those after 0, 1, … all steps.

    `predictions` and `right` belong to the examples, `outputs` to the problem's grid. A
    number that went beyond what a float can hold is NaN.
    """

    zeroing: bool
    losses: Sequence[float]
    predictions: Sequence[float]
    outputs: Sequence[float]
    right: Sequence[bool]

    @property
    def end(self) -> float:
        """The loss after the last step."""
        return self.losses[-1]

    @property
    def settled(self) -> bool:
        """Whether it ended with a small loss and every example on its right side."""
        return self.end < SETTLED and all(self.right)


def moons(seed: str = MOONS_SEED) -> Problem:
    """Return two half circles that reach into each other, and a network to tell them apart.

    The seed decides the noise on the points and the starting weights.
    """
    rng = random.Random(f"moons {seed}")  # noqa: S311 (no secret)
    half = POINTS // 2
    angles = [math.pi * i / (half - 1) for i in range(half)]
    upper = [(math.cos(t), math.sin(t)) for t in angles]
    lower = [(1 - math.cos(t), 0.5 - math.sin(t)) for t in angles]
    xs = [[x + rng.gauss(0, NOISE), y + rng.gauss(0, NOISE)] for x, y in (*upper, *lower)]
    left, right, bottom, top = AREA
    grid = [
        [
            left + (right - left) * column / (GRID_COLUMNS - 1),
            bottom + (top - bottom) * row / (GRID_ROWS - 1),
        ]
        for row in range(GRID_ROWS)
        for column in range(GRID_COLUMNS)
    ]
    return Problem(
        name="two half-moons",
        seed=seed,
        xs=xs,
        ys=[1.0] * half + [-1.0] * half,
        nin=2,
        nouts=(8, 8, 1),
        weights=_weights(2, (8, 8, 1), rng),
        learning_rate=0.015,
        steps=150,
        grid=grid,
    )


def small(seed: str = SMALL_SEED) -> Problem:
    """Return four examples of three numbers each, and the network of the lessons."""
    rng = random.Random(f"small {seed}")  # noqa: S311 (no secret)
    return Problem(
        name="four examples",
        seed=seed,
        xs=[[1.5, -2.0, 0.5], [-1.0, 1.0, 2.5], [0.5, 1.5, -1.0], [2.0, 0.5, 1.0]],
        ys=[1.0, -1.0, -1.0, 1.0],
        nin=3,
        nouts=(4, 4, 1),
        weights=_weights(3, (4, 4, 1), rng),
        learning_rate=0.05,
        steps=100,
    )


def _weights(nin: int, nouts: Sequence[int], rng: random.Random) -> Weights:
    """Draw starting weights as the reference does: uniform in (−1, 1), biases 0."""
    return tuple(
        tuple((tuple(rng.uniform(-1, 1) for _ in range(before)), 0.0) for _ in range(after))
        for before, after in itertools.pairwise((nin, *nouts))
    )


def changed(problem: Problem, *, steps: int | None, learning_rate: float | None) -> Problem:
    """Return a problem with other steps or another learning rate, where they are given."""
    return replace(
        problem,
        steps=problem.steps if steps is None else steps,
        learning_rate=problem.learning_rate if learning_rate is None else learning_rate,
    )


class _WatchedReference(Reference):
    """The reference, with somebody who looks on."""

    def __init__(self, tell: Tell) -> None:
        self.tell = tell


def train_reference(problem: Problem, tell: Tell, *, zeroing: bool) -> Training:
    """Train the reference in this process, and tell every loss as it comes."""
    numbers = jobs.run(_WatchedReference(tell), problem.job(zeroing=zeroing))
    return problem.training(numbers, zeroing=zeroing)


class TrainingError(Exception):
    """A submission's training came to no end; the message says why, and where."""


def train_submission(session: Session, problem: Problem, tell: Tell, *, zeroing: bool) -> Training:
    """Train with a submission's own code, and tell every loss as it comes.

    With `zeroing` by its own `train`; without, by a loop of ours around its loss, network
    and engine, which never zeroes.

    Raises: TrainingError if the code fails; WorkerError if no worker can be started.
    """
    job = problem.job(zeroing=zeroing)
    request = Request(job, problem.observed, Slug("demonstration"), tells=problem.steps)
    (answer,) = session.run([request], tell)
    if isinstance(answer, Failure):
        raise TrainingError(sentence(answer))
    return problem.training(answer, zeroing=zeroing)
