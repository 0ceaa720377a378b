"""The line that a diagnosis points at: found by name, and by the kind of statement."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from grader import submission
from grader.misconceptions import MISCONCEPTIONS
from grader.misconceptions.misconception import Place
from grader.pointing import LONGEST, STATEMENTS, point

ENGINE = """\
class Value:
    def __init__(self, data):
        self.data, self.grad = data, 0.0

    def __mul__(self, other):
        out = Value(self.data * other.data)

        def _backward():
            self.grad += other.data * out.grad
            other.grad = self.data * out.grad

        out._backward = _backward
        return out

    __rmul__ = __mul__

def exp(self):
    return self

Value.exp = exp
"""

Point = Callable[..., "int | None"]


@pytest.fixture
def line(tmp_path: Path) -> Point:
    def find(*names: str, statement: str | None = None, text: str = ENGINE) -> int | None:
        (tmp_path / "engine.py").write_text(text, "utf-8")
        read = submission.read(tmp_path)
        found = point(read, "engine", Place(names, statement))
        assert found is None or found.file == "engine.py"
        return found and found.line

    return find


def test_a_method_is_found_by_its_name(line: Point) -> None:
    assert line("Value.__mul__") == 5


def test_a_plain_assignment_to_a_gradient_comes_before_one_that_adds(line: Point) -> None:
    assert line("Value.__mul__", statement="grad =") == 10


def test_where_nothing_is_assigned_the_line_that_adds_is_taken(line: Point) -> None:
    text = ENGINE.replace("other.grad = self", "other.grad += self")
    assert line("Value.__mul__", statement="grad =", text=text) == 9


def test_a_return_is_found(line: Point) -> None:
    assert line("Value.__mul__", statement="return") == 13


def test_an_alias_is_a_line_of_its_own(line: Point) -> None:
    assert line("Value.__rmul__") == 15


def test_a_method_that_is_put_on_afterwards_is_found_where_it_is_written(line: Point) -> None:
    assert line("Value.exp") == 17


def test_a_chain_of_a_thousand_attributes_is_passed_over(line: Point) -> None:
    source = "class Value: pass\nx = Value()\nx.a = x\nx" + ".a" * 1_000 + " = 1\n"
    assert line("Value.exp", text=source) is None


def test_names_are_tried_in_turn(line: Point) -> None:
    assert line("Value.tanh", "Value") == 1


def test_what_is_nowhere_has_no_line(line: Point) -> None:
    assert line("Value.tanh") is None


def test_a_file_of_great_length_is_not_read_again(line: Point) -> None:
    assert line("Value.__mul__", text=ENGINE + "#" * LONGEST) is None


def test_every_place_asks_for_a_statement_that_can_be_looked_for() -> None:
    asked = {m.where.statement for m in MISCONCEPTIONS.values()} - {None}
    assert asked == STATEMENTS.keys()
