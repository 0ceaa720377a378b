"""The reference against PyTorch in float64: the engine that the world uses."""

import importlib
import warnings
from itertools import pairwise

import pytest
from reference_expressions import (
    draw_data,
    draw_parameters,
    draw_program,
    run,
    set_parameters,
    values_of,
)

from engine_reference import MLP, Value, loss, train

pytestmark = pytest.mark.needs("torch")

VALUE = {"exp": Value.exp, "tanh": Value.tanh, "relu": Value.relu}
SHAPES = [(1, [1]), (2, [3, 1]), (3, [4, 4, 1])]


def close(number):
    return pytest.approx(number, rel=1e-12, abs=1e-12)


@pytest.fixture(scope="module")
def torch():
    # PyTorch warns on import where NumPy is missing; nothing here uses NumPy.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module("torch")


def double_network(torch, nin, nouts, parameters):
    """Build the network of PyTorch's own layers that has these parameters."""
    flat = iter(parameters)
    layers = []
    for n_in, n_out in pairwise([nin, *nouts]):
        rows = [[next(flat) for _ in range(n_in + 1)] for _ in range(n_out)]
        linear = torch.nn.Linear(n_in, n_out, dtype=torch.float64)
        with torch.no_grad():
            linear.weight.copy_(torch.tensor([row[:-1] for row in rows], dtype=torch.float64))
            linear.bias.copy_(torch.tensor([row[-1] for row in rows], dtype=torch.float64))
        layers += [linear, torch.nn.Tanh()]
    return torch.nn.Sequential(*layers)


def flattened(torch, network, attribute):
    """Return weights and biases (or their gradients) in the flat order of our networks."""
    numbers = []
    for linear in network[::2]:
        weight, bias = linear.weight, linear.bias
        if attribute == "grad":
            weight, bias = weight.grad, bias.grad
        for row, last in zip(weight.tolist(), bias.tolist(), strict=True):
            numbers += [*row, last]
    return numbers


def both_networks(torch, seed, nin, nouts):
    parameters = draw_parameters(seed, nin, nouts)
    model = MLP(nin, nouts)
    set_parameters(model, parameters)
    return model, double_network(torch, nin, nouts, parameters)


def torch_loss(torch, network, xs, ys):
    inputs = torch.tensor(xs, dtype=torch.float64)
    targets = torch.tensor(ys, dtype=torch.float64).unsqueeze(1)
    return torch.nn.functional.mse_loss(network(inputs), targets, reduction="sum")


@pytest.mark.parametrize("seed", range(2000, 2200))
def test_random_graph_agrees_at_every_node(torch, seed):
    program = draw_program(seed)
    ours = run(program, map(Value, program.leaves), VALUE)
    ours[-1].backward()
    leaves = [
        torch.tensor(leaf, dtype=torch.float64, requires_grad=True) for leaf in program.leaves
    ]
    functions = {"exp": torch.exp, "tanh": torch.tanh, "relu": torch.relu}
    theirs = run(program, leaves, functions)
    for node in theirs:
        node.retain_grad()
    theirs[-1].backward()
    message = f"seed {seed}\n{program}"
    assert [node.data for node in ours] == close([node.item() for node in theirs]), message
    assert [node.grad for node in ours] == close([node.grad.item() for node in theirs]), message


def test_gradients_of_two_graphs_that_share_a_leaf_add_up_likewise(torch):
    a, leaf = Value(0.7), torch.tensor(0.7, dtype=torch.float64, requires_grad=True)
    for number, tanh in ((a, Value.tanh), (leaf, torch.tanh)):
        (number * number).backward()
        (tanh(number) / number).backward()
    assert a.grad == close(leaf.grad.item())


@pytest.mark.parametrize(("nin", "nouts"), [*SHAPES, (3, [5, 2])])
def test_network_outputs_agree(torch, nin, nouts):
    model, network = both_networks(torch, 1, nin, nouts)
    for x in draw_data(1, nin, 5)[0]:
        outputs = model(x)
        outputs = outputs if isinstance(outputs, list) else [outputs]
        expected = network(torch.tensor(x, dtype=torch.float64)).tolist()
        assert [output.data for output in outputs] == close(expected)


@pytest.mark.parametrize(("nin", "nouts"), SHAPES)
def test_loss_and_its_gradients_agree(torch, nin, nouts):
    model, network = both_networks(torch, 2, nin, nouts)
    xs, ys = draw_data(2, nin, 5)
    ours, theirs = loss(model, xs, ys), torch_loss(torch, network, xs, ys)
    ours.backward()
    theirs.backward()
    assert ours.data == close(theirs.item())
    assert [value.grad for value in values_of(model)] == close(flattened(torch, network, "grad"))


@pytest.mark.parametrize(("nin", "nouts"), SHAPES)
def test_twenty_steps_of_training_follow_the_same_trajectory(torch, nin, nouts):
    model, network = both_networks(torch, 3, nin, nouts)
    xs, ys = draw_data(3, nin, 5)
    ours = train(model, xs, ys, steps=20, learning_rate=0.05)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.05)
    theirs = []
    for _ in range(20):
        optimizer.zero_grad()
        total = torch_loss(torch, network, xs, ys)
        total.backward()
        optimizer.step()
        theirs.append(total.item())
    assert theirs[-1] < theirs[0]
    assert ours == close(theirs)
    assert [value.data for value in values_of(model)] == close(flattened(torch, network, "data"))
