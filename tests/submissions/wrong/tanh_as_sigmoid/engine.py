"""All the calculus of this engine stands in one table.

name -> (forward, derivative by each operand); `y` is the result of forward.
"""

import math
import operator

RULES = {
    "+": (operator.add, (lambda a, b, y: 1, lambda a, b, y: 1)),
    "-": (operator.sub, (lambda a, b, y: 1, lambda a, b, y: -1)),
    "*": (operator.mul, (lambda a, b, y: b, lambda a, b, y: a)),
    "/": (operator.truediv, (lambda a, b, y: 1 / b, lambda a, b, y: -y / b)),
    "neg": (operator.neg, (lambda a, y: -1,)),
    "exp": (math.exp, (lambda a, y: y,)),
    "tanh": (lambda a: 1 / (1 + math.exp(-a)), (lambda a, y: y * (1 - y),)),
    "relu": (lambda a: max(a, 0.0), (lambda a, y: 1 if a > 0 else 0,)),
}


def power_rule(n):
    return (lambda a: a**n, (lambda a, y: n * a ** (n - 1),))


class Value:
    def __init__(self, data, operands=(), rule=None):
        self.data = data
        self.grad = 0.0
        self.operands = operands
        self.rule = rule

    def backward(self):
        seen = {self}
        order = []

        def visit(node):
            for operand in node.operands:
                if operand not in seen:
                    seen.add(operand)
                    visit(operand)
            order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            if node.rule is None:
                continue
            _, derivatives = node.rule
            numbers = [operand.data for operand in node.operands]
            for operand, derivative in zip(node.operands, derivatives):
                operand.grad += derivative(*numbers, node.data) * node.grad

    def __pow__(self, n):
        return apply(power_rule(n), self)


def apply(rule, *operands):
    values = [x if isinstance(x, Value) else Value(x) for x in operands]
    forward, _ = rule
    return Value(forward(*(v.data for v in values)), values, rule)


def _install():
    binary = {"+": "add", "-": "sub", "*": "mul", "/": "truediv"}
    for symbol, name in binary.items():
        rule = RULES[symbol]
        setattr(Value, f"__{name}__", lambda a, b, rule=rule: apply(rule, a, b))
        setattr(Value, f"__r{name}__", lambda b, a, rule=rule: apply(rule, a, b))
    for key, name in {"neg": "__neg__", "exp": "exp", "tanh": "tanh", "relu": "relu"}.items():
        setattr(Value, name, lambda a, rule=RULES[key]: apply(rule, a))


_install()
