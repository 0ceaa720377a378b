"""What the reference promises beside its numbers: depth, order, what it leaves alone."""

import copy
import doctest
import importlib
import operator
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from reference_expressions import draw_data, draw_program, run, values_of

from engine_reference import MLP, Layer, Neuron, Value, engine, loss, train
from engine_reference.engine import topological_order

VALUE = {"exp": Value.exp, "tanh": Value.tanh, "relu": Value.relu}


@contextmanager
def at_most_calls(budget: int) -> Iterator[None]:
    """Fail when more calls than `budget` are made: too slow ends as an error, not a hang."""
    left = budget

    def count(_frame, event, _argument):
        nonlocal left
        left -= event in ("call", "c_call")
        if left < 0:
            raise AssertionError(f"more than {budget} calls")

    previous = sys.getprofile()
    sys.setprofile(count)
    try:
        yield
    finally:
        sys.setprofile(previous)


# ── Size ──────────────────────────────────────────────────────────────────────────────


def test_chain_of_100_000_nodes_needs_no_recursion():
    length = 100_000
    assert length > sys.getrecursionlimit()
    x = Value(1.0)
    node = x
    for _ in range(length // 2):
        node = -(node + 1)
    node.backward()
    assert node.data == 1.0  # x ↦ −(x + 1) and back: an even number of them is the identity
    assert x.grad == 1.0
    assert len(topological_order(node)) == 1 + length + length // 2  # the numbers 1 are leaves


@pytest.mark.parametrize("doublings", [26, 200])
def test_doubling_visits_each_node_once_not_each_path(doublings):
    x = Value(1.0)
    node = x
    for _ in range(doublings):
        node = node + node
    with at_most_calls(100 * doublings):
        node.backward()
    assert node.data == x.grad == 2.0**doublings


# ── Order ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("op", [operator.add, operator.sub, operator.mul, operator.truediv])
def test_parents_are_kept_in_a_tuple_in_the_order_written(op):
    a, b = Value(3.0), Value(4.0)
    for left, right in ((a, b), (b, a), (a, a)):
        parents = op(left, right).parents
        assert type(parents) is tuple
        assert list(map(id, parents)) == [id(left), id(right)]


@pytest.mark.parametrize("op", [operator.sub, operator.truediv])
def test_a_number_on_the_left_becomes_the_first_parent(op):
    a = Value(4.0)
    number, second = op(3.0, a).parents
    assert type(number) is Value
    assert number.data == 3.0
    assert second is a


def test_a_leaf_has_no_parents_and_no_operation():
    leaf = Value(3.0)
    assert (leaf.parents, leaf.local_derivatives, leaf.op) == ((), (), "")


@pytest.mark.parametrize(
    ("op", "result"),
    [
        ("+", Value(2.0) + 1),
        ("-", Value(2.0) - 1),
        ("*", Value(2.0) * 3),
        ("/", Value(2.0) / 3),
        ("**", Value(2.0) ** 3),
        ("neg", -Value(2.0)),
        ("exp", Value(2.0).exp()),
        ("tanh", Value(2.0).tanh()),
        ("relu", Value(2.0).relu()),
        ("relu", Value(-2.0).relu()),
    ],
)
def test_a_result_remembers_its_operation_and_one_slope_for_each_parent(op, result):
    assert result.op == op
    assert len(result.local_derivatives) == len(result.parents) > 0


@pytest.mark.parametrize("seed", range(3000, 3050))
def test_topological_order_lists_each_node_once_after_its_parents(seed):
    nodes = run(draw_program(seed), map(Value, draw_program(seed).leaves), VALUE)
    order = topological_order(nodes[-1])
    place = {id(node): index for index, node in enumerate(order)}
    assert len(place) == len(order)
    assert order[-1] is nodes[-1]
    assert {id(node) for node in nodes} <= place.keys()
    for node in order:
        assert all(place[id(parent)] < place[id(node)] for parent in node.parents)


def test_topological_order_stops_at_what_the_root_was_computed_from():
    a, b = Value(1.0), Value(2.0)
    below = a * b
    _above, _beside = below.exp(), a + 1
    assert topological_order(below) == [a, b, below]


# ── What is left alone ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("seed", range(4000, 4020))
def test_operations_and_backward_change_no_data(seed):
    program = draw_program(seed)
    leaves = [Value(leaf) for leaf in program.leaves]
    nodes = run(program, leaves, VALUE)
    assert [leaf.data for leaf in leaves] == list(program.leaves)
    assert all(node.grad == 0 for node in nodes)
    before = [node.data for node in nodes]
    nodes[-1].backward()
    assert [node.data for node in nodes] == before


def test_augmented_assignment_makes_a_new_value():
    a = Value(3.0)
    for op in (operator.iadd, operator.isub, operator.imul, operator.itruediv):
        assert op(a, 2) is not a
        assert op(a, a) is not a
    assert a.data == 3.0


def test_slopes_are_those_of_the_forward_pass_even_if_the_data_is_changed_since():
    a, b = Value(3.0), Value(4.0)
    product = a * b
    a.data, b.data = 100.0, 200.0
    product.backward()
    assert (a.grad, b.grad) == (4.0, 3.0)


def test_gradients_accumulate_over_graphs_until_they_are_zeroed():
    a = Value(3.0)
    for times in (1, 2, 3):
        (a * a).backward()
        assert a.grad == 6.0 * times
    a.grad = 0.0
    (a * a).backward()
    assert a.grad == 6.0


def test_exponent_is_a_plain_number():
    a, b = Value(2.0), Value(3.0)
    with pytest.raises(TypeError):
        a**b
    with pytest.raises(TypeError):
        2**b
    assert (a**3).parents == (a,)


def test_shown_value_names_its_data_and_its_gradient():
    assert repr(Value(3.0)) == "Value(data=3.0, grad=0.0)"


# ── Networks ──────────────────────────────────────────────────────────────────────────


def test_one_output_is_a_bare_value_and_several_are_a_list():
    assert isinstance(MLP(2, [3, 1])([1.0, 2.0]), Value)
    outputs = MLP(2, [3, 2])([1.0, 2.0])
    assert [type(output) for output in outputs] == [Value, Value]
    assert [type(output) for output in Layer(2, 1)([1.0, 2.0])] == [Value]
    assert isinstance(Neuron(2)([1.0, 2.0]), Value)


def test_layers_have_the_sizes_asked_for():
    layers = MLP(3, [4, 5, 1]).layers
    assert [len(layer.neurons) for layer in layers] == [4, 5, 1]
    assert [{len(neuron.w) for neuron in layer.neurons} for layer in layers] == [{3}, {4}, {5}]


@pytest.mark.parametrize("wrong", [[1.0], [1.0, 2.0, 3.0]])
def test_inputs_of_the_wrong_length_are_refused(wrong):
    for network in (Neuron(2), Layer(2, 3), MLP(2, [3, 1])):
        with pytest.raises(ValueError, match="zip"):
            network(wrong)


def test_starting_weights_are_distinct_within_and_between_networks():
    networks = [MLP(3, [4, 4, 1]), MLP(3, [4, 4, 1]), Layer(3, 4), Neuron(3)]
    weights = []
    for network in networks:
        for layer in getattr(network, "layers", [network]):
            for neuron in getattr(layer, "neurons", [layer]):
                weights += [weight.data for weight in neuron.w]
    assert len(weights) == 32 + 32 + 12 + 3
    assert len(set(weights)) == len(weights)
    assert all(-1 < weight < 1 for weight in weights)
    assert min(weights) < 0 < max(weights)


def test_parameters_are_the_live_values_each_once():
    model = MLP(3, [4, 4, 1])
    parameters = model.parameters()
    assert len(parameters) == 41
    assert {id(value) for value in parameters} == {id(value) for value in values_of(model)}
    for layer in model.layers:
        inside = [value for neuron in layer.neurons for value in (*neuron.w, neuron.b)]
        assert {id(value) for value in layer.parameters()} == {id(value) for value in inside}


@pytest.mark.parametrize(
    "network", [Neuron(2), Layer(2, 3), MLP(2, [3, 1])], ids=lambda n: type(n).__name__
)
def test_zero_grad_clears_every_gradient_and_no_data(network):
    before = [parameter.data for parameter in network.parameters()]
    for parameter in network.parameters():
        parameter.grad = 5.0
    network.zero_grad()
    assert [parameter.grad for parameter in network.parameters()] == [0.0] * len(before)
    assert [parameter.data for parameter in network.parameters()] == before


# ── Training ──────────────────────────────────────────────────────────────────────────


def test_no_steps_return_no_losses_and_move_nothing():
    model = MLP(2, [3, 1])
    before = [value.data for value in values_of(model)]
    assert train(model, *draw_data(0, 2, 3), steps=0, learning_rate=0.1) == []
    assert [value.data for value in values_of(model)] == before


def test_training_leaves_its_data_as_it_was():
    xs, ys = draw_data(1, 2, 3)
    copies = copy.deepcopy((xs, ys))
    train(MLP(2, [3, 1]), xs, ys, steps=3, learning_rate=0.1)
    assert (xs, ys) == copies


def test_each_loss_is_measured_before_its_update():
    model = MLP(2, [3, 1])
    xs, ys = draw_data(2, 2, 3)
    for _ in range(3):
        expected = loss(model, xs, ys).data
        assert train(model, xs, ys, steps=1, learning_rate=0.1) == [expected]
        assert loss(model, xs, ys).data != expected


def test_steps_in_one_call_equal_as_many_calls_of_one_step():
    model = MLP(2, [3, 1])
    twin = copy.deepcopy(model)
    xs, ys = draw_data(3, 2, 3)
    at_once = train(model, xs, ys, steps=4, learning_rate=0.1)
    one_by_one = [train(twin, xs, ys, steps=1, learning_rate=0.1)[0] for _ in range(4)]
    assert at_once == one_by_one
    assert [v.data for v in values_of(model)] == [v.data for v in values_of(twin)]


def test_gradients_left_from_before_do_not_reach_a_step():
    model = MLP(2, [3, 1])
    twin = copy.deepcopy(model)
    for parameter in model.parameters():
        parameter.grad = 100.0
    xs, ys = draw_data(4, 2, 3)
    losses = train(model, xs, ys, steps=2, learning_rate=0.1)
    assert losses == train(twin, xs, ys, steps=2, learning_rate=0.1)


def test_training_makes_the_loss_small():
    xs, ys = [[2.0, 3.0], [-1.0, 0.5], [0.5, -1.0]], [0.9, -0.9, 0.9]
    model = MLP(2, [4, 1])
    for index, value in enumerate(values_of(model)):
        value.data = (-1) ** index * (0.1 + 0.05 * index)
    losses = train(model, xs, ys, steps=200, learning_rate=0.1)
    assert losses[-1] < 0.01 < 1 < losses[0]


def test_as_many_targets_as_inputs_are_required():
    with pytest.raises(ValueError, match="zip"):
        loss(MLP(1, [1]), [[1.0], [2.0]], [1.0])


# ── Documentation ─────────────────────────────────────────────────────────────────────


def test_examples_in_the_docstrings_hold():
    for name in ("engine", "nn", "train"):
        assert doctest.testmod(importlib.import_module(f"engine_reference.{name}")).failed == 0
    assert doctest.testmod(engine).attempted > 0
