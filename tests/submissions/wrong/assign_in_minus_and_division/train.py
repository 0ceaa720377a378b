from .engine import Value


def loss(model, xs, ys):
    total = Value(0)
    for x, y in zip(xs, ys):
        difference = y - model(x)
        total += difference * difference
    return total


def update(parameters, learning_rate):
    for p in parameters:
        p.data -= learning_rate * p.grad


def train(model, xs, ys, *, steps, learning_rate):
    losses = []
    for _ in range(steps):
        current = loss(model, xs, ys)
        losses.append(current.data)
        model.zero_grad()
        current.backward()
        update(model.parameters(), learning_rate)
    return losses
