"""The class page and the gradebook: hostile names do nothing, and anybody can read them."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser import BROWSER, assert_accessible

from grader.classroom import class_page
from grader.classroom.gradebook import Row, render, row
from grader.classroom.statistics import Statistics, statistics

if TYPE_CHECKING:
    from playwright.sync_api import Page

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    '=HYPERLINK("http://example.org")',
    "@SUM(1)\r\n+1",
    "a\x1b[31mb\u202ec\udcff",
)


def graded(learner: str, points: int, failed: tuple[str, ...] = (), **more: object) -> Row:
    return Row(
        learner,
        f"id-{abs(hash(learner))}",
        learner,
        "graded",
        points=points,
        max_points=100,
        stages={"value": points // 4},
        checks={"value/add": "passed", **dict.fromkeys(failed, "failed")},
        seed="pear",
        isolation="filtered",
        **more,  # type: ignore[arg-type]
    )


def a_class() -> Statistics:
    rows = [
        graded("ann", 100, likeness="x"),
        graded("bob", 100, likeness="x"),
        graded("cy", 40, ("value/mul", "backward/mul"), likeness="y"),
        graded("dee", 45, ("value/mul",), misconceptions={"grad-overwritten": "It assigns"}),
        Row("eve", "eve", "eve.zip", "not gradable", "eve.zip is empty: pack it again"),
        *(graded(name, 0, notes=(name,)) for name in HOSTILE),
        *(
            Row(f"not {name}", f"n{i}", name, "not gradable", name)
            for i, name in enumerate(HOSTILE)
        ),
    ]
    return statistics(rows, {row_.id: float(i) for i, row_ in enumerate(rows)})


def test_statistics_count_what_failed_and_who_wrote_the_same() -> None:
    found = a_class()
    assert [(common.slug, list(common.learners)) for common in found.failed] == [
        ("value/mul", ["cy", "dee"]),
        ("backward/mul", ["cy"]),
    ]
    assert [common.slug for common in found.misconceptions] == ["grad-overwritten"]
    assert [[row_.learner for row_ in group] for group in found.alike] == [["ann", "bob"]]
    assert found.bins[100] == 2
    assert found.bins[40] == 2
    assert found.bins[0] == len(HOSTILE)
    assert sum(found.bins.values()) == 4 + len(HOSTILE)
    assert len(found.slowest) == 5
    assert found.slowest[0][1] > found.slowest[1][1]


def test_an_empty_class_has_a_page() -> None:
    assert "<h1>The class</h1>" in class_page.render(statistics([], {}))


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_hostile_names_are_text_and_nothing_is_loaded() -> None:
    page = class_page.render(a_class())
    page.encode("utf-8")
    read = Tags()
    read.feed(page)
    assert not read.tags & {"script", "img", "link", "iframe", "a", "form", "object", "svg"}
    assert not {name for name in read.attributes if name.startswith("on")}
    assert "<script>alert(1)</script>" in read.text
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert "url(" not in page


def test_the_gradebook_reads_back_and_computes_nothing() -> None:
    rows = [*a_class().rows]
    text = render(rows)
    assert text.startswith("\ufeff")
    read = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert len(read) == len(rows)
    for record in read:
        for cell in record.values():
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
            assert cell.isprintable()
    assert read[0]["learner"] == "ann"
    assert read[2]["failed"] == "value/mul backward/mul"
    assert read[4]["points"] == ""
    assert read[7]["learner"].startswith("'=HYPERLINK")


def test_a_row_tells_what_its_result_says() -> None:
    check = {"slug": "value/add", "stage": "value", "points": 2, "max_points": 2}
    result = {
        "learner": "ann",
        "source": "ann.zip",
        "status": "graded",
        "problem": None,
        "likeness": {"digest": "d", "size": 300},
        "report": {
            "points": 2,
            "max_points": 4,
            "corpus": {"seed": "pear"},
            "isolation": {"level": "strict", "advisory": False},
            "submission": {"notes": ["a note"]},
            "checks": [
                {**check, "outcome": "passed", "diagnosis": None},
                {
                    **check,
                    "slug": "value/mul",
                    "points": 0,
                    "outcome": "failed",
                    "diagnosis": {"slugs": ["one", "two"], "sentence": "It does"},
                },
            ],
        },
    }
    made = row("ann", json.loads(json.dumps(result)))
    assert (made.points, made.max_points, made.stages["value"]) == (2, 4, 2)
    assert made.misconceptions == {"one": "It does", "two": "It does"}
    assert made.checks == {"value/add": "passed", "value/mul": "failed"}
    assert (made.seed, made.isolation, made.likeness) == ("pear", "strict", "d")


@pytest.mark.needs(*BROWSER)
def test_the_page_is_accessible_and_runs_nothing(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "class.html"
    file.write_text(class_page.render(a_class(), {"eve": "reports/html/eve.html"}), "utf-8")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: pytest.fail(f"a script has run: {dialog.message}"))
    page.goto(file.as_uri())
    assert asked == [file.as_uri()]
    assert_accessible(page)
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert re.search("grad-overwritten", page.inner_text("#misconceptions"))
