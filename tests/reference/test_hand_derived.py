"""The reference against numbers worked out on paper.

Where the numbers are dyadic fractions, float64 holds them exactly and nothing less than
equality is accepted. `exp` and `tanh` are asked at logarithms, where they too are
fractions: exp(ln 2) = 2 and tanh(ln t) = (t² − 1) / (t² + 1).
"""

import math
from collections.abc import Callable, Sequence
from fractions import Fraction

import pytest

from engine_reference import MLP, Layer, Neuron, Value, loss, train

LN_2 = math.log(2)
LN_3 = math.log(3)


def exactly(numbers: Sequence[Fraction | float]) -> list[float]:
    floats = [float(number) for number in numbers]
    assert floats == list(numbers), "a number in the table is not a float64"
    return floats


def nearly(numbers: Sequence[Fraction | float]) -> object:
    return pytest.approx([float(number) for number in numbers], rel=2e-15, abs=0)


def value_and_gradients(
    build: Callable[..., Value], at: Sequence[float]
) -> tuple[float, list[float]]:
    leaves = [Value(number) for number in at]
    root = build(*leaves)
    root.backward()
    return root.data, [leaf.grad for leaf in leaves]


# expression, the same as a function, where, its value, its gradients
EXACT = [
    # every operation, with a number on either side where there are sides
    ("a + b", lambda a, b: a + b, (2, 5), 7, (1, 1)),
    ("a + 3", lambda a: a + 3, (2,), 5, (1,)),
    ("3 + a", lambda a: 3 + a, (2,), 5, (1,)),
    ("a - b", lambda a, b: a - b, (2, 5), -3, (1, -1)),
    ("a - 3", lambda a: a - 3, (2,), -1, (1,)),
    ("3 - a", lambda a: 3 - a, (2,), 1, (-1,)),
    ("a * b", lambda a, b: a * b, (3, -4), -12, (-4, 3)),
    ("a * 3", lambda a: a * 3, (2,), 6, (3,)),
    ("3 * a", lambda a: 3 * a, (2,), 6, (3,)),
    ("a / b", lambda a, b: a / b, (3, 4), Fraction(3, 4), (Fraction(1, 4), Fraction(-3, 16))),
    ("a / 4", lambda a: a / 4, (3,), Fraction(3, 4), (Fraction(1, 4),)),
    ("3 / a", lambda a: 3 / a, (4,), Fraction(3, 4), (Fraction(-3, 16),)),
    ("-a", lambda a: -a, (2,), -2, (-1,)),
    ("a ** 2", lambda a: a**2, (3,), 9, (6,)),
    ("a ** 3 of a negative", lambda a: a**3, (-2,), -8, (12,)),
    ("a ** 2 at zero", lambda a: a**2, (0,), 0, (0,)),
    ("a ** 1", lambda a: a**1, (3,), 3, (1,)),
    ("a ** 1 at zero", lambda a: a**1, (0.0,), 0, (1,)),
    ("a ** 0", lambda a: a**0, (3,), 1, (0,)),
    ("a ** -1", lambda a: a**-1, (4.0,), Fraction(1, 4), (Fraction(-1, 16),)),
    ("a ** -2", lambda a: a**-2, (-2.0,), Fraction(1, 4), (Fraction(1, 4),)),
    ("a ** 0.5", lambda a: a**0.5, (4,), 2, (Fraction(1, 4),)),
    ("a ** -0.5", lambda a: a**-0.5, (4,), Fraction(1, 2), (Fraction(-1, 16),)),
    ("a ** 1.5", lambda a: a**1.5, (4,), 8, (3,)),
    ("exp at zero", lambda a: a.exp(), (0,), 1, (1,)),
    ("tanh at zero", lambda a: a.tanh(), (0,), 0, (1,)),
    ("relu of a positive", lambda a: a.relu(), (2,), 2, (1,)),
    ("relu of a negative", lambda a: a.relu(), (-2,), 0, (0,)),
    # a node used more than once
    ("a + a", lambda a: a + a, (3,), 6, (2,)),
    ("a - a", lambda a: a - a, (3,), 0, (0,)),
    ("a * a", lambda a: a * a, (3,), 9, (6,)),
    ("a / a", lambda a: a / a, (4,), 1, (0,)),
    ("a * a * a", lambda a: a * a * a, (2,), 8, (12,)),
    ("(a + a) * a", lambda a: (a + a) * a, (3,), 18, (12,)),
    ("-a * a", lambda a: -a * a, (3,), -9, (-6,)),
    ("-a + a", lambda a: -a + a, (3,), 0, (0,)),
    ("a ** 2 + a ** 3", lambda a: a**2 + a**3, (2,), 12, (16,)),
    ("relu(a) * a", lambda a: a.relu() * a, (3,), 9, (6,)),
    ("relu(-a) + a", lambda a: (-a).relu() + a, (-3,), 0, (0,)),
    ("3 - a - a", lambda a: 3 - a - a, (1,), 1, (-2,)),
    ("3 / a / a", lambda a: 3 / a / a, (2,), Fraction(3, 4), (Fraction(-3, 4),)),
    # shapes: two ways of one length, then of different lengths, both ways round
    ("(a + 1) * (3 * a)", lambda a: (a + 1) * (3 * a), (2,), 18, (15,)),
    ("((2 * a + 1) * 3) * a", lambda a: ((2 * a + 1) * 3) * a, (2,), 30, (27,)),
    ("a * ((2 * a + 1) * 3)", lambda a: a * ((2 * a + 1) * 3), (2,), 30, (27,)),
    ("a * b + b / a", lambda a, b: a * b + b / a, (2, 6), 15, (Fraction(9, 2), Fraction(5, 2))),
]

