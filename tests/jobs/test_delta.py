"""A resolve of what changed gives what a resolve of everything gives, whatever the change, and touches nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from jobs import remerging, reviewing
from jobs.resolving import resolve
from jobs.reviewing import Author
from jobs.stoplist import say
from store import facts, features
from store.database import Connection, Store, open_store

NOW = "2026-01-01T00:00:00Z"
ISBN = "9789524970013"
Send = Callable[..., None]
Book = Callable[..., str]
State = Callable[[Store], dict[str, Any]]


def everything_changes_nothing(store: Store, state: State) -> None:
    after = state(store)
    assert after["queued"] == {}
    before = facts_of(store)
    resolve(store, NOW, everything=True)
    assert facts_of(store) == before
    whole = state(store)
    for what in after:
        assert whole[what] == after[what], what


def facts_of(store: Store) -> dict[str, Any]:
    with store.read() as connection:
        return facts.get_facts(connection, "matching", "pairs", "blocks")


def test_a_delta_reads_nothing_but_what_it_touches(
    store: Store, deliver: Send, book: Book, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    titles = ("Kettu", "Sateenkaari", "Meren alla", "Vaarin tuoli", "Yöjuna pohjoiseen", "Tuuli")
    others = [book(str(n), title=title, author=f"{title}nen, Aino") for n, title in enumerate(titles)]
    deliver("kaarna", *others, book("a"))
    deliver("aalto", book("b"))
    resolve(store, NOW)
    read: set[int] = set()
    original = features.features_of

    def watched(connection: Connection, numbers: Iterable[int], version: str) -> dict[int, Any]:
        found = original(connection, numbers, version)
        read.update(found)
        return found

    monkeypatch.setattr(features, "live_features", None)
    monkeypatch.setattr(features, "features_of", watched)
    deliver("aalto", book("b", publisher="Aalto"))
    report = resolve(store, NOW)
    monkeypatch.undo()
    assert (len(read), report.changed_works) == (2, 1)
    everything_changes_nothing(store, state)


def test_an_edition_whose_work_alone_changes_is_not_merged_anew(
    store: Store, deliver: Send, book: Book, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken = book("b").replace("<ProductForm>ED", "<ProductForm>AJ")
    deliver("kaarna", book("a"))
    deliver("aalto", spoken)
    assert resolve(store, NOW).works == 1
    merged: list[list[str]] = []
    original = remerging.merge_edition

    def watched(members: Any, choices: Any) -> Any:
        merged.append([str(member.key) for member in members])
        return original(members, choices)

    monkeypatch.setattr(remerging, "merge_edition", watched)
    deliver("aalto", spoken.replace("Kesäyön valot", "Vaarin tuoli"))
    report = resolve(store, NOW)
    monkeypatch.undo()
    assert (report.editions, report.works, merged) == (2, 2, [["aalto:b"]])
    everything_changes_nothing(store, state)


@pytest.mark.parametrize("count", [1, 2])
def test_a_fact_about_the_set_that_flips_touches_all_it_is_about(
    store: Store, deliver: Send, book: Book, state: State, parts: list[bool], count: int
) -> None:
    """A fourth book with one number glues it: two records that shared it alone come apart. Without it they join."""
    isbn, others = ISBN, ("Sateenkaari", "Vaarin tuoli", "Tuuli")
    held = [book(str(n), isbn, title=title, author=f"{title}nen, Aino") for n, title in enumerate(others)]
    deliver("kaarna", *held[:-count], book("a", isbn))
    deliver("aalto", book("b", isbn, publisher="Aalto", date="20190101"))
    resolve(store, NOW)
    for sent in (held, held[:-count], held):
        deliver("kaarna", *sent, book("a", isbn))
        resolve(store, NOW)
        with store.read() as connection:
            glued = facts.get_fact(connection, "matching")["glued"]
        assert glued == ([isbn] if len(sent) == len(held) else [])
        everything_changes_nothing(store, state)
    assert parts == [True, True, True]


def test_a_word_about_an_identifier_touches_all_that_have_it(
    store: Store, deliver: Send, book: Book, state: State, parts: list[bool]
) -> None:
    deliver("kaarna", book("a", ISBN), book("x", title="Tuuli", author="Tuulinen, Aino"))
    deliver("aalto", book("b", ISBN, publisher="Aalto", date="20190101"))
    resolve(store, NOW)
    aino = Author("aino", NOW, "printed in every book of the publisher")
    stopped = say(store, "stopped", ISBN, aino)
    assert resolve(store, NOW).editions == 3
    everything_changes_nothing(store, state)
    reviewing.undo(store, stopped.id, aino)
    assert resolve(store, NOW).editions == 2
    everything_changes_nothing(store, state)
    assert parts == [True, True]


def test_a_sender_that_is_believed_no_longer_touches_all_it_sent(
    store: Store, deliver: Send, book: Book, state: State, parts: list[bool]
) -> None:
    swedish = ("Ljuset över vattnet och den långa natten", "Flickan som inte ville sova", "En sommar vid havet igen")
    sent = [book(str(n), title=f"Kesä {n}", author=f"Meri{n}, Aino") for n in range(22)]
    deliver("kaarna", *sent)
    deliver("aalto", book("x", title="Kesä 3", author="Meri3, Aino").replace(">fin<", ">swe<"))
    resolve(store, NOW)
    for more in (swedish, swedish[:1], swedish):
        deliver("kaarna", *sent, *(book(f"s{n}", title=title) for n, title in enumerate(more)))
        resolve(store, NOW)
        with store.read() as connection:
            assert len(facts.get_fact(connection, "matching")["one_language"]) == (len(more) > 1)
        everything_changes_nothing(store, state)
    assert parts == [True, True, True]


def test_issues_go_to_the_serial_that_comes_and_find_another_when_it_goes(
    store: Store, deliver: Send, book: Book, state: State, parts: list[bool], as_magazines: Callable[[str], None]
) -> None:
    issues = [book(f"i{n}", title=f"Luotolainen {n}") for n in (5, 6)]
    serial = book("s", title="Luotolainen")
    deliver("kaarna", *issues)
    deliver("aalto", book("x", title="Kettu"))
    as_magazines("Luotolainen")
    resolve(store, NOW)
    for sent, editions in (([*issues, serial], 2), (issues, 2), ([serial], 2), ([*issues, serial], 2)):
        deliver("kaarna", *sent)
        as_magazines("Luotolainen")
        assert resolve(store, NOW).editions == editions
        everything_changes_nothing(store, state)
    assert parts == [True] * 4


def test_a_store_from_before_the_blocks_resolves_the_whole_once(
    store: Store, store_url: str, tmp_path: Path, deliver_to: Send, book: Book, state: State, parts: list[bool]
) -> None:
    deliver_to(store, "kaarna", book("a"))
    resolve(store, NOW)
    with store.write() as connection:
        for statement in (
            "DROP TABLE blocking_key",
            "DROP TABLE blocking_part",
            "ALTER TABLE pair DROP COLUMN askable",
            "DROP TABLE declared_language",
            "DELETE FROM set_fact WHERE name = 'blocks'",
            "UPDATE alembic_version SET version_num = '0005'",
        ):
            connection.execute(text(statement))
    upgraded = open_store(store_url, tmp_path / "data")
    for tried in range(3):
        deliver_to(upgraded, "aalto", book("b", title=f"Kettu {tried}"))
        resolve(upgraded, NOW)
        assert len(parts) == tried
    assert parts == [True, True]
    everything_changes_nothing(upgraded, state)
    upgraded.close()


def test_a_record_that_comes_answers_what_is_asked_about_the_edition_it_joins(
    store: Store, deliver: Send, book: Book, state: State, parts: list[bool]
) -> None:
    """Two authors leave two records open; one that joins the one of them says the edition, which the other has not."""
    other = book("c", ISBN, author="Salo, Pekka").replace("<Language>", "<EditionNumber>1</EditionNumber><Language>")
    joins = book("a", ISBN).replace("<Language>", "<EditionNumber>2</EditionNumber><Language>")
    deliver("lintula", other)
    deliver("aalto", book("b", ISBN))
    deliver("kaarna", book("x", title="Tuuli", author="Tuulinen, Aino"))
    resolve(store, NOW)
    assert asked(state(store)) == ["aalto:b lintula:c"]
    for more in ([joins], [], [joins]):
        deliver("kaarna", book("x", title="Tuuli", author="Tuulinen, Aino"), *more)
        resolve(store, NOW)
        assert asked(state(store)) == ([] if more else ["aalto:b lintula:c"])
        everything_changes_nothing(store, state)
    assert parts == [True, True, True]


def asked(found: dict[str, Any]) -> list[str]:
    """The editions that are asked about."""
    cases = found["cases"].values()
    return [" ".join(case.members) for case in cases if case.state == "open" and case.level == "edition"]
