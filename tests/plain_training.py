"""The demonstration's training in plain floats: no graph, no `Value`, an oracle of its own.

Forward and backward are written out for layers of tanh, which makes it fast enough for many
seeds, and independent of what it is compared with.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from course.demonstration import Problem, Training

Layer = list[list[float]]  # for each neuron its weights, and its bias at the end


def plain_training(problem: Problem, *, zeroing: bool) -> Training:
    """Train as the problem says; without `zeroing`, gradients add up from step to step."""
    layers: list[Layer] = [[[*ws, b] for ws, b in layer] for layer in problem.weights]
    gradients = _zeros(layers)
    losses = []
    for _ in range(problem.steps):
        if zeroing:
            gradients = _zeros(layers)
        losses.append(_pass(layers, gradients, problem.xs, problem.ys))
        for layer, slopes in zip(layers, gradients, strict=True):
            for neuron, slope in zip(layer, slopes, strict=True):
                for i, g in enumerate(slope):
                    neuron[i] -= problem.learning_rate * g
    predictions = [_activations(layers, x)[-1][0] for x in problem.xs]
    outputs = [_activations(layers, x)[-1][0] for x in problem.grid]
    return problem.training([*losses, *predictions, *outputs], zeroing=zeroing)


def _zeros(layers: Sequence[Layer]) -> list[Layer]:
    return [[[0.0] * len(neuron) for neuron in layer] for layer in layers]


def _activations(layers: Sequence[Layer], x: Sequence[float]) -> list[list[float]]:
    found = [list(x)]
    for layer in layers:
        below = [*found[-1], 1.0]
        found.append([math.tanh(sum(w * b for w, b in zip(n, below, strict=True))) for n in layer])
    return found


def _pass(
    layers: Sequence[Layer],
    gradients: Sequence[Layer],
    xs: Sequence[Sequence[float]],
    ys: Sequence[float],
) -> float:
    """Add every gradient of the summed squared error to `gradients`, and return the error."""
    total = 0.0
    for x, y in zip(xs, ys, strict=True):
        found = _activations(layers, x)
        miss = found[-1][0] - y
        total += miss * miss
        upstream = [2 * miss]
        for depth in range(len(layers) - 1, -1, -1):
            below = [*found[depth], 1.0]
            inner = [u * (1 - a * a) for u, a in zip(upstream, found[depth + 1], strict=True)]
            for slope, d in zip(gradients[depth], inner, strict=True):
                for i, b in enumerate(below):
                    slope[i] += d * b
            upstream = [
                sum(d * neuron[i] for d, neuron in zip(inner, layers[depth], strict=True))
                for i in range(len(found[depth]))
            ]
    return total
