"""A stranger's source makes a tree here only if that is not too large."""

from __future__ import annotations

import ast
import contextlib
import warnings

import pytest
from conftest import REFERENCE

from grader.syntax import SYNTAX_ERRORS, TooDenseError, parsed


@pytest.mark.parametrize(
    "text",
    ["a;" * 300_000, "x = [" + "1," * 300_000 + "]", "x = 0" + "+1" * 300_000, "a" + ".b" * 300_000,
     "\n" * 300_000, "-" * 300_000 + "1", "(" * 300_000],
    ids=lambda text: text[:10],
)  # fmt: skip
def test_a_source_of_too_many_parts_is_refused_before_it_is_parsed(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr(ast, "parse", lambda *_: pytest.fail("it was parsed"))
    with pytest.raises(TooDenseError):
        parsed(text)


@pytest.mark.parametrize(
    "text", ["x = 0" + "+1" * 25_000, "-" * 50_000 + "1", "(" * 5_000, "a\0", "x = 1" + "0" * 5_000]
)
def test_what_parsers_stumble_over_ends_in_one_of_the_known_errors(text: str) -> None:
    with contextlib.suppress(*SYNTAX_ERRORS):
        parsed(text)
    assert len(parsed("x").body) == 1  # and the parser goes on


def test_a_source_of_many_files_length_is_parsed_and_its_warnings_stay_here() -> None:
    text = "".join(REFERENCE.values()).replace("from __future__ import annotations", "") * 10
    with warnings.catch_warnings(action="error"):
        assert len(parsed(text + "\nx = '\\d'\n").body) > 100
