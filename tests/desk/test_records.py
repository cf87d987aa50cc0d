"""Record pages and what a person does there: search, separate, join, change, and undo."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.testclient import TestClient

from catalogue.decision import Decision
from catalogue.keys import RecordKey
from jobs.retiring import retire
from store import decisions, matches, merged, minted, records
from store.database import Store

Desk = Callable[..., TestClient]
NOW = "2026-11-03T08:31:00Z"


def editions(store: Store, members: int = 2) -> list[merged.StoredMerged]:
    """Editions of at least so many records, the largest first."""
    with store.read() as connection:
        found = [one for one in merged.every(connection, "edition") if len(one.merged.members) >= members]
    return sorted(found, key=lambda one: (-len(one.merged.members), one.id))


def now_at(store: Store, name: str) -> merged.StoredMerged:
    with store.read() as connection:
        found = merged.find(connection, minted.resolve_id(connection, name) or "")
    assert found
    return found


def newest(store: Store) -> Decision:
    with store.read() as connection:
        return decisions.every(connection)[-1]


def place_of(store: Store, key: str) -> matches.Place:
    with store.read() as connection:
        number = records.numbers_of(connection, [RecordKey.parse(key)])[RecordKey.parse(key)]
        return matches.places(connection, [number])[number]


def test_works_are_found_without_a_search_server(desk: Desk, store: Store) -> None:
    title = editions(store)[0].merged.description.titles[0].text
    page = desk().get("/records", params={"q": title})
    assert page.status_code == 200
    assert editions(store)[0].work in page.text
    assert desk().get("/records").status_code == 200
    assert "w" not in desk().get("/records", params={"q": "mitääntällaistaeiole"}).text.partition('class="hits"')[2][:3]


def test_a_record_page_tells_where_each_value_comes_from(desk: Desk, store: Store) -> None:
    aino = desk()
    for one in editions(store, 1):
        for name in (one.id, one.work):
            page = aino.get(f"/record/{name}")
            assert page.status_code == 200
            assert "<script>alert" not in page.text
    largest = editions(store)[0]
    page = aino.get(f"/record/{largest.id}")
    assert all(key in page.text for key in largest.merged.members)
    assert "parhaiten luetteloitu lähde" in page.text


def test_a_source_record_has_a_page_and_its_original(desk: Desk, store: Store) -> None:
    aino = desk()
    for key in editions(store)[0].merged.members:
        assert place_of(store, key).edition in aino.get(f"/record/{key}").text
        assert aino.get("/raw", params={"record": key}).status_code == 200


def test_a_record_whose_id_has_signs_of_addresses_is_led_back_to(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = {
        "key": "a:1?2#3",
        "format": "onix",
        "position": 1,
        "file": "f",
        "fetched_at": None,
        "payload": "",
        "text": "",
    }
    monkeypatch.setattr("desk.records.original", lambda _store, _name: SimpleNamespace(**sent, cut=False))
    assert 'href="/record/a%3A1%3F2%233"' in desk().get("/raw", params={"record": "a:1?2#3"}).text


def test_separate_and_its_undo_restore_the_edition(desk: Desk, store: Store) -> None:
    aino, before = desk(), editions(store)[0]
    key = before.merged.members[-1]
    done = aino.post("/separate", data={"record": key, "back": f"/record/{before.id}"})
    assert (done.status_code, done.headers["location"]) == (303, f"/record/{before.id}")
    others = {place_of(store, other).edition for other in before.merged.members[:-1]}
    assert place_of(store, key).edition not in others
    aino.post("/decisions/undo")
    assert now_at(store, before.id).merged == before.merged


def test_joining_shows_both_first_and_is_undone(desk: Desk, store: Store) -> None:
    sven = desk("sven", "senior")
    left, right = [one for one in editions(store, 1) if one.merged.description.medium == "ebook"][:2]
    preview = sven.get("/join", params={"left": left.id, "right": right.id})
    assert preview.status_code == 200
    assert place_of(store, left.merged.members[0]).edition == left.id
    form = {"left": left.id, "right": right.id, "level": "edition", "note": "sama kirja"}
    assert sven.post("/join", data=form).status_code == 303
    assert place_of(store, left.merged.members[0]).edition == place_of(store, right.merged.members[0]).edition
    sven.post(f"/decision/{newest(store).id}/undo", data={"back": f"/record/{left.id}"})
    assert [now_at(store, one.id).merged for one in (left, right)] == [left.merged, right.merged]


def test_a_retired_id_leads_to_what_took_its_place(desk: Desk, store: Store) -> None:
    sven = desk("sven", "senior")
    left, right = [one for one in editions(store, 1) if one.merged.description.medium == "ebook"][:2]
    sven.post("/join", data={"left": left.id, "right": right.id, "level": "edition", "note": "sama"})
    retired = next(name for name in (left.id, right.id) if now_at(store, name).id != name)
    page = sven.get(f"/record/{retired}")
    assert page.status_code == 200
    assert now_at(store, retired).id in page.text
    assert retired in page.text


def test_joining_against_a_rule_takes_a_senior_and_a_note(desk: Desk, store: Store) -> None:
    found = editions(store, 1)
    left = next(one for one in found if one.merged.description.medium == "ebook")
    right = next(one for one in found if one.merged.description.medium == "audiobook")
    form = {"left": left.id, "right": right.id, "level": "edition", "note": "tahdon"}
    refused = desk().post("/join", data=form)
    assert refused.status_code == 422
    assert "äänikirja" in refused.text
    assert "tahdon" in refused.text
    assert desk("sven", "senior").post("/join", data=form | {"note": ""}).status_code == 422


def change_form(page: Any, **more: Any) -> dict[str, Any]:
    """The form of the page, as a browser would send it."""
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    kept = re.findall(r'name="keep" value="(\d+)" checked', page.text)
    return {name: unescape(value) for name, value in fields.items()} | {"keep": kept} | more


@pytest.mark.parametrize(
    ("field", "more", "read"),
    [
        ("publication.publisher", {"value": "Uusi kustantaja"}, lambda d: d.publication.publisher == "Uusi kustantaja"),
        ("extent.pages", {"value": "77"}, lambda d: d.extent.pages == 77),
        ("publication.publisher", {"value": ""}, lambda d: d.publication.publisher is None),
        ("titles.main", {"keep": [], "more": "Aivan uusi nimi"}, lambda d: d.title().text == "Aivan uusi nimi"),
        ("formats", {"keep": []}, lambda d: not d.formats),
        ("topics.subjects", {"more": "oma asiasana"}, lambda d: d.topics.subjects[-1].source_text == "oma asiasana"),
    ],
)
def test_a_value_is_changed_and_undone(
    desk: Desk, store: Store, field: str, more: dict[str, Any], read: Callable[[Any], bool]
) -> None:
    aino, before = desk(), editions(store)[0]
    form = change_form(aino.get("/change", params={"record": before.id, "field": field}), **more)
    assert aino.post("/change", data=form).status_code == 303
    assert read(now_at(store, before.id).merged.description)
    page = aino.get(f"/record/{before.id}?tab=history")
    assert "Aino Virtanen" in page.text
    aino.post("/decisions/undo")
    assert now_at(store, before.id).merged == before.merged


def test_a_form_made_from_older_values_is_not_kept(desk: Desk, store: Store) -> None:
    aino, berit, before = desk(), desk("berit"), editions(store)[0]
    form = change_form(aino.get("/change", params={"record": before.id, "field": "extent.pages"}), value="77")
    other = change_form(berit.get("/change", params={"record": before.id, "field": "extent.pages"}), value="78")
    assert berit.post("/change", data=other).status_code == 303
    late = aino.post("/change", data=form)
    assert late.status_code == 409
    assert 'name="value" value="77"' in late.text, "what was typed stays"
    assert now_at(store, before.id).merged.description.extent.pages == 78


def test_a_value_that_the_field_cannot_have_comes_back(desk: Desk, store: Store) -> None:
    aino, before = desk(), editions(store)[0]
    form = change_form(aino.get("/change", params={"record": before.id, "field": "extent.pages"}), value="monta")
    refused = aino.post("/change", data=form | {"note": "en tiedä"})
    assert refused.status_code == 422
    assert 'name="value" value="monta"' in refused.text
    assert "en tiedä</textarea>" in refused.text
    assert aino.post("/change", data=form | {"field": "no.such"}).status_code == 404
    assert aino.get("/change", params={"record": before.id, "field": "no.such"}).status_code == 404


def test_what_is_gone_is_said_plainly(desk: Desk, store: Store) -> None:
    aino = desk()
    one = next(e for e in editions(store, 1) if {k.partition(":")[0] for k in e.merged.members} == {"kaarna"})
    retire(store, "kaarna", NOW)
    key = one.merged.members[0]
    page = aino.get(f"/record/{key}")
    assert page.status_code == 410
    assert key in page.text
    assert aino.get("/record/w9999999").status_code == 404
    assert aino.get("/record/kaarna:nowhere").status_code == 404


def test_decisions_are_listed_filtered_and_undone(desk: Desk, store: Store) -> None:
    aino, berit, before = desk(), desk("berit"), editions(store)[0]
    aino.post("/separate", data={"record": before.merged.members[0], "back": "/decisions"})
    page = berit.get("/decisions")
    assert "Aino Virtanen" in page.text
    assert "/undo" in page.text
    assert "Aino Virtanen sanoi" not in berit.get("/decisions?person=berit").text
    assert "Aino Virtanen sanoi" not in berit.get("/decisions?answer=same").text
    assert "Aino Virtanen sanoi" in berit.get("/decisions?person=aino&answer=different").text
    undone = berit.post(f"/decision/{newest(store).id}/undo", data={"back": "/decisions"})
    assert undone.status_code == 303
    assert now_at(store, before.id).merged == before.merged
    assert berit.get("/orphans").status_code == 200


@pytest.mark.parametrize("path", ["/separate", "/join", "/change", "/decision/1/undo", "/decisions/undo"])
def test_a_viewer_changes_nothing(desk: Desk, path: str) -> None:
    assert desk("vilma", "viewer").post(path, data={"record": "x", "back": "/"}).status_code == 403


@pytest.mark.parametrize("path", ["/records", "/decisions", "/orphans", "/record/w1", "/case/m1", "/raw?record=a:b"])
def test_nobody_reads_without_signing_in(desk: Desk, path: str) -> None:
    client = desk()
    answered = client.get(path, headers={"cookie": ""})
    assert answered.status_code == 303
    assert answered.headers["location"].startswith("/sign-in")


def test_undo_leads_to_pages_of_the_desk_alone(desk: Desk, store: Store) -> None:
    aino, before = desk(), editions(store)[0]
    done = aino.post("/separate", data={"record": before.merged.members[0], "back": "https://example.org/"})
    assert done.headers["location"] == "/"
