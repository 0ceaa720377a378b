from engine import TAPE, Value, trim


def loss(model, xs, ys):
    total = Value(0.0)
    for x, y in zip(xs, ys):
        miss = model(x) - y
        total = total + miss * miss
    return total


def train(model, xs, ys, *, steps, learning_rate):
    history = []
    start = len(TAPE)
    for _ in range(steps):
        model.zero_grad()
        current = loss(model, xs, ys)
        current.backward()
        history.append(current.data)
        for p in model.parameters():
            p.data -= learning_rate * p.grad
        trim(start)  # this step's graph is done with
    return history
