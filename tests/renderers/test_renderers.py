"""Reports in every format: word for word as expected, and read back by parsers not ours.

After a wanted change, `COURSE_WRITE_EXPECTED=1 pytest tests/renderers` writes the expected
texts anew; what changed is then looked at in the diff.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from browser import BROWSER, assert_accessible
from conftest import ROOT, Run
from markdown_it import MarkdownIt

from grader.checks import CHECKS
from grader.renderers import github, html, junit, markdown
from grader.renderers.escaping import visible
from grader.report import (
    CheckResult,
    CorpusFacts,
    Counterexample,
    Diagnosis,
    FirstDifference,
    GraphLine,
    IsolationFacts,
    Pair,
    Report,
    SubmissionFacts,
    Where,
)
from grader.tasks import Slug

if TYPE_CHECKING:
    from playwright.sync_api import Page

EXPECTED = Path(__file__).parent / "expected"
HOSTILE = "\x1b[2J\u202e`x` ::error::y ##[z] <script>alert(1)</script>|]]>&amp;\r\n\x00 [a](b) @c"

RENDERERS: dict[str, tuple[Callable[[Report], str], str]] = {
    "markdown": (markdown.render, "md"),
    "junit": (junit.render, "xml"),
    "github": (github.render, "txt"),
    "html": (html.render, "html"),
}


def check(slug: str, outcome: str, **more: object) -> CheckResult:
    claim = CHECKS[slug]
    points = claim.points if outcome == "passed" else 0
    reason = None if outcome == "passed" else "it went wrong"
    result = CheckResult(slug, claim.stage, claim.claim, outcome, points, claim.points, reason)
    return replace(result, **more)


def report(*checks: CheckResult, notes: tuple[str, ...] = ()) -> Report:
    return Report(
        grader_version="1.2.3",
        corpus=CorpusFacts("autumn", "0" * 64, practice=False, drawn_with="hypothesis 6"),
        submission=SubmissionFacts("1" * 64, ("engine.py", "nn.py"), notes),
        isolation=IsolationFacts("filtered", ()),
        checks=checks,
    )


WHOLE = report(
    check("value/add", "passed"),
    check("value/exp", "errored", reason="raised ValueError at engine.py:34: no `exp` yet"),
    check(
        "backward/mul",
        "failed",
        reason="a.grad is 2.0 and should be 6.0",
        counterexample=Counterexample(
            "a = Value(2.0)\nb = a * a\nc = b + a\nc.backward()\nprint(a.grad)",
            {"a.grad": 5.0, "c.data": 6.0},
            {"a.grad": 3.0, "c.data": 6.0},
            FirstDifference("a", "a", "grad", 5.0, 3.0, ("b = a * a", "c = b + a")),
            (
                GraphLine(0, "c", "b + a", Pair(6.0, 6.0), Pair(1.0, 1.0), repeated=False),
                GraphLine(1, "b", "a * a", Pair(4.0, 4.0), Pair(1.0, 1.0), repeated=False),
                GraphLine(2, "a", "Value(2.0)", Pair(2.0, 2.0), Pair(5.0, 3.0), False, "grad"),
            ),
        ),
        diagnosis=Diagnosis(
            (Slug("grad-overwritten"),),
            "`*` sets a gradient where it should add to it",
            Where("nn.py", 21),
            "on 12 of 12 programs the numbers are those of this mistake",
            "`__mul__`, where it writes `.grad`",
            "add to `.grad`, with `+=`",
        ),
        cards=("shared-node",),
    ),
    check("mlp/sizes", "skipped", reason="nn.py is not there: this stage has not been begun"),
    notes=("engine.py:3 imports numpy, which is not there while grading",),
)
NASTY = report(
    check("value/exp", "errored", reason=f"raised E at engine.py:7: {HOSTILE}"),
    check(
        "value/tanh",
        "failed",
        reason=HOSTILE,
        counterexample=Counterexample(
            f"```\n{HOSTILE}\n~~~", {HOSTILE: float("nan")}, {HOSTILE: float("-inf")}
        ),
    ),
    check("mlp/sizes", "skipped", reason=HOSTILE),
    notes=(HOSTILE,),
)


@pytest.mark.parametrize("name", RENDERERS)
def test_the_text_is_as_expected(name: str) -> None:
    render, suffix = RENDERERS[name]
    file = EXPECTED / f"report.{suffix}"
    if "COURSE_WRITE_EXPECTED" in os.environ:
        file.write_text(render(WHOLE), "utf-8")
    assert render(WHOLE) == file.read_text("utf-8")


@pytest.mark.parametrize("name", RENDERERS)
def test_nothing_invisible_is_left(name: str) -> None:
    text = RENDERERS[name][0](NASTY)
    assert not [c for c in text if not c.isprintable() and c != "\n" and c != "\u2060"]


# ── JUnit ─────────────────────────────────────────────────────────────────────────────


def suite_of(report: Report) -> ElementTree.Element:
    root = ElementTree.fromstring(junit.render(report))
    assert root.tag == "testsuites"
    (suite,) = root
    return suite


def test_junit_has_one_flat_suite_with_a_case_for_each_check() -> None:
    suite = suite_of(WHOLE)
    cases = suite.findall("testcase")
    assert [case.get("name") for case in cases] == [c.slug for c in WHOLE.checks]
    assert [[child.tag for child in case] for case in cases] == [
        [],
        ["error"],
        ["failure"],
        ["skipped"],
    ]
    counts = {key: int(suite.get(key, "")) for key in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": 4, "failures": 1, "errors": 1, "skipped": 1}


def test_junit_failures_hold_the_program_and_both_numbers() -> None:
    failure = suite_of(WHOLE).find("testcase/failure")
    assert failure is not None
    assert "a.grad is 2.0 and should be 6.0" in failure.get("message", "")
    text = failure.text or ""
    assert WHOLE.checks[2].counterexample.python in text
    assert "a.grad: yours 3.0, expected 5.0" in text


def test_junit_gives_hostile_text_back_as_what_is_visible_of_it() -> None:
    suite = suite_of(NASTY)
    error = suite.find("testcase/error")
    assert error is not None
    assert visible(HOSTILE) in error.get("message", "")
    assert len(suite.findall("testcase")) == 3


def test_junit_names_are_unique_over_a_whole_report() -> None:
    whole = report(*(check(slug, "passed") for slug in CHECKS))
    names = [case.get("name") for case in suite_of(whole).findall("testcase")]
    assert len(names) == len(set(names)) == len(CHECKS)


# ── Markdown ──────────────────────────────────────────────────────────────────────────


def tokens(text: str) -> list:
    return MarkdownIt("gfm-like", {"linkify": False}).parse(text)


def test_markdown_shows_stages_the_program_and_every_claim() -> None:
    parsed = tokens(markdown.render(WHOLE))
    headings = [
        parsed[i + 1].content for i, token in enumerate(parsed) if token.type == "heading_open"
    ]
    assert headings[0] == "1 of 5 points"
    assert [h.split("`")[1] for h in headings[1:]] == ["backward/mul", "value/exp"]
    program, graph = [token.content for token in parsed if token.type == "fence"]
    assert program == WHOLE.checks[2].counterexample.python + "\n"
    assert "✗     a = Value(2.0)  data 2  grad 3, should be 5" in graph
    assert sum(token.type == "table_open" for token in parsed) == 3


def test_markdown_tables_keep_their_columns_whatever_stands_in_them() -> None:
    for graded in (WHOLE, NASTY):
        rows: list[int] = []
        widths = set()
        for token in tokens(markdown.render(graded)):
            if token.type == "table_open":
                rows = []
            elif token.type == "tr_open":
                rows.append(0)
            elif token.type in ("td_open", "th_open"):
                rows[-1] += 1
            elif token.type == "table_close":
                assert len(set(rows)) == 1
                widths.add(rows[0])
        assert widths == {3, 5}


def test_markdown_makes_nothing_of_hostile_text() -> None:
    parsed = tokens(markdown.render(NASTY))
    inner = [child for token in parsed for child in token.children or ()]
    kinds = {token.type for token in [*parsed, *inner]}
    assert not kinds & {"link_open", "image", "html_inline"}
    blocks = [token.content.strip() for token in parsed if token.type == "html_block"]
    assert blocks == ["<details><summary>Every claim</summary>", "</details>"]
    (fence,) = [token for token in parsed if token.type == "fence"]
    assert fence.content == visible(NASTY.checks[1].counterexample.python, keep="\n") + "\n"


def test_claims_are_markdown_in_which_nothing_but_code_is_marked_up() -> None:
    for claim in CHECKS.values():
        for sentence in (claim.claim, claim.why):
            (inline,) = [t for t in tokens(sentence) if t.type == "inline"]
            assert {child.type for child in inline.children} <= {"text", "code_inline"}
            assert "".join(c.content for c in inline.children) == sentence.replace("`", "")
            assert "|" not in sentence


# ── HTML ──────────────────────────────────────────────────────────────────────────────


class Reader(HTMLParser):
    """Reads a page: its elements, its text, and whether every tag is closed."""

    VOID = frozenset({"meta", "br"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attributes)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "title"} & set(self.open):
            self.text += data


def test_html_holds_what_the_report_says() -> None:
    text = Reader(html.render(WHOLE)).text
    for check_ in WHOLE.checks:
        assert check_.slug in text
        assert check_.title.replace("`", "") in text
    assert WHOLE.checks[2].counterexample.python in text
    assert "which arrives through b = a * a, c = b + a." in text
    assert "course explain shared-node" in text


@pytest.mark.parametrize("graded", [WHOLE, NASTY])
def test_html_asks_for_nothing_and_runs_nothing(graded: Report) -> None:
    page = Reader(html.render(graded))
    assert not {tag for tag, _ in page.elements} & {"script", "img", "link", "iframe", "a", "form"}
    names = {name for _, attributes in page.elements for name in attributes}
    assert not [name for name in names if name.startswith("on") or name in ("src", "href")]
    (policy,) = [a["content"] for _, a in page.elements if a.get("http-equiv")]
    assert "default-src 'none'" in str(policy)
    assert "url(" not in html.STYLE


def test_html_shows_hostile_text_as_what_is_visible_of_it() -> None:
    assert visible(HOSTILE).replace("`", "") in Reader(html.render(NASTY)).text


@pytest.mark.needs(*BROWSER)
def test_a_browser_shows_the_page_without_a_violation(page: Page, tmp_path: Path) -> None:
    for graded in (WHOLE, NASTY):
        file = tmp_path / "report.html"
        # The rules of accessibility are a script, which the page itself would not let run.
        text = html.render(graded).replace(html.POLICY, "default-src 'unsafe-inline'")
        file.write_text(text.replace("<details>", "<details open>"), "utf-8")
        page.goto(file.as_uri())
        assert_accessible(page)
        page.set_viewport_size({"width": 360, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


# ── GitHub ────────────────────────────────────────────────────────────────────────────


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Read workflow commands by the rules of GitHub's runner; other lines are not commands."""
    found = []
    for line in text.splitlines():
        match = re.fullmatch(r"::([a-z-]+)(?: ([^:]*))?::(.*)", line)
        if match:
            pairs = (pair.partition("=") for pair in (match[2] or "").split(",") if pair)
            properties = {key: unescaped(value, "%3A:", "%2C,") for key, _, value in pairs}
            found.append((match[1], properties, unescaped(match[3])))
        else:
            assert "::" not in line
            assert "##[" not in line
    return found


