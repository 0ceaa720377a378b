"""A counterexample's graph: every node with its numbers, and the first wrong one marked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
from conftest import ROOT, outcomes

from grader.parsing import parse
from grader.renderers import graph, terminal
from grader.renderers.json import render
from grader.report import GraphLine, Pair, Report
from grader.tracing import graph as drawn

Grade = Callable[..., Report]
Variant = Callable[..., Path]

ASSIGNED = [("parent.grad += local * upstream", "parent.grad = local * upstream")]


def line(indent: int, node: str, expression: str, **more: object) -> GraphLine:
    pair = Pair(1.0, 1.0)
    return GraphLine(indent, node, expression, pair, pair, repeated=False, **more)  # type: ignore[arg-type]


def test_the_first_wrong_node_is_marked_and_every_node_has_its_numbers(
    graded: Grade, variant: Variant
) -> None:
    report = graded(variant(engine=ASSIGNED), only=["backward/add-reused"])
    example = outcomes(report)["backward/add-reused"].counterexample
    assert example is not None
    shown = [(n.indent, n.node, n.expression, n.data.actual) for n in example.graph]
    assert shown == [
        (0, "d", "c * a", 10.0),
        (1, "c", "a + b", 5.0),
        (2, "a", "Value(2.0)", 2.0),
        (2, "b", "Value(3.0)", 3.0),
        (1, "a", "Value(2.0)", 2.0),
    ]
    (wrong,) = [node for node in example.graph if node.first_wrong]
    assert (wrong.node, wrong.first_wrong, wrong.grad) == ("a", "grad", Pair(7.0, 2.0))
    assert [node.repeated for node in example.graph] == [False, False, False, False, True]
    text = terminal.render(report)
    assert "✗     a = Value(2.0)  data 2  grad 2, should be 7" in text
    assert "a, as above" in text


def test_a_wrong_number_is_marked_where_nothing_asks_for_gradients(
    graded: Grade, variant: Variant
) -> None:
    edit = ("return Value(self.data + other.data,", "return Value(self.data - other.data,")
    report = graded(variant(engine=[edit]), only=["value/add"])
    example = outcomes(report)["value/add"].counterexample
    assert example is not None
    (wrong,) = [node for node in example.graph if node.first_wrong]
    assert wrong.first_wrong == "data"
    assert {node.grad for node in example.graph} == {None}
    content = json.loads(render(report))
    jsonschema.validate(
        content, json.loads((ROOT / "grader" / "report.schema.json").read_text("utf-8"))
    )
    (found,) = [
        node for node in content["checks"][0]["counterexample"]["graph"] if node["first_wrong"]
    ]
    assert found["data"]["expected"] != found["data"]["actual"]


def test_a_shared_node_has_its_operands_once() -> None:
    text = "a = Value(2.0)\nb = a * a\nc = b + b\nd = c * b\nd.backward()"
    program = parse(text, "gradients")
    numbers = [0.0] * (2 * program.size)
    lines = drawn(program, numbers, numbers)
    assert [(n.indent, n.node, n.repeated) for n in lines] == [
        (0, "d", False),
        (1, "c", False),
        (2, "b", False),
        (3, "a", False),
        (3, "a", True),
        (2, "b", True),
        (1, "b", True),
    ]


def test_lines_keep_to_any_width_and_their_number_is_bounded() -> None:
    nodes = [line(i, f"v{i}", f"v{i + 1}.tanh()") for i in range(60)]
    nodes.append(line(60, "v60", "Value(2.0)", first_wrong="grad"))
    for width in (30, 56, 96):
        shown = graph.lines(nodes, width)
        assert max(len(text) for text, _ in shown) <= width
        assert len(shown) == graph.MOST_LINES + 2
        assert [wrong for _, wrong in shown].count(True) == 1
        assert shown[-1].text == "  … and 36 more lines"


def test_numbers_that_look_alike_are_shown_whole_where_they_differ() -> None:
    pair = Pair(expected=1.0, actual=1.0000001)
    node = GraphLine(0, "a", "Value(2.0)", Pair(2.0, 2.0), pair, False, "grad")
    assert "grad 1.0000001, should be 1.0" in graph.lines([node], 80)[0].text


def test_what_is_no_number_is_shown_as_such() -> None:
    odd = Pair(1.0, float("nan"))
    node = GraphLine(0, "a", "Value(2.0)", odd, odd, False, "data")
    (shown,) = graph.lines([node], 80)
    assert "data nan, should be 1" in shown.text


def test_without_unicode_the_sign_is_ascii(graded: Grade, variant: Variant) -> None:
    report = graded(variant(engine=ASSIGNED), only=["backward/add-reused"])
    text = terminal.render(report, ascii_only=True)
    assert text.isascii()
    assert "x     a = Value(2.0)" in text
