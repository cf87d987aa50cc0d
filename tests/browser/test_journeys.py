"""What cataloguers do at the desk, from the first page to the last, as they do it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.usefixtures("no_window_stays_open")
both_languages = pytest.mark.parametrize("language", ["fi", "sv"])


@both_languages
def test_signing_in_and_out(desk: Any, language: str) -> None:
    page = desk.visit()
    page.goto("/queue")
    expect(page).to_have_url(re.compile("/sign-in"))
    page.click(f"button[name=language][value={language}]")
    expect(page.locator("html")).to_have_attribute("lang", language)
    page.fill("#name", desk.cataloguer[language])
    page.fill("#password", "something else entirely")
    page.press("#password", "Enter")
    expect(page.locator("#fault")).to_be_visible()
    expect(page.locator("#password")).to_be_focused()
    page.fill("#password", desk.password)
    page.press("#password", "Enter")
    expect(page).to_have_url(re.compile("/queue$"))
    cookie = next(c for c in page.context.cookies() if c["name"] == "__Host-lyhde")
    assert (cookie["httpOnly"], cookie["secure"], cookie["sameSite"], cookie["path"]) == (True, True, "Lax", "/")
    page.click("form[action='/sign-out'] button")
    expect(page).to_have_url(re.compile("/sign-in"))
    page.goto("/queue")
    expect(page).to_have_url(re.compile("/sign-in"))


def test_a_value_is_chosen_by_its_letter_and_stands(desk: Any) -> None:
    case = next(c for c in desk.cases("field") if c["reason"] == "publication.publisher")
    page = desk.visit("eero")
    page.goto(f"/case/{case['case']}")
    page.locator("#case-title").focus()
    page.keyboard.press("b")
    chosen = page.locator("input[name=choice]:checked")
    assert chosen.get_attribute("data-take") == "B"
    words = page.locator("label:has(kbd:text-is('B')) .offered").inner_text()
    page.keyboard.press("1")
    desk.wait_for_another(page, case["case"])
    page.goto(f"/case/{case['case']}")
    expect(page.locator(".settled")).to_be_visible()
    page.click(".tools a[href^='/record/']")
    expect(page.locator("table.provenance")).to_contain_text(words)


def test_an_answer_is_undone_by_a_key_from_the_next_case(desk: Any) -> None:
    case = next(c for c in desk.cases("match") if c["reason"] == "library_duplicate")
    page = desk.visit("eero")
    page.goto(f"/case/{case['case']}")
    page.locator("#case-title").focus()
    page.keyboard.press("1")
    desk.wait_for_another(page, case["case"])
    page.keyboard.press("u")
    expect(page).to_have_url(re.compile(f"/case/{case['case']}$"))
    expect(page.locator("#answer")).to_be_visible()
    assert case["case"] in {c["case"] for c in desk.cases("match")}


def test_a_stale_answer_from_a_second_window_is_shown_and_nothing_is_lost(desk: Any) -> None:
    case = next(c for c in desk.cases("match") if c["reason"] == "extent_ratio")
    first, second = desk.visit("eero"), desk.visit("maj")
    for page in (first, second):
        page.goto(f"/case/{case['case']}")
    first.click("[data-key='2']")
    desk.wait_for_another(first, case["case"])
    second.click(".note summary")
    second.fill("#note", "sidantalet är fel i katalogen")
    with second.expect_response(re.compile("/answer$")) as answer:
        second.click("[data-key='1']")
    assert answer.value.status == 409
    expect(second.locator(".stale")).to_be_visible()
    expect(second.locator(".stale")).to_contain_text("eero")
    expect(second.locator(".stale")).to_contain_text("sidantalet är fel i katalogen")
    decisions = desk.lyhde("--json", "decisions", "list")
    assert "sidantalet" not in decisions


def test_a_member_is_separated_and_joined_again(desk: Any) -> None:
    page = desk.visit("eero")
    page.goto("/records?q=kellosepän")
    page.click(".hits a")
    page.click("table.cards td a[href^='/record/e']")
    rows = page.locator("form[action='/separate']")
    edition = page.url
    expect(rows).to_have_count(3)
    page.click("form[action='/separate']:has(input[value='vikens:vik1000654']) button")
    expect(rows).to_have_count(2)
    page.click(".tabs a[href^='/join']")
    page.fill("#right", "vikens:vik1000654")
    page.press("#right", "Enter")
    page.fill("#note", "sama kirja")
    page.click("form[action='/join'][method=post] button.chief")
    expect(page.locator("#status")).to_contain_text(desk.said["fi"])
    page.goto(edition)
    expect(rows).to_have_count(3)


def test_the_language_is_kept_with_the_page(desk: Any) -> None:
    page = desk.visit("siiri")
    page.goto("/queue?kind=match")
    for language in ("sv", "en", "fi"):
        page.click(f"button[name=language][value={language}]")
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page).to_have_url(re.compile(r"/queue\?kind=match"))


def test_every_key_of_a_field_case_does_what_its_cap_says(desk: Any) -> None:
    case = next(c for c in desk.cases("field") if c["reason"] == "extent.pages")
    page = desk.visit("maj")
    page.goto(f"/case/{case['case']}")
    page.locator("#case-title").focus()
    page.keyboard.press("e")
    assert page.evaluate("document.activeElement.name") == "own"
    page.keyboard.type("2a3")
    assert page.input_value("input[name=own]") == "2a3", "keys are letters while one writes"
    page.locator("#case-title").focus()
    page.keyboard.press("a")
    assert page.locator("input[name=choice]:checked").get_attribute("data-take") == "A"
    page.locator("#case-title").focus()
    page.keyboard.press("ArrowDown")
    first = page.evaluate("document.activeElement.rowIndex")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("[document.activeElement.tagName, document.activeElement.rowIndex]") == ["TR", first]
    page.keyboard.press("r")
    expect(page).to_have_url(re.compile(f"/case/{case['case']}/raw/"))
    expect(page.locator("pre.sent")).to_be_visible()


def test_different_not_sure_and_skip_go_on_by_key(desk: Any) -> None:
    page = desk.visit("maj")
    case = desk.cases("match")[-1]["case"]
    page.goto(f"/case/{case}")
    for key, answered in (("0", False), ("3", False), ("2", True)):
        here = desk.case_of(page)
        page.locator("#case-title").focus()
        is_match = page.locator("[data-key='2']").count() == 1
        page.keyboard.press(key if key != "2" or is_match else "1")
        desk.wait_for_another(page, here)
        still = here in {c["case"] for c in desk.cases("match") + desk.cases("field")}
        assert still is not answered, key


def test_a_key_outside_the_case_does_nothing(desk: Any) -> None:
    case = desk.cases("match")[0]["case"]
    page = desk.visit("siiri")
    page.goto(f"/case/{case}")
    page.focus(".masthead nav a")
    for key in "123ubn":
        page.keyboard.press(key)
    page.click(".note summary")
    page.focus("#note")
    page.keyboard.type("123 u")
    assert page.input_value("#note") == "123 u"
    assert case in {c["case"] for c in desk.cases("match")}


def test_keys_can_be_switched_off(desk: Any) -> None:
    case = desk.cases("match")[0]["case"]
    page = desk.visit("siiri")
    page.goto("/me")
    box = page.locator("input[name=single_keys]")
    box.uncheck()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.click("form[action='/me'] button")
    page.goto(f"/case/{case}")
    page.locator("#case-title").focus()
    page.keyboard.press("1")
    assert desk.case_of(page) == case
    assert case in {c["case"] for c in desk.cases("match")}


def test_the_focus_is_seen_and_goes_to_the_content_first(desk: Any) -> None:
    page = desk.visit("eero")
    page.goto("/queue")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    box = page.locator(".skip").bounding_box()
    assert box
    assert box["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('main').contains(document.activeElement)")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


def test_the_end_of_the_sign_in_is_warned_of_and_put_off(desk: Any) -> None:
    page = desk.visit("eero")
    page.clock.install()
    page.goto("/queue")
    seconds = int(page.locator("#main").get_attribute("data-ends-in") or 0)
    assert seconds > 120
    expect(page.locator("#ending")).to_be_hidden()
    page.clock.run_for((seconds - 119) * 1000)
    expect(page.locator("#ending")).to_be_visible()
    page.click("#stay")
    expect(page.locator("#ending")).to_be_hidden()
    expect(page.locator("#main")).to_be_focused()


def test_two_people_see_each_other_at_a_case(desk: Any) -> None:
    case = desk.cases("match")[0]["case"]
    first, second = desk.visit("eero"), desk.visit("maj")
    first.goto(f"/case/{case}")
    second.goto(f"/case/{case}")
    expect(second.locator("[data-presence]")).to_contain_text("eero")


def test_nothing_is_loaded_from_elsewhere_and_nothing_breaks_the_policy(desk: Any) -> None:
    page = desk.visit("eero")
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    case = desk.cases("field")[0]["case"]
    for path in ("/", "/queue", f"/case/{case}", "/records?q=kello", "/decisions"):
        page.goto(path)
    assert [url for url in asked if not url.startswith((desk.url, "data:"))] == []
    assert said == []
