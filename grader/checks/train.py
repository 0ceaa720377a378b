"""Stage `train`: the loss, and the four steps that lower it."""

from __future__ import annotations

from grader.checks.check import Check, Draw
from grader.checks.value import WRAP
from grader.tasks import Job, Slug


def _one_weight(steps: int, observe: str) -> Job:
    """Make the job with weight 2, one example (3 → 3) and learning rate 0.05.

    Prediction 6, loss 9, gradient 18; after one step w = 1.1 and the loss is 0.09; after
    two w = 1.01, or 0.11 where the first gradient was not zeroed.
    """
    return ("training", ("weight", 2.0), ((3.0,),), (3.0,), steps, 0.05, observe)


TRAIN: tuple[Check, ...] = (
    Check(
        slug=Slug("train/one-step"),
        claim="One step on one weight takes it from 2 to 1.1 and the loss from 9 to 0.09",
        why="Forward, backward, update: w − 0.05 · 18. If this is right, the loop is nearly done.",
        points=6,
        cases=(_one_weight(1, "parameters"), _one_weight(1, "losses"), _one_weight(2, "losses")),
        requires=(WRAP,),
    ),
    Check(
        slug=Slug("train/zeroing"),
        claim="The second step starts from zeroed gradients and takes the weight to 1.01",
        why=(
            "`backward()` adds to what is there. Without zeroing, the first step's 18 is "
            "counted again in the second, which then lands at 0.11; and nothing complains."
        ),
        points=6,
        cases=(_one_weight(2, "parameters"), _one_weight(3, "parameters")),
        requires=(WRAP, Slug("train/one-step")),
    ),
    Check(
        slug=Slug("train/loss-decreases"),
        claim="Training a small network makes its loss lower",
        why="The loss is computed from the parameters that the training leaves behind.",
        points=5,
        draws=(Draw("training", 4),),
        requires=(WRAP, Slug("mlp/forward")),
        rule="lower-loss",
    ),
)
