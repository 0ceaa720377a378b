def loss(m, xs, ys):
    e = 0
    for x, y in zip(xs, ys):
        d = m(x) - y
        e += d * d
    return e


def train(m, xs, ys, *, steps, learning_rate):
    h = []
    for _ in range(steps):
        e = loss(m, xs, ys)
        h.append(e.data)
        m.zero_grad()
        e.backward()
        for p in m.parameters():
            p.data -= learning_rate * p.grad
    return h
