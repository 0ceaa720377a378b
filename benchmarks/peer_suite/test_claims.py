"""The course's claims about a submission, as plain pytest and Hypothesis.

This is the suite an instructor would write who has these two tools and no grader: each
claim is a test, each property gets its examples from Hypothesis, and what is expected comes
from running `engine_reference` on the same numbers. `conftest.py` says whose code is tested.
"""

from __future__ import annotations

import importlib
import itertools
import math
import operator
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import engine_reference

# ── What is tested, and what it is held against ───────────────────────────────────────────


@pytest.fixture(scope="session")
def value() -> Any:
    """Return the learner's Value class."""
    return importlib.import_module("engine").Value


@pytest.fixture(scope="session")
def nn() -> ModuleType:
    """Return the learner's nn module."""
    return importlib.import_module("nn")


@pytest.fixture(scope="session")
def trainer() -> ModuleType:
    """Return the learner's train module."""
    return importlib.import_module("train")


def assert_close(actual: float, expected: float, what: str, relative: float = 1e-7) -> None:
    close = math.isclose(actual, expected, rel_tol=relative, abs_tol=relative)
    assert close, f"{what}: got {actual!r}, expected {expected!r}"


# ── Numbers and operations ────────────────────────────────────────────────────────────────
# Operands stay clear of 0, where `/` has a pole and `relu` a kink, and of large numbers.

positive = st.floats(0.25, 3) | st.integers(1, 3)
numbers = positive | st.floats(-3, -0.25) | st.integers(-3, -1)
floats = st.floats(-3, 3)
integers = st.integers(1, 9) | st.integers(-9, -1)
not_one = st.floats(1.5, 3) | st.floats(-3, 0.5)


def half_power(a: Any) -> Any:
    return a**0.5


def square(a: Any) -> Any:
    return a**2


def cube(a: Any) -> Any:
    return a**3


def reciprocal(a: Any) -> Any:
    return a**-1


def exp(a: Any) -> Any:
    return a.exp()


def relu(a: Any) -> Any:
    return a.relu()


def tanh(a: Any) -> Any:
    return a.tanh()


BINARY = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}
UNARY = {"neg": operator.neg, "exp": exp, "relu": relu, "tanh": tanh}
POWERS = [square, cube, reciprocal, half_power]
OPERATIONS = [*BINARY, *UNARY, "**"]

Operation = Callable[..., Any]


@st.composite
def calls(draw: st.DrawFn, name: str) -> tuple[Operation, list[float]]:
    """Draw operands that the named operation accepts, and the operation itself."""
    if name in BINARY:
        return BINARY[name], [draw(numbers), draw(numbers)]
    if name in UNARY:
        return UNARY[name], [draw(numbers)]
    power = draw(st.sampled_from(POWERS))
    return power, [draw(positive if power is half_power else numbers)]


Build = Callable[..., Any]


def gradients(value: Any, build: Build, leaves: Sequence[float]) -> tuple[float, list[float]]:
    """Return the number that `build` makes of the leaves, and each leaf's gradient."""
    nodes = [value(leaf) for leaf in leaves]
    root = build(*nodes)
    root.backward()
    return root.data, [node.grad for node in nodes]


def assert_same_gradients(value: Any, build: Build, leaves: Sequence[float]) -> None:
    """Run `build` on both engines and compare all there is to see."""
    result, grads = gradients(value, build, leaves)
    expected, expected_grads = gradients(engine_reference.Value, build, leaves)
    assert_close(result, expected, "result")
    for i, (grad, expected_grad) in enumerate(zip(grads, expected_grads, strict=True)):
        assert_close(grad, expected_grad, f"gradient of leaf {i}")


# ── Random graphs ─────────────────────────────────────────────────────────────────────────

LARGEST = 20.0
MARGIN = 0.1


@dataclass(frozen=True)
class Graph:
    """Leaves, then steps: an operation and the places of its operands in the list so far."""

    leaves: list[float]
    steps: list[tuple[str, list[int]]]

    def nodes(self, value: Any) -> list[Any]:
        """Build the graph with an engine; every node in order, the root last."""
        nodes = [value(leaf) for leaf in self.leaves]
        for name, places in self.steps:
            operation = BINARY.get(name) or UNARY.get(name) or square
            nodes.append(operation(*(nodes[place] for place in places)))
        return nodes