def unescaped(text: str, *more: str) -> str:
    for rule in ("%0D\r", "%0A\n", *more, "%25%"):
        text = text.replace(rule[:3], rule[3:])
    return text


def test_github_puts_failures_on_the_lines_that_are_named() -> None:
    found = commands(github.render(WHOLE, folder="work/ada"))
    places = [(kind, p["title"], p.get("file"), p.get("line")) for kind, p, _ in found]
    assert places == [
        ("error", "backward/mul failed", "work/ada/nn.py", "21"),
        ("error", "value/exp errored", "work/ada/engine.py", "34"),
        ("warning", "mlp/sizes skipped", None, None),
        ("notice", "note", "work/ada/engine.py", "3"),
    ]
    assert WHOLE.checks[2].counterexample.python in found[0][2]


def test_github_puts_a_notebooks_failure_on_the_notebook_without_a_line() -> None:
    files = SubmissionFacts("1" * 64, ("engine.py", "a b.ipynb"), ())
    error = check("value/exp", "errored", reason="raised E at a b.ipynb cell 3:12: engine.py:4")
    (found,) = commands(github.render(replace(report(error), submission=files)))
    assert (found[1]["file"], found[1]["line"]) == ("a b.ipynb", "1")


def test_a_failure_without_a_place_stands_in_its_stages_file() -> None:
    ((_, properties, _),) = commands(github.render(report(check("mlp/sizes", "failed"))))
    assert (properties["file"], properties["line"]) == ("nn.py", "1")


