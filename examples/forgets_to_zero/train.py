"""The loss, and the loop that lowers it."""

from engine import Value


def loss(model, xs, ys):
    # Our MLP gives a bare Value when its last layer has one neuron, so no unpacking is needed.
    misses = [model(x) - y for x, y in zip(xs, ys, strict=True)]
    return sum((miss**2 for miss in misses), Value(0.0))


def train(model, xs, ys, *, steps, learning_rate):
    history = []
    for _ in range(steps):
        total = loss(model, xs, ys)  # forward: a new graph, with the weights of this step
        history.append(total.data)

        total.backward()

        for parameter in model.parameters():
            parameter.data -= learning_rate * parameter.grad  # minus: downhill
    return history
