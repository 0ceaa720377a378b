import copy
import itertools


def loss(model, xs, ys):
    squares = ((model(x) - y) ** 2 for x, y in zip(xs, ys))
    *_, total = itertools.accumulate(squares)
    return total


def train(model, xs, ys, *, steps, learning_rate):
    model = copy.deepcopy(model)

    def one_step():
        model.zero_grad()
        total = loss(model, xs, ys)
        total.backward()
        for p in model.parameters():
            p.data += learning_rate * -p.grad
        return total.data

    return [one_step() for _ in itertools.repeat(None, steps)]
