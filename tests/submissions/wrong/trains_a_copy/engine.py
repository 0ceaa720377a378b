import math
from collections import Counter, deque


class Value:
    def __init__(self, data, edges=()):
        self.data = data
        self.grad = 0.0
        self.edges = edges  # ((input, local derivative), ...)

    def __add__(self, other):
        other = number_to_value(other)
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __sub__(self, other):
        other = number_to_value(other)
        return Value(self.data - other.data, ((self, 1.0), (other, -1.0)))

    def __mul__(self, other):
        other = number_to_value(other)
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))

    def __truediv__(self, other):
        return self * number_to_value(other) ** -1

    def __pow__(self, exponent):
        local = exponent * math.pow(self.data, exponent - 1)
        return Value(math.pow(self.data, exponent), ((self, local),))

    def __neg__(self):
        return Value(-self.data, ((self, -1.0),))

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return number_to_value(other) - self

    def __rtruediv__(self, other):
        return number_to_value(other) / self

    def exp(self):
        e = math.exp(self.data)
        return Value(e, ((self, e),))

    def tanh(self):
        up, down = math.exp(self.data), math.exp(-self.data)
        t = (up - down) / (up + down)
        return Value(t, ((self, 1 - t * t),))

    def relu(self):
        local = float(self.data > 0)
        return Value(local * self.data, ((self, local),))

    def backward(self):
        """Pass gradients on once every consumer of a node has sent its share."""
        waiting = self._consumer_counts()
        self.grad = 1.0
        ready = deque([self])
        while ready:
            node = ready.popleft()
            for below, local in node.edges:
                below.grad += local * node.grad
                waiting[below] -= 1
                if waiting[below] == 0:
                    ready.append(below)

    def _consumer_counts(self):
        counts = Counter()
        seen = {self}
        queue = deque([self])
        while queue:
            for below, _ in queue.popleft().edges:
                counts[below] += 1
                if below not in seen:
                    seen.add(below)
                    queue.append(below)
        return counts


def number_to_value(x):
    return x if isinstance(x, Value) else Value(x)
