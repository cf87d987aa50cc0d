"""Pages in words: escaping, both languages whole, nothing inline, the queue's state in its address."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from catalogue.errors import ServiceUnreachable
from catalogue.sentence import Sentence
from desk import rendering
from desk.queue import Asked
from desk.reasons import KINDS, SHORT, reason_words
from jobs.views.findingwords import ASKS
from ops import messages
from store import queue, runs
from store.database import Store
from store.queue import QueueQuery

DESK = Path(__file__).parents[2] / "desk"
PAGES = (
    "/", "/queue", "/queue?kind=field", "/queue/groups", "/sources", "/runs", "/runs/1", "/me", "/admin/users",
    "/admin/users/aino", "/help", "/accessibility", "/nowhere",
)  # fmt: skip
Desk = Callable[..., TestClient]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_page_has_its_language_one_heading_and_nothing_inline(desk: Desk, path: str, language: str) -> None:
    page = desk(role="admin", language=language).get(path).text
    assert f'<html lang="{language}"' in page
    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert not re.search(r"<script(?![^>]* src=)", page)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", page)
    assert re.search(r"<title>[^<]+ – Lyhde</title>", page)
    assert 'role="status"' in page


@pytest.fixture
def pseudo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every message in brackets: what stands outside of them was not translated."""

    class Bracketed(dict[str, tuple[str, ...]]):
        def get(self, key: str, default: object = None) -> tuple[str, ...]:  # type: ignore[override]  # every key
            plural = default[-1] if isinstance(default, tuple) else key
            return (f"⟦{key}⟧", f"⟦{plural}⟧")

    class Flat(dict[str, str]):
        def get(self, key: str, default: object = None) -> str:  # type: ignore[override]  # every key
            return f"⟦{key}⟧"

    monkeypatch.setattr(messages, "messages_of", lambda _language: Bracketed())
    monkeypatch.setattr(messages, "catalogue", lambda _language: Flat())
    rendering.environment.cache_clear()
    yield
    rendering.environment.cache_clear()


OUR_OWN = {"lyhde", "suomi", "svenska", "english", "aino", "virtanen", "onix", "marc", "isbn", "www", "s", "min",
           "enter", "saavutettavuusvaatimukset", "fi", "a", "b", "c", "n", "r", "u", "hold", "approve"}  # fmt: skip


@pytest.mark.usefixtures("pseudo")
@pytest.mark.parametrize(
    "path", ["/", "/queue", "/queue/groups", "/me", "/help", "/accessibility", "/nowhere", "/runs"]
)
def test_no_word_of_a_page_escapes_translation(desk: Desk, path: str) -> None:
    page = desk(role="cataloguer").get(path).text
    body = re.sub(r"<bdi.*?</bdi>|<time.*?</time>|<span class=\"chip\".*?</span>", " ", page.split("<body>")[1])
    body = re.sub(r"<tbody>.*?</tbody>|<div class=\"beside\">.*?</main>", " ", body, flags=re.S)
    while (bare := re.sub(r"⟦[^⟦⟧]*⟧", " ", body)) != body:
        body = bare
    words = set(re.findall(r"[^\W\d_]+", re.sub(r"<[^>]+>", " ", body).lower()))
    assert words - OUR_OWN == set()


def test_record_text_is_never_markup(desk: Desk) -> None:
    page = desk().get("/queue?q=lihavaa").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize(
    "text", ["<script>x</script>", '"><img src=x>', "'", "\u202eoudot\u202c", "{{ 7*7 }}", "%s%(x)s"]
)
def test_what_is_searched_for_is_shown_as_text(desk: Desk, text: str) -> None:
    page = desk().get("/queue", params={"q": text})
    assert page.status_code == 200
    value = re.search(r'<input id="q"[^>]* value="([^"]*)"', page.text)
    assert value
    assert "<" not in value[1]
    assert value[1].replace("&lt;", "<").replace("&gt;", ">").replace("&#34;", '"').replace("&#39;", "'") == text


def test_the_queue_is_narrowed_by_its_address(desk: Desk, store: Store) -> None:
    client = desk()
    with store.read() as connection:
        page = queue.page(connection, QueueQuery(), "aino", now="2026-11-03T08:31:00Z")
    for facet in ("kind", "source", "language", "medium", "level", "reason"):
        for value, count in page.facets[facet]:
            found = client.get(Asked.model_validate({facet: value}).link())
            shown = re.search(r"\d+–\d+ / (\d+)", found.text)
            assert shown
            assert int(shown[1]) == count


def test_a_chosen_facet_links_to_its_being_let_go() -> None:
    asked = Asked(kind="match", source="vikens", q="saari", after="0~1~2~3", page=3)
    assert parse_qs(urlsplit(asked.link(kind=None)).query) == {"source": ["vikens"], "q": ["saari"]}


