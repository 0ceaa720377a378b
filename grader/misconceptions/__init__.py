"""Every mistake that can be named, in the order in which a learner can make them.

Importing this makes all declarations: where everything is right, nobody needs it.
"""

from __future__ import annotations

from collections.abc import Mapping

from grader.misconceptions import (
    engine_accumulation,
    engine_functions,
    engine_gradients,
    engine_numbers,
    engine_operands,
    engine_order,
    engine_results,
    engine_slopes,
    nn_layers,
    nn_networks,
    nn_neurons,
    nn_parameters,
    train_loss,
    train_steps,
    train_update,
    train_zeroing,
)
from grader.misconceptions.misconception import Misconception
from grader.tasks import Slug

MISCONCEPTIONS: Mapping[Slug, Misconception] = {
    misconception.slug: misconception
    for module in (
        engine_results,
        engine_operands,
        engine_numbers,
        engine_functions,
        engine_gradients,
        engine_slopes,
        engine_accumulation,
        engine_order,
        nn_neurons,
        nn_layers,
        nn_networks,
        nn_parameters,
        train_loss,
        train_zeroing,
        train_update,
        train_steps,
    )
    for misconception in module.MISCONCEPTIONS
}

__all__ = ["MISCONCEPTIONS", "Misconception"]
