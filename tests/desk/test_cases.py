"""The page of a case and its answers, as a browser sends them."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from catalogue.decision import Case, Decision, evidence_key
from catalogue.keys import RecordKey
from store import accounts, cases, claims, decisions, matches, merged, presence, records
from store.database import Store

Desk = Callable[..., TestClient]
CaseOf = Callable[..., Case]
NOW = "2026-11-03T08:31:00Z"
SAID = "__Host-lyhde-said"


def said(response: Response) -> str:
    """The sentence a redirect brings along."""
    return urlsafe_b64decode(response.cookies.get(SAID, "").strip('"')).decode()


def words(response: Response) -> str:
    """The text of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.text)).split())


def stored(store: Store, name: str) -> Case:
    with store.read() as connection:
        return cases.find(connection, name)


def all_decisions(store: Store) -> list[Decision]:
    with store.read() as connection:
        return decisions.every(connection)


def answer(client: TestClient, case: Case, answer: str, **more: Any) -> Response:
    return client.post(f"/case/{case.case}/answer", data={"version": case.version, "answer": answer, **more})


def test_every_case_has_a_page_with_its_question_and_answers(desk: Desk, store: Store) -> None:
    aino = desk()
    with store.read() as connection:
        found = cases.listed(connection)
    assert {"match", "field"} <= {case.kind for case in found}
    for case in found:
        page = aino.get(f"/case/{case.case}")
        assert page.status_code == 200, case
        assert f'name="version" value="{case.version}"' in page.text
        assert 'value="unsure"' in page.text
        assert len(page.content) < 60_000 * 4, "60 kB compressed is about four times as much plain"


def test_an_answer_leads_to_the_next_case_and_says_what_was_saved(desk: Desk, store: Store, case_of: CaseOf) -> None:
    aino, case = desk(), case_of("match", "score")
    done = answer(aino, case, "different", started="2026-11-03T08:30:48Z", note="eri painos")
    assert done.status_code == 303
    assert re.fullmatch(r"/case/[mfs][0-9a-f]{12}", done.headers["location"])
    assert done.headers["location"] != f"/case/{case.case}"
    assert "Aino Virtanen" in said(done)
    (made,) = all_decisions(store)
    assert (made.answer, made.author, made.role, made.via) == ("different", "aino", "cataloguer", "desk")
    assert (made.seconds, made.note, made.case) == (12, "eri painos", case.case)
    with store.read() as connection:
        held = claims.held(connection, [done.headers["location"].rpartition("/")[2]], NOW)
    assert [claim.account for claim in held.values()] == ["aino"]


def test_same_makes_one_edition_at_once(desk: Desk, store: Store, case_of: CaseOf) -> None:
    aino, case = desk(), case_of("match", "score")
    assert answer(aino, case, "same").status_code == 303
    with store.read() as connection:
        places = matches.places(connection)
        (edition,) = {place.edition for number, place in places.items() if number in _numbers(connection, case.members)}
        assert set(merged.by_id(connection, [edition])[edition].merged.members) >= set(case.members)


def test_undo_takes_back_the_last_answer_and_asks_again(desk: Desk, store: Store, case_of: CaseOf) -> None:
    aino, case = desk(), case_of("match", "score")
    answer(aino, case, "same")
    undone = aino.post("/decisions/undo")
    assert (undone.status_code, undone.headers["location"]) == (303, f"/case/{case.case}")
    assert stored(store, case.case).state == "open"
    nothing = aino.post("/decisions/undo")
    assert nothing.headers["location"] == "/decisions"
    assert said(nothing)


def test_somebody_elses_answer_is_not_undone_by_mine(desk: Desk, store: Store, case_of: CaseOf) -> None:
    aino, berit, case = desk(), desk("berit"), case_of("match", "score")
    answer(aino, case, "same")
    assert berit.post("/decisions/undo").headers["location"] == "/decisions"
    assert stored(store, case.case).state == "answered"