@pytest.mark.parametrize("query", ["kind=nonsense", "after=x", "page=0", "state=gone", "page=99999999999999999999"])
def test_a_nonsense_address_is_a_calm_page(desk: Desk, query: str) -> None:
    answer = desk().get(f"/queue?{query}")
    assert answer.status_code == 400
    assert "Tätä ei voi tehdä" in answer.text


def test_the_next_case_is_given_to_one_person_alone(desk: Desk) -> None:
    first = desk("aino").post("/next").headers["location"]
    second = desk("bertil").post("/next").headers["location"]
    assert first.startswith("/case/")
    assert first != second
    assert desk("aino").post("/next").headers["location"] == first
    assert "varannut Aino Virtanen" in desk("bertil").get("/queue").text


def test_an_empty_desk_says_what_came_and_what_comes(desk: Desk, store: Store) -> None:
    client = desk()
    with store.write() as connection:
        from store import cases

        cases.set_state(connection, cases.names(connection), "answered", "2026-11-03T08:31:00Z")
    page = client.get("/").text
    assert "Ratkaistavaa ei ole." in page
    assert "74 uutta" in page
    assert "huomenna 02.00" in page
    assert client.post("/next").headers["location"] == "/"


def test_every_kind_and_reason_has_words() -> None:
    assert set(ASKS) - {"evidence_changed"} <= set(SHORT)
    assert reason_words("match: score: publisher none, year near", "en") == (
        "evidence in balance: publisher different; two or three years apart"
    )
    assert reason_words("match: score: isbn different", "en") == "evidence in balance: ISBN different"
    assert reason_words("match: thin, title_words", "sv") == "för lite att gå på, vardera titeln har ett eget ord"
    assert all(reason_words(kind, "fi") for kind in KINDS)


def test_templates_and_scripts_stay_small() -> None:
    for path in (DESK / "templates").glob("*.html"):
        assert len(path.read_text("utf-8").splitlines()) <= 120, path.name
    scripts = [path for path in (DESK / "static").glob("*.js") if path.name != "htmx.min.js"]
    assert sum(len(path.read_text("utf-8").splitlines()) for path in scripts) <= 300


def test_templates_never_mark_text_as_safe() -> None:
    for path in (DESK / "templates").glob("*.html"):
        text = path.read_text("utf-8")
        assert not re.search(r"\|\s*safe\b|autoescape|Markup", text), path.name


@pytest.mark.parametrize("path", ["/", "/queue", "/help"])
def test_a_page_weighs_little(desk: Desk, path: str) -> None:
    client = desk(role="admin")
    page = client.get(path)
    linked = re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text)
    sizes = {name: int(client.get(name).headers["content-length"]) for name in linked}
    assert int(page.headers["content-length"]) + sum(sizes.values()) < 60_000
    assert sum(size for name, size in sizes.items() if name.endswith(".js")) < 30_000


def test_readiness_does_not_hang_on_the_search(desk: Desk) -> None:
    found = desk().get("/readyz")
    assert (found.status_code, json.loads(found.text)) == (
        200,
        {"database": "ok", "search": "down", "state": "degraded"},
    )
    assert desk().get("/healthz").text == "ok\n"
    assert "lyhde_cases_open" in desk().get("/metrics").text


def test_runs_are_paged_and_narrowed(desk: Desk, store: Store) -> None:
    with store.read() as connection:
        source = runs.listed(connection, limit=1)[0].source
    assert desk().get(f"/runs?source={source}&state=promoted").text.count("<tr>") == 2
    assert "Sellaista ajoa ei ole." in desk().get("/runs?state=failed").text
    assert desk().get("/runs/999").status_code == 404


def test_the_queue_says_where_the_link_back_leads(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.queue.PAGE", 1)
    client, said = desk(language="en"), []
    path = "/queue"
    for _page in range(3):
        page = client.get(path).text
        said.append([words for words in ("Previous", "First page") if f"← {words}</a>" in page])
        path = re.search(r'href="([^"]+)" rel="next"', page)[1].replace("&amp;", "&")  # type: ignore[index]  # it is there
    assert said == [[], ["Previous"], ["First page"]]


def test_a_service_that_is_down_is_logged_under_the_number_the_page_shows(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_given: object, **_more: object) -> None:
        raise ServiceUnreachable(Sentence("the database does not answer"))

    monkeypatch.setattr("desk.records.find_records", down)
    with capture_logs(processors=[merge_contextvars]) as lines:
        page = desk().get("/records?q=x")
    assert page.status_code == 503
    (line,) = [line for line in lines if line["event"] == "failed"]
    assert line["reason"] == "the database does not answer"
    assert line["reference"] in page.text
