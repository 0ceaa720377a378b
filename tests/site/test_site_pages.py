"""The pages of the site, read without a browser."""

from __future__ import annotations

import functools
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from itertools import pairwise

import pytest
from conftest import ROOT
from reading import PageRead, read

from course import lesson_pages
from course.content import CARDS
from course.site import pages, reference, website
from flashcards import Lesson, parse_lesson
from flashcards.model import plain
from grader.checks import CHECKS
from grader.misconceptions import MISCONCEPTIONS
from grader.tasks import Slug

Files = Mapping[str, bytes]


@pytest.fixture(scope="module")
def lessons() -> tuple[Lesson, ...]:
    return lesson_pages.load()


@pytest.fixture(scope="module")
def files(lessons: tuple[Lesson, ...]) -> Files:
    return website.build(lessons)


@pytest.fixture(scope="module")
def read_pages(files: Files) -> Mapping[str, PageRead]:
    return {name: read(files[name].decode()) for name in files if name.endswith(".html")}


# ── What every page keeps ─────────────────────────────────────────────────────────────────


def test_every_address_is_relative_and_leads_to_something(
    files: Files, read_pages: Mapping[str, PageRead]
) -> None:
    for name, page in read_pages.items():
        for tag, address in page.addresses:
            if tag == "a" and address.startswith("https://"):
                continue  # a link is followed only by who wants to
            assert re.match(r"[a-z0-9#]", address), f"{name} has <{tag}> to {address}"
            assert ":" not in address, f"{name} has <{tag}> to {address}"
            path, _, anchor = address.partition("#")
            assert not path or path in files, f"{name} leads to {path}, which is not there"
            if anchor:
                assert anchor in read_pages[path or name].ids, f"{name}: nothing is at {address}"


def test_style_sheets_and_scripts_name_no_address(files: Files) -> None:
    for name, content in files.items():
        if name.endswith((".css", ".js")):
            assert not re.search(rb"//[a-z]|url\(|@import|\bfetch\b|\bimport\b", content), name


def test_no_id_is_given_twice_on_a_page(read_pages: Mapping[str, PageRead]) -> None:
    for name, page in read_pages.items():
        assert len(page.ids) == len(set(page.ids)), name


def test_pages_need_no_leave_to_run_or_style_anything_inline(
    read_pages: Mapping[str, PageRead],
) -> None:
    for name, page in read_pages.items():
        for element in page.elements:
            assert element.tag != "style", name
            assert element.tag != "script" or "src" in element.attributes, name
            inline = [a for a in element.attributes if a.startswith("on") or a == "style"]
            assert inline == [], f"{name} has {inline} in <{element.tag}>"


def test_every_page_has_one_title_a_language_and_headings_without_a_gap(
    read_pages: Mapping[str, PageRead],
) -> None:
    for name, page in read_pages.items():
        tags = [element.tag for element in page.elements]
        assert tags.count("h1") == tags.count("main") == tags.count("title") == 1, name
        assert page.elements[0].attributes == {"lang": "en"}
        levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
        assert all(b <= a + 1 for a, b in pairwise(levels)), name
    titles = [e.text for page in read_pages.values() for e in page.elements if e.tag == "title"]
    assert len(set(titles)) == len(titles)


@pytest.mark.needs("html5lib")
def test_a_strict_parser_finds_no_fault_in_any_page(files: Files) -> None:
    import html5lib

    for name, content in files.items():
        if name.endswith(".html"):
            parser = html5lib.HTMLParser(strict=True)
            parser.parse(content, transport_encoding="utf-8")
            assert parser.errors == [], name


