"""The site in a real browser: folded and unfolded, turned, printed, read by everybody.

It is served below a path, under the strictest policy that a host can set: only files of the
site may be loaded, and nothing inline may run. A tab notices whatever is refused.
"""

from __future__ import annotations

import io
import re
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import normalize

import pytest
from browser import BROWSER, assert_accessible, tab

from course import lesson_pages
from course.numerals import short
from course.one_weight import Problem, walk
from course.site import folder, website
from course.site.server import POLICY
from flashcards import Lesson
from flashcards.model import plain

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.needs(*BROWSER)

LESSONS = lesson_pages.load()
THIRD = LESSONS[2]
NET = f"{THIRD.id}.html"
FILES = website.build(LESSONS)
PAGES = [name for name in FILES if name.endswith(".html")]

ALIKE = ".check:nth-of-type(n + 4), li:nth-of-type(n + 15)"
"""Hundreds of checks and mistakes are made by the same lines of a template: a few will do."""


class Published(SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *arguments: object) -> None: ...


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Publish the site below a path, and return its address."""
    root = tmp_path_factory.mktemp("host")
    folder.write(FILES, root / "some where" / "course")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Published, directory=str(root))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/some%20where/course"
        server.shutdown()
        thread.join()


@pytest.fixture
def plain_page(chromium: Browser) -> Iterator[Page]:
    """A tab in which no script runs."""
    with tab(chromium, script=False) as page:
        yield page


def appears(element: Locator) -> None:
    element.wait_for(state="visible")


def vanishes(element: Locator) -> None:
    element.wait_for(state="hidden")


# ── Folding, turning ──────────────────────────────────────────────────────────────────────


def test_answers_fold_and_unfold_by_mouse_and_by_keyboard(address: str, page: Page) -> None:
    page.goto(f"{address}/{NET}")
    for question in THIRD.questions:
        answer = page.locator(f"[id='{question.id}'] .answer")
        body, summary = answer.locator("> div"), answer.locator("summary")
        assert not body.is_visible()
        summary.click()
        appears(body)
        summary.press("Enter")
        vanishes(body)
        summary.press("Space")
        appears(body)


def test_cards_turn_by_mouse_and_by_keyboard(address: str, page: Page) -> None:
    page.goto(f"{address}/{NET}")
    for card in THIRD.cards:
        back = page.locator(f"[id='{card.id}'] .back")
        front = page.locator(f"[id='{card.id}'] summary")
        assert not back.is_visible()
        front.click()
        appears(back)
        front.press("Space")
        vanishes(back)
        front.press("Enter")
        appears(back)
        above, below = front.bounding_box(), back.bounding_box()
        assert above is not None
        assert below is not None
        assert above["y"] < below["y"]


def test_the_keyboard_alone_goes_from_the_top_to_the_first_answer(address: str, page: Page) -> None:
    page.goto(f"{address}/{NET}")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the text"
    page.keyboard.press("Enter")
    first = page.locator(".answer summary").first
    for _ in range(20):
        page.keyboard.press("Tab")
        if first.evaluate("element => element === document.activeElement"):
            break
    page.keyboard.press("Enter")
    appears(page.locator(".answer > div").first)


def test_without_a_script_everything_can_be_read(address: str, plain_page: Page) -> None:
    plain_page.goto(f"{address}/{NET}")
    for selector in (".answer > div", ".back"):
        for number in range(plain_page.locator(selector).count()):
            text = plain_page.locator(selector).nth(number)
            assert not text.is_visible()
            text.locator("xpath=../summary").click()
            appears(text)
    assert not plain_page.get_by_role("button", name="Print").is_visible()


# ── The worked step ───────────────────────────────────────────────────────────────────────


def table(page: Page, zeroing: bool) -> list[list[str]]:
    rows = page.locator(f"table.walk[data-zeroing={str(zeroing).lower()}] tbody tr")
    return [row.locator("td").all_text_contents() for row in rows.all()]


def worked(problem: Problem, steps: int, zeroing: bool) -> list[list[str]]:
    """Return the rows that the engine gives."""
    rows = []
    for step in walk(problem, steps, zeroing=zeroing).steps:
        slope = f"({short(step.slope)})" if step.slope < 0 else short(step.slope)
        added = f"{short(step.kept)} + {slope} = " if step.kept else ""
        numbers = (step.w, step.prediction, step.loss, step.gradient, step.next_w, step.next_loss)
        w, prediction, loss, gradient, next_w, next_loss = map(short, numbers)
        rows.append([w, prediction, loss, added + gradient, next_w, next_loss])
    return rows


PROBLEMS = [
    (Problem(), 2),
    (Problem(learning_rate=0.1), 5),
    (Problem(w=-1.5, x=2.25, y=-4.0, learning_rate=0.01), 12),
    (Problem(w=0.0, x=0.0, y=2.0), 3),  # the weight has no say
    (Problem(w=1e9, x=1e9, y=-1e9, learning_rate=1e9), 50),  # outgrows a float
    (Problem(w=1e-7, x=1e-5, y=0.0, learning_rate=0.5), 4),
    (Problem(w=12345.25, x=1.0, y=0.0, learning_rate=0.0), 1),  # halfway between two roundings
    (Problem(w=12345.75, x=-1.0, y=3.0, learning_rate=0.5), 3),
]


def test_the_worked_step_with_other_numbers_is_what_the_engine_computes(
    address: str, page: Page
) -> None:
    page.goto(f"{address}/{NET}")
    page.get_by_text("Show the steps").click()
    for problem, steps in PROBLEMS:
        for name, value in {**asdict(problem), "steps": steps}.items():
            page.locator(f".numbers [name={name}]").fill(repr(value))
        for zeroing in (True, False):
            assert table(page, zeroing) == worked(problem, steps, zeroing), problem


def test_without_a_script_the_worked_step_shows_the_exercise(
    address: str, plain_page: Page
) -> None:
    plain_page.goto(f"{address}/{NET}")
    for zeroing in (True, False):
        assert table(plain_page, zeroing) == worked(Problem(), 2, zeroing)
    assert not plain_page.locator(".numbers").is_visible()


def test_a_number_is_changed_by_keyboard_and_the_outcome_is_said(address: str, page: Page) -> None:
    page.goto(f"{address}/{NET}")
    page.get_by_text("Show the steps").click()
    page.get_by_label("Steps").press("ArrowUp")
    said = page.get_by_role("status")
    appears(said)
    assert said.inner_text() == (
        "With zeroing the loss is 9e−6 after 3 steps; "
        "without zeroing the loss is 10.4782 after 3 steps."
    )
    assert len(table(page, zeroing=True)) == 3


@pytest.mark.parametrize(
    ("name", "typed"), [("w", ""), ("x", "1e10"), ("steps", "51"), ("steps", "1.5")]
)
def test_what_is_no_number_is_named_and_changes_nothing(
    address: str, page: Page, name: str, typed: str
) -> None:
    page.goto(f"{address}/{NET}")
    page.get_by_text("Show the steps").click()
    page.locator(f".numbers [name={name}]").fill(typed)
    assert "Every field needs a number" in page.get_by_role("status").inner_text()
    wrong = page.locator(".numbers [aria-invalid=true]")
    assert [field.get_attribute("name") for field in wrong.all()] == [name]
    assert table(page, zeroing=True) == worked(Problem(), 2, zeroing=True)


# ── Paper ─────────────────────────────────────────────────────────────────────────────────


def printed(page: Page) -> list[Counter[str]]:
    """Print a page to PDF and return the words on each sheet, in no order."""
    from pdfminer.high_level import extract_text

    sheets = extract_text(io.BytesIO(page.pdf(format="A4"))).split("\f")[:-1]
    return [_words(sheet) for sheet in sheets]


def words(element: Locator) -> Counter[str]:
    return _words(element.text_content() or "")


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", normalize("NFKC", text)))  # paper has ligatures


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.id)
def test_the_button_prints_each_card_on_a_page_of_its_own(
    address: str, page: Page, lesson: Lesson
) -> None:
    page.add_init_script("window.print = () => {}")  # there is nobody to answer its dialogue
    page.goto(f"{address}/{lesson.id}.html")
    page.get_by_role("button", name="Print flashcards").click()
    sheets = printed(page)
    assert len(sheets) == len(lesson.cards)
    for sheet, card in zip(sheets, lesson.cards, strict=True):
        assert words(page.locator(f"[id='{card.id}']")) - sheet == Counter()


def test_the_third_lesson_has_eight_pages_of_cards(address: str, page: Page) -> None:
    page.add_init_script("window.print = () => {}")
    page.goto(f"{address}/{NET}")
    page.get_by_role("button", name="Print flashcards").click()
    assert len(printed(page)) == 8


@pytest.mark.parametrize("script", [True, False])
def test_all_answers_are_on_the_printed_page_though_they_are_folded(
    address: str, chromium: Browser, script: bool
) -> None:
    with tab(chromium, script=script) as page:
        page.goto(f"{address}/{NET}")
        paper = sum(printed(page), Counter())
        answers = page.locator(".answer > div, .back")
        assert answers.count() == 5 + 1 + 8
        for number in range(answers.count()):
            assert words(answers.nth(number)) - paper == Counter()


def test_after_printing_everything_is_folded_again(address: str, page: Page) -> None:
    page.add_init_script("window.print = () => {}")
    page.goto(f"{address}/{NET}")
    page.locator(".answer summary").nth(1).click()
    page.get_by_role("button", name="Print flashcards").click()
    printed(page)
    assert page.locator("details[open]").count() == 1
    assert page.locator("h1").is_visible()
    first, *_ = printed(page)  # now the page as a whole
    assert words(page.locator("h1")) - first == Counter()


# ── Everybody, everywhere ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("width", [320, 704, 1280])
def test_nothing_sticks_out_at_any_width(address: str, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for name in PAGES:
        page.goto(f"{address}/{name}")
        unfold(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


@pytest.mark.parametrize(("width", "names"), [(360, PAGES), (1280, ["index.html", NET])])
def test_axe_finds_nothing_on_any_page(
    address: str, page: Page, width: int, names: list[str]
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for name in names:
        page.goto(f"{address}/{name}")
        unfold(page)
        page.evaluate(f"for (const e of document.querySelectorAll('{ALIKE}')) e.remove()")
        assert_accessible(page)


def test_every_request_stays_with_the_site_and_is_answered(address: str, page: Page) -> None:
    asked: dict[str, int] = {}
    page.on("response", lambda response: asked.update({response.url: response.status}))
    for name in PAGES:
        page.goto(f"{address}/{name}")
    assert len(asked) > len(PAGES)
    assert {url for url in asked if not url.startswith(f"{address}/")} == set()
    assert set(asked.values()) <= {200, 304}


def test_pages_work_from_a_disk_as_well(page: Page, tmp_path: Path) -> None:
    folder.write(FILES, tmp_path / "site")
    page.goto((tmp_path / "site" / "index.html").as_uri())
    page.get_by_role("link", name=plain(THIRD.title)).last.click()
    page.wait_for_url(f"**/{NET}")
    assert page.get_by_role("button", name="Print flashcards").is_visible()


def test_a_check_leads_to_a_card(address: str, page: Page) -> None:
    page.goto(f"{address}/checks.html#train/zeroing")
    page.locator("[id='train/zeroing'] dd a").first.click()
    page.wait_for_url(f"**/{NET}#zero-every-iteration")
    assert page.locator("[id='zero-every-iteration'] summary").is_visible()


def unfold(page: Page) -> None:
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
