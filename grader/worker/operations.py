"""The operations that a program is made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple


class Operation(NamedTuple):
    """One operation of the learner's contract.

    `operand` is what stands beside the first node: another `"node"`, a plain `"number"`,
    or nothing. `python` is how a learner writes it, with `{a}` the node and `{b}` the
    operand.
    """

    python: str
    operand: str | None
    apply: Callable[..., Any]


OPERATIONS = {
    "add": Operation("{a} + {b}", "node", lambda a, b: a + b),
    "sub": Operation("{a} - {b}", "node", lambda a, b: a - b),
    "mul": Operation("{a} * {b}", "node", lambda a, b: a * b),
    "div": Operation("{a} / {b}", "node", lambda a, b: a / b),
    "add-number": Operation("{a} + {b}", "number", lambda a, b: a + b),
    "number-add": Operation("{b} + {a}", "number", lambda a, b: b + a),
    "sub-number": Operation("{a} - {b}", "number", lambda a, b: a - b),
    "number-sub": Operation("{b} - {a}", "number", lambda a, b: b - a),
    "mul-number": Operation("{a} * {b}", "number", lambda a, b: a * b),
    "number-mul": Operation("{b} * {a}", "number", lambda a, b: b * a),
    "div-number": Operation("{a} / {b}", "number", lambda a, b: a / b),
    "number-div": Operation("{b} / {a}", "number", lambda a, b: b / a),
    "pow": Operation("{a} ** {b}", "number", lambda a, b: a**b),
    "neg": Operation("-{a}", None, lambda a: -a),
    "tanh": Operation("{a}.tanh()", None, lambda a: a.tanh()),
    "exp": Operation("{a}.exp()", None, lambda a: a.exp()),
    "relu": Operation("{a}.relu()", None, lambda a: a.relu()),
}
