"""Whole numbers stay whole numbers until an operation makes a fraction of them."""

from math import exp


class Value:
    def __init__(self, data, parents=()):
        self.data = data
        self.grad = 0
        self.parents = parents
        self.send = None

    def __add__(self, other):
        if type(other) is not Value:
            other = Value(other)
        out = Value(self.data + other.data, (self, other))

        def send(g):
            self.grad += g
            other.grad += g

        out.send = send
        return out

    def __mul__(self, other):
        if type(other) is not Value:
            other = Value(other)
        out = Value(self.data * other.data, (self, other))

        def send(g):
            self.grad += g * other.data
            other.grad += g * self.data

        out.send = send
        return out

    def __pow__(self, n):
        out = Value(self.data**n, (self,))

        def send(g):
            self.grad += g * (n * self.data ** (n - 1))

        out.send = send
        return out

    def exp(self):
        out = Value(exp(self.data), (self,))

        def send(g):
            self.grad += g * out.data

        out.send = send
        return out

    def relu(self):
        out = Value(self.data if self.data > 0 else 0, (self,))

        def send(g):
            if self.data > 0:
                self.grad += g

        out.send = send
        return out

    def tanh(self):
        # no rule of its own: the pieces bring theirs
        e = (2 * self).exp()
        return (e - 1) / (e + 1)

    def __neg__(self):
        return -1 * self

    def __sub__(self, other):
        return self + -1 * other

    def __truediv__(self, other):
        return self * other**-1

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other):
        return -1 * self + other

    def __rtruediv__(self, other):
        return self**-1 * other

    def backward(self):
        order = []
        met = {self}
        todo = [self]
        while todo:
            node = todo[-1]
            fresh = [p for p in node.parents if p not in met]
            if fresh:
                met.add(fresh[0])
                todo.append(fresh[0])
            else:
                order.append(todo.pop())
        self.grad = 1
        while order:
            node = order.pop()
            if node.send is not None:
                node.send(node.grad)
