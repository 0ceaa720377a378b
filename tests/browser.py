"""A real browser for tests of pages: Debian's Chromium, driven by Playwright.

Tests that use it are marked `@pytest.mark.needs(*BROWSER)` and take the fixture `page`:
a tab of its own in the one browser of the session, in which nothing may go wrong unseen.

    @pytest.mark.needs(*BROWSER)
    def test_the_page_is_accessible(page: Page) -> None:
        page.goto(path.as_uri())
        assert_accessible(page)
"""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # installed only where there is a browser to drive
    from playwright.sync_api import Browser, Page, Request

BROWSER = ("chromium", "playwright", "axe_playwright_python")
"""What the marker `needs` is to name: the browser, its driver, the accessibility rules."""

SCHEMES = ("light", "dark")
COLOURS = ["color-contrast", "link-in-text-block"]  # axe's rules about them
PROGRAMS = ("chromium", "google-chrome")
PATIENCE_MS = 60_000  # a loaded machine


def executable() -> str | None:
    """Return the path of the browser; None where there is none."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


@contextlib.contextmanager
def launched() -> Iterator[Browser]:
    """Start Chromium, and end it."""
    from playwright.sync_api import sync_playwright

    arguments = ["--disable-dev-shm-usage"]  # containers give little of it
    if os.name == "posix" and os.geteuid() == 0:
        arguments.append("--no-sandbox")  # root cannot have one
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable(), args=arguments, timeout=PATIENCE_MS
        )
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def tab(browser: Browser, *, script: bool = True) -> Iterator[Page]:
    """Open a tab with a clean slate; afterwards, no script and no request of it has failed."""
    context = browser.new_context(java_script_enabled=script)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("requestfailed", lambda request: wrong.extend(_unanswered(request)))
    try:
        yield page
    finally:
        context.close()
    assert wrong == []


def _unanswered(request: Request) -> list[str]:
    # The next page was asked for before this answer came: nobody waits for it any more.
    given_up = request.failure == "net::ERR_ABORTED"
    return [] if given_up else [f"no answer: {request.url}: {request.failure}"]


def assert_accessible(page: Page) -> None:
    """Assert that axe finds nothing wrong with the page, in both colour schemes."""
    found = {scheme: violations(page, scheme) for scheme in SCHEMES}
    assert found == {scheme: [] for scheme in SCHEMES}


def violations(page: Page, scheme: str) -> list[str]:
    """Return what axe finds wrong: a line for each rule and element.

    In the dark it looks at colours alone, which are all that is different there.
    """
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.evaluate(_axe())
    rules = {"runOnly": {"type": "rule", "values": COLOURS}} if scheme == "dark" else {}
    found = page.evaluate("async rules => (await axe.run(rules)).violations", rules)
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]


@functools.cache
def _axe() -> str:
    import axe_playwright_python

    (source,) = Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")
    return source.read_text("utf-8")
