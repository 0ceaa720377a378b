from engine import Value


def loss(model, xs, ys):
    total = Value(0)
    for x, y in zip(xs, ys):
        total += (model(x) - y) ** 2
    return total


def train(model, xs, ys, *, steps, learning_rate):
    losses = []
    for _ in range(steps):
        model.zero_grad()
        total = 0.0
        # The derivative of a sum is the sum of the derivatives, so each example
        # may run backward alone while the gradients add up in the parameters.
        for x, y in zip(xs, ys):
            example = loss(model, [x], [y])
            example.backward()
            total += example.data
        for parameter in model.parameters():
            parameter.data -= learning_rate * parameter.grad
        losses.append(total)
    return losses