def test_a_stale_answer_shows_the_others_and_keeps_what_was_picked(desk: Desk, store: Store, case_of: CaseOf) -> None:
    aino, berit, case = desk(), desk("berit"), case_of("match", "score")
    answer(aino, case, "same", note="sama kirja")
    late = answer(berit, case, "different", note="minusta ei")
    assert late.status_code == 409
    assert "Aino Virtanen" in words(late)
    assert "sama kirja" in words(late)
    assert "minusta ei" in late.text
    assert [made.answer for made in all_decisions(store)] == ["same"]


def test_a_stale_field_answer_keeps_the_form_when_the_case_is_open_again(
    desk: Desk, store: Store, case_of: CaseOf
) -> None:
    aino, berit, case = desk(), desk("berit"), case_of("field")
    answer(aino, case, "field", choice="1")
    aino.post("/decisions/undo")
    late = answer(berit, case, "field", choice="own", own="Oma arvo", note="näin siinä lukee")
    assert late.status_code == 409
    assert 'value="Oma arvo"' in late.text
    assert "näin siinä lukee" in late.text
    assert f'name="version" value="{stored(store, case.case).version}"' in late.text


def test_a_form_sent_twice_is_one_answer(desk: Desk, store: Store, case_of: CaseOf) -> None:
    aino, case = desk(), case_of("match", "score")
    first, second = answer(aino, case, "different"), answer(aino, case, "different")
    assert (first.status_code, second.status_code) == (303, 303)
    assert len(all_decisions(store)) == 1


def test_a_candidate_is_chosen_and_the_record_follows(desk: Desk, store: Store, case_of: CaseOf) -> None:
    aino, case = desk(), case_of("field", "publication.publisher")
    chosen = case.candidates[1]["value"]
    assert answer(aino, case, "field", choice="1").status_code == 303
    with store.read() as connection:
        (edition,) = {
            p.edition for n, p in matches.places(connection).items() if n in _numbers(connection, case.members)
        }
        content = merged.by_id(connection, [edition])[edition].merged
    assert content.description.publication.publisher == chosen


@pytest.mark.parametrize(
    ("more", "value"),
    [({"choice": "own", "own": " 321 "}, "321"), ({"choice": "none"}, None)],
)
def test_a_value_of_ones_own_or_none_may_be_chosen(
    desk: Desk, store: Store, case_of: CaseOf, more: dict[str, str], value: str | None
) -> None:
    answer(desk(), case_of("field", "extent.pages"), "field", **more)
    assert [made.value for made in all_decisions(store)] == [value]


@pytest.mark.parametrize("more", [{}, {"choice": "own"}, {"choice": "99"}, {"choice": "own", "own": "kolmesataa"}])
def test_no_value_is_no_answer(desk: Desk, store: Store, case_of: CaseOf, more: dict[str, str]) -> None:
    page = answer(desk(), case_of("field", "extent.pages"), "field", note="pysyy", **more)
    assert page.status_code == 422
    assert "pysyy" in page.text
    assert not all_decisions(store)


@pytest.mark.parametrize("kind", ["match", "field"])
def test_not_sure_leaves_it_open_and_goes_on(desk: Desk, store: Store, case_of: CaseOf, kind: str) -> None:
    aino, case = desk(), case_of(kind)
    done = answer(aino, case, "unsure")
    assert done.headers["location"] not in ("/", f"/case/{case.case}")
    assert stored(store, case.case).state == "open"
    with store.read() as connection:
        assert [who for who, _ in claims.deferred_by(connection, case.case)] == ["aino"]


def test_skip_decides_nothing(desk: Desk, store: Store, case_of: CaseOf) -> None:
    aino, case = desk(), case_of("match")
    assert answer(aino, case, "skip").headers["location"] not in ("/", f"/case/{case.case}")
    assert not all_decisions(store)