def test_the_same_course_gives_the_same_bytes_in_another_process(files: Files) -> None:
    script = (
        "import hashlib; from course import lesson_pages; from course.site import website\n"
        "for name, content in website.build(lesson_pages.load()).items():\n"
        "    print(name, hashlib.sha256(content).hexdigest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    here = [f"{name} {hashlib.sha256(content).hexdigest()}" for name, content in files.items()]
    assert done.stdout.splitlines() == here


# ── Lessons ───────────────────────────────────────────────────────────────────────────────


def test_every_item_of_every_lesson_is_on_its_page_in_order(
    lessons: tuple[Lesson, ...], read_pages: Mapping[str, PageRead]
) -> None:
    for lesson in lessons:
        ids = read_pages[f"{lesson.id}.html"].ids
        items = list(lesson.items)
        assert [id_ for id_ in ids if id_ in items] == items


def test_answers_are_folded_and_come_after_their_question(
    lessons: tuple[Lesson, ...], read_pages: Mapping[str, PageRead]
) -> None:
    for lesson in lessons:
        page = read_pages[f"{lesson.id}.html"]
        details = [element for element in page.elements if element.tag == "details"]
        assert all("open" not in element.attributes for element in details)
        for card, shown in zip(lesson.cards, page.of_class("card"), strict=True):
            assert shown.text.split()[: len(plain(card.front).split())] == plain(card.front).split()
        answers = page.of_class("answer")
        assert len(answers) == len(lesson.questions) + (lesson.exercise is not None)
        for question, answer in zip(lesson.questions, answers, strict=False):
            assert plain(question.heading) not in answer.text


HOSTILE = """# `<script>` & "title"
<!-- id: hostile -->

Words with `</code><img src=x onerror=alert(1)>` and `a“<b>”`.

```text
</pre><script>alert(2)</script>
```

## Self-check

### `{{ 7 * 7 }}` & b?
<!-- id: first -->

<details><summary>Answer</summary>

`{% raise %}` "quoted" 'twice'

</details>

## Worked exercise

### `"><svg onload=alert(3)>`
<!-- id: second -->

Task.

<details><summary>Solution</summary>

Done.

</details>

## Flashcards

### `'"&<>`
<!-- id: third -->

`</details></li>`
"""


def test_markup_in_a_lesson_is_shown_and_never_obeyed(lessons: tuple[Lesson, ...]) -> None:
    made = pages.render([*lessons, parse_lesson(HOSTILE, "x.md")], {})
    page = read(made["hostile.html"])
    tags = {element.tag for element in page.elements}
    assert not tags & {"img", "svg", "b"}
    assert all("src" in e.attributes for e in page.elements if e.tag == "script")
    assert "{{ 7 * 7 }}" in page.of_class("item")[0].text
    assert "{% raise %}" in page.of_class("answer")[0].text
    assert [e.text.strip() for e in page.of_class("back")] == ["</details></li>"]
    assert '<script> & "title"' in {e.text for e in page.elements if e.tag == "h1"}


# ── The reference ─────────────────────────────────────────────────────────────────────────


def test_the_reference_says_of_every_check_what_is_declared(
    read_pages: Mapping[str, PageRead],
) -> None:
    page = read_pages["checks.html"]
    shown = {element.attributes["id"]: element for element in page.of_class("check")}
    assert list(shown) == list(CHECKS)
    for slug, check in CHECKS.items():
        text = " ".join(shown[slug].text.split())
        assert check.claim.replace("`", "") in text
        assert check.why.replace("`", "") in text
        assert f"{check.points} point" in text
        assert all(required in text for required in check.requires)


def test_every_check_leads_to_its_questions_and_cards(
    lessons: tuple[Lesson, ...], files: Files
) -> None:
    sections = _articles(files["checks.html"])
    page_of = {id_: f"{lesson.id}.html" for lesson in lessons for id_ in lesson.items}
    for slug, items in CARDS.items():
        study, _, _ = sections[slug].partition("</dl>")
        linked = re.findall(r'<li><a href="([^"]+)">', study)
        assert linked == [f"{page_of[item]}#{item}" for item in items]


def test_every_mistake_is_listed_once_and_told_in_full(
    read_pages: Mapping[str, PageRead],
) -> None:
    listed = [a for tag, a in read_pages["mistakes.html"].addresses if tag == "a" and "#" in a]
    told = {
        slug: " ".join(element.text.split())
        for name, page in read_pages.items()
        if name.startswith("mistakes-")
        for element in page.of_class("check")
        for slug in [f"{name}#{element.attributes['id']}"]
    }
    assert [address for address in listed if address != "#text"] == list(told)
    assert len(told) == len(MISCONCEPTIONS)
    for address, text in told.items():
        mistake = MISCONCEPTIONS[Slug(address.partition("#")[2])]
        for sentence in (mistake.mistake, mistake.belief, mistake.breaks, mistake.look):
            assert " ".join(sentence.replace("`", "").split()) in text, address


def test_every_check_leads_to_the_mistakes_that_break_it_and_each_of_them_back(
    files: Files,
) -> None:
    sections = _articles(files["checks.html"])
    for slug, html in sections.items():
        linked = re.findall(r'href="mistakes-\w+\.html#([^"]+)"', html)
        assert linked == [m.slug for m in MISCONCEPTIONS.values() if slug in m.fails]
    for mistake in MISCONCEPTIONS.values():
        html = _articles(files[f"mistakes-{mistake.stage}.html"])[mistake.slug]
        assert set(re.findall(r'href="checks\.html#([^"]+)"', html)) == mistake.fails


@functools.cache
def _articles(page: bytes) -> dict[str, str]:
    found = re.findall(r'<article class="check" id="([^"]+)">(.*?)</article>', page.decode(), re.S)
    return dict(found)


def test_the_points_of_the_stages_make_a_hundred() -> None:
    assert sum(stage.points for stage in reference.stages()) == 100
