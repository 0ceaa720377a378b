"""Every node has a level: one more than the highest of its parents.

A node's consumers all stand on higher levels, so walking down level by level
finishes each gradient before it is handed on.
"""

import math


class Value:
    def __init__(self, data, parents=(), hand_on=None):
        self.data = data
        self.grad = 0.0
        self.parents = parents
        self.hand_on = hand_on
        self.level = 1 + max((p.level for p in parents), default=-1)

    @staticmethod
    def of(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.of(other)

        def hand_on(out):
            self.grad += out.grad
            other.grad += out.grad

        return Value(self.data + other.data, (self, other), hand_on)

    def __mul__(self, other):
        other = Value.of(other)

        def hand_on(out):
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        return Value(self.data * other.data, (self, other), hand_on)

    def __pow__(self, n):
        def hand_on(out):
            self.grad += n * self.data ** (n - 1) * out.grad

        return Value(self.data**n, (self,), hand_on)

    def exp(self):
        def hand_on(out):
            self.grad += out.data * out.grad

        return Value(math.exp(self.data), (self,), hand_on)

    def tanh(self):
        def hand_on(out):
            self.grad += (1 - out.data**2) * out.grad

        # 2 / (1 + e^-2x) - 1 is the same function
        return Value(2 / (1 + math.exp(-2 * self.data)) - 1, (self,), hand_on)

    def relu(self):
        def hand_on(out):
            self.grad += out.grad if out.data > 0 else 0.0

        return Value(max(self.data, 0.0), (self,), hand_on)

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -Value.of(other)

    def __truediv__(self, other):
        return self * Value.of(other) ** -1

    def __radd__(self, other):
        return Value(other) + self

    def __rsub__(self, other):
        return Value(other) - self

    def __rmul__(self, other):
        return Value(other) * self

    def __rtruediv__(self, other):
        return Value(other) / self

    def backward(self):
        graph = {self}
        todo = [self]
        while todo:
            for parent in todo.pop().parents:
                if parent not in graph:
                    graph.add(parent)
                    todo.append(parent)
        self.grad = 1.0
        for node in sorted(graph, key=lambda n: -n.level):
            if node.hand_on:
                node.hand_on(node)
