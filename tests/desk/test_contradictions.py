"""The page of a contradiction: the chain of answers, what each button takes back or parts, and that it does so."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from starlette.testclient import TestClient

from catalogue.decision import Case
from desk.outbox import Outbox
from jobs.reviewing import Author, decide
from ops.settings import Settings
from store import cases, decisions, matches, records
from store.database import Store

Desk = Callable[..., TestClient]
NOW = "2026-11-02T08:31:00Z"
KAARNA, LINTULA, VIKENS = "kaarna:fi.kaarna.0654", "lintula:lin1000654", "vikens:vik1000654"


def words(text: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


@pytest.fixture
def contradiction(desk: Desk, store: Store) -> Case:
    """Kaarna = Lintula = Vikens, but Kaarna ≠ Vikens, said by two people."""
    desk("berit")
    for answer, pair, who in (
        ("same", (KAARNA, LINTULA), "aino"),
        ("same", (VIKENS, LINTULA), "berit"),
        ("different", (KAARNA, VIKENS), "aino"),
    ):
        author = Author(who, NOW, f"huomautus {who}")
        decide(store, answer, pair, level="edition", author=author)  # type: ignore[arg-type]  # an answer
    (case,) = open_splits(store)
    return case


def open_splits(store: Store) -> list[Case]:
    with store.read() as connection:
        return [case for case in cases.listed(connection) if case.kind == "split"]


def editions(store: Store) -> dict[str, str]:
    with store.read() as connection:
        numbers = {str(key): number for number, key in records.keys_of(connection, matches.places(connection)).items()}
        places = matches.places(connection, [numbers[key] for key in (KAARNA, LINTULA, VIKENS)])
    return {key: places[numbers[key]].edition for key in (KAARNA, LINTULA, VIKENS)}


def test_the_chain_reads_from_one_end_to_the_other(desk: Desk, contradiction: Case) -> None:
    page = desk().get(f"/case/{contradiction.case}").text
    links = re.findall(r"<li class=\"(same|different)[^>]*>(.*?)</li>", page, re.S)
    told = [words(re.sub(r"<span class=\"hidden\">.*?</span>", "", text)) for _answer, text in links]
    assert [answer for answer, _text in links] == ["same", "same", "different"]
    assert [re.sub(r"[^ABC=≠]", "", text.partition("Virtanen")[0])[:3] for text in told] == ["A=B", "B=C", "A≠C"]
    assert ["Aino Virtanen" in text for text in told] == [True, False, True]
    assert "huomautus berit" in told[1]
    assert ["heikoin lenkki" in text for text in told].count(True) == 1
    assert "weakest" in page
    assert "eilen" in told[0]


def test_each_button_says_what_it_takes_back(desk: Desk, contradiction: Case) -> None:
    page = desk().get(f"/case/{contradiction.case}").text
    buttons = [words(text) for text in re.findall(r"<form[^>]*/undo\".*?<button>(.*?)</button>", page, re.S)]
    assert [text.partition(":")[2].rpartition(":")[0].strip() for text in buttons] == [
        "Aino Virtanen, eilen",
        "Berit Virtanen, eilen",
        "Aino Virtanen, eilen",
    ]
    assert [text.rpartition(":")[2].strip() for text in buttons] == ["A = B", "B = C", "A ≠ C"]
    assert "Kaikki yhteen: A = C" in words(page)
    assert re.search(r"Erota: [AB] ≠ [BC]", words(page))


@pytest.mark.parametrize(("place", "together"), [(0, {LINTULA, VIKENS}), (1, {KAARNA, LINTULA})])
def test_taking_one_link_back_ends_the_contradiction(
    desk: Desk, store: Store, contradiction: Case, place: int, together: set[str]
) -> None:
    aino = desk()
    page = aino.get(f"/case/{contradiction.case}").text
    form = re.findall(r'action="(/decision/\d+/undo)"', page)[place]
    assert aino.post(form, data={"back": f"/case/{contradiction.case}"}).status_code == 303
    assert not open_splits(store)
    found = editions(store)
    assert found[KAARNA] != found[VIKENS]
    assert len({found[key] for key in together}) == 1
    assert "/decision/" not in aino.get(f"/case/{contradiction.case}").text


def test_taking_the_difference_back_joins_all(desk: Desk, store: Store, contradiction: Case) -> None:
    aino = desk()
    page = aino.get(f"/case/{contradiction.case}").text
    aino.post(re.findall(r'action="(/decision/\d+/undo)"', page)[2], data={"back": "/"})
    assert not open_splits(store)
    assert len(set(editions(store).values())) == 1
    after = aino.get(f"/case/{contradiction.case}").text
    assert "kumottu" in words(after)


@pytest.mark.parametrize(("answer", "parts"), [("same", 1), ("different", 2)])
def test_the_answers_do_what_they_say(desk: Desk, store: Store, contradiction: Case, answer: str, parts: int) -> None:
    form = {"version": contradiction.version, "answer": answer}
    assert desk().post(f"/case/{contradiction.case}/answer", data=form).status_code == 303
    assert not open_splits(store)
    assert len(set(editions(store).values())) == parts
    with store.read() as connection:
        assert cases.find(connection, contradiction.case).state == "answered"
        assert len(decisions.every(connection)) == 4


def test_a_viewer_sees_the_chain_without_buttons(desk: Desk, contradiction: Case) -> None:
    page = desk("vilma", "viewer").get(f"/case/{contradiction.case}").text
    assert "heikoin lenkki" in page
    assert "/decision/" not in page


def test_what_is_answered_says_whether_readers_find_it(
    desk: Desk, store: Store, settings: Settings, contradiction: Case
) -> None:
    aino = desk()
    aino.post(f"/case/{contradiction.case}/answer", data={"version": contradiction.version, "answer": "same"})
    case, record = f"/case/{contradiction.case}", f"/record/{KAARNA}"
    assert all("Haussa: odottaa" in words(aino.get(path).text) for path in (case, record))
    down = Outbox(settings, store)
    down.empty()
    assert down.is_down()
    aino.app.state.desk.search_is_down = down.is_down  # type: ignore[attr-defined]  # the desk under test
    assert all("hakuun ei saada yhteyttä" in words(aino.get(path).text) for path in (case, record))
    with store.write() as connection:
        from store import merged

        merged.outbox_done(connection, merged.take_outbox(connection, 1000))
    assert all("Haussa: kyllä" in words(aino.get(path).text) for path in (case, record))