CLOSED_FORM = [
    ("exp(a)", lambda a: a.exp(), (LN_2,), 2, (2,)),
    ("exp(a) at 1", lambda a: a.exp(), (1,), math.e, (math.e,)),
    ("exp(a) at -ln 2", lambda a: a.exp(), (-LN_2,), Fraction(1, 2), (Fraction(1, 2),)),
    ("tanh(a) at ln 2", lambda a: a.tanh(), (LN_2,), Fraction(3, 5), (Fraction(16, 25),)),
    ("tanh(a) at -ln 3", lambda a: a.tanh(), (-LN_3,), Fraction(-4, 5), (Fraction(9, 25),)),
    ("exp(a) * exp(a)", lambda a: a.exp() * a.exp(), (LN_2,), 4, (8,)),
    # e^a·(1 + a) is the slope of a·e^a
    ("a * exp(a)", lambda a: a * a.exp(), (LN_2,), 2 * LN_2, (2 + 2 * LN_2,)),
    ("exp(a * b)", lambda a, b: (a * b).exp(), (LN_2, 2), 4, (8, 4 * LN_2)),
    # 2·tanh·(1 − tanh²) = 2 · 3/5 · 16/25
    ("tanh(a) ** 2", lambda a: a.tanh() ** 2, (LN_2,), Fraction(9, 25), (Fraction(96, 125),)),
    (
        "tanh(a) + a",
        lambda a: a.tanh() + a,
        (LN_3,),
        0.8 + LN_3,
        (Fraction(34, 25),),
    ),
    # (e^2a − 1) / (e^2a + 1) is tanh, and has the slope of tanh
    (
        "tanh spelled with exp",
        lambda a: ((2 * a).exp() - 1) / ((2 * a).exp() + 1),
        (LN_2,),
        Fraction(3, 5),
        (Fraction(16, 25),),
    ),
    ("a / 3", lambda a: a / 3, (1,), Fraction(1, 3), (Fraction(1, 3),)),
    ("1 / a", lambda a: 1 / a, (3,), Fraction(1, 3), (Fraction(-1, 9),)),
    ("a ** -1 at 3", lambda a: a**-1, (3,), Fraction(1, 3), (Fraction(-1, 9),)),
    ("a ** 0.5 at 2", lambda a: a**0.5, (2,), math.sqrt(2), (math.sqrt(2) / 4,)),
]


@pytest.mark.parametrize(
    ("build", "at", "value", "gradients"),
    [pytest.param(*row[1:], id=row[0]) for row in EXACT],
)
def test_value_and_gradients_equal_the_fractions_on_paper(build, at, value, gradients):
    assert value_and_gradients(build, at) == (float(value), exactly(gradients))


@pytest.mark.parametrize(
    ("build", "at", "value", "gradients"),
    [pytest.param(*row[1:], id=row[0]) for row in CLOSED_FORM],
)
def test_value_and_gradients_equal_the_closed_form(build, at, value, gradients):
    actual_value, actual_gradients = value_and_gradients(build, at)
    assert [actual_value] == nearly([value])
    assert actual_gradients == nearly(gradients)


def test_diamond_gives_each_side_the_other_side_as_gradient():
    a = Value(2.0)
    left, right = a + 1, 3 * a
    root = left * right
    root.backward()
    assert [root.grad, left.grad, right.grad, a.grad] == [1, 6, 3, 15]


def test_shared_node_receives_both_contributions():
    # s = ab = 6 and root = s² + 3s, so d root/ds = 2s + 3 = 15
    a, b = Value(2.0), Value(3.0)
    s = a * b
    root = s * s + 3 * s
    root.backward()
    assert [root.data, s.grad, a.grad, b.grad] == [54, 15, 45, 30]


