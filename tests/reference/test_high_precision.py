"""The reference against mpmath, which differentiates numerically with 50 digits to spare.

The oracle only evaluates: it moves one node by a tiny amount, sees how far the result
moves, and knows no rule of differentiation. Every node is asked for, not the leaves alone.
"""

import random

import mpmath
import pytest
from reference_expressions import (
    EXPONENTS,
    Program,
    Step,
    draw_data,
    draw_parameters,
    draw_program,
    plain_forward,
    plain_loss,
    run,
    set_parameters,
    values_of,
)

from engine_reference import MLP, Value, loss, train

DIGITS = 50
TOLERANCE = mpmath.mpf("1e-12")
SEEDS = range(80)
VALUE = {"exp": Value.exp, "tanh": Value.tanh, "relu": Value.relu}
MPMATH = {"exp": mpmath.exp, "tanh": mpmath.tanh, "relu": lambda x: max(x, mpmath.mpf(0))}


@pytest.fixture(autouse=True)
def _fifty_digits():
    with mpmath.workdps(DIGITS):
        yield


def exact(numbers):
    return [mpmath.mpf(number) for number in numbers]


def assert_close(actual, expected, what):
    difference = abs(mpmath.mpf(actual) - expected)
    allowed = TOLERANCE * (1 + abs(expected))
    assert difference <= allowed, f"{what}: {actual!r} should be {mpmath.nstr(expected, 20)}"


def assert_agrees(program: Program, what: str) -> None:
    nodes = run(program, map(Value, program.leaves), VALUE)
    nodes[-1].backward()
    leaves = exact(program.leaves)
    numbers = run(program, leaves, MPMATH)
    for index, node in enumerate(nodes):
        place = f"{what}, node n{index} of\n{program}\n"

        def result(amount, index=index):
            return run(program, leaves, MPMATH, nudge=(index, amount))[-1]

        assert_close(node.data, numbers[index], f"value, {place}")
        assert_close(node.grad, mpmath.diff(result, 0), f"gradient, {place}")


@pytest.mark.parametrize("seed", SEEDS)
def test_random_program_agrees_at_every_node(seed):
    assert_agrees(draw_program(seed), f"seed {seed}")


def test_random_programs_use_every_operation_on_every_side():
    programs = [draw_program(seed) for seed in SEEDS]
    drawn = {step.shape for program in programs for step in program.steps}
    sides = ("node {} node", "node {} itself", "node {} number", "number {} node")
    binary = {side.format(op) for op in "+-*/" for side in sides}
    assert drawn == binary | {"node ** number", "neg node", "exp node", "tanh node", "relu node"}
    exponents = {s.operands[1] for p in programs for s in p.steps if s.op == "**"}
    assert exponents == set(EXPONENTS)


def test_random_programs_reuse_nodes_and_join_uneven_depths():
    reused = uneven = 0
    for seed in SEEDS:
        program = draw_program(seed)
        depths = [0] * len(program.leaves)
        uses = [0] * len(program)
        for step in program.steps:
            parents = [x for x in step.operands if isinstance(x, int)]
            depths.append(1 + max(depths[x] for x in parents))
            uneven += len({depths[x] for x in parents}) > 1
            for parent in parents:
                uses[parent] += 1
        reused += sum(count > 1 for count in uses)
        assert all(uses[:-1]), "a node that leads nowhere has nothing to prove"
    assert reused > len(SEEDS)
    assert uneven > len(SEEDS)


def points(low, high):
    rng = random.Random(f"{low} to {high}")
    return [low, high, *(rng.uniform(low, high) for _ in range(6))]


@pytest.mark.parametrize(
    ("op", "low", "high"),
    [
        ("neg", -100, 100),
        ("exp", -20, 20),
        ("tanh", -20, 20),
        ("tanh", -1e-3, 1e-3),
        ("relu", 1e-3, 100),
        ("relu", -100, -1e-3),
    ],
)
def test_function_agrees_over_its_whole_range(op, low, high):
    for x in points(low, high):
        assert_agrees(Program((x,), (Step(op, (0,)),)), f"{op} of {x!r}")


