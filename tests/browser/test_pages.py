"""Every page of the desk in both languages: nothing for axe to find, nothing wider than a small telephone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute
from playwright.sync_api import Page

from desk.app import ROUTERS

LANGUAGES = ("fi", "sv")
ADMIN = {"fi": "aino", "sv": "beda"}
PAGES = {  # name → route, and what stands for its parameters
    "sign-in": "/sign-in",
    "home": "/",
    "queue": "/queue",
    "groups": "/queue/groups",
    "match": "/case/{match}",
    "work-match": "/case/{work}",
    "odd": "/case/{odd}",
    "field": "/case/{field}",
    "long": "/case/{long}",
    "split": "/case/{split}",
    "case-history": "/case/{match}/history",
    "case-raw": "/case/{match}/raw/{onix}",
    "raw": "/raw?record={marc}",
    "records": "/records?q=villasukan",
    "edition": "/record/{edition}",
    "edition-history": "/record/{edition}?tab=history",
    "work": "/record/{whole}",
    "join": "/join?left={edition}",
    "join-preview": "/join?left={onix}&right={marc}",
    "change": "/change?record={edition}&field=publication.publisher",
    "decisions": "/decisions",
    "orphans": "/orphans",
    "sources": "/sources",
    "runs": "/runs",
    "run": "/runs/{run}",
    "me": "/me",
    "users": "/admin/users",
    "user": "/admin/users/eero",
    "help": "/help",
    "accessibility": "/accessibility",
    "not-found": "/no-such-page",
}
NO_PAGES = {"/healthz", "/readyz", "/metrics", "/static/{digest}/{name}"}
DARK = {
    (name, "fi")
    for name in ("sign-in", "home", "queue", "match", "field", "split", "edition", "decisions", "runs", "me")
}
FORCED = {(name, "fi") for name in ("match", "field", "queue", "sign-in")}
SPACIOUS = {("match", "sv"), ("queue", "sv")}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
SPACED = """for (const e of document.querySelectorAll('body *')) {
  e.style.setProperty('line-height', '1.5', 'important');
  e.style.setProperty('letter-spacing', '0.12em', 'important');
  e.style.setProperty('word-spacing', '0.16em', 'important'); }"""
WITHOUT_EDGE = """[...document.querySelectorAll('main button:not(.plain), main input:not([type=hidden], [type=radio])')]
  .filter(e => e.getClientRects().length && getComputedStyle(e).borderTopStyle === 'none').map(e => e.outerHTML)"""
TOO_WIDE = """[...document.querySelectorAll('body *')]
  .filter(e => e.getBoundingClientRect().right > innerWidth + 0.5).slice(0, 4).map(e => e.outerHTML.slice(0, 160))"""
Keep = Callable[[Page, str], None]
Show = Callable[[str, str], Page]


@pytest.fixture(scope="module")
def known(desk: Any, fixtures: Path) -> dict[str, str]:
    """Cases, records and runs to look at, one of each sort."""
    held = fixtures / "review" / "held" / "vikens.xml"
    desk.lyhde("harvest", "--file", str(held), "--source", "vikens", "--complete-feed")
    desk.contradict()
    match = next(c for c in desk.cases("match") if c["reason"] == "extent_ratio")
    record = json.loads(desk.lyhde("--json", "record", "show", "kaarna:fi.kaarna.0652"))
    return {
        "match": match["case"],
        "onix": next(m for m in match["members"] if m.startswith("kaarna:")),
        "marc": next(m for m in match["members"] if m.startswith("lintula:")),
        "work": next(c["case"] for c in desk.cases("match") if c["level"] == "work"),
        "odd": next(c["case"] for c in desk.cases("match") if "kaarna:fi.kaarna.0640" in c["members"]),
        "field": next(c["case"] for c in desk.cases("field") if c["reason"] == "publication.publisher"),
        "long": next(c["case"] for c in desk.cases("field") if "kaarna:fi.kaarna.0643" in c["members"]),
        "split": desk.cases("split")[0]["case"],
        "edition": record["edition"],
        "whole": record["work"],
        "run": str(json.loads(desk.lyhde("--json", "hold", "list"))["held"][0]["run"]),
    }


@pytest.fixture(scope="module")
def show(desk: Any, known: dict[str, str]) -> Show:
    """Opens a page of the table in a language, as an admin; the sign-in page as nobody."""
    windows: dict[tuple[str, str], Page] = {}

    def window(name: str, language: str) -> Page:
        who = "" if name == "sign-in" else ADMIN[language]
        if (who, language) not in windows:
            windows[who, language] = desk.visit(who or None)
            if not who:
                windows[who, language].goto("/sign-in")
                windows[who, language].click(f"button[name=language][value={language}]")
        return windows[who, language]

    def opened(name: str, language: str) -> Page:
        page = window(name, language)
        page.set_viewport_size({"width": 1366, "height": 768})
        page.emulate_media(color_scheme="light", forced_colors="none")
        answer = page.goto(PAGES[name].format(**known))
        assert answer
        assert answer.status == (404 if name == "not-found" else 200)
        return page

    return opened


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nothing_is_wider_than_320_pixels(
    show: Show, name: str, language: str, screenshot: Keep, axe: Any
) -> None:
    """One visit shows a page in all its guises: colours first, then widths, then the spacing that stays."""
    page = show(name, language)
    assert page.locator("html").get_attribute("lang") == language
    screenshot(page, f"{name}-{language}")
    assert axe(page) == []
    if (name, language) in DARK:
        page.emulate_media(color_scheme="dark")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
        assert axe(page, CONTRAST) == [], "in the dark theme"
        screenshot(page, f"{name}-{language}-dark")
    if (name, language) in FORCED:
        page.emulate_media(color_scheme="light", forced_colors="active")
        assert page.evaluate("matchMedia('(forced-colors: active)').matches")
        assert page.evaluate(WITHOUT_EDGE) == [], "controls without an edge in forced colours"
        screenshot(page, f"{name}-{language}-forced-colours")
    page.emulate_media(color_scheme="light", forced_colors="none")
    page.set_viewport_size({"width": 320, "height": 640})
    screenshot(page, f"{name}-{language}-320")
    assert page.evaluate("document.documentElement.scrollWidth") == 320, page.evaluate(TOO_WIDE)
    if (name, language) in SPACIOUS:
        page.set_viewport_size({"width": 683, "height": 384})
        page.evaluate(SPACED)
        assert page.evaluate("document.documentElement.scrollWidth") == 683, page.evaluate(TOO_WIDE)


def test_the_answer_of_a_match_is_in_sight_without_scrolling(show: Show) -> None:
    page = show("match", "fi")
    box = page.locator("[data-key='1']").bounding_box()
    assert box
    assert box["y"] + box["height"] <= 768


def test_odd_texts_are_shown_as_they_stand(show: Show) -> None:
    page = show("odd", "fi")
    assert "<script>alert(1)</script>" in page.inner_text("h1")
    assert page.locator("main script, main h1 b").count() == 0


def test_every_page_there_is_is_looked_at(known: dict[str, str]) -> None:
    routes = [route for module in ROUTERS for route in module.router.routes if isinstance(route, APIRoute)]
    paths = [path.format(**known).partition("?")[0] for path in PAGES.values()]
    looked_at = {r.path for r in routes if any(r.path_regex.match(path) for path in paths)}
    assert {r.path for r in routes if "GET" in r.methods} - looked_at == NO_PAGES
