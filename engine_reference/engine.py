"""A number that remembers how it was computed, so that derivatives can flow back through it.

Two ideas carry this file.

**Recording.** Each operation makes a new `Value` that keeps its parents (the Values it was
computed from) and, beside each parent, the *local derivative*: how fast the result grows
when that one parent grows and the others stand still. Both are known the moment the
operation runs, so they are stored then. Nothing else is needed later.

**Backward.** The chain rule says: what a node receives from above, times its local
derivative, is what it hands to that parent. A parent used in several places receives from
each of them, and the contributions add up.
"""

from __future__ import annotations

import math
from collections.abc import Iterator


class Value:
    """A scalar, how it came to be, and the slope of some later result with respect to it.

    `data` is the number. `grad` is d(root)/d(self), in units of root per unit of self; it
    starts at 0 and is added to by every `backward()` that reaches this node.

    Example:
        >>> a = Value(3.0)
        >>> b = a * a + a
        >>> b.backward()
        >>> b.data, a.grad  # 2a + 1
        (12.0, 7.0)
    """

    # Slots keep a node small: a training run makes millions of them.
    __slots__ = ("data", "grad", "local_derivatives", "op", "parents")

    def __init__(
        self,
        data: float,
        parents: tuple[Value, ...] = (),
        local_derivatives: tuple[float, ...] = (),
        op: str = "",
    ) -> None:
        self.data = data
        self.grad = 0.0
        # A tuple, not a set: `a + a` has the parent `a` twice and must pay it twice, and
        # the order of a set of objects would change from one run to the next.
        self.parents = parents
        self.local_derivatives = local_derivatives
        self.op = op

    def __repr__(self) -> str:
        return f"Value(data={self.data}, grad={self.grad})"

    # ── Operations ────────────────────────────────────────────────────────────────────
    # Each one: the number, the parents, and d(result)/d(parent) for each parent.

    def __add__(self, other: Value | float) -> Value:
        other = as_value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0), "+")

    def __sub__(self, other: Value | float) -> Value:
        other = as_value(other)
        return Value(self.data - other.data, (self, other), (1.0, -1.0), "-")

    def __mul__(self, other: Value | float) -> Value:
        other = as_value(other)
        # The faster one factor grows the product, the larger the *other* factor is.
        return Value(self.data * other.data, (self, other), (other.data, self.data), "*")

    def __truediv__(self, other: Value | float) -> Value:
        other = as_value(other)
        quotient = self.data / other.data
        return Value(quotient, (self, other), (1.0 / other.data, -quotient / other.data), "/")

    def __pow__(self, exponent: float) -> Value:
        # The exponent is a plain number: it is not trained, so it is no parent.
        slope = exponent * self.data ** (exponent - 1)
        return Value(self.data**exponent, (self,), (slope,), "**")

    def __neg__(self) -> Value:
        return Value(-self.data, (self,), (-1.0,), "neg")

    def exp(self) -> Value:
        """Return e to the power of this Value; its slope is the result itself."""
        result = math.exp(self.data)
        return Value(result, (self,), (result,), "exp")

    def tanh(self) -> Value:
        """Squash this Value into (-1, 1); the slope is 1 minus the *result* squared."""
        result = math.tanh(self.data)
        return Value(result, (self,), (1.0 - result * result,), "tanh")

    def relu(self) -> Value:
        """Return this Value where it is positive; else 0, for nan too, and no gradient passes."""
        if self.data > 0:
            return Value(self.data, (self,), (1.0,), "relu")
        return Value(0.0, (self,), (0.0,), "relu")

    # A plain number on the left: `2 + v` asks the number first, which does not know what
    # to do with a Value, and then asks the Value through these. Mind the order of `-` and
    # `/`: here `self` is on the right.

    def __radd__(self, other: float) -> Value:
        return self + other

    def __rmul__(self, other: float) -> Value:
        return self * other

    def __rsub__(self, other: float) -> Value:
        return as_value(other) - self

    def __rtruediv__(self, other: float) -> Value:
        return as_value(other) / self

    # ── Backward ──────────────────────────────────────────────────────────────────────

    def backward(self) -> None:
        """Add d(self)/d(node) to the `grad` of every node that this one was computed from.

        Over graphs that share nothing but leaves, the leaves' gradients add up: zero them
        between the passes of a training loop.
        """
        # How fast does the root grow when the root grows? Exactly as fast.
        self.grad = 1.0
        # From the root towards the leaves, so that when a node hands on its gradient, all
        # the nodes that use it have handed theirs to it already.
        for node in reversed(topological_order(self)):
            upstream = node.grad
            for parent, local in zip(node.parents, node.local_derivatives, strict=True):
                # `+=`, not `=`: a node used twice is owed both contributions.
                parent.grad += local * upstream


def as_value(number: Value | float) -> Value:
    """Return `number` itself if it is a Value, else a new leaf that holds it."""
    return number if isinstance(number, Value) else Value(number)


def topological_order(root: Value) -> list[Value]:
    """List every node below `root`, each after all of its parents; `root` comes last.

    The walk keeps its own stack instead of calling itself, so that a chain of any length
    (a hundred thousand nodes) needs no deeper recursion than a short one.
    """
    order: list[Value] = []
    visited = {root}
    stack: list[tuple[Value, Iterator[Value]]] = [(root, iter(root.parents))]
    while stack:
        node, parents = stack[-1]
        for parent in parents:
            if parent not in visited:
                visited.add(parent)
                stack.append((parent, iter(parent.parents)))
                break
        else:  # every parent of `node` is in the order already: now it may follow
            order.append(node)
            stack.pop()
    return order