@pytest.mark.parametrize("shared_first", [True, False])
def test_shared_node_waits_for_its_deeper_user(shared_first):
    # s = ab = 6 and root = s·(2s + 1), so d root/ds = 4s + 1 = 25
    a, b = Value(2.0), Value(3.0)
    s = a * b
    deeper = 2 * s + 1
    root = s * deeper if shared_first else deeper * s
    root.backward()
    assert [root.data, deeper.grad, s.grad, a.grad, b.grad] == [78, 6, 25, 75, 50]


def test_two_graphs_that_share_a_leaf_add_up_in_it():
    # 3a has the slope 3, a² the slope 2a = 10
    a = Value(5.0)
    (3 * a).backward()
    assert a.grad == 3
    (a * a).backward()
    assert a.grad == 13


def test_leaf_outside_the_graph_receives_nothing():
    a, outsider = Value(2.0), Value(3.0)
    (outsider * a).tanh()
    (a * a).backward()
    assert (a.grad, outsider.grad) == (4, 0)


def test_leaf_as_root_has_gradient_one():
    a = Value(7.0)
    assert a.grad == 0
    a.backward()
    assert a.grad == 1


def test_readme_example_of_micrograd_comes_out_as_derived():
    """Source: the README of karpathy/micrograd, which prints 24.7041, 138.8338, 645.5773.

    On paper: c = 3a + 4b + 3 and, as b + a < 0 < b − a, d = 12(ab + b³) + b − a.
    At (−4, 2): e = c − d = −7, f = 49, dg/df = 1/2 − 10/f², df/de = −14,
    de/da = 3 − (12b − 1) = −20 and de/db = 4 − (12(a + 3b²) + 1) = −93.
    """
    a, b = Value(-4.0), Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    g.backward()
    slope_of_f = Fraction(1, 2) - Fraction(10, 49**2)
    assert [g.data, a.grad, b.grad] == nearly(
        [Fraction(49, 2) + Fraction(10, 49), slope_of_f * -14 * -20, slope_of_f * -14 * -93]
    )


# ── Neuron and network ────────────────────────────────────────────────────────────────


def test_tanh_neuron_of_the_lecture():
    # w·x + b = asinh 1, where tanh is 1/√2 and its slope 1 − 1/2 = 1/2
    neuron = Neuron(2)
    neuron.w[0].data, neuron.w[1].data, neuron.b.data = -3.0, 1.0, 6 + math.asinh(1)
    x1, x2 = Value(2.0), Value(0.0)
    out = neuron([x1, x2])
    out.backward()
    assert out.data == pytest.approx(1 / math.sqrt(2), rel=1e-14)
    actual = [neuron.w[0].grad, neuron.w[1].grad, neuron.b.grad, x1.grad, x2.grad]
    assert actual == pytest.approx([1.0, 0.0, 0.5, -1.5, 0.5], rel=1e-14, abs=0)


def tiny_network() -> MLP:
    """Return a network that computes fractions at x = (2, −3).

    First neuron:  1·2 + 2·(−3) + (4 + ln 2) = ln 2, tanh = 3/5, slope 16/25.
    Second neuron: 3·2 + 1·(−3) − (3 + ln 3) = −ln 3, tanh = −4/5, slope 9/25.
    Output: 5·3/5 + 5/2·(−4/5) + (ln 2 − 1) = ln 2, tanh = 3/5, slope 16/25.
    """
    model = MLP(2, [2, 1])
    numbers = [([1, 2], 4 + LN_2), ([3, 1], -3 - LN_3), ([5, 2.5], LN_2 - 1)]
    neurons = [neuron for layer in model.layers for neuron in layer.neurons]
    for neuron, (weights, bias) in zip(neurons, numbers, strict=True):
        neuron.b.data = bias
        for weight, number in zip(neuron.w, weights, strict=True):
            weight.data = number
    return model


# The target is −2/5, so the error is 1, the loss 1 and d loss/d output = 2.
# Output:        z = 2·16/25 = 32/25, which the weights meet with 3/5 and −4/5.
# First neuron:  z = 32/25·5·16/25 = 512/125, which the weights meet with 2 and −3.
# Second neuron: z = 32/25·5/2·9/25 = 144/125, likewise.
TINY_X, TINY_Y = (2.0, -3.0), -0.4
TINY_GRADIENTS = {
    (0, 0): ([Fraction(1024, 125), Fraction(-1536, 125)], Fraction(512, 125)),
    (0, 1): ([Fraction(288, 125), Fraction(-432, 125)], Fraction(144, 125)),
    (1, 0): ([Fraction(96, 125), Fraction(-128, 125)], Fraction(32, 25)),
}


def close(number: Fraction) -> object:
    # Looser than above: the biases are rounded sums of a logarithm and a whole number.
    return pytest.approx(float(number), rel=2e-14, abs=0)