def test_a_veto_is_overruled_by_a_senior_with_a_note_alone(desk: Desk, store: Store) -> None:
    aino, sven = desk(), desk("sven", "senior")
    case = _vetoed(store)
    assert "notice vetoes" in aino.get(f"/case/{case.case}").text
    assert 'value="same"' not in aino.get(f"/case/{case.case}").text
    assert answer(aino, case, "same", note="sama").status_code == 422
    without = answer(sven, case, "same")
    assert without.status_code == 422
    assert "fault" in without.text
    assert answer(sven, case, "same", note="katsoin kirjat").status_code == 303
    (made,) = all_decisions(store)
    assert made.lifts


def test_a_viewer_reads_and_cannot_answer(desk: Desk, store: Store, case_of: CaseOf) -> None:
    viewer, case = desk("vilma", "viewer"), case_of("match")
    page = viewer.get(f"/case/{case.case}")
    assert page.status_code == 200
    assert "<textarea" not in page.text
    for path in ("answer", "keep", "take-over", "release"):
        assert viewer.post(f"/case/{case.case}/{path}", data={"version": 1, "answer": "same"}).status_code == 403
    assert viewer.post("/decisions/undo").status_code == 403
    assert not all_decisions(store)


def test_two_who_look_see_each_other(desk: Desk, store: Store, case_of: CaseOf) -> None:
    aino, berit, case = desk(), desk("berit"), case_of("match")
    aino.get(f"/case/{case.case}")
    assert "Aino Virtanen" in re.search(r'class="presence"[^>]*>([^<]*)<', berit.get(f"/case/{case.case}").text)[1]  # type: ignore[index]  # it is there
    assert "Berit Virtanen" in aino.post(f"/case/{case.case}/presence").text
    with store.read() as connection:
        assert presence.others(connection, case.case, "aino", NOW) == ["berit"]


def test_a_case_is_kept_and_taken_over(desk: Desk, store: Store, case_of: CaseOf) -> None:
    aino, berit, case = desk(), desk("berit"), case_of("match")
    aino.post(f"/case/{case.case}/keep")
    assert "take-over" in berit.get(f"/case/{case.case}").text
    assert "Aino Virtanen" in said(berit.post(f"/case/{case.case}/take-over"))
    with store.read() as connection:
        assert claims.held(connection, [case.case], NOW)[case.case].account == "berit"
    berit.post(f"/case/{case.case}/release")
    with store.read() as connection:
        assert not claims.held(connection, [case.case], NOW)


def test_hostile_text_is_never_markup(desk: Desk, store: Store) -> None:
    aino = desk()
    with store.read() as connection:
        found = cases.listed(connection)
    hostile = [case for case in found if "<script>alert(1)</script>" in unescape(aino.get(f"/case/{case.case}").text)]
    assert hostile
    for case in hostile:
        paths = [f"/case/{case.case}", f"/case/{case.case}/history"]
        paths += [f"/case/{case.case}/raw/{member}" for member in case.members]
        for path in paths:
            page = aino.get(path)
            assert page.status_code == 200
            assert "<script>alert" not in page.text
            assert "<b>" not in page.text


def test_the_record_as_it_was_sent_is_text(desk: Desk, case_of: CaseOf) -> None:
    aino, case = desk(), case_of("match", "score")
    shown = [aino.get(f"/case/{case.case}/raw/{member}") for member in case.members]
    assert all(page.status_code == 200 for page in shown)
    assert any("=245" in page.text or "&lt;Product&gt;" in page.text for page in shown)
    assert aino.get(f"/case/{case.case}/raw/kaarna:nowhere").status_code == 404


def test_history_tells_it_in_sentences_with_undo(desk: Desk, case_of: CaseOf) -> None:
    aino, case = desk(), case_of("field", "publication.publisher")
    answer(aino, case, "field", choice="1", note="nimiösivulta")
    page = aino.get(f"/case/{case.case}/history")
    assert "Aino Virtanen valitsi" in words(page)
    assert case.candidates[0]["value"] in words(page)
    assert "nimiösivulta" in words(page)
    assert "/undo" in page.text


