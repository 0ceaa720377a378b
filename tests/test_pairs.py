"""Two mistakes at once are both named; `tests/prove/pairs.py` tries many more pairs."""

from __future__ import annotations

from itertools import islice

import pytest
from prove.pairs import Result, apart, pairs, tried

from grader.builds import OWN_RULES
from grader.misconceptions import MISCONCEPTIONS
from grader.tasks import Slug

TOGETHER = (
    ("slope-missing-exp", "never-zeroed"),
    ("tanh-not-squared", "bias-not-in-parameters"),
    ("slope-missing-sub", "exponent-not-in-front"),
    ("rsub-not-reversed", "detached-exp"),
)


@pytest.mark.parametrize("two", TOGETHER, ids="+".join)
def test_both_are_named_and_no_third(two: tuple[str, str]) -> None:
    result = tried((*two, OWN_RULES))
    assert result.both
    assert not result.third


def test_pairs_are_about_different_things_and_the_same_for_the_same_seed() -> None:
    drawn = list(islice(pairs("test"), 20))
    assert drawn == list(islice(pairs("test"), 20))
    assert len({pair[:2] for pair in drawn}) == 20
    for a, b, _style in drawn:
        assert apart(MISCONCEPTIONS[Slug(a)], MISCONCEPTIONS[Slug(b)])


def test_a_third_name_is_counted_and_an_equal_one_is_not() -> None:
    pair = ("never-zeroed", "plus-in-update", OWN_RULES)
    both = frozenset(pair[:2])
    assert Result(pair, both).both
    assert not Result(pair, both | {"zeroed-below-the-loop"}).third
    assert Result(pair, both | {"loss-halved"}).third
    assert not Result(pair, frozenset({"never-zeroed"})).both
