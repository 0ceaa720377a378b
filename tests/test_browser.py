"""The browser that other tests rely on notices what it is there to notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser import BROWSER, assert_accessible, tab, violations

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.needs(*BROWSER)

GOOD = "<!doctype html><html lang='en'><title>t</title><main><h1>Words</h1>{}</main></html>"
PALE_IN_THE_DARK = """
<style>
  :root { color-scheme: light dark; }
  @media (prefers-color-scheme: dark) { body { background: #111; } p { color: #333; } }
</style><p>Dark words on a dark page</p>
"""


def test_a_sound_page_has_no_violations(page: Page) -> None:
    page.set_content(GOOD.format("<p>More words</p>"))
    assert_accessible(page)


def test_a_missing_alternative_text_is_a_violation(page: Page) -> None:
    page.set_content(GOOD.format("<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>"))
    assert [line.partition(":")[0] for line in violations(page, "light")] == ["image-alt"]


def test_words_too_pale_in_the_dark_are_a_violation_there_alone(page: Page) -> None:
    page.set_content(GOOD.format(PALE_IN_THE_DARK))
    assert violations(page, "light") == []
    assert [line.partition(":")[0] for line in violations(page, "dark")] == ["color-contrast"]


def test_a_script_that_fails_in_a_tab_is_noticed(chromium: Browser) -> None:
    with pytest.raises(AssertionError, match="no such thing"), tab(chromium) as page:
        page.set_content(GOOD.format("<script>throw Error('no such thing')</script>"))
