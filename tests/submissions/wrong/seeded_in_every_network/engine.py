from math import exp, tanh


class Value:
    def __init__(s, x, p=()):
        s.data = x
        s.grad = 0.0
        s.p = p
        s.f = lambda: None

    def __add__(s, o):
        o = o if isinstance(o, Value) else Value(o)
        r = Value(s.data + o.data, (s, o))

        def f():
            s.grad += r.grad
            o.grad += r.grad

        r.f = f
        return r

    def __sub__(s, o):
        o = o if isinstance(o, Value) else Value(o)
        r = Value(s.data - o.data, (s, o))

        def f():
            s.grad += r.grad
            o.grad -= r.grad

        r.f = f
        return r

    def __mul__(s, o):
        o = o if isinstance(o, Value) else Value(o)
        r = Value(s.data * o.data, (s, o))

        def f():
            s.grad += o.data * r.grad
            o.grad += s.data * r.grad

        r.f = f
        return r

    def __truediv__(s, o):
        o = o if isinstance(o, Value) else Value(o)
        r = Value(s.data / o.data, (s, o))

        def f():
            s.grad += r.grad / o.data
            o.grad -= r.grad * s.data / o.data**2

        r.f = f
        return r

    def __pow__(s, n):
        r = Value(s.data**n, (s,))

        def f():
            s.grad += n * s.data ** (n - 1) * r.grad

        r.f = f
        return r

    def __neg__(s):
        return 0 - s

    def tanh(s):
        r = Value(tanh(s.data), (s,))

        def f():
            s.grad += (1 - r.data**2) * r.grad

        r.f = f
        return r

    def exp(s):
        r = Value(exp(s.data), (s,))

        def f():
            s.grad += r.data * r.grad

        r.f = f
        return r

    def relu(s):
        r = Value(max(0.0, s.data), (s,))

        def f():
            if s.data > 0:
                s.grad += r.grad

        r.f = f
        return r

    def __radd__(s, o):
        return Value(o) + s

    def __rsub__(s, o):
        return Value(o) - s

    def __rmul__(s, o):
        return Value(o) * s

    def __rtruediv__(s, o):
        return Value(o) / s

    def backward(s):
        t, v = [], set()

        def g(n):
            if n not in v:
                v.add(n)
                for q in n.p:
                    g(q)
                t.append(n)

        g(s)
        s.grad += 1
        for n in t[::-1]:
            n.f()
