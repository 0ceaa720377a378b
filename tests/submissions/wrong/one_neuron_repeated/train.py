def loss(model, xs, ys):
    predictions = [model(x) for x in xs]
    return sum((p - y) ** 2 for p, y in zip(predictions, ys))


def train(model, xs, ys, *, steps, learning_rate):
    losses = []
    for _ in range(steps):
        # forward
        total = loss(model, xs, ys)

        # backward
        for p in model.parameters():
            p.grad = 0.0
        total.backward()

        # update
        for p in model.parameters():
            p.data += -learning_rate * p.grad

        losses.append(total.data)
    return losses
