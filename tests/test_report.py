"""The report as data: its schema, its bytes, its text at a terminal."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from conftest import ROOT

from grader.renderers import terminal
from grader.renderers.escaping import visible
from grader.renderers.json import render
from grader.report import Report

SCHEMA = json.loads((ROOT / "grader" / "report.schema.json").read_text("utf-8"))
Grade = Callable[..., Report]
Variant = Callable[..., Path]

SET_WITHOUT_ORDER = [
    ("        self.parents = parents\n", "        self.parents = set(parents)\n"),
    ("for node in reversed(topological_order(self)):", "for node in walk(self):"),
    ("node.local_derivatives, strict=True)", "node.local_derivatives, strict=False)"),
    (
        "def as_value(",
        "def walk(root):\n    found = [root]\n    for node in found:\n"
        "        found += [p for p in node.parents if p not in found]\n    return found\n\n\n"
        "def as_value(",
    ),
]


@pytest.mark.parametrize(
    "name", ["engine_reference", "student_template", "examples/half_done", "examples/complete"]
)
def test_the_json_report_follows_its_published_schema(graded: Grade, name: str) -> None:
    report = json.loads(render(graded(ROOT / name)))
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(report, SCHEMA)
    assert report["points"] == sum(check["points"] for check in report["checks"])


@pytest.mark.parametrize("number", ["float('nan')", "float('inf')", "-float('inf')"])
def test_numbers_that_json_lacks_are_strings(graded: Grade, variant: Variant, number: str) -> None:
    edit = ("return Value(self.data + other.data,", f"return Value({number},")
    text = render(graded(variant(engine=[edit])))
    report = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} in the JSON"))
    jsonschema.validate(report, SCHEMA)
    (add,) = [check for check in report["checks"] if check["slug"] == "value/add"]
    assert add["counterexample"]["actual"]["c.data"] == repr(eval(number))


def test_the_same_submission_gives_the_same_bytes_from_any_folder(
    graded: Grade, variant: Variant, tmp_path: Path
) -> None:
    first = variant(engine=SET_WITHOUT_ORDER)
    second = tmp_path / "elsewhere" / "deep" / first.name
    shutil.copytree(first, second)
    reports = {render(graded(folder)) for folder in (first, second) * 5}
    assert len(reports) == 1
    assert json.loads(reports.pop())["points"] < 100


def test_objects_shown_in_messages_do_not_betray_addresses(graded: Grade, variant: Variant) -> None:
    edit = ('return f"Value(data={self.data}, grad={self.grad})"', "return object.__repr__(self)")
    broken = (
        "    def exp(self) -> Value:",
        "    def exp(self) -> Value:\n        raise ValueError(self)",
    )
    folder = variant(engine=[edit, broken])
    texts = {render(graded(folder)) for _ in range(3)}
    assert len(texts) == 1
    assert "Value object at 0x\\u2026" in texts.pop()


HOSTILE = "\x1b[2J\x07\u202eevil\u2066\r\n::error::x<script>&\x00[bold]"


def test_text_from_a_submission_is_inert_at_the_terminal(graded: Grade, variant: Variant) -> None:
    broken = (
        "    def exp(self) -> Value:",
        f"    def exp(self) -> Value:\n        raise ValueError({HOSTILE!r})",
    )
    text = terminal.render(graded(variant(engine=[broken])))
    for character in "\x1b\x07\u202e\u2066\r\x00":
        assert character not in text
    assert "\\x1b[2J" in text
    assert "[bold]" in text


def test_only_what_is_printable_is_shown_as_it_is() -> None:
    assert visible("ä ∂ 漢\x1b\u202e\n") == "ä ∂ 漢\\x1b\\u202e\\n"
    assert visible("a\nb", keep="\n") == "a\nb"


def test_the_terminal_shows_stages_points_counterexample_and_what_to_do_next(
    graded: Grade,
) -> None:
    text = terminal.render(graded(ROOT / "examples" / "forgets_to_zero"))
    assert "train/zeroing" in text
    assert "model.w.data is 0.11 and should be 1.01." in text
    assert "print(model.w.data)" in text
    assert "yours" in text
    assert "expected" in text
    assert "course explain never-zeroed" in text
    assert "on the practice examples" in text
    assert "\x1b" not in text


def test_lines_keep_to_the_width_and_colour_is_never_the_only_signal(graded: Grade) -> None:
    report = graded(ROOT / "examples" / "half_done")
    for width in (60, 80, 100):
        plain = terminal.render(report, width=width)
        assert max(map(len, plain.splitlines())) <= width
        coloured = terminal.render(report, width=width, colour=True)
        assert "\x1b[" in coloured
        assert plain.count("✗") == coloured.count("✗") > 0


def test_a_terminal_without_unicode_gets_ascii(graded: Grade) -> None:
    text = terminal.render(graded(ROOT / "examples" / "half_done"), ascii_only=True)
    assert text.isascii()
    assert "x backward/" in text


def test_a_template_is_not_a_wall_of_failures(graded: Grade) -> None:
    text = terminal.render(graded(ROOT / "student_template"))
    assert len(text.splitlines()) < 30
    assert "not written yet" in text
    assert "Traceback" not in text


def test_the_next_command_names_the_folder_that_was_graded(graded: Grade) -> None:
    report = graded(ROOT / "examples" / "half_done")
    assert "course grade 'my work' --check backward/exp" in terminal.render(
        report, place="'my work'"
    )
    assert "course grade --check backward/exp" in terminal.render(report)


def test_a_number_of_parameters_is_a_whole_number(graded: Grade, variant: Variant) -> None:
    forgotten = ("[*self.w, self.b]", "[*self.w]")
    text = terminal.render(graded(variant(nn=[forgotten])))
    assert "len(model.parameters()) is 32 and should be 41." in text
    assert "32.0" not in text


def test_one_cause_is_not_followed_by_a_wall_of_checks_that_wait(
    graded: Grade, variant: Variant
) -> None:
    unseeded = ("self.grad = 1.0", "pass")
    text = terminal.render(graded(variant(engine=[unseeded])))
    assert text.count("skipped because") == 1
    assert "skipped because others did not pass" in text
    assert "`backward()` starts with a gradient of 0 at the result" in text.replace("\n  ", " ")


def test_points_of_a_report_are_its_checks(graded: Grade) -> None:
    report = graded(ROOT / "examples" / "half_done")
    assert 0 < report.points < report.max_points == 100
    assert not report.all_passed
    assert math.isfinite(report.points)
