def loss(model, xs, ys):
    errors = [model(x) - y for x, y in zip(xs, ys)]
    return sum([e * e for e in errors])


def step(model, xs, ys, learning_rate):
    total = loss(model, xs, ys)
    total.backward()
    for p in model.parameters():
        p.data -= learning_rate * p.grad
    model.zero_grad()
    return total.data


def train(model, xs, ys, *, steps, learning_rate):
    return [step(model, xs, ys, learning_rate) for _ in range(steps)]
