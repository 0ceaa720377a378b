"""A number that remembers how it was computed, so that gradients can find their way back.

Two stages meet in this file. Write all of the first before you look at the second.

- Stage value, lesson 1 (Recording the graph): numbers, operators, and who came from whom.
- Stage backward, lesson 2 (Backward): gradients, handed from every result to its parents.

Each place to fill in is a line that raises NotImplementedError: put your code in its stead.
Grade as often as you like: a place you have not reached costs its own checks and no others.
"""

import math  # noqa: F401 (tanh and exp will use it)

_LESSON_1 = "stage value, lesson 1: Recording the graph"
_LESSON_2 = "stage backward, lesson 2: Backward"


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
        # Stage value: three things to keep on self. Nobody but you reads the record of the
        # origin, so its name and form are yours. (The name _children is micrograd's; the
        # lessons say parents. Both mean the Values that this one was made from.)
        # Stage backward: also a place for the rule that serves the parents; the rules are
        # explained below. A leaf has no parents: what should its rule do?
        raise NotImplementedError(f"not written yet: Value(number) ({_LESSON_1})")

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
        # Stage value: a plain number has no .data. Turn it into something that has, first.
        # Stage backward: two parents, two shares. Try it on a + a, where both are one Value.
        raise NotImplementedError(f"not written yet: a + b ({_LESSON_1})")

    def __radd__(self, other):
        """Return other + self, where other is a plain number on the left.

        Python asks the number first; it does not know what a Value is, so Python asks here.

        For example:
            >>> (3 + Value(2.0)).data
            5.0
        """
        # Stage value: sum() needs this one too, because it starts counting from the int 0.
        raise NotImplementedError(f"not written yet: number + a ({_LESSON_1})")

    def __sub__(self, other):
        """Return self - other, where other is a Value or a plain number.

        For example:
            >>> (Value(2.0) - Value(3.0)).data
            -1.0
        """
        # Stage value: computed here, or made of operators that you have. Both are fine.
        # Stage backward: nothing to do if it is made of others. If not: when other grows, in
        # which direction does the result move?
        raise NotImplementedError(f"not written yet: a - b ({_LESSON_1})")

    def __rsub__(self, other):
        """Return other - self, where other is a plain number on the left.

        For example:
            >>> (3 - Value(2.0)).data
            1.0
        """
        # Stage value: read the docstring again. Which of the two is on the left?
        raise NotImplementedError(f"not written yet: number - a ({_LESSON_1})")

    def __mul__(self, other):
        """Return self * other, where other is a Value or a plain number.

        For example:
            >>> (Value(2.0) * Value(3.0)).data
            6.0
        """
        # Stage value: the same shape as addition.
        # Stage backward: a rectangle has sides self and other. One side grows by a little: by
        # how much does the area grow? That is the local derivative for that side.
        raise NotImplementedError(f"not written yet: a * b ({_LESSON_1})")

    def __rmul__(self, other):
        """Return other * self, where other is a plain number on the left.

        For example:
            >>> (3 * Value(2.0)).data
            6.0
        """
        # Stage value: does it matter for a product which factor is on the left?
        raise NotImplementedError(f"not written yet: number * a ({_LESSON_1})")

    def __truediv__(self, other):
        """Return self / other, where other is a Value or a plain number, never 0.

        For example:
            >>> (Value(3.0) / Value(2.0)).data
            1.5
        """
        # Stage value: other may be a Value that was computed itself. Whichever way you write
        # the division, the result has to know both of its parents.
        # Stage backward: nothing to do if it is made of other operators.
        raise NotImplementedError(f"not written yet: a / b ({_LESSON_1})")

    def __rtruediv__(self, other):
        """Return other / self, where other is a plain number on the left.

        For example:
            >>> (3 / Value(2.0)).data
            1.5
        """
        # Stage value: and for a quotient?
        raise NotImplementedError(f"not written yet: number / a ({_LESSON_1})")

    def __neg__(self):
        """Return -self.

        For example:
            >>> (-Value(2.0)).data
            -2.0
        """
        # Stage value: the result is a step in the graph like any other, with a parent.
        raise NotImplementedError(f"not written yet: -a ({_LESSON_1})")

    def __pow__(self, exponent):
        """Return self ** exponent, where exponent is a plain number, whole or not.

        For example:
            >>> (Value(3.0) ** 2).data
            9.0
            >>> (Value(4.0) ** -1).data
            0.25
        """
        # Stage value: the exponent is not trained, so it stays a number. How many parents?
        # Stage backward: test your local derivative on an exponent of 1, where you know it.
        raise NotImplementedError(f"not written yet: a ** number ({_LESSON_1})")

    def tanh(self):
        """Return the hyperbolic tangent of self, a number between -1 and 1.

        For example:
            >>> Value(0.0).tanh().data
            0.0
            >>> Value(1.0).tanh().data
            0.7615941559557649
        """
        # Stage value: the math module has it.
        # Stage backward: the local derivative is steepest at 0, where it is 1, and it fades to
        # both sides. You can tell it from the result alone; take care which number you use.
        raise NotImplementedError(f"not written yet: a.tanh() ({_LESSON_1})")

    def exp(self):
        """Return e to the power of self.

        For example:
            >>> Value(0.0).exp().data
            1.0
            >>> Value(1.0).exp().data
            2.718281828459045
        """
        # Stage backward: this function is famous for its derivative.
        raise NotImplementedError(f"not written yet: a.exp() ({_LESSON_1})")

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
        raise NotImplementedError(f"not written yet: a.relu() ({_LESSON_1})")

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
        # Stage backward, in four moves:
        # 1. Find every Value below self, each of them once, however often it is used.
        # 2. Put them in an order. A Value may serve its parents only when its own gradient is
        #    complete: who must have had their turn before it?
        # 3. Start: how fast does self grow when self grows?
        # 4. Let each Value apply its rule, in that order.
        raise NotImplementedError(f"not written yet: a.backward() ({_LESSON_2})")
