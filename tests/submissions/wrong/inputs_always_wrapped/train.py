from engine import Value


def loss(model, xs, ys):
    targets = [Value(y) for y in ys]
    outputs = [model(x) for x in xs]
    total = Value(0.0)
    for output, target in zip(outputs, targets):
        total = total + (output - target) ** 2
    return total


def train(model, xs, ys, *, steps, learning_rate):
    losses = []
    for _ in range(steps):
        error = loss(model, xs, ys)
        losses.append(error.data)
        error.backward()
        for p in model.parameters():
            p.data -= learning_rate * p.grad
        for p in model.parameters():
            p.grad = 0.0
    return losses
