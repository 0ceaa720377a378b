"""Time the training of `course demo` with the reference engine against a classic one.

    python benchmarks/demo_speed.py [--steps N] [--pairs N]

The half-moons, from the same starting weights, through the same loop; garbage collection at
its default. Each training is a process of its own; the engines take turns. Exit code 1 means
that a run failed or that the engines disagree on a loss.
"""

from __future__ import annotations

import argparse
import importlib
import json
import math
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from measurement import (
    BENCHMARKS,
    PROJECT,
    RunFailedError,
    machine,
    must_succeed,
    ratio,
    run,
    spread,
    table,
)

ENGINES = {"classic": "classic_engine", "reference": "engine_reference"}


@dataclass(frozen=True)
class Training:
    """One training: its CPU seconds, its losses, and the most memory that its process held."""

    cpu_s: float
    losses: list[float]
    peak_mib: float | None = None


def main() -> int:
    """Measure, or be one of the processes that are measured."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--steps", type=int, help="iterations (default: those of the demo)")
    parser.add_argument("--pairs", type=int, default=1, help="processes for each engine (1)")
    parser.add_argument("--one", metavar="ENGINE", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        train_here(options.one, options.steps)
        return 0
    try:
        compare(options.pairs, options.steps)
    except RunFailedError as error:
        print(f"demo_speed: {error}", file=sys.stderr)
        return 1
    return 0


def compare(pairs: int, steps: int | None) -> None:
    """Train in turns, and print the comparison."""
    print(machine())
    trainings: dict[str, list[Training]] = {engine: [] for engine in ENGINES}
    for _ in range(pairs):
        for engine in ENGINES:
            trainings[engine].append(train_apart(engine, steps))
        insist_on_agreement(*(several[-1].losses for several in trainings.values()))
    count = len(trainings["classic"][0].losses)
    print(f"course demo's half-moons, {count} iterations, garbage collection at its default;")
    print(f"{pairs} fresh processes for each engine, in turn; CPU seconds")
    rows = [["", "min", "median", "max", "ms an iteration", "peak MiB"]]
    for engine, several in trainings.items():
        seconds = [training.cpu_s for training in several]
        each = f"{1000 * statistics.median(seconds) / count:.1f}"
        memory = spread([training.peak_mib for training in several], 1)[1]
        rows.append([engine, *spread(seconds), each, memory])
    print("\n" + table(rows))
    by_pair = list(zip(trainings["classic"], trainings["reference"], strict=True))
    each_pair = "  ".join(ratio(a.cpu_s, b.cpu_s) for a, b in by_pair)
    middle = statistics.median(a.cpu_s / b.cpu_s for a, b in by_pair)
    print(f"classic / reference, pair by pair: {each_pair}   median {middle:.1f}")


def train_apart(engine: str, steps: int | None) -> Training:
    """Train in a fresh process."""
    command = [sys.executable, str(BENCHMARKS / "demo_speed.py"), "--one", engine]
    command += ["--steps", str(steps)] if steps else []
    what = f"the {engine} engine"
    result = must_succeed(run(command, folder=PROJECT, keep_stdout=True), what)
    return Training(**json.loads(result.stdout), peak_mib=result.peak_mib)


def insist_on_agreement(ours: Sequence[float], theirs: Sequence[float]) -> None:
    """Compare the losses of two engines.

    Raises: RunFailedError if they differ: then one of them does other work.
    """
    if not all(math.isclose(a, b, rel_tol=1e-4) for a, b in zip(ours, theirs, strict=True)):
        raise RunFailedError("the two engines disagree on a loss")


# ── Inside a measured process ─────────────────────────────────────────────────────────


def train_here(engine: str, steps: int | None) -> None:
    """Train with an engine, the same loop for both, and print its cost as JSON."""
    sys.path.insert(0, str(PROJECT))
    from course.demonstration import changed, moons

    problem = changed(moons(), steps=steps, learning_rate=None)
    model = importlib.import_module(ENGINES[engine]).MLP(problem.nin, problem.nouts)
    for layer, rows in zip(model.layers, problem.weights, strict=True):
        for neuron, (weights, bias) in zip(layer.neurons, rows, strict=True):
            for value, number in zip(neuron.w, weights, strict=True):
                value.data = number
            neuron.b.data = bias
    start = time.process_time()
    losses = [
        step(model, problem.xs, problem.ys, problem.learning_rate) for _ in range(problem.steps)
    ]
    print(json.dumps({"cpu_s": time.process_time() - start, "losses": losses}))


def step(
    model: Any, xs: Sequence[Sequence[float]], ys: Sequence[float], learning_rate: float
) -> float:
    """Take the four steps of one iteration, and return its loss."""
    total = (model(xs[0]) - ys[0]) ** 2
    for x, y in zip(xs[1:], ys[1:], strict=True):
        total = total + (model(x) - y) ** 2
    for parameter in model.parameters():
        parameter.grad = 0.0
    total.backward()
    for parameter in model.parameters():
        parameter.data -= learning_rate * parameter.grad
    return float(total.data)


if __name__ == "__main__":
    sys.exit(main())
