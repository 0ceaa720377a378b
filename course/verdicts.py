"""What a training came to, in sentences: whichever way it went, and why."""

from __future__ import annotations

import math
from collections.abc import Sequence

from course.demonstration import FAR_APART, SETTLED, Problem, Training
from course.numerals import short

SATURATED = 0.99
"""An output farther from 0 than this lies where tanh is flat."""


def sentences(
    problem: Problem, zeroed: Training, skipped: Training | None, *, own: bool
) -> list[str]:
    """Say how a training went, and the one without zeroing beside it; `own` is a learner's code."""
    if own and skipped is not None and problem.steps > 1 and zeroed.losses == skipped.losses:
        return [_ends(zeroed), _NEVER_ZEROED]
    said = [_of_zeroed(problem, zeroed)]
    if own and not zeroed.settled:
        said.append(_LOOK_THERE_FIRST)
    if skipped is not None:
        said += _of_both(zeroed, skipped, is_small=not problem.grid)
    return said


def _ends(training: Training) -> str:
    wrong = training.right.count(False)
    where = f"{wrong} of {len(training.right)} points are" if wrong else "no point is"
    return (
        f"The loss went from {short(training.losses[0], 3)} to {short(training.end, 3)}, and "
        f"{where} on the wrong side."
    )


def _of_zeroed(problem: Problem, training: Training) -> str:
    start, end = short(training.losses[0], 3), short(training.end, 3)
    if not math.isfinite(training.end):
        return f"The loss began at {start}; then the numbers outgrew what a float can hold."
    wrong = training.right.count(False)
    if not wrong and training.end < SETTLED:
        return f"The loss fell from {start} to {end}, and every point is on its right side."
    went = _ends(training)
    if wrong and _sure_and_wrong(problem, training):
        return (
            f"{went} The network is sure of them: its outputs there are close to 1 or −1, where "
            "tanh is flat and hardly any gradient is left to bring them back. A step was too long "
            "and threw the weights too far. Another --seed or a lower --learning-rate avoids it."
        )
    return f"{went} It is not there yet: give it more --steps, or another --learning-rate."


def _sure_and_wrong(problem: Problem, training: Training) -> bool:
    return any(
        abs(output) > SATURATED and output * target < 0
        for output, target in zip(training.predictions, problem.ys, strict=True)
    )


def _of_both(zeroed: Training, skipped: Training, *, is_small: bool) -> Sequence[str]:
    if not math.isfinite(skipped.end):
        return [f"Without zeroing, the numbers outgrew what a float can hold. {_GROWING}"]
    ends = f"Without zeroing the loss ends at {short(skipped.end, 3)}"
    if skipped.end > FAR_APART * zeroed.end:
        times = f", {_times(skipped.end, zeroed.end)}" if zeroed.end > 0 else ""
        return [f"{ends}{times}. {_GROWING}{_stuck(skipped)}", _NOTHING_COMPLAINS]
    where = _ON_THE_MOONS if is_small else _ON_ANOTHER_SEED
    if skipped.end <= zeroed.end:
        how = "which is lower than" if skipped.end < zeroed.end else "the same as"
        luck = _LUCK_OF_FEW if is_small else ""
        return [f"{ends}, {how} with it. {_MOMENTUM}{luck}", f"{_WRONG_ALL_THE_SAME} {where}"]
    return [
        f"{ends}: higher than with it, though not many times. The steps went by sums of old "
        "gradients, and so far that has done less harm than it can.",
        f"{_WRONG_ALL_THE_SAME} {where}",
    ]


def _times(more: float, less: float) -> str:
    factor = more / less
    return f"{factor:.0f} times as high" if factor < 1e6 else "millions of times as high"


def _stuck(training: Training) -> str:
    flat = sum(abs(output) > SATURATED for output in training.predictions)
    if 2 * flat < len(training.predictions):
        return ""
    return (
        f" Now {flat} of {len(training.predictions)} outputs are close to 1 or −1, right or wrong: "
        "there tanh is flat, and nothing moves any more."
    )


_NEVER_ZEROED = (
    "Without zeroing, every single loss is the same. So your own loop does not zero the gradients "
    "either, or not in every iteration: `course grade --check train/zeroing` shows it."
)
_LOOK_THERE_FIRST = (
    "Or something in the code is not right yet: where `course grade` is not all green, look "
    "there first."
)
_GROWING = (
    "`backward()` adds to the gradients that are there, so every step goes by the sum of all "
    "slopes so far, also of places left long ago. The steps grow until they throw the weights "
    "far out."
)
_NOTHING_COMPLAINS = (
    "No exception was raised. Only the numbers tell, and only to somebody who knows what they "
    "should be."
)
_MOMENTUM = "Old gradients push on like momentum that never fades."
_LUCK_OF_FEW = (
    " On so small a problem that is often luck: all outputs race to 1 or −1, and where those are "
    "the targets, nothing is left to do."
)
_WRONG_ALL_THE_SAME = (
    "It is wrong all the same, and that it can look like this is what makes it hard to notice."
)
_ON_THE_MOONS = "On two half-moons it shows: `course demo --skip-zeroing`."
_ON_ANOTHER_SEED = "Another --seed, or more --steps, show what it usually does here."
