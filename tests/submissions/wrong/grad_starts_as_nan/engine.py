import math


class Value:
    """A scalar with a gradient.

    A node keeps two tuples of equal length: the nodes it came from, and its
    derivative with respect to each of them, worked out during the forward pass.
    """

    __slots__ = ("data", "grad", "parents", "slopes")

    def __init__(self, data, parents=(), slopes=()):
        self.data = data
        self.grad = math.nan  # nobody has asked yet
        self.parents = parents
        self.slopes = slopes

    def __add__(self, other):
        if not isinstance(other, Value):
            return Value(self.data + other, (self,), (1.0,))
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    __radd__ = __add__

    def __mul__(self, other):
        if not isinstance(other, Value):
            return Value(self.data * other, (self,), (other,))
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    __rmul__ = __mul__

    def __neg__(self):
        return Value(-self.data, (self,), (-1.0,))

    def __sub__(self, other):
        return self + -other

    def __rsub__(self, other):
        return -self + other

    def __pow__(self, exponent):
        slope = exponent * self.data ** (exponent - 1)
        return Value(self.data**exponent, (self,), (slope,))

    def __truediv__(self, other):
        if not isinstance(other, Value):
            return Value(self.data / other, (self,), (1 / other,))
        a, b = self.data, other.data
        return Value(a / b, (self, other), (1 / b, -a / b**2))

    def __rtruediv__(self, other):
        return Value(other / self.data, (self,), (-other / self.data**2,))

    def exp(self):
        result = math.exp(self.data)
        return Value(result, (self,), (result,))

    def tanh(self):
        result = math.tanh(self.data)
        return Value(result, (self,), ((1 - result) * (1 + result),))

    def relu(self):
        if self.data > 0:
            return Value(self.data, (self,), (1.0,))
        return Value(0.0, (self,), (0.0,))

    def backward(self):
        self.grad = 1.0
        for node in reversed(self._parents_first()):
            for parent, slope in zip(node.parents, node.slopes):
                share = slope * node.grad
                parent.grad = share if math.isnan(parent.grad) else parent.grad + share

    def _parents_first(self):
        """List the graph with every node after its parents, without recursion."""
        order, started = [], set()
        stack = [(self, False)]
        while stack:
            node, parents_done = stack.pop()
            if parents_done:
                order.append(node)
            elif node not in started:
                started.add(node)
                stack.append((node, True))
                stack.extend((parent, False) for parent in node.parents)
        return order
