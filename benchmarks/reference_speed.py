"""Time the reference engine against a classic one on one network, forward and backward.

    python benchmarks/reference_speed.py [--pairs N]

MLP [2, 16, 16, 1] over 100 points: every prediction, the sum of squares, one `backward()`.
Each measurement is a process of its own, so that no engine inherits the other's memory or
the collector's state; they take turns. Garbage collection decides most of the ratio, so both
settings are shown and named. Exit code 1 means that a run failed or that the engines disagree.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import math
import random
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

SIZES = (2, [16, 16, 1])
POINTS = 100
ENGINES = {"classic": "classic_engine", "reference": "engine_reference"}
COLLECTION = {"default": "garbage collection at its default", "off": "garbage collection off"}


@dataclass(frozen=True)
class Pass:
    """One forward and one backward: CPU seconds, and numbers to hold the engines together."""

    forward_s: float
    backward_s: float
    loss: float
    gradients: list[float]
    peak_mib: float | None = None

    @property
    def total_s(self) -> float:
        """Both halves."""
        return self.forward_s + self.backward_s


def main() -> int:
    """Measure, or be one of the processes that are measured."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--pairs", type=int, default=5, help="processes for each engine (5)")
    parser.add_argument("--one", nargs=2, metavar=("ENGINE", "GC"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        measure_here(*options.one)
        return 0
    try:
        print(machine())
        print(f"MLP {[SIZES[0], *SIZES[1]]}, {POINTS} points, one loss, one backward;")
        print(f"{options.pairs} fresh processes for each engine, in turn; CPU seconds")
        idle = must_succeed(run(command("none", "default"), folder=PROJECT), "an idle run")
        if idle.peak_mib is not None:
            print(f"a process that only gets ready peaks at {idle.peak_mib:.1f} MiB")
        for collection in COLLECTION:
            compare(collection, options.pairs)
    except RunFailedError as error:
        print(f"reference_speed: {error}", file=sys.stderr)
        return 1
    return 0


def compare(collection: str, pairs: int) -> None:
    """Print the comparison under one setting of the collector."""
    passes: dict[str, list[Pass]] = {engine: [] for engine in ENGINES}
    for _ in range(pairs):
        for engine in ENGINES:
            passes[engine].append(measure_apart(engine, collection))
        insist_on_agreement(passes["classic"][-1], passes["reference"][-1])
    rows = [[COLLECTION[collection], "forward min", "median", "backward min", "median"]]
    rows[0] += ["both min", "median", "max", "peak MiB"]
    for engine, several in passes.items():
        forward = spread([p.forward_s for p in several], 3)[:2]
        backward = spread([p.backward_s for p in several], 3)[:2]
        both = spread([p.total_s for p in several], 3)
        memory = spread([p.peak_mib for p in several], 1)[1]
        rows.append([engine, *forward, *backward, *both, memory])
    print("\n" + table(rows))
    by_pair = list(zip(passes["classic"], passes["reference"], strict=True))
    each = "  ".join(ratio(a.total_s, b.total_s) for a, b in by_pair)
    middle = statistics.median(a.total_s / b.total_s for a, b in by_pair)
    print(f"classic / reference, pair by pair: {each}   median {middle:.1f}")


def command(engine: str, collection: str) -> list[str]:
    """Return the command of one measurement."""
    return [sys.executable, str(BENCHMARKS / "reference_speed.py"), "--one", engine, collection]


def measure_apart(engine: str, collection: str) -> Pass:
    """Run one measurement in a fresh process."""
    what = f"the {engine} engine"
    result = must_succeed(run(command(engine, collection), folder=PROJECT, keep_stdout=True), what)
    return Pass(**json.loads(result.stdout), peak_mib=result.peak_mib)


def insist_on_agreement(classic: Pass, reference: Pass) -> None:
    """Compare what the two computed.

    Raises: RunFailedError if they differ: then one of them does other work.
    """
    pairs = zip(
        [classic.loss, *classic.gradients], [reference.loss, *reference.gradients], strict=True
    )
    if not all(math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9) for a, b in pairs):
        raise RunFailedError("the two engines disagree on the loss or a gradient")


# ── Inside a measured process ─────────────────────────────────────────────────────────────


def measure_here(engine: str, collection: str) -> None:
    """Do one pass with an engine and print its cost as JSON; with "none", only get ready."""
    sys.path.insert(0, str(PROJECT))
    make_network = importlib.import_module(ENGINES.get(engine, ENGINES["classic"])).MLP
    xs, ys = moons(POINTS)
    model = make_network(*SIZES)
    set_weights(model)
    if engine == "none":
        return
    if collection == "off":
        gc.disable()
    start = time.process_time()
    loss = squared_error(model, xs, ys)
    middle = time.process_time()
    loss.backward()
    end = time.process_time()
    gradients = [parameter.grad for parameter in model.parameters()]
    cost = {"forward_s": middle - start, "backward_s": end - middle}
    print(json.dumps({**cost, "loss": loss.data, "gradients": gradients}))


def squared_error(model: Any, xs: Sequence[Sequence[float]], ys: Sequence[float]) -> Any:
    """Return the sum of (prediction − target)², the same code for both engines."""
    total = (model(xs[0]) - ys[0]) ** 2
    for x, y in zip(xs[1:], ys[1:], strict=True):
        total = total + (model(x) - y) ** 2
    return total


def set_weights(model: Any) -> None:
    """Give both networks the same weights, neuron by neuron."""
    draw = random.Random(0)
    for layer in model.layers:
        for neuron in layer.neurons:
            for parameter in [*neuron.w, neuron.b]:
                parameter.data = draw.uniform(-1, 1)


def moons(count: int) -> tuple[list[list[float]], list[float]]:
    """Return points on two interlocking half circles, and ±1 for which one.

    Shape: count × 2, and count.
    """
    xs, ys = [], []
    for i in range(count):
        angle = math.pi * i / count
        if i % 2:
            xs.append([1 - math.cos(angle), 0.5 - math.sin(angle)])
        else:
            xs.append([math.cos(angle), math.sin(angle)])
        ys.append(1.0 if i % 2 else -1.0)
    return xs, ys


if __name__ == "__main__":
    sys.exit(main())