def plain(name: str, *operands: float) -> float:
    """Do one operation on numbers alone."""
    if name in BINARY:
        return float(BINARY[name](*operands))
    (a,) = operands
    table: dict[str, Callable[[], float]] = {
        "neg": lambda: -a,
        "exp": lambda: math.exp(a),
        "relu": lambda: max(a, 0.0),
        "tanh": lambda: math.tanh(a),
        "**": lambda: a * a,
    }
    return table[name]()


def allowed(name: str, *operands: float) -> bool:
    """Say whether an operation stays clear of poles, kinks and large numbers."""
    if name == "/" and abs(operands[1]) < MARGIN:
        return False
    if name == "relu" and abs(operands[0]) < MARGIN:
        return False
    if name == "exp" and operands[0] > math.log(LARGEST):
        return False
    return abs(plain(name, *operands)) <= LARGEST


@st.composite
def graphs(draw: st.DrawFn, most_steps: int = 12) -> Graph:
    """Draw a graph whose nodes are used again and again."""
    leaves = draw(st.lists(numbers, min_size=1, max_size=4))
    known: list[float] = list(leaves)
    steps: list[tuple[str, list[int]]] = []
    for _ in range(draw(st.integers(1, most_steps))):
        # One operand from the newest three, so that the graph grows deep as well as wide.
        newest = st.integers(max(0, len(known) - 3), len(known) - 1)
        places = [draw(newest), draw(st.integers(0, len(known) - 1))]
        if draw(st.booleans()):
            places.reverse()
        name = draw(st.sampled_from(OPERATIONS))
        if name not in BINARY:
            places = places[:1]
        if not allowed(name, *(known[place] for place in places)):
            name, places = "tanh", places[:1]
        known.append(plain(name, *(known[place] for place in places)))
        steps.append((name, places))
    return Graph(leaves, steps)


# ── value: the forward pass ───────────────────────────────────────────────────────────────


@given(number=numbers | floats)
def test_value_wraps_a_number_and_starts_with_no_gradient(value: Any, number: float) -> None:
    wrapped = value(number)
    assert wrapped.data == number
    assert wrapped.grad == 0


@pytest.mark.parametrize("name", OPERATIONS)
@given(data=st.data())
def test_operation_on_values_gives_the_right_number(
    value: Any, name: str, data: st.DataObject
) -> None:
    operation, operands = data.draw(calls(name))
    result = operation(*map(value, operands))
    assert isinstance(result, value)
    assert_close(result.data, operation(*map(engine_reference.Value, operands)).data, name)


@pytest.mark.parametrize("name", BINARY)
@pytest.mark.parametrize("side", ["left", "right"])
@given(number=numbers, other=numbers)
def test_plain_number_beside_a_value(
    value: Any, name: str, side: str, number: float, other: float
) -> None:
    operation = BINARY[name]
    if side == "left":
        result, expected = operation(number, value(other)), operation(number, other)
    else:
        result, expected = operation(value(other), number), operation(other, number)
    assert isinstance(result, value)
    assert_close(result.data, expected, f"{name} with a plain number on the {side}")


@given(data=st.data(), name=st.sampled_from(OPERATIONS))
def test_operands_keep_their_numbers(value: Any, data: st.DataObject, name: str) -> None:
    operation, operands = data.draw(calls(name))
    nodes = [value(operand) for operand in operands]
    operation(*nodes)
    assert [node.data for node in nodes] == operands


@given(a=integers, b=integers)
def test_integers_and_floats_of_either_sign_mix(value: Any, a: int, b: int) -> None:
    for name, operation in BINARY.items():
        for left, right in itertools.product([a, float(a)], [b, float(b)]):
            result = operation(value(left), value(right))
            assert_close(result.data, operation(a, b), f"{left!r} {name} {right!r}")


@given(graph=graphs())
def test_random_expression_gives_the_right_number(value: Any, graph: Graph) -> None:
    expected = graph.nodes(engine_reference.Value)[-1].data
    assert_close(graph.nodes(value)[-1].data, expected, "result")


# ── backward: the gradients ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", OPERATIONS)
@given(data=st.data(), upstream=not_one)
def test_operation_multiplies_what_comes_from_above_by_its_derivative(
    value: Any, name: str, data: st.DataObject, upstream: float
) -> None:
    operation, operands = data.draw(calls(name))
    assert_same_gradients(value, lambda *leaves: operation(*leaves) * upstream, operands)


@pytest.mark.parametrize("name", OPERATIONS)
@given(data=st.data(), upstream=numbers)
def test_operation_adds_to_the_gradient_of_an_operand_used_elsewhere(
    value: Any, name: str, data: st.DataObject, upstream: float
) -> None:
    operation, operands = data.draw(calls(name))

    def build(*leaves: Any) -> Any:
        total = operation(*leaves) * upstream
        for leaf in leaves:
            total = total + leaf * leaf
        return total

    assert_same_gradients(value, build, operands)