@pytest.mark.parametrize("path", ["/case/mffffffffffff", "/case/mffffffffffff/history", "/case/x/raw/kaarna:1"])
def test_an_unknown_case_is_not_found(desk: Desk, path: str) -> None:
    assert desk().get(path).status_code == 404


@pytest.mark.parametrize(
    ("language", "word"), [("fi", "Miksi kysymme"), ("sv", "Varför vi frågar"), ("en", "Why we ask")]
)
def test_the_page_is_in_the_readers_language(desk: Desk, case_of: CaseOf, language: str, word: str) -> None:
    case = case_of("match")
    text = words(desk(f"reader-{language}", language=language).get(f"/case/{case.case}"))
    assert word in text
    assert ("Why we ask" in text) == (language == "en")


def test_keys_are_off_for_those_who_switched_them_off(desk: Desk, store: Store, case_of: CaseOf) -> None:
    aino, case = desk(), case_of("match")
    assert "data-keys" in aino.get(f"/case/{case.case}").text
    with store.write() as connection:
        accounts.set_profile(connection, "aino", single_keys=False)
    assert "data-keys" not in aino.get(f"/case/{case.case}").text


def _numbers(connection: Any, keys: tuple[str, ...]) -> set[int]:
    return set(records.numbers_of(connection, [RecordKey.parse(key) for key in keys]).values())


def _vetoed(store: Store) -> Case:
    """A question about an e-book and an audiobook, which no rule would ask."""
    with store.write() as connection:
        live = dict(records.live_records(connection))
        pair = [str(next(r.key for r in live.values() if r.medium == medium)) for medium in ("ebook", "audiobook")]
        keys = tuple(sorted(pair))
        case = Case(
            case="m0123456789ab",
            kind="match",
            level="edition",
            reason="score",
            members=keys,
            candidates=((pair[0],), (pair[1],)),
            evidence_key=evidence_key([r for r in live.values() if str(r.key) in keys]),
            opened=NOW,
            priority=1,
        )
        cases.save(connection, [case], NOW)
    return stored(store, case.case)


@pytest.mark.parametrize(("choice", "code"), [("²", 422), ("٣", 422), ("9" * 20, 422), ("9" * 5000, 400)])
def test_a_choice_that_is_no_number_of_a_value_breaks_nothing(
    desk: Desk, case_of: CaseOf, choice: str, code: int
) -> None:
    aino, berit, case = desk(), desk("berit"), case_of("field")
    answer(aino, case, "field", choice="1")
    assert answer(berit, case, "field", choice=choice).status_code == code


def test_a_stale_choice_of_no_value_is_told_as_such(desk: Desk, case_of: CaseOf) -> None:
    aino, berit, case = desk(language="en"), desk("berit", language="en"), case_of("field")
    answer(aino, case, "field", choice="1")
    assert "<strong>No value: leave the field empty</strong>" in answer(berit, case, "field", choice="none").text


def test_what_can_be_done_about_a_stale_answer_stands_in_one_row(desk: Desk, case_of: CaseOf) -> None:
    aino, berit, case = desk(), desk("berit"), case_of("match", "score")
    answer(aino, case, "same")
    late = answer(berit, case, "different").text
    row = re.search(r'<div class="row">(.*?)</div>', late, re.DOTALL)
    assert row
    assert f'href="/case/{case.case}"' in row[1]
    assert 'action="/decision/' in row[1]


@pytest.mark.parametrize("path", ["/decisions?before={}", "/decisions?after={}"])
def test_numbers_beyond_the_database_are_told_to_make_no_sense(desk: Desk, path: str) -> None:
    assert desk().get(path.format(2**63)).status_code == 400


def test_undo_of_a_number_beyond_the_database_makes_no_sense(desk: Desk) -> None:
    assert desk().post(f"/decision/{2**63}/undo").status_code == 400
