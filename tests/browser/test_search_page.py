"""The example search page in Chromium, served by the API: words, facets, pages, languages, under its policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from api.pages import POLICY

pytestmark = pytest.mark.search_server
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def address(demo_api: Callable[..., AbstractContextManager[str]]) -> Iterator[str]:
    """Where the demo catalogue is served with the page."""
    with demo_api("page", LYHDE__API__PAGES_DIR=str(ROOT / "examples" / "search")) as served:
        yield served


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The page, which must say nothing on the console."""
    context = browser.new_context(base_url=address)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()
    assert said == []


def test_words_facets_and_languages(page: Page) -> None:
    answer = page.goto("/page/")
    assert answer is not None
    assert answer.headers["content-security-policy"] == POLICY
    expect(page.locator("#hits li").first).to_be_visible()
    page.fill("#words", "talvi")
    page.press("#words", "Enter")
    expect(page.locator("#hits")).to_contain_text("Kivisaaren talvi")
    page.select_option("#lang", "sv")
    expect(page.locator("#hits")).to_contain_text("Vintern på Stenön")
    expect(page.locator("#facets")).to_contain_text("Språk")
    assert page.url.endswith("/page/?q=talvi&lang=sv")
    page.go_back()
    expect(page.locator("#hits")).to_contain_text("Kivisaaren talvi")


def test_several_values_of_one_facet_can_be_chosen(page: Page) -> None:
    page.goto("/page/?lang=fi")
    boxes = page.locator("#facets input[name=medium]")
    expect(boxes.first).to_be_visible()
    count = boxes.count()
    assert count > 1
    boxes.nth(0).check()
    expect(page.locator("#facets input[name=medium]:checked")).to_have_count(1)
    expect(boxes).to_have_count(count)
    chosen = [boxes.nth(place).get_attribute("value") for place in (0, 1)]
    boxes.nth(1).check()
    expect(page.locator("#facets input[name=medium]:checked")).to_have_count(2)
    total = page.request.get(f"/search?medium={chosen[0]}&medium={chosen[1]}").json()["total"]
    expect(page.locator("#status")).to_have_text(f"{total} teosta")
    assert page.url.endswith(f"&medium={chosen[0]}&medium={chosen[1]}")


def test_more_hits_come_below_those_shown(page: Page) -> None:
    page.goto("/page/?lang=fi")
    expect(page.locator("#hits li")).to_have_count(10)
    page.click("#more")
    expect(page.locator("#hits li")).to_have_count(20)


def test_suggestions_and_problems_are_shown(page: Page) -> None:
    page.goto("/page/?lang=fi")
    page.locator("#words").press_sequentially("kivis")
    expect(page.locator("#suggestions option").first).to_have_attribute("value", "Kivisaaren talvi")