@pytest.mark.parametrize("exponent", [*EXPONENTS, -3.7, 0.1, 2.5, 10.0])
def test_power_agrees_over_its_whole_range(exponent):
    xs = points(0.25, 4) + (points(-4, -0.25) if exponent.is_integer() else [])
    for x in xs:
        program = Program((x,), (Step("**", (0, exponent)),))
        assert_agrees(program, f"{x!r} to the power of {exponent}")


@pytest.mark.parametrize("op", ["+", "-", "*", "/"])
@pytest.mark.parametrize(
    "operands", [(0, 1), (1, 0), (0, 0), (0, -2.3), (-2.3, 0)], ids=lambda pair: f"{pair}"
)
def test_operator_agrees_for_operands_of_either_sign(op, operands):
    for left in points(0.1, 50):
        for right in (-left - 0.7, 3.3):
            program = Program((left, right), (Step(op, operands),))
            if 1 not in operands:
                program = Program((left,), program.steps)
            assert_agrees(program, f"{left!r} {op} {right!r}")


# ── Networks ──────────────────────────────────────────────────────────────────────────


def test_network_outputs_agree():
    nin, nouts = 3, [4, 4, 2]
    model, parameters = MLP(nin, nouts), draw_parameters(5, nin, nouts)
    set_parameters(model, parameters)
    for x in draw_data(5, nin, 4)[0]:
        expected = plain_forward(exact(parameters), nouts, exact(x), mpmath.tanh)
        for actual, output in zip(model(x), expected, strict=True):
            assert_close(actual.data, output, f"output for {x}")


def exact_gradients(parameters, nouts, xs, ys):
    """Move each parameter in turn and see what the loss does."""

    def slope(index):
        def moved_loss(amount):
            moved = list(parameters)
            moved[index] += amount
            return plain_loss(moved, nouts, xs, ys, mpmath.tanh)

        return mpmath.diff(moved_loss, 0)

    return [slope(index) for index in range(len(parameters))]


@pytest.mark.parametrize(("nin", "nouts"), [(1, [1]), (2, [1]), (3, [4, 4, 1])])
def test_gradient_of_the_loss_agrees_for_every_parameter(nin, nouts):
    parameters, (xs, ys) = draw_parameters(6, nin, nouts), draw_data(6, nin, 3)
    model = MLP(nin, nouts)
    set_parameters(model, parameters)
    total = loss(model, xs, ys)
    total.backward()
    parameters, xs, ys = exact(parameters), [exact(x) for x in xs], exact(ys)
    assert_close(total.data, plain_loss(parameters, nouts, xs, ys, mpmath.tanh), "loss")
    expected = exact_gradients(parameters, nouts, xs, ys)
    for index, (value, gradient) in enumerate(zip(values_of(model), expected, strict=True)):
        assert_close(value.grad, gradient, f"gradient of parameter {index}")


def test_training_follows_the_exact_trajectory():
    nin, nouts, learning_rate = 2, [3, 1], 0.125
    parameters, (xs, ys) = draw_parameters(7, nin, nouts), draw_data(7, nin, 3)
    model = MLP(nin, nouts)
    set_parameters(model, parameters)
    losses = train(model, xs, ys, steps=4, learning_rate=learning_rate)
    parameters, xs, ys = exact(parameters), [exact(x) for x in xs], exact(ys)
    assert len(losses) == 4
    for step, measured in enumerate(losses):
        assert_close(measured, plain_loss(parameters, nouts, xs, ys, mpmath.tanh), f"step {step}")
        gradients = exact_gradients(parameters, nouts, xs, ys)
        parameters = [p - learning_rate * g for p, g in zip(parameters, gradients, strict=True)]
    for index, (value, number) in enumerate(zip(values_of(model), parameters, strict=True)):
        assert_close(value.data, number, f"parameter {index} after the last step")
