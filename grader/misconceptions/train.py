"""Mistakes in the loss and in the loop that lowers it."""

from __future__ import annotations

from grader.builds import Edit
from grader.misconceptions.misconception import Misconception, Place
from grader.tasks import Slug

MISCONCEPTIONS: tuple[Misconception, ...] = (
    Misconception(
        slug=Slug("never-zeroed"),
        stage="train",
        mistake="The gradients are never set back to 0, so each step adds all earlier ones again",
        belief="`backward()` works out the gradients anew each time.",
        why="The graph is new in every step; but the parameters are old, and so are their `.grad`.",
        breaks="The steps grow too long and swing past the minimum, while nothing complains.",
        look="the loop in `train`, before `backward()`",
        hint="set every parameter's gradient to 0 in each step, before `backward()`",
        solution="model.zero_grad()\ntotal.backward()",
        edits=(Edit("train.py", "        model.zero_grad()\n", ""),),
        where=Place(("train",), "backward()"),
        cards=("zero-every-iteration", "without-zeroing"),
        fails=frozenset({Slug("train/zeroing")}),
    ),
)
