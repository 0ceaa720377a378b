def loss(model, xs, ys):
    return sum((model(x) - y) ** 2 for x, y in zip(xs, ys))


class Descent:
    def __init__(self, parameters, learning_rate):
        self.parameters = parameters
        self.learning_rate = learning_rate

    def zero(self):
        for p in self.parameters:
            p.grad = 0.0

    def step(self):
        for p in self.parameters:
            p.data -= self.learning_rate * p.grad


def train(model, xs, ys, *, steps, learning_rate):
    descent = Descent(model.parameters(), learning_rate)
    losses = []
    for _ in range(steps):
        now = loss(model, xs, ys)
        descent.zero()
        now.backward()
        descent.step()
        losses.append(now.data)
    return losses
