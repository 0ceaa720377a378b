"""What the README shows is what the commands print, and its links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import ROOT, Run

LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("wrong", ["assign_in_mul", "no_zeroing"])
def test_the_reports_shown_are_those_of_the_grader(wrong: str, course: Run) -> None:
    printed = course("grade", f"tests/submissions/wrong/{wrong}", env={"COLUMNS": "88"}).stdout
    failure = printed[printed.index("✗ ") : printed.index("Also not passed")].rstrip()
    assert f"```\n{failure}\n```" in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_a_file_leads_to_one(page: Path) -> None:
    targets = LINK.findall(page.read_text("utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []
