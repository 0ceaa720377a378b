"""The reference against central differences in plain float64: (f(+h) − f(−h)) / 2h.

Coarse, but the oracle every learner can write. What is differenced is plain arithmetic,
never the engine's own forward pass.
"""

import math

import pytest
from reference_expressions import (
    FLOAT,
    central_difference,
    draw_data,
    draw_parameters,
    draw_program,
    plain_forward,
    plain_loss,
    run,
    set_parameters,
    values_of,
)

from engine_reference import MLP, Neuron, Value, loss

VALUE = {"exp": Value.exp, "tanh": Value.tanh, "relu": Value.relu}


def close(number):
    return pytest.approx(number, rel=1e-7, abs=1e-7)


def slopes(function, numbers):
    """Difference `function` with respect to each of its numbers."""

    def slope(index):
        def moved(amount):
            changed = list(numbers)
            changed[index] += amount
            return function(changed)

        return central_difference(moved)

    return [slope(index) for index in range(len(numbers))]


@pytest.mark.parametrize("seed", range(1000, 1200))
def test_random_graph_has_the_slopes_of_its_differences(seed):
    program = draw_program(seed)
    nodes = run(program, map(Value, program.leaves), VALUE)
    nodes[-1].backward()

    def moved(index):
        return lambda amount: run(program, program.leaves, FLOAT, nudge=(index, amount))[-1]

    expected = [central_difference(moved(index)) for index in range(len(program))]
    assert [node.grad for node in nodes] == close(expected), f"seed {seed}\n{program}"


@pytest.mark.parametrize("nin", [1, 2, 5])
def test_neuron_has_the_slopes_of_its_differences(nin):
    numbers = draw_parameters(nin, nin, [1])
    x = draw_data(nin, nin, 1)[0][0]
    neuron = Neuron(nin)
    for weight, number in zip(neuron.w, numbers[:-1], strict=True):
        weight.data = number
    neuron.b.data = numbers[-1]
    inputs = [Value(number) for number in x]
    out = neuron(inputs)
    out.backward()

    def plain(changed):
        weights, bias, changed_x = changed[:nin], changed[nin], changed[nin + 1 :]
        return math.tanh(sum(map(math.prod, zip(weights, changed_x, strict=True))) + bias)

    assert out.data == pytest.approx(plain([*numbers, *x]), rel=1e-14)
    actual = [value.grad for value in (*neuron.w, neuron.b, *inputs)]
    assert actual == close(slopes(plain, [*numbers, *x]))


@pytest.mark.parametrize("seed", range(3))
def test_network_has_the_slopes_of_its_differences(seed):
    nin, nouts = 3, [4, 4, 2]
    parameters, (xs, _) = draw_parameters(seed, nin, nouts), draw_data(seed, nin, 1)
    model = MLP(nin, nouts)
    set_parameters(model, parameters)
    first, second = model(xs[0])
    (first - 2 * second).backward()

    def plain(changed):
        first, second = plain_forward(changed, nouts, xs[0], math.tanh)
        return first - 2 * second

    assert [value.grad for value in values_of(model)] == close(slopes(plain, parameters))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("nin", "nouts"), [(1, [1]), (2, [3, 1]), (3, [4, 4, 1])])
def test_loss_has_the_slopes_of_its_differences(seed, nin, nouts):
    parameters, (xs, ys) = draw_parameters(seed, nin, nouts), draw_data(seed, nin, 4)
    model = MLP(nin, nouts)
    set_parameters(model, parameters)
    total = loss(model, xs, ys)
    total.backward()

    def plain(changed):
        return plain_loss(changed, nouts, xs, ys, math.tanh)

    assert total.data == pytest.approx(plain(parameters), rel=1e-13)
    assert [value.grad for value in values_of(model)] == close(slopes(plain, parameters))
