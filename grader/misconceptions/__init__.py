"""Every mistake that can be named, in the order in which a learner can make them.

Importing this makes all declarations: where everything is right, nobody needs it.
"""

from __future__ import annotations

from collections.abc import Mapping

from grader.misconceptions import engine_accumulation, engine_order, engine_rules, nn, train
from grader.misconceptions.misconception import Misconception
from grader.tasks import Slug

MISCONCEPTIONS: Mapping[Slug, Misconception] = {
    misconception.slug: misconception
    for module in (engine_rules, engine_accumulation, engine_order, nn, train)
    for misconception in module.MISCONCEPTIONS
}

__all__ = ["MISCONCEPTIONS", "Misconception"]
