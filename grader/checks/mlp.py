"""Stage `mlp`: neurons, layers and a network computed with Values."""

from __future__ import annotations

from grader.checks.check import Check, Draw
from grader.checks.value import WRAP
from grader.tasks import Slug

_ENGINE = (WRAP, Slug("value/add"), Slug("value/mul"))

MLP: tuple[Check, ...] = (
    Check(
        slug=Slug("mlp/neuron"),
        claim="A neuron computes tanh(w·x + b)",
        why="The weights say how much each input counts, the bias shifts, tanh bends.",
        points=5,
        cases=(
            ("neuron", (0.5,), 0.0, (1.0,)),
            ("neuron", (0.5, -1.0), 0.25, (2.0, 1.0)),
            ("neuron", (0.5, -1.0, 2.0), -0.5, (1.0, 3.0, 0.5)),
        ),
        draws=(Draw("neuron", 15),),
        requires=_ENGINE,
    ),
    Check(
        slug=Slug("mlp/parameter-count"),
        claim="`MLP(3, [4, 4, 1])` has 41 parameters",
        why="Every weight and every bias is trained: (3+1)·4 + (4+1)·4 + (4+1)·1.",
        points=4,
        cases=(
            ("parameter-count", 3, (4, 4, 1)),
            ("parameter-count", 1, (1,)),
            ("parameter-count", 2, (3, 2)),
        ),
        requires=(WRAP,),
    ),
    Check(
        slug=Slug("mlp/forward"),
        claim="For given weights, a network's outputs are the reference's",
        why="Each layer is fed with the activations of the layer before it.",
        points=5,
        cases=(
            ("forward", 1, (1,), ((((0.5,), 0.25),),), (2.0,)),
            (
                "forward",
                2,
                (2, 1),
                ((((0.5, -1.0), 0.1), ((1.5, 0.25), -0.2)), (((1.0, -0.5), 0.3),)),
                (1.0, 2.0),
            ),
        ),
        draws=(Draw("forward", 15),),
        requires=_ENGINE,
    ),
)
