"""The next case, and the next: by keyboard alone, and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

CATALOGUER = {"fi": "eero", "sv": "maj"}
SAID = {"fi": "Tallennettu", "sv": "Sparat"}
both_languages = pytest.mark.parametrize("language", ["fi", "sv"])


@pytest.fixture(autouse=True)
def no_window_stays_open(desk: Any) -> Iterator[None]:
    yield
    desk.close()


def case_of(page: Page) -> str:
    """The id of the case that is shown."""
    found = re.search(r"/case/(\w+)$", page.url)
    assert found, page.url
    return found[1]


def wait_for_another(page: Page, before: str) -> None:
    expect(page).not_to_have_url(re.compile(f"/case/{before}$"))
    expect(page.locator("#case-title")).to_be_visible()


def focus(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.tagName"))


@both_languages
def test_five_cases_by_keyboard_alone(desk: Any, language: str) -> None:
    page = desk.visit(CATALOGUER[language])
    page.goto("/")
    expect(page.locator("form[action='/next'] button")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#case-title")).to_be_visible()
    for _ in range(5):
        before = case_of(page)
        assert focus(page) == "case-title"
        match = page.locator("[data-key='2']").count() > 0
        page.keyboard.press("2" if match else "1")
        wait_for_another(page, before)
        expect(page.locator("#status")).to_contain_text(SAID[language])
    assert focus(page) == "case-title"


@both_languages
def test_everything_works_without_javascript(desk: Any, language: str) -> None:
    page = desk.visit(CATALOGUER[language], java_script_enabled=False)
    page.goto("/")
    page.click("form[action='/next'] button")
    expect(page.locator("#case-title")).to_be_visible()
    before = case_of(page)
    page.click("[data-key='3']")
    wait_for_another(page, before)
    expect(page.locator("#status")).not_to_be_empty()
    before = case_of(page)
    page.click("[data-key='2'], [data-key='1']")
    wait_for_another(page, before)
    expect(page.locator("#status")).to_contain_text(SAID[language])
    page.click("#undo-last button")
    expect(page).to_have_url(re.compile(f"/case/{before}$"))
