"""What belongs together: each check, and what to study when it fails.

Grader and lessons know nothing of each other. They meet here, in slugs and ids.
"""

from __future__ import annotations

from collections.abc import Mapping

_RULE = ("chain-rule", "upstream-times-local")
_REUSE = ("adding-contributions", "why-contributions-add")
_ITSELF = ("same-value-twice", "why-contributions-add")
_ORDER = ("order-of-backward", "when-a-node-is-finished", "backward-by-hand")
_LOOP = ("four-steps-in-order", "four-steps")

CARDS: Mapping[str, tuple[str, ...]] = {
    # ── value ──
    "value/wrap": ("value-holds", "what-a-value-keeps", "leaf"),
    "value/add": ("new-value", "a-new-value-each-time"),
    "value/mul": ("new-value", "a-new-value-each-time"),
    "value/pow": ("power-of-a-value", "new-value"),
    "value/neg": ("made-of-other-operators", "new-value"),
    "value/sub": ("made-of-other-operators", "new-value"),
    "value/div": ("made-of-other-operators", "power-of-a-value", "ints-like-floats"),
    "value/exp": ("exp-and-relu", "functions-that-bend"),
    "value/tanh": ("tanh", "functions-that-bend"),
    "value/relu": ("exp-and-relu", "functions-that-bend"),
    "value/add-number": ("wrap-plain-numbers", "plain-number-operand"),
    "value/number-add": ("reflected-operators", "number-on-the-left"),
    "value/sub-number": ("wrap-plain-numbers", "plain-number-operand"),
    "value/number-sub": ("reversed-minus-and-divide", "number-on-the-left"),
    "value/mul-number": ("wrap-plain-numbers", "plain-number-operand"),
    "value/number-mul": ("reflected-operators", "number-on-the-left"),
    "value/div-number": ("wrap-plain-numbers", "plain-number-operand"),
    "value/number-div": ("reversed-minus-and-divide", "number-on-the-left"),
    "value/operands-unchanged": ("new-value", "a-new-value-each-time"),
    "value/ints-and-signs": ("ints-like-floats", "power-of-a-value", "exp-and-relu"),
    "value/expressions": ("when-the-graph-is-built", "graph-by-hand", "new-value"),
    # ── backward: each operator's rule ──
    "backward/add": ("slopes-of-plus-and-minus", "why-the-root-starts-with-one", "chain-rule"),
    "backward/mul": ("slopes-of-times-and-divide", "what-a-local-derivative-is", "chain-rule"),
    "backward/pow": ("slope-of-a-power", *_RULE),
    "backward/neg": ("slopes-of-plus-and-minus", "keeping-the-record", "chain-rule"),
    "backward/sub": ("slopes-of-plus-and-minus", "keeping-the-record", "chain-rule"),
    "backward/div": ("slopes-of-times-and-divide", "keeping-the-record", "chain-rule"),
    "backward/exp": ("slopes-of-exp-and-tanh", "slopes-from-the-result", "chain-rule"),
    "backward/tanh": ("slopes-of-exp-and-tanh", "slopes-from-the-result", "chain-rule"),
    "backward/relu": ("slope-of-relu", *_RULE),
    "backward/add-reused": _REUSE,
    "backward/mul-reused": _REUSE,
    "backward/pow-reused": _REUSE,
    "backward/neg-reused": _REUSE,
    "backward/sub-reused": _REUSE,
    "backward/div-reused": _REUSE,
    "backward/exp-reused": _REUSE,
    "backward/tanh-reused": _REUSE,
    "backward/relu-reused": _REUSE,
    "backward/add-itself": _ITSELF,
    "backward/mul-itself": _ITSELF,
    "backward/sub-itself": _ITSELF,
    "backward/div-itself": _ITSELF,
    # ── backward: the walk ──
    "backward/diamond": ("order-of-backward", "adding-contributions", "backward-by-hand"),
    "backward/uneven-depths": _ORDER,
    "backward/shared-node": _ORDER,
    "backward/random-graphs": ("order-of-backward", "adding-contributions", "chain-rule"),
    "backward/gradient-check": ("central-difference", "checking-a-gradient", "gradient-meaning"),
    "backward/two-graphs": _REUSE,
    "backward/doubling": ("visit-each-node-once", "when-a-node-is-finished"),
    "backward/long-chain": ("when-a-node-is-finished", "visit-each-node-once"),
    # ── mlp ──
    "mlp/neuron": ("neuron", "neuron-parameters"),
    "mlp/bias": ("neuron", "neuron-parameters"),
    "mlp/sizes": ("mlp", "neuron-parameters"),
    "mlp/parameter-count": ("neuron-parameters", "mlp"),
    "mlp/forward": ("mlp", "neuron"),
    "mlp/one-output": ("loss-one-value", "mlp"),
    "mlp/layers-chained": ("mlp", "neuron"),
    "mlp/values-as-inputs": ("wrap-plain-numbers", "neuron"),
    "mlp/parameters-once": ("neuron-parameters", "update-rule"),
    "mlp/parameters-live": ("neuron-parameters", "four-steps-in-order"),
    "mlp/starting-weights": ("neuron-parameters", "neuron"),
    "mlp/gradients": ("keeping-the-record", "gradient-meaning", "mlp"),
    "mlp/zero-grad": ("zero-every-iteration", "without-zeroing"),
    # ── train ──
    "train/loss": ("loss-squared-error", "loss-one-value"),
    "train/direction": ("update-rule", "why-minus"),
    "train/one-step": ("update-rule", "one-step-by-hand", "four-steps"),
    "train/learning-rate": ("learning-rate", "update-rule"),
    "train/zeroing": ("zero-every-iteration", "without-zeroing", "one-step-by-hand"),
    "train/all-parameters": ("update-rule", "neuron-parameters"),
    "train/trajectory": ("four-steps", "four-steps-in-order", "zero-every-iteration"),
    "train/losses": _LOOP,
    "train/zero-steps": _LOOP,
    "train/inputs-unchanged": _LOOP,
    "train/loss-decreases": ("update-rule", "why-minus", "learning-rate"),
}
"""For each check the ids of questions, exercises and cards, the most useful first."""