@pytest.mark.parametrize("name", RENDERERS)
def test_a_diagnosis_says_what_where_and_how_it_is_known(name: str) -> None:
    text = RENDERERS[name][0](WHOLE).replace("\\", "").replace("<code>", "`")
    for words in ("sets a gradient where it should add", "12 of 12 programs", "Look at"):
        assert words in text


def test_github_gets_at_most_ten_of_a_kind_and_the_tenth_names_the_rest() -> None:
    slugs = list(CHECKS)
    many = report(
        *(check(slug, "failed") for slug in slugs[:30]),
        *(check(slug, "skipped") for slug in slugs[30:41]),
        notes=tuple(f"note {number}" for number in range(10)),
    )
    found = commands(github.render(many))
    kinds = [kind for kind, _, _ in found]
    assert [kinds.count(kind) for kind in ("error", "warning", "notice")] == [10, 10, 10]
    _, properties, message = found[9]
    assert properties["title"] == "and 21 more"
    assert all(slug in message for slug in slugs[9:30])


def test_github_takes_no_command_from_a_submission() -> None:
    found = commands(github.render(NASTY))
    assert [kind for kind, _, _ in found] == ["error", "error", "warning", "notice"]


# ── The command ───────────────────────────────────────────────────────────────────────


def test_the_command_writes_every_format(course: Run, tmp_path: Path) -> None:
    files = {name: tmp_path / name for name in RENDERERS}
    options = [f"--report={name}={file}" for name, file in files.items()]
    done = course("grade", ROOT / "examples" / "half_done", "--exit-zero", *options)
    assert (done.returncode, done.stderr) == (0, "")
    texts = {name: file.read_text("utf-8") for name, file in files.items()}
    assert ElementTree.fromstring(texts["junit"]).get("tests") == str(len(CHECKS))
    places = {properties.get("file") for _, properties, _ in commands(texts["github"])}
    assert "examples/half_done/nn.py" in places
    assert texts["markdown"].startswith("## ")
    assert texts["html"].startswith("<!DOCTYPE html>")
