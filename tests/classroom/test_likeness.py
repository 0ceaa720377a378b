"""Which submissions are one and the same under other names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from conftest import ROOT

from grader.classroom.likeness import Print, print_of, units
from grader.submission import read

Variant = Callable[..., Path]


def print_at(folder: Path) -> Print | None:
    return print_of(read(folder))


def test_names_comments_layout_and_order_do_not_count(variant: Variant) -> None:
    plain = print_at(variant("plain"))
    disguised = variant("disguised")
    for file in disguised.glob("*.py"):
        text = file.read_text("utf-8")
        text = text.replace("topological_order", "my_walk").replace("other", "thing")
        file.write_text(f"# mine alone\n\n{text}\n\n# the end\n", "utf-8")
    assert plain is not None
    assert print_at(disguised) == plain


def test_another_operator_is_another_print(variant: Variant) -> None:
    changed = variant("changed", engine=[(" * ", " + ")])
    assert print_at(changed) != print_at(variant("plain"))


def test_everybody_s_template_is_nobody_s_likeness() -> None:
    template = ROOT / "student_template"
    given = {
        digest for file in template.glob("*.py") for digest, _ in units(file.read_text("utf-8"))
    }
    assert given
    assert print_of(read(template), given) is None


def test_code_that_cannot_be_parsed_has_no_print(variant: Variant) -> None:
    assert units("def f(:") == []
    assert units("(" * 5000) == []
    assert units("def f():\n" + " x\n" * 60_000) == []
