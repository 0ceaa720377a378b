"""Stage `train`: the loss, and the four steps that lower it."""

from __future__ import annotations

from grader.checks.check import Check, Draw
from grader.checks.value import WRAP
from grader.tasks import Job, Slug

_LOSS = Slug("train/loss")
_DIRECTION = Slug("train/direction")
_ONE_STEP = Slug("train/one-step")
_LEARNING_RATE = Slug("train/learning-rate")
_ZEROING = Slug("train/zeroing")
_TRAJECTORY = Slug("train/trajectory")
_NETWORK = (Slug("mlp/layers-chained"), Slug("mlp/parameters-live"))

_WEIGHT = ("weight", 2.0)
_EXAMPLE = (((3.0,),), (3.0,))
_THREE_EXAMPLES = (((3.0,), (1.0,), (-2.0,)), (3.0, -1.0, 0.5))

_NETWORK_MODEL = (
    "mlp",
    2,
    (2, 1),
    ((((0.5, -1.0), 0.1), ((1.5, 0.25), -0.2)), (((1.0, -0.5), 0.3),)),
)
_NETWORK_EXAMPLES = (((1.0, 2.0), (-1.0, 0.5), (0.5, -1.5)), (1.0, -1.0, 0.5))


def _one_weight(steps: int, observe: str, learning_rate: float = 0.05) -> Job:
    """Make the job with weight 2 and one example (3 → 3).

    With learning rate 0.05: prediction 6, loss 9, gradient 18; after one step w = 1.1 and
    the loss is 0.09; after two w = 1.01, or 0.11 where the first gradient was not zeroed.
    """
    return ("training", _WEIGHT, *_EXAMPLE, steps, learning_rate, observe)


def _network(steps: int, observe: str) -> Job:
    return ("training", _NETWORK_MODEL, *_NETWORK_EXAMPLES, steps, 0.05, observe)


TRAIN: tuple[Check, ...] = (
    Check(
        slug=_LOSS,
        claim="The loss is the sum over the examples of (prediction − target)², as a Value",
        why="One number to go down on, and the root from which `backward()` starts.",
        points=2,
        cases=(
            ("loss", _WEIGHT, *_EXAMPLE),
            ("loss", _WEIGHT, *_THREE_EXAMPLES),
            ("loss-gradients", _WEIGHT, *_EXAMPLE),
            ("loss-gradients", _WEIGHT, *_THREE_EXAMPLES),
        ),
        draws=(Draw("loss", 6),),
        requires=(WRAP,),
    ),
    Check(
        slug=_DIRECTION,
        claim="A step goes downhill: against the gradient, and not along it",
        why="The gradient points to where the loss grows; adding it climbs.",
        points=1,
        observe="parameters",
        cases=(_one_weight(1, "parameters"),),
        draws=(Draw("one_weight", 6),),
        requires=(WRAP,),
        rule="downhill",
    ),
    Check(
        slug=_ONE_STEP,
        claim="One step on one weight takes it from 2 to 1.1 and the loss from 9 to 0.09",
        why="Forward, backward, update: 2 − 0.05 · 18. If this is right, the loop is nearly done.",
        points=3,
        cases=(_one_weight(1, "parameters"), _one_weight(1, "losses"), _one_weight(2, "losses")),
        draws=(
            Draw("one_weight", 3, {"rate": "0.05"}, observe="parameters"),
            Draw("one_weight", 2, {"rate": "0.05"}, observe="losses"),
            Draw("one_weight", 2, {"rate": "0.05", "steps": "2"}, observe="losses"),
        ),
        requires=(WRAP,),
    ),
    Check(
        slug=_LEARNING_RATE,
        claim="The step is as long as the learning rate says, whatever it is",
        why="Too long a step lands beyond the minimum; only the caller knows what fits.",
        points=1,
        observe="parameters",
        cases=(
            _one_weight(1, "parameters", 0.01),
            _one_weight(1, "parameters", 0.1),
            _one_weight(1, "parameters", 0.0),
        ),
        draws=(Draw("one_weight", 6),),
        requires=(_DIRECTION,),
    ),
    Check(
        slug=_ZEROING,
        claim="The second step starts from zeroed gradients and takes the weight to 1.01",
        why=(
            "`backward()` adds to what is there. Without zeroing, the first step's 18 is "
            "counted again in the second, which then lands at 0.11; and nothing complains."
        ),
        points=4,
        observe="parameters",
        cases=(_one_weight(2, "parameters"), _one_weight(3, "parameters")),
        draws=(Draw("one_weight", 3, {"steps": "2"}), Draw("one_weight", 3, {"steps": "3"})),
        requires=(_LEARNING_RATE,),
    ),
    Check(
        slug=Slug("train/all-parameters"),
        claim="A step moves every weight and every bias of a network",
        why="What is not updated keeps its random start, and the rest has to work around it.",
        points=1,
        observe="parameters",
        cases=(_network(1, "parameters"),),
        draws=(Draw("training", 3, {"steps": "1"}),),
        requires=(WRAP, *_NETWORK),
        rule="moved",
    ),
    Check(
        slug=_TRAJECTORY,
        claim="After 1, 2, 3 … steps every weight of a network is where it should be",
        why="A loop can lower the loss and still be wrong; where it goes tells.",
        points=3,
        observe="parameters",
        cases=tuple(_network(steps, "parameters") for steps in (1, 2, 3, 5)),
        draws=(Draw("training", 4, {"steps": "few"}),),
        requires=(
            *_NETWORK,
            Slug("mlp/gradients"),
            _LOSS,
            _ZEROING,
            Slug("train/all-parameters"),
        ),
    ),
    Check(
        slug=Slug("train/losses"),
        claim="`train` returns one loss a step, each measured before that step's update",
        why="The losses tell how training goes; the first is that of the untrained network.",
        points=1,
        observe="losses",
        cases=(_one_weight(3, "losses"), _network(1, "losses"), _network(4, "losses")),
        draws=(Draw("training", 3, {"steps": "few"}),),
        requires=(_TRAJECTORY,),
    ),
    Check(
        slug=Slug("train/zero-steps"),
        claim="`steps=0` returns an empty list and changes nothing",
        why="A loop that always runs once is off by one everywhere.",
        points=1,
        cases=(_one_weight(0, "losses"), _one_weight(0, "parameters")),
        draws=(
            Draw("one_weight", 3, {"steps": "0"}, observe="losses"),
            Draw("one_weight", 3, {"steps": "0"}, observe="parameters"),
        ),
        requires=(WRAP,),
    ),
    Check(
        slug=Slug("train/inputs-unchanged"),
        claim="Training leaves the inputs and the targets as they were",
        why="They belong to the caller, who may want to use them again.",
        points=1,
        cases=(_one_weight(2, "examples"), _network(2, "examples")),
        draws=(
            Draw("one_weight", 2, {"steps": "2"}, observe="examples"),
            Draw("training", 2, {"steps": "few"}, observe="examples"),
        ),
        requires=(WRAP, *_NETWORK),
    ),
    Check(
        slug=Slug("train/loss-decreases"),
        claim="Training a small network makes its loss lower",
        why="The loss is computed from the parameters that the training leaves behind.",
        points=1,
        observe="parameters",
        draws=(Draw("training", 4, {"steps": "10"}),),
        requires=(WRAP, *_NETWORK),
        rule="lower-loss",
    ),
)
