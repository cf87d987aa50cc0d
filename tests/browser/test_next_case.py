"""The next case, and the next: by keyboard alone, and without JavaScript."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.usefixtures("no_window_stays_open")
both_languages = pytest.mark.parametrize("language", ["fi", "sv"])


@both_languages
def test_five_cases_by_keyboard_alone(desk: Any, language: str) -> None:
    page = desk.visit(desk.cataloguer[language])
    page.goto("/")
    expect(page.locator("form[action='/next'] button")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(5):
        expect(page.locator("#case-title")).to_be_focused()
        before = desk.case_of(page)
        match = page.locator("[data-key='2']").count() > 0
        page.keyboard.press("2" if match else "1")
        desk.wait_for_another(page, before)
        expect(page.locator("#status")).to_contain_text(desk.said[language])
    expect(page.locator("#case-title")).to_be_focused()


@both_languages
def test_everything_works_without_javascript(desk: Any, language: str) -> None:
    page = desk.visit(desk.cataloguer[language], java_script_enabled=False)
    page.goto("/")
    page.click("form[action='/next'] button")
    expect(page.locator("#case-title")).to_be_visible()
    before = desk.case_of(page)
    page.click("[data-key='3']")
    desk.wait_for_another(page, before)
    expect(page.locator("#status")).not_to_be_empty()
    before = desk.case_of(page)
    page.click("[data-key='2'], [data-key='1']")
    desk.wait_for_another(page, before)
    expect(page.locator("#status")).to_contain_text(desk.said[language])
    page.click("#undo-last button")
    expect(page).to_have_url(re.compile(f"/case/{before}$"))