@pytest.mark.parametrize("name", BINARY)
@given(number=numbers, upstream=numbers)
def test_same_operand_twice(value: Any, name: str, number: float, upstream: float) -> None:
    operation = BINARY[name]
    assert_same_gradients(value, lambda a: operation(a, a) * upstream, [number])


@given(a=numbers, b=numbers)
def test_diamond_adds_up_both_paths(value: Any, a: float, b: float) -> None:
    def build(a: Any, b: Any) -> Any:
        top = a * b
        return (top + a) * (top * 0.5).tanh()

    assert_same_gradients(value, build, [a, b])


@given(a=numbers, depth=st.integers(2, 6))
def test_paths_of_different_length_meet(value: Any, a: float, depth: int) -> None:
    def build(a: Any) -> Any:
        shared = a * 0.5
        path = shared
        for _ in range(depth):
            path = (path + 0.25).tanh()
        return shared * path + shared

    assert_same_gradients(value, build, [a])


@given(a=numbers, b=numbers)
def test_node_used_early_and_late(value: Any, a: float, b: float) -> None:
    def build(a: Any, b: Any) -> Any:
        shared = a * b
        first = shared.tanh() + a
        second = first * b
        return shared + second * first - shared * second

    assert_same_gradients(value, build, [a, b])


@given(graph=graphs())
def test_random_graph_has_the_right_gradients(value: Any, graph: Graph) -> None:
    nodes, expected = graph.nodes(value), graph.nodes(engine_reference.Value)
    nodes[-1].backward()
    expected[-1].backward()
    # Only the leaves: whether a node in between keeps its gradient is the learner's choice.
    for i in range(len(graph.leaves)):
        assert_close(nodes[i].grad, expected[i].grad, f"gradient of leaf {i}", relative=1e-6)


@given(graph=graphs(most_steps=5))
def test_gradient_agrees_with_central_differences(value: Any, graph: Graph) -> None:
    h = 1e-5
    nodes = graph.nodes(value)
    nodes[-1].backward()
    for i, leaf in enumerate(graph.leaves):
        ends = []
        for moved in (leaf - h, leaf + h):
            leaves = [*graph.leaves[:i], moved, *graph.leaves[i + 1 :]]
            ends.append(Graph(leaves, graph.steps).nodes(value)[-1].data)
        slope = (ends[1] - ends[0]) / (2 * h)
        assert_close(nodes[i].grad, slope, f"gradient of leaf {i}", relative=1e-3)


@given(a=numbers, b=numbers)
def test_leaf_of_two_graphs_collects_from_both(value: Any, a: float, b: float) -> None:
    leaf = value(a)
    (leaf * b).backward()
    (leaf * leaf).backward()
    assert_close(leaf.grad, b + 2 * a, "gradient after two graphs")


# One visit a node takes microseconds, one visit a path many seconds of CPU.
MANY_PATHS_CPU_S = 2


def test_node_reached_by_many_paths_is_walked_once(value: Any) -> None:
    leaf = node = value(1.0)
    for _ in range(26):
        node = node + node
    start = time.process_time()
    node.backward()
    assert leaf.grad == 2**26
    assert time.process_time() - start < MANY_PATHS_CPU_S


def test_chain_of_900_operations(value: Any) -> None:
    leaf = node = value(0.5)
    for _ in range(900):
        node = node + 0.001
    node.backward()
    assert_close(node.data, 1.4, "result")
    assert_close(leaf.grad, 1.0, "gradient")


# ── mlp: neurons, layers, networks ────────────────────────────────────────────────────────

widths = st.lists(st.integers(1, 4), min_size=1, max_size=3)


def neurons(model: Any) -> list[Any]:
    return [neuron for layer in model.layers for neuron in layer.neurons]


def in_order(model: Any) -> list[Any]:
    """List a network's parameters neuron by neuron, the bias after its weights."""
    return [parameter for neuron in neurons(model) for parameter in [*neuron.w, neuron.b]]


def set_weights(model: Any, weights: Sequence[float]) -> None:
    """Write the weights into the network, in that order."""
    for parameter, weight in zip(in_order(model), weights, strict=True):
        parameter.data = weight


def outputs(result: Any) -> list[Any]:
    """Return a network's outputs as a list, also where there is a single bare one."""
    return list(result) if isinstance(result, list | tuple) else [result]


