"""Programs as data, as text, and back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from grader.checks import CHECKS
from grader.oracle import answer
from grader.parsing import parse
from grader.programs import Program, to_python
from grader.strategies import STRATEGIES, graph
from grader.tasks import frozen
from grader.worker.answers import Unexpected
from grader.worker.operations import OPERATIONS


@settings(max_examples=200, derandomize=True, database=None)
@given(graph(most="12"))
def test_a_program_written_as_python_reads_back_as_itself(job: list[object]) -> None:
    program = Program(*frozen(job)[1:], "gradients")
    assert parse(to_python(program), "gradients") == program


@settings(max_examples=100, derandomize=True, database=None)
@given(graph(most="8"))
def test_the_python_shown_computes_what_the_program_computes(job: list[object]) -> None:
    from engine_reference import Value

    program = Program(*frozen(job)[1:], "gradients")
    names: dict[str, object] = {"Value": Value}
    try:
        expected = answer(("program", *program))
    except (ArithmeticError, TypeError, Unexpected):
        return
    exec(to_python(program), names)
    leaves = [value for value in names.values() if isinstance(value, Value) and not value.parents]
    shown = [leaf.grad for leaf in leaves[: len(program.leaves)]]
    assert shown == list(expected)


def test_every_operation_can_be_written_and_read() -> None:
    for name, operation in OPERATIONS.items():
        operand = {"node": (1,), "number": (-2.5,), None: ()}[operation.operand]
        leaves = (2.0, 3.0) if operation.operand == "node" else (2.0,)
        program = Program(leaves, ((name, 0, *operand),), (), "results")
        assert parse(to_python(program), "results") == program


def test_nested_expressions_become_nodes_from_the_inside_out() -> None:
    program = parse("a = Value(2.0); b = (a * a + 1).tanh()", "results")
    assert [instruction[0] for instruction in program.instructions] == ["mul", "add-number", "tanh"]


@pytest.mark.parametrize(
    "text",
    ["a = Value(1.0); b = a @ a", "a = Value(1.0); b = a.sin()", "import os", "b = a + 1",
     "a = Value('x')", "a = Value(1.0); b = a + 1; c = Value(2.0)"],
)  # fmt: skip
def test_text_that_is_no_program_is_refused_with_its_statement(text: str) -> None:
    with pytest.raises(ValueError, match="not a program"):
        parse(text, "results")


def test_every_hand_written_case_is_in_the_form_that_a_learner_is_shown() -> None:
    for check in CHECKS.values():
        for case in check.cases:
            if isinstance(case, str):
                program = parse(case, check.observe)
                assert parse(to_python(program), check.observe) == program


def test_every_strategy_named_by_a_check_exists() -> None:
    for check in CHECKS.values():
        for draw in check.draws:
            assert draw.strategy in STRATEGIES
