from engine import Value


def loss(model, xs, ys):
    total = Value(0.0)
    for x, y in zip(xs, ys):
        (prediction,) = model(x)  # a list of one
        total = total + (prediction - y) ** 2
    return total


def train(model, xs, ys, *, steps, learning_rate):
    losses = []
    for _ in range(steps):
        out = loss(model, xs, ys)
        losses.append(out.data)
        model.zero_grad()
        out.backward()
        for p in model.parameters():
            p.data -= learning_rate * p.grad
    return losses