@given(data=st.data(), nin=st.integers(1, 5))
def test_neuron_is_tanh_of_weighted_sum_and_bias(
    nn: ModuleType, data: st.DataObject, nin: int
) -> None:
    vectors = st.lists(floats, min_size=nin, max_size=nin)
    weights, inputs, bias = data.draw(vectors), data.draw(vectors), data.draw(floats)
    neuron = nn.Neuron(nin)
    for parameter, weight in zip(neuron.w, weights, strict=True):
        parameter.data = weight
    neuron.b.data = bias
    total = sum(w * x for w, x in zip(weights, inputs, strict=True)) + bias
    assert_close(neuron(inputs).data, math.tanh(total), "activation")


def test_network_of_3_4_4_1_has_41_parameters(nn: ModuleType) -> None:
    model = nn.MLP(3, [4, 4, 1])
    assert len(model.parameters()) == 41
    assert len({id(parameter) for parameter in model.parameters()}) == 41
    assert [len(layer.neurons) for layer in model.layers] == [4, 4, 1]


@st.composite
def networks(draw: st.DrawFn) -> tuple[int, list[int], list[float], list[float]]:
    """Draw the sizes of a network, its weights and one input."""
    nin, nouts = draw(st.integers(1, 3)), draw(widths)
    sizes = [nin, *nouts]
    count = sum((a + 1) * b for a, b in itertools.pairwise(sizes))
    weights = draw(st.lists(floats, min_size=count, max_size=count))
    return nin, nouts, weights, draw(st.lists(floats, min_size=nin, max_size=nin))


Network = tuple[int, list[int], list[float], list[float]]


def made(module: Any, network: Network) -> Any:
    """Build a drawn network out of an implementation's MLP."""
    nin, nouts, weights, _ = network
    model = module.MLP(nin, nouts)
    set_weights(model, weights)
    return model


@given(network=networks())
def test_network_computes_what_the_reference_computes(nn: ModuleType, network: Network) -> None:
    inputs = network[3]
    actual = outputs(made(nn, network)(inputs))
    expected = outputs(made(engine_reference, network)(inputs))
    assert len(actual) == len(expected)
    for i, (output, right) in enumerate(zip(actual, expected, strict=True)):
        assert_close(output.data, right.data, f"output {i}")


@given(network=networks())
def test_network_takes_values_as_inputs(nn: ModuleType, value: Any, network: Network) -> None:
    inputs = network[3]
    actual = outputs(made(nn, network)([value(number) for number in inputs]))
    expected = outputs(made(engine_reference, network)(inputs))
    for i, (output, right) in enumerate(zip(actual, expected, strict=True)):
        assert_close(output.data, right.data, f"output {i}")


@given(network=networks())
def test_every_parameter_of_a_network_gets_its_gradient(nn: ModuleType, network: Network) -> None:
    models = made(nn, network), made(engine_reference, network)
    for model in models:
        first, *others = outputs(model(network[3]))
        sum(others, first * 1).backward()
    for i, (mine, right) in enumerate(zip(*map(in_order, models), strict=True)):
        assert_close(mine.grad, right.grad, f"gradient of parameter {i}")


def test_parameters_are_the_networks_own(nn: ModuleType) -> None:
    model = nn.MLP(2, [3, 1])
    listed = {id(parameter) for parameter in model.parameters()}
    assert listed == {id(parameter) for parameter in in_order(model)}


def test_starting_weights_differ_within_a_network_and_between_two(nn: ModuleType) -> None:
    weights = [w.data for _ in range(2) for n in neurons(nn.MLP(3, [4, 4, 1])) for w in n.w]
    assert len(set(weights)) == len(weights)


def test_zero_grad_clears_network_layer_and_neuron(nn: ModuleType) -> None:
    model = nn.MLP(2, [3, 1])
    for part in (model, model.layers[0], model.layers[0].neurons[0]):
        for parameter in part.parameters():
            parameter.grad = 1.0
        part.zero_grad()
        assert [parameter.grad for parameter in part.parameters()] == [0] * len(part.parameters())


# ── train: the loop ───────────────────────────────────────────────────────────────────────


class OneWeight:
    """A model of one weight, w·x, that answers in the form the learner's own networks do."""

    def __init__(self, value: Any, weight: float, in_a_list: bool) -> None:
        self.w = value(weight)
        self.in_a_list = in_a_list

    def __call__(self, x: Sequence[float]) -> Any:
        result = self.w * x[0]
        return [result] if self.in_a_list else result

    def parameters(self) -> list[Any]:
        return [self.w]

    def zero_grad(self) -> None:
        self.w.grad = 0.0


