def loss(model, xs, ys):
    return sum((model(x) - y) ** 2 for x, y in zip(xs, ys))


def train(model, xs, ys, *, steps, learning_rate):
    losses = []
    parameters = model.parameters()
    for _ in range(steps):
        now = loss(model, xs, ys)
        now.backward()
        for p in parameters:
            p.data -= learning_rate * p.grad
            p.grad = 0.0  # used up: ready for the next step
        losses.append(now.data)
    return losses
