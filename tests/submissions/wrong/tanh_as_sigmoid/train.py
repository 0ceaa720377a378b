import operator
from functools import reduce


def squared_error(prediction, target):
    return (prediction - target) ** 2


def loss(model, xs, ys):
    return reduce(operator.add, map(squared_error, map(model, xs), ys))


def train(model, xs, ys, *, steps, learning_rate):
    losses = []
    for _ in range(steps):
        total = loss(model, xs, ys)
        total.backward()
        losses.append(total.data)
        for p in model.parameters():
            p.data -= learning_rate * p.grad
        model.zero_grad()
    return losses