def test_every_gradient_of_a_tiny_network_equals_the_fraction_on_paper():
    model = tiny_network()
    total = loss(model, [TINY_X], [TINY_Y])
    total.backward()
    assert total.data == close(Fraction(1))
    for (layer, index), (weights, bias) in TINY_GRADIENTS.items():
        neuron = model.layers[layer].neurons[index]
        assert [weight.grad for weight in neuron.w] == [close(weight) for weight in weights]
        assert neuron.b.grad == close(bias)


def test_gradients_of_the_inputs_of_a_tiny_network_add_over_its_neurons():
    # d loss/dx = 512/125·(1, 2) + 144/125·(3, 1)
    x1, x2 = Value(TINY_X[0]), Value(TINY_X[1])
    loss(tiny_network(), [[x1, x2]], [TINY_Y]).backward()
    assert x1.grad == close(Fraction(944, 125))
    assert x2.grad == close(Fraction(1168, 125))


def test_one_step_moves_every_parameter_of_a_tiny_network_against_its_gradient():
    before, model = tiny_network(), tiny_network()
    (measured,) = train(model, [TINY_X], [TINY_Y], steps=1, learning_rate=0.125)
    assert measured == close(Fraction(1))
    for (layer, index), (weights, bias) in TINY_GRADIENTS.items():
        old, new = before.layers[layer].neurons[index], model.layers[layer].neurons[index]
        pairs = zip([*old.w, old.b], [*new.w, new.b], [*weights, bias], strict=True)
        for was, is_, gradient in pairs:
            assert is_.data - was.data == pytest.approx(float(-gradient / 8), rel=1e-13)


def test_loss_sums_the_squared_error_over_the_examples():
    # predictions 3/5, 3/5, 3/5 miss by 1, 0 and −2: not their mean, not |error|
    total = loss(tiny_network(), [TINY_X] * 3, [-0.4, 0.6, 2.6])
    assert total.data == close(Fraction(5))


@pytest.mark.parametrize(
    ("nin", "nouts", "count"),
    [(3, [4, 4, 1], 41), (1, [1], 2), (2, [3], 9), (2, [16, 16, 1], 337)],
)
def test_network_has_this_many_parameters(nin, nouts, count):
    # one weight for each input and one bias, for each neuron: (3+1)·4 + (4+1)·4 + (4+1)·1
    parameters = MLP(nin, nouts).parameters()
    assert len(parameters) == count
    assert len({id(parameter) for parameter in parameters}) == count


def test_layer_and_neuron_count_their_own_parameters():
    assert len(Neuron(3).parameters()) == 4
    assert len(Layer(3, 4).parameters()) == 16


# ── The one-weight step ───────────────────────────────────────────────────────────────


class OneWeight:
    """The prediction w·x."""

    def __init__(self) -> None:
        self.w = Value(2.0)

    def __call__(self, x: Sequence[float]) -> Value:
        return self.w * x[0]

    def parameters(self) -> list[Value]:
        return [self.w]

    def zero_grad(self) -> None:
        self.w.grad = 0.0


class OneWeightInAList(OneWeight):
    """The same, answering as a layer of one output does."""

    def __call__(self, x: Sequence[float]) -> list[Value]:
        return [self.w * x[0]]


@pytest.mark.parametrize("stand_in", [OneWeight, OneWeightInAList])
def test_one_weight_step_brings_the_loss_from_9_to_9_hundredths(stand_in):
    # w = 2 at (3, 3): the error is 6 − 3, the slope 2·3·3 = 18, and 2 − 0.05·18 = 1.1.
    # Then the error is 3.3 − 3, the slope 1.8, and 1.1 − 0.09 = 1.01.
    model = stand_in()
    assert train(model, [[3.0]], [3.0], steps=1, learning_rate=0.05) == [9.0]
    assert model.w.grad == 18
    assert model.w.data == pytest.approx(1.1, rel=1e-15)
    assert train(model, [[3.0]], [3.0], steps=1, learning_rate=0.05) == pytest.approx([0.09])
    assert model.w.grad == pytest.approx(1.8)
    assert model.w.data == pytest.approx(1.01, rel=1e-15)


def test_one_weight_steps_shrink_the_error_tenfold_each():
    model = OneWeight()
    losses = train(model, [[3.0]], [3.0], steps=6, learning_rate=0.05)
    assert losses == pytest.approx([9.0 / 100**step for step in range(6)], rel=1e-9)
    assert model.w.data - 1 == pytest.approx(1e-6, rel=1e-9)


def test_one_weight_with_two_examples_steps_by_the_sum_of_their_slopes():
    # w = 2 at (1, 1) and (2, 0): errors 1 and 4, loss 1 + 16, slope 2·1·1 + 2·4·2 = 18
    model = OneWeight()
    assert train(model, [[1.0], [2.0]], [1.0, 0.0], steps=1, learning_rate=0.125) == [17.0]
    assert model.w.data == 2 - 18 / 8
