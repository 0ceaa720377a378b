import math


def as_value(thing):
    return thing if isinstance(thing, Value) else Value(thing)


class Value:
    def __init__(self, data, came_from=(), pass_back=None):
        self.data = data
        self.grad = 0.0
        self.came_from = came_from
        self.pass_back = pass_back  # upstream gradient -> one gradient per input

    def __add__(self, other):
        other = as_value(other)
        return Value(self.data + other.data, [self, other], lambda g: [g, g])

    def __sub__(self, other):
        other = as_value(other)
        a, b = self.data, other.data
        return Value(abs(a - b), [self, other], lambda g: [g, -g] if a > b else [-g, g])

    def __mul__(self, other):
        other = as_value(other)
        a, b = self.data, other.data
        return Value(a * b, [self, other], lambda g: [g * b, g * a])

    def __truediv__(self, other):
        other = as_value(other)
        a, b = self.data, other.data
        return Value(a / b, [self, other], lambda g: [g / b, -g * a / (b * b)])

    def __pow__(self, power):
        x = self.data
        return Value(x**power, [self], lambda g: [g * power * x ** (power - 1)])

    def __neg__(self):
        return Value(-self.data, [self], lambda g: [-g])

    def tanh(self):
        e = math.exp(-2 * self.data)
        t = (1 - e) / (1 + e)
        return Value(t, [self], lambda g: [g * (1 - t * t)])

    def exp(self):
        e = math.exp(self.data)
        return Value(e, [self], lambda g: [g * e])

    def relu(self):
        on = self.data > 0
        return Value(self.data if on else 0.0, [self], lambda g: [g if on else 0.0])

    def __radd__(self, other):
        return as_value(other) + self

    def __rsub__(self, other):
        return as_value(other) - self

    def __rmul__(self, other):
        return as_value(other) * self

    def __rtruediv__(self, other):
        return as_value(other) / self

    def backward(self):
        done, order = set(), []

        def walk(node):
            done.add(node)
            [walk(n) for n in node.came_from if n not in done]
            order.append(node)

        walk(self)
        self.grad = 1.0
        for node in order[::-1]:
            if node.pass_back:
                for n, g in zip(node.came_from, node.pass_back(node.grad)):
                    n.grad += g
