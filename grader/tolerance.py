"""How far apart two correct numbers may be.

Correct code rounds differently when it is written differently. Each float64 operation may
be off by half a unit in the last place, relative to the size of what it works on; errors
of a few steps add up, and a little more where numbers cancel. So the allowance grows with
the number of steps, has a relative and an absolute part, and a generous factor:

    |actual − expected| ≤ STEP · (1 + steps) · (1 + |expected|)

Wrong code is off by far more than that: every task is admitted only where the reference,
composed in two ways, agrees with itself within a tenth of the allowance.
"""

STEP = 2.0**-40
"""Allowance for one rounding step: 4,096 units in the last place of 1.0, about 9e-13."""

SLOPE = 2e-6
"""Allowance for a slope measured by central differences, absolute and relative."""


def tolerance(expected: float, steps: int) -> float:
    """Return how far a correct number may lie from `expected` after `steps` operations."""
    return STEP * (1 + steps) * (1 + abs(expected))


def close(actual: float, expected: float, steps: int) -> bool:
    """Tell whether `actual` is `expected` up to rounding. NaN is close to nothing."""
    return abs(actual - expected) <= tolerance(expected, steps)


def close_to_slope(actual: float, slope: float) -> bool:
    """Tell whether `actual` is a slope that was measured by central differences."""
    return abs(actual - slope) <= SLOPE * (1 + abs(slope))