@pytest.fixture(scope="session")
def one_output_in_a_list(nn: ModuleType) -> bool:
    return isinstance(nn.MLP(1, [1])([1.0]), list)


@pytest.fixture
def one_weight(value: Any, one_output_in_a_list: bool) -> OneWeight:
    return OneWeight(value, 2.0, one_output_in_a_list)


def test_one_step_with_one_weight(trainer: ModuleType, one_weight: OneWeight) -> None:
    losses = trainer.train(one_weight, [[3.0]], [3.0], steps=1, learning_rate=0.05)
    assert len(losses) == 1
    assert_close(losses[0], 9.0, "loss before the step")
    assert_close(one_weight.w.data, 1.1, "weight after the step")
    assert_close(trainer.loss(one_weight, [[3.0]], [3.0]).data, 0.09, "loss after the step")


def test_gradients_are_zeroed_between_steps(trainer: ModuleType, one_weight: OneWeight) -> None:
    losses = trainer.train(one_weight, [[3.0]], [3.0], steps=2, learning_rate=0.05)
    assert len(losses) == 2
    assert_close(losses[0], 9.0, "first loss")
    assert_close(losses[1], 0.09, "second loss")
    assert_close(one_weight.w.data, 1.01, "weight after two steps")


@given(x=numbers, y=numbers, learning_rate=st.floats(0.001, 0.05))
def test_step_goes_downhill_by_the_learning_rate(
    value: Any,
    trainer: ModuleType,
    one_output_in_a_list: bool,
    x: float,
    y: float,
    learning_rate: float,
) -> None:
    model = OneWeight(value, 2.0, one_output_in_a_list)
    trainer.train(model, [[x]], [y], steps=1, learning_rate=learning_rate)
    assert_close(model.w.data, 2 - learning_rate * 2 * (2 * x - y) * x, "weight")


XS = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5], [0.5, 1.0, 1.0], [1.0, 1.0, -1.0]]
YS = [1.0, -1.0, -1.0, 1.0]


@pytest.mark.parametrize("steps", [1, 2, 5])
def test_training_takes_every_parameter_where_the_reference_takes_it(
    nn: ModuleType, trainer: ModuleType, steps: int
) -> None:
    mine, right = nn.MLP(3, [4, 4, 1]), engine_reference.MLP(3, [4, 4, 1])
    random.seed(20)
    weights = [random.uniform(-1, 1) for _ in in_order(right)]
    set_weights(mine, weights)
    set_weights(right, weights)
    losses = trainer.train(mine, XS, YS, steps=steps, learning_rate=0.02)
    expected = engine_reference.train(right, XS, YS, steps=steps, learning_rate=0.02)
    for i, (loss, right_loss) in enumerate(zip(losses, expected, strict=True)):
        assert_close(loss, right_loss, f"loss of step {i}")
    for i, (one, other) in enumerate(zip(in_order(mine), in_order(right), strict=True)):
        assert_close(one.data, other.data, f"parameter {i}")


def test_loss_is_the_sum_over_all_examples(trainer: ModuleType, one_weight: OneWeight) -> None:
    # Predictions 2, 4, -6 miss by 1, 3, -7.
    total = trainer.loss(one_weight, [[1.0], [2.0], [-3.0]], [1.0, 1.0, 1.0])
    assert_close(total.data, 59.0, "loss")


def test_no_steps_change_nothing(trainer: ModuleType, one_weight: OneWeight) -> None:
    assert trainer.train(one_weight, [[3.0]], [3.0], steps=0, learning_rate=0.05) == []
    assert one_weight.w.data == 2.0


def test_training_leaves_the_data_alone(trainer: ModuleType, one_weight: OneWeight) -> None:
    xs, ys = [[3.0], [1.0]], [3.0, 0.5]
    trainer.train(one_weight, xs, ys, steps=2, learning_rate=0.05)
    assert xs == [[3.0], [1.0]]
    assert ys == [3.0, 0.5]
    assert all(type(number) is float for number in [*xs[0], *xs[1], *ys])


def test_training_lowers_the_loss(nn: ModuleType, trainer: ModuleType) -> None:
    random.seed(20)
    losses = trainer.train(nn.MLP(3, [4, 4, 1]), XS, YS, steps=30, learning_rate=0.02)
    assert len(losses) == 30
    assert losses[-1] < losses[0] / 2
