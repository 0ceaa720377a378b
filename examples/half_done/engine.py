"""A number that remembers how it was computed, so that gradients can find their way back.

Two stages meet in this file. Write all of the first before you look at the second.

- Stage value, lesson 1 (Recording the graph): numbers, operators, and who came from whom.
- Stage backward, lesson 2 (Backward): gradients, handed from every result to its parents.

Each place to fill in is a line that raises NotImplementedError: put your code in its stead.
Grade as often as you like: a place you have not reached costs its own checks and no others.
"""

import math


class Value:
    """A number, its gradient, and the record of the operation it came from.

    For example:
        >>> a = Value(2.0)
        >>> b = a * 3 + 1
        >>> b.data
        7.0
        >>> b.backward()
        >>> a.grad
        3.0

    Push a up a little, and b goes up three times as much.
    """

    def __init__(self, data, _children=(), _op="", label=""):
        """Keep the number, a gradient that starts at zero, and the record of the origin.

        data: a plain number, readable afterwards as .data
        _children: the Values this one was computed from; none for a leaf, a number you typed in
        _op: the sign of that operation, for people who print graphs
        label: a name, for the same people

        For example:
            >>> Value(2.0).data
            2.0
            >>> Value(2.0).grad
            0.0
        """
        self.data = data
        self.grad = 0.0
        self.label = label
        self.parents = _children
        self.op = _op
        # called by backward(), replaced by the operators
        self.rule = lambda: None

    def __repr__(self):
        """Show the number and the gradient, or ? for what is not there yet (given)."""
        return f"Value(data={getattr(self, 'data', '?')}, grad={getattr(self, 'grad', '?')})"

    # ---- Operators ----
    #
    # Each operator is written in two visits.
    # Stage value: compute the number and return a new Value that knows its parents. Leave the
    # .data of the operands alone.
    # Stage backward: give the new Value a rule, a small function without arguments, that hands
    # each parent its share: the gradient of the result times the local derivative (how fast
    # the result grows when only that parent grows). The rule runs much later, when the result
    # has its gradient: read .grad inside the rule, not before.
    #
    # One question for every rule: a parent may have received something already, from another
    # place where it is used. What must your share do to that?

    def __add__(self, other):
        """Return self + other, where other is a Value or a plain number.

        For example:
            >>> (Value(2.0) + Value(3.0)).data
            5.0
            >>> (Value(2.0) + 3).data
            5.0
        """
        if not isinstance(other, Value):
            other = Value(other)
        result = Value(self.data + other.data, (self, other), "+")

        def rule():
            self.grad += result.grad
            other.grad += result.grad

        result.rule = rule
        return result

    def __radd__(self, other):
        """Return other + self, where other is a plain number on the left.

        Python asks the number first; it does not know what a Value is, so Python asks here.

        For example:
            >>> (3 + Value(2.0)).data
            5.0
        """
        return self + other

    def __sub__(self, other):
        """Return self - other, where other is a Value or a plain number.

        For example:
            >>> (Value(2.0) - Value(3.0)).data
            -1.0
        """
        return self + -1 * other

    def __rsub__(self, other):
        """Return other - self, where other is a plain number on the left.

        For example:
            >>> (3 - Value(2.0)).data
            1.0
        """
        return -1 * self + other

    def __mul__(self, other):
        """Return self * other, where other is a Value or a plain number.

        For example:
            >>> (Value(2.0) * Value(3.0)).data
            6.0
        """
        if not isinstance(other, Value):
            other = Value(other)
        result = Value(self.data * other.data, (self, other), "*")

        def rule():
            self.grad += other.data * result.grad
            other.grad += self.data * result.grad

        result.rule = rule
        return result

    def __rmul__(self, other):
        """Return other * self, where other is a plain number on the left.

        For example:
            >>> (3 * Value(2.0)).data
            6.0
        """
        return self * other

    def __truediv__(self, other):
        """Return self / other, where other is a Value or a plain number, never 0.

        For example:
            >>> (Value(3.0) / Value(2.0)).data
            1.5
        """
        if not isinstance(other, Value):
            other = Value(other)
        return self * other**-1

    def __rtruediv__(self, other):
        """Return other / self, where other is a plain number on the left.

        For example:
            >>> (3 / Value(2.0)).data
            1.5
        """
        return other * self**-1

    def __neg__(self):
        """Return -self.

        For example:
            >>> (-Value(2.0)).data
            -2.0
        """
        return -1 * self

    def __pow__(self, exponent):
        """Return self ** exponent, where exponent is a plain number, whole or not.

        For example:
            >>> (Value(3.0) ** 2).data
            9.0
            >>> (Value(4.0) ** -1).data
            0.25
        """
        result = Value(self.data**exponent, (self,), "**")

        def rule():
            self.grad += exponent * self.data ** (exponent - 1) * result.grad

        result.rule = rule
        return result

    def tanh(self):
        """Return the hyperbolic tangent of self, a number between -1 and 1.

        For example:
            >>> Value(0.0).tanh().data
            0.0
            >>> Value(1.0).tanh().data
            0.7615941559557649
        """
        # Stage backward: the local derivative is steepest at 0, where it is 1, and it fades to
        # both sides. You can tell it from the result alone; take care which number you use.
        return Value(math.tanh(self.data), (self,), "tanh")

    def exp(self):
        """Return e to the power of self.

        For example:
            >>> Value(0.0).exp().data
            1.0
            >>> Value(1.0).exp().data
            2.718281828459045
        """
        # Stage backward: this function is famous for its derivative.
        return Value(math.exp(self.data), (self,), "exp")

    def relu(self):
        """Return self where it is positive, and 0 where it is negative.

        For example:
            >>> Value(2.0).relu().data
            2.0
            >>> Value(-2.0).relu().data
            0.0
        """
        # Stage backward: on one side the result follows self, on the other it does not move.
        # Exactly at 0 there is a kink; no check looks there.
        return Value(self.data if self.data > 0 else 0.0, (self,), "relu")

    # ---- Backward ----

    def backward(self):
        """Fill in .grad of every Value that self was computed from, and of self.

        Afterwards x.grad says how fast self grows when x alone grows.

        For example:
            >>> a = Value(3.0)
            >>> b = a * a
            >>> b.backward()
            >>> b.grad
            1.0
            >>> a.grad
            6.0
        """
        # every Value below self, parents first
        order = []
        seen = set()

        def collect(value):
            if value not in seen:
                seen.add(value)
                for parent in value.parents:
                    collect(parent)
                order.append(value)

        collect(self)
        self.grad = 1.0
        for value in reversed(order):
            value.rule()
