"""An answer takes effect at once, and what it leaves is what a resolve of everything would give."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from catalogue.decision import Case
from catalogue.errors import ServiceUnreachable, StaleAnswer, UsageError, VetoStands
from jobs import delta, reviewing
from jobs.exporting import export
from jobs.resolving import Writing, resolve
from jobs.reviewing import Author
from jobs.showing import show
from store import cases, claims, decisions, merged
from store.database import Store

NOW = "2026-01-01T00:00:00Z"
AINO = Author("aino", NOW)
BERIT = Author("berit", NOW, "looked at both books", role="senior")
DEMO = Path(__file__).parents[2] / "fixtures" / "demo"
ONE, TWO, THREE = "9789524970013", "9789524970020", "9789524970037"
Feed = Callable[..., None]
Book = Callable[..., str]
State = Callable[[Store], dict[str, Any]]


def one_case(store: Store, kind: str = "match") -> Case:
    with store.read() as connection:
        (case,) = [case for case in cases.listed(connection) if case.kind == kind]
    return case


def editions(store: Store) -> list[tuple[str, ...]]:
    return sorted(tuple(cluster["members"]) for cluster in export(store, "clusters"))


@pytest.fixture
def asked(store: Store, deliver: Feed, book: Book) -> Store:
    """Two records about which a person is asked."""
    deliver("kaarna", book("a"))
    deliver("aalto", book("b", publisher="Aalto", date="20190101"))
    resolve(store, NOW)
    return store


@pytest.fixture
def two_apart(store: Store, deliver: Feed, book: Book) -> Store:
    """Two records that nobody would put together."""
    deliver("kaarna", book("a", ONE))
    deliver("aalto", book("b", TWO, title="Muu", author="Toinen, Teppo"))
    resolve(store, NOW)
    return store


def test_same_joins_and_closes_the_case_in_one_go(asked: Store) -> None:
    case = one_case(asked)
    done = reviewing.answer_match(asked, case.case, version=case.version, answer="same", author=AINO, seconds=7)
    assert editions(asked) == [("aalto:b", "kaarna:a")]
    assert (done.closed, done.waits) == ((case.case,), False)
    assert (done.decision.case, done.decision.seconds, done.decision.role) == (case.case, 7, "cataloguer")
    assert done.decision.seen.keys() == {"kaarna:a", "aalto:b"}
    with asked.read() as connection:
        assert set(done.works) <= {work for work, _ in merged.take_outbox(connection)}


def test_undo_from_anywhere_restores_every_byte_and_asks_again(state: State, asked: Store) -> None:
    before, case = state(asked), one_case(asked)
    for answer in ("same", "different"):
        opened = one_case(asked)
        done = reviewing.answer_match(asked, opened.case, version=opened.version, answer=answer, author=AINO)
        undone = reviewing.undo(asked, done.decision.id, AINO)
        after = state(asked)
        assert undone.opened == (case.case,)
        assert after["places"] == before["places"]
        for level in ("edition", "work"):
            assert [(m.id, m.content_hash) for m in after["merged"][level]] == [
                (m.id, m.content_hash) for m in before["merged"][level]
            ]


def test_another_was_faster(asked: Store) -> None:
    case = one_case(asked)
    reviewing.answer_match(asked, case.case, version=case.version, answer="same", author=AINO)
    with pytest.raises(StaleAnswer) as stale:
        reviewing.answer_match(asked, case.case, version=case.version, answer="different", author=BERIT)
    assert stale.value.version == case.version + 1
    assert editions(asked) == [("aalto:b", "kaarna:a")]


def test_a_form_that_is_sent_twice_is_one_answer(asked: Store) -> None:
    case = one_case(asked)
    first, second = (
        reviewing.answer_match(asked, case.case, version=case.version, answer="different", author=AINO) for _ in "12"
    )
    assert first.decision == second.decision
    with asked.read() as connection:
        assert len(decisions.every(connection)) == 1


def test_not_sure_keeps_the_case_open_for_others(asked: Store) -> None:
    case = one_case(asked)
    for _ in "12":
        reviewing.answer_match(asked, case.case, version=case.version, answer="unsure", author=AINO)
    assert one_case(asked) == case
    with asked.read() as connection:
        assert [name for name, _ in claims.deferred_by(connection, case.case)] == ["aino"]
        assert len(decisions.every(connection)) == 1
    reviewing.answer_match(asked, case.case, version=case.version, answer="same", author=BERIT)
    assert editions(asked) == [("aalto:b", "kaarna:a")]


def test_saying_the_same_again_is_not_a_second_decision(asked: Store) -> None:
    for _ in "12":
        reviewing.decide(asked, "different", ("kaarna:a", "aalto:b"), level="edition", author=AINO)
    with asked.read() as connection:
        assert len(decisions.standing(connection)) == 1


def test_two_editions_said_to_be_different_are_not_asked_about_as_works(
    store: Store, deliver: Feed, book: Book
) -> None:
    deliver("kaarna", book("a"))
    deliver("aalto", book("b", title="Kesäyön valot ja varjot", publisher="Aalto", date="20190101"))
    resolve(store, NOW)
    case = one_case(store)
    done = reviewing.answer_match(store, case.case, version=case.version, answer="different", author=AINO)
    assert (case.level, done.opened) == ("edition", ())
    with store.read() as connection:
        assert cases.listed(connection) == []


def test_the_newer_answer_replaces_the_older(asked: Store) -> None:
    pair = ("kaarna:a", "aalto:b")
    reviewing.decide(asked, "different", pair, level="edition", author=AINO)
    reviewing.decide(asked, "same", pair, level="edition", author=BERIT)
    assert editions(asked) == [("aalto:b", "kaarna:a")]
    done = reviewing.decide(asked, "different", pair, level="work", author=AINO)
    assert len(done.works) == 2
    reviewing.undo(asked, done.decision.id, AINO)
    assert editions(asked) == [("aalto:b", "kaarna:a")]


def test_answers_that_cannot_all_hold_open_one_case_with_the_chain(store: Store, deliver: Feed, book: Book) -> None:
    titles = {"a": "Valot", "b": "Tuuli", "c": "Kettu"}
    for ref, title in titles.items():
        deliver(f"source-{ref}", book(ref, title=title, author=f"{title}, Aino"))
    resolve(store, NOW)
    keys = [f"source-{ref}:{ref}" for ref in titles]
    reviewing.join(store, keys[0], keys[1], level="edition", author=AINO)
    reviewing.join(store, keys[1], keys[2], level="edition", author=AINO)
    done = reviewing.decide(store, "different", (keys[0], keys[2]), level="edition", author=BERIT)
    case = one_case(store, "split")
    assert case.case in done.opened
    assert [(e["left"], e["right"], e["answer"], e["author"]) for e in case.candidates] == [
        (keys[0], keys[1], "same", "aino"),
        (keys[1], keys[2], "same", "aino"),
        (keys[0], keys[2], "different", "berit"),
    ]
    assert sum(edge["weakest"] for edge in case.candidates) == 1
    taken = reviewing.answer_match(store, case.case, version=case.version, answer="same", author=AINO)
    assert editions(store) == [tuple(keys)]
    assert case.case in taken.closed


def test_a_veto_is_overruled_by_a_senior_with_a_reason_alone(store: Store, deliver: Feed, book: Book) -> None:
    deliver("kaarna", book("a", title="Sarja 1"))
    deliver("aalto", book("b", title="Sarja 2"))
    resolve(store, NOW)
    for author, may in ((AINO, False), (Author("berit", NOW, role="senior"), True)):
        with pytest.raises(VetoStands) as stands:
            reviewing.join(store, "kaarna:a", "aalto:b", level="edition", author=author)
        assert (stands.value.vetoes, stands.value.may_overrule) == (("volume",), may)
    done = reviewing.join(store, "kaarna:a", "aalto:b", level="edition", author=BERIT)
    assert done.decision.lifts == ("volume",)
    assert editions(store) == [("aalto:b", "kaarna:a")]


def test_a_member_is_separated_and_joined_again(store: Store, deliver: Feed, book: Book) -> None:
    for source in ("aalto", "kaarna", "vikens"):
        deliver(source, book("a", ONE))
    resolve(store, NOW)
    assert editions(store) == [("aalto:a", "kaarna:a", "vikens:a")]
    reviewing.separate(store, "kaarna:a", AINO)
    assert editions(store) == [("aalto:a", "vikens:a"), ("kaarna:a",)]
    with pytest.raises(UsageError, match="stands alone"):
        reviewing.separate(store, "kaarna:a", AINO)
    left, right = (show(store, key)["edition"] for key in ("kaarna:a", "aalto:a"))
    reviewing.join(store, left, right, level="edition", author=AINO)
    assert editions(store) == [("aalto:a", "kaarna:a", "vikens:a")]


def test_a_value_is_chosen_with_and_without_a_case(store: Store, deliver: Feed, book: Book) -> None:
    deliver("kaarna", book("a", ONE))
    deliver("aalto", book("b", ONE, publisher="Aalto"))
    resolve(store, NOW)
    edition = show(store, "kaarna:a")["edition"]
    done = reviewing.decide_field(store, "kaarna:a", field="publication.place", value="Turku", author=AINO)
    assert show(store, edition)["description"]["publication"]["place"] == "Turku"
    reviewing.undo(store, done.decision.id, AINO)
    assert show(store, edition)["description"]["publication"]["place"] is None
    case = one_case(store, "field")
    value = case.candidates[-1]["value"]
    reviewing.answer_field(store, case.case, version=case.version, value=value, author=AINO)
    assert show(store, edition)["description"]["publication"]["publisher"] == value
    with store.read() as connection:
        assert cases.listed(connection) == []


def test_undo_names_the_later_decisions_that_lean_on_it(two_apart: Store) -> None:
    first = reviewing.join(two_apart, "kaarna:a", "aalto:b", level="edition", author=AINO)
    edition = show(two_apart, "kaarna:a")["edition"]
    later = reviewing.decide_field(two_apart, edition, field="publication.place", value="Turku", author=AINO)
    undone = reviewing.undo(two_apart, first.decision.id, BERIT)
    assert undone.leaning == (later.decision.id,)
    assert undone.decision.undoes == first.decision.id


def test_an_answer_about_what_a_harvest_changed_waits_for_the_resolve(
    state: State, asked: Store, deliver: Feed, book: Book
) -> None:
    case = one_case(asked)
    deliver("aalto", book("b", publisher="Aalto", date="20180101"))
    before = state(asked)
    done = reviewing.answer_match(asked, case.case, version=case.version, answer="same", author=AINO)
    assert (done.waits, done.works) == (True, ())
    assert state(asked)["merged"] == before["merged"]
    resolve(asked, NOW)
    assert editions(asked) == [("aalto:b", "kaarna:a")]


def test_an_answer_beside_a_decision_about_what_a_harvest_changed_leaves_the_question_to_the_resolve(
    store: Store, deliver: Feed, book: Book
) -> None:
    for source in ("aalto", "vikens"):
        deliver(source, book("a", ONE))
    deliver("kaarna", book("x", author="Toinen, Teppo"))
    deliver("lintula", book("c", TWO, title="Muu", author="Kolmas, Kerttu"))
    resolve(store, NOW)
    case = one_case(store)
    reviewing.answer_match(store, case.case, version=case.version, answer="different", author=AINO)
    deliver("aalto", book("a", ONE, date="20180101"))
    reviewing.join(store, "kaarna:x", "lintula:c", level="edition", author=BERIT)
    with store.read() as connection:
        assert [case for case in cases.listed(connection) if case.reopened] == []
    resolve(store, NOW)
    with store.read() as connection:
        (again,) = [case for case in cases.listed(connection) if case.reopened]
    assert {"aalto:a", "kaarna:x"} <= set(again.members)


STEPS = [
    *((Writing, step, True) for step in ("memberships", "works", "cases", "finish")),
    *((delta, step, False) for step in ("look", "_keep", "_carry_over", "_settle_all", "settle_since")),
]


@pytest.mark.parametrize("at", STEPS)
def test_an_answer_that_lands_in_the_middle_of_a_resolve_is_not_lost(
    state: State,
    asked: Store,
    add: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
    at: tuple[Any, str, bool],
) -> None:
    """The resolve has read its decisions; before it writes, somebody answers. A harvest changed the neighbours."""
    where, step, whole = at
    add()
    original = getattr(where, step)

    def answer_first(*arguments: Any) -> Any:
        reviewing.decide(asked, "same", ("kaarna:a", "aalto:b"), level="edition", author=AINO)
        return original(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(where, step, answer_first)
        resolve(asked, NOW, everything=whole)
    assert any({"aalto:b", "kaarna:a"} <= set(members) for members in editions(asked))
    after = state(asked)
    assert after["queued"] == {}
    resolve(asked, NOW, everything=True)
    assert state(asked) == after


@pytest.fixture
def add(deliver: Feed, book: Book) -> Callable[[], None]:
    """Let a third source send a record about the books asked about, and another."""
    return lambda: deliver("vikens", book("c"), book("d", title="Kettu"))


def test_an_answer_that_the_database_broke_off_is_tried_again(asked: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    class Deadlock(Exception):
        orig = SimpleNamespace(sqlstate="40P01")

    failures, settle = iter([True, True]), reviewing.settle

    def break_off(*arguments: Any) -> Any:
        if next(failures, False):
            raise ServiceUnreachable("deadlock") from Deadlock()
        return settle(*arguments)

    monkeypatch.setattr(reviewing, "settle", break_off)
    case = one_case(asked)
    reviewing.answer_match(asked, case.case, version=case.version, answer="same", author=AINO)
    assert editions(asked) == [("aalto:b", "kaarna:a")]
    with asked.read() as connection:
        assert len(decisions.every(connection)) == 1
