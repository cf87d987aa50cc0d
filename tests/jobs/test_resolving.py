"""Resolve as an operator and a cataloguer know it: ids, redirects, decisions, kills."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from catalogue.errors import NotFound, UsageError
from jobs import remerging, resolving
from jobs.deciding import members_of
from jobs.exporting import export
from jobs.resolving import refresh_features, resolve
from jobs.retiring import retire
from jobs.reviewing import Author, decide, decide_field, undo
from jobs.showing import show
from merging.work import merge_work
from store import cases, features, minted
from store.database import Store

NOW = "2026-01-01T00:00:00Z"
AINO = Author("aino", NOW, "checked the books", role="senior")

Feed = Callable[..., None]
Book = Callable[..., str]


def clusters(store: Store) -> list[tuple[str, ...]]:
    return sorted(tuple(cluster["members"]) for cluster in export(store, "clusters"))


def everything(store: Store) -> list[Any]:
    return [list(export(store, what)) for what in ("works", "editions", "clusters")]  # type: ignore[arg-type]


def work_of(store: Store, key: str) -> str:
    work = show(store, key)["work"]
    assert isinstance(work, str)
    return work


ONE, TWO = "9789524970013", "9789524970020"


def test_two_senders_of_one_isbn_are_one_edition(store: Store, deliver: Feed, book: Book) -> None:
    deliver("kaarna", book("a", ONE))
    deliver("aalto", book("b", ONE))
    report = resolve(store, NOW)
    assert (report.records, report.editions, report.works) == (2, 1, 1)
    assert clusters(store) == [("aalto:b", "kaarna:a")]


def test_an_unchanged_catalogue_is_not_resolved_again(store: Store, deliver: Feed, book: Book) -> None:
    deliver("kaarna", book("a", ONE))
    assert not resolve(store, NOW).skipped
    assert resolve(store, NOW).skipped


def test_different_parts_what_was_joined_and_undo_restores_it_exactly(store: Store, deliver: Feed, book: Book) -> None:
    deliver("kaarna", book("a", ONE))
    deliver("aalto", book("b", ONE))
    resolve(store, NOW)
    before = everything(store)
    made = decide(store, "different", ("kaarna:a", "aalto:b"), level="edition", author=AINO)
    resolve(store, NOW)
    assert clusters(store) == [("aalto:b",), ("kaarna:a",)]
    undo(store, made.decision.id, AINO)
    resolve(store, NOW)
    assert everything(store)[2] == before[2]
    assert [w["id"] for w in everything(store)[0]] == [w["id"] for w in before[0]]


def test_same_joins_what_was_apart(store: Store, deliver: Feed, book: Book) -> None:
    deliver("kaarna", book("a", title="Valot"))
    deliver("aalto", book("b", title="Yön valot, kesän yöt", author="Meri, Anna"))
    resolve(store, NOW)
    assert len(clusters(store)) == 2
    decide(store, "same", ("kaarna:a", "aalto:b"), level="edition", author=AINO)
    resolve(store, NOW)
    assert clusters(store) == [("aalto:b", "kaarna:a")]


def test_overruling_a_veto_takes_a_note(store: Store, deliver: Feed, book: Book) -> None:
    deliver("kaarna", book("a", title="Sarja 1"))
    deliver("aalto", book("b", title="Sarja 2"))
    resolve(store, NOW)
    with pytest.raises(UsageError, match="--note"):
        decide(store, "same", ("kaarna:a", "aalto:b"), level="edition", author=Author("aino", NOW, role="senior"))
    made = decide(store, "same", ("kaarna:a", "aalto:b"), level="edition", author=AINO)
    assert made.decision.lifts
    resolve(store, NOW)
    assert clusters(store) == [("aalto:b", "kaarna:a")]


def test_an_answer_is_asked_again_only_when_the_evidence_changed(store: Store, deliver: Feed, book: Book) -> None:
    deliver("kaarna", book("a", title="Valot"))
    deliver("aalto", book("b", title="Yön valot", author="Meri, Anna"))
    resolve(store, NOW)
    decide(store, "same", ("kaarna:a", "aalto:b"), level="edition", author=AINO)
    deliver("aalto", book("b", title="Yön valot", author="Meri, Anna", publisher="Aalto"))
    resolve(store, NOW)
    assert clusters(store) == [("aalto:b", "kaarna:a")]
    deliver("aalto", book("b", title="Aivan muu kirja", author="Meri, Anna", publisher="Aalto"))
    resolve(store, NOW)
    assert len(clusters(store)) == 2
    with store.read() as connection:
        assert [case.reason for case in cases.listed(connection) if "evidence changed" in case.reason]


def test_a_chosen_value_stands_until_what_it_was_chosen_over_changes(store: Store, deliver: Feed, book: Book) -> None:
    deliver("kaarna", book("a", ONE))
    resolve(store, NOW)
    edition = show(store, "kaarna:a")["edition"]
    decide_field(store, edition, field="publication.publisher", value="Kaarna Kustannus", author=AINO)
    resolve(store, NOW)
    assert show(store, edition)["description"]["publication"]["publisher"] == "Kaarna Kustannus"
    deliver("kaarna", book("a", ONE, publisher="Toinen"))
    resolve(store, NOW)
    assert show(store, edition)["description"]["publication"]["publisher"] == "Toinen"


def test_a_field_that_no_record_has_cannot_be_chosen(store: Store, deliver: Feed, book: Book) -> None:
    deliver("kaarna", book("a", ONE))
    resolve(store, NOW)
    with pytest.raises(UsageError):
        decide_field(store, show(store, "kaarna:a")["edition"], field="colour", value="red", author=AINO)


def test_a_merge_redirects_and_a_return_revives_the_id(store: Store, deliver: Feed, book: Book) -> None:
    deliver("kaarna", book("a", title="Valot"))
    deliver("aalto", book("b", title="Muu", author="Toinen, Teppo"))
    resolve(store, NOW)
    first, second = work_of(store, "kaarna:a"), work_of(store, "aalto:b")
    made = decide(store, "same", ("kaarna:a", "aalto:b"), level="edition", author=AINO)
    resolve(store, NOW)
    assert show(store, second)["id"] == show(store, first)["id"]
    undo(store, made.decision.id, AINO)
    resolve(store, NOW)
    assert (work_of(store, "kaarna:a"), work_of(store, "aalto:b")) == (first, second)


def test_a_retired_source_is_as_if_it_had_never_been(store: Store, deliver: Feed, book: Book) -> None:
    deliver("kaarna", book("a", ONE))
    resolve(store, NOW)
    alone = [{k: v for k, v in w.items() if k not in ("id", "work", "revision")} for w in export(store, "works")]
    deliver("aalto", book("b", ONE, publisher="Aalto", date="20190101"), book("c", TWO, title="Muu"))
    resolve(store, NOW)
    gone = work_of(store, "aalto:c")
    assert retire(store, "aalto", NOW) == 2
    resolve(store, NOW)
    again = [{k: v for k, v in w.items() if k not in ("id", "work", "revision")} for w in export(store, "works")]
    assert again == alone
    with store.read() as connection:
        assert minted.resolve_id(connection, gone) is None
    with pytest.raises(NotFound, match="removed"):
        show(store, gone)


def test_a_returning_record_has_its_old_id(store: Store, deliver: Feed, book: Book) -> None:
    deliver("kaarna", book("a", ONE), book("b", TWO, title="Muu"))
    resolve(store, NOW)
    work = work_of(store, "kaarna:b")
    deliver("kaarna", book("a", ONE))
    resolve(store, NOW)
    deliver("kaarna", book("a", ONE), book("b", TWO, title="Muu"))
    resolve(store, NOW)
    assert work_of(store, "kaarna:b") == work


TITLES = ("Kettu", "Sateenkaari", "Meren alla", "Vaarin tuoli", "Yöjuna pohjoiseen", "Tuuli")


@pytest.mark.parametrize("merges_done", [0, 3])
def test_a_resolve_that_is_cut_off_is_finished_by_the_next(
    store: Store, deliver: Feed, book: Book, monkeypatch: pytest.MonkeyPatch, merges_done: int
) -> None:
    deliver("kaarna", *(book(str(n), title=title) for n, title in enumerate(TITLES)))
    left = iter(range(merges_done))

    def merge_some(*arguments: Any) -> Any:
        if next(left, None) is None:
            raise InterruptedError
        return merge_work(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(resolving, "IN_ONE_GO", 2)
        patch.setattr(remerging, "merge_work", merge_some)
        with pytest.raises(InterruptedError):
            resolve(store, NOW)
    report = resolve(store, NOW)
    assert (report.records, report.editions, report.works) == (6, 6, 6)
    found = everything(store)
    resolve(store, NOW, everything=True)
    assert everything(store) == found


def test_members_of_an_edition_are_its_live_records(store: Store, deliver: Feed, book: Book) -> None:
    deliver("kaarna", book("a", ONE))
    deliver("aalto", book("b", ONE))
    resolve(store, NOW)
    with store.read() as connection:
        edition = show(store, "kaarna:a")["edition"]
        assert {str(record.key) for record in members_of(connection, edition)} == {"kaarna:a", "aalto:b"}
        with pytest.raises(NotFound):
            members_of(connection, "kaarna:none")


def test_a_question_about_a_field_is_over_when_all_it_is_about_is_gone(store: Store, deliver: Feed, book: Book) -> None:
    deliver("kaarna", book("a", ONE, publisher="Kaarna"))
    deliver("aalto", book("b", ONE, publisher="Aalto"))
    resolve(store, NOW)
    with store.read() as connection:
        assert [case.kind for case in cases.listed(connection)] == ["field"]
    for source in ("kaarna", "aalto"):
        retire(store, source, NOW)
    resolve(store, NOW)
    with store.read() as connection:
        assert cases.listed(connection) == []


def test_a_catalogue_may_become_empty(store: Store, deliver: Feed, book: Book) -> None:
    deliver("kaarna", book("a", ONE))
    resolve(store, NOW)
    retire(store, "kaarna", NOW)
    report = resolve(store, NOW)
    assert (report.records, report.editions, report.works) == (0, 0, 0)
    assert everything(store) == [[], [], []]


def test_an_answer_given_while_a_resolve_is_at_work_is_obeyed_by_the_next(
    store: Store, deliver: Feed, book: Book
) -> None:
    deliver("kaarna", book("a", ONE))
    deliver("aalto", book("b", ONE))

    resolve(store, NOW)
    deliver("aalto", book("b", ONE, publisher="Aalto"))
    with store.read() as connection:
        begun = features.dirty_records(connection)
    refresh_features(store)  # what the resolve at work begins with
    decide(store, "different", ("kaarna:a", "aalto:b"), level="edition", author=AINO)
    with store.write() as connection:
        features.clear_dirty(connection, begun)
    resolve(store, NOW)
    assert clusters(store) == [("aalto:b",), ("kaarna:a",)]
