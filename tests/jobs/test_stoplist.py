"""The stop list: by frequency and by hand, in effect with the next resolve, taken back like any decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from catalogue.errors import UsageError
from jobs import delta, resolving
from jobs.carrying import exported, take_in
from jobs.constraints import read_standing
from jobs.deciding import Author
from jobs.resolving import resolve
from jobs.reviewing import undo
from jobs.showing import explain_pair
from jobs.stoplist import StopRow, identifier_of, listed, say
from store.database import Store

NOW = "2026-01-01T00:00:00Z"
ISBN = "9789524970013"
ANNA = Author("anna", NOW, "printed in a whole series")
TITLES = ("Aamun kaste", "Havets sånger", "The silver bridge", "Vihreä uni")
Feed = Callable[..., None]
Book = Callable[..., str]
State = Callable[[Store], dict[str, Any]]


def isbn_level(store: Store) -> str:
    """What the ISBN of the two records tells."""
    found = explain_pair(store, ("kaarna:a", "aalto:b"), "edition").findings
    return next(finding.level for finding in found if finding.comparison == "isbn")


@pytest.fixture
def resolved(store: Store, deliver_to: Feed, book: Book) -> Store:
    deliver_to(store, "kaarna", book("a", ISBN))
    deliver_to(store, "aalto", book("b", ISBN))
    resolve(store, NOW)
    return store


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("978-952-497-001-3", ISBN),
        ("urn:isbn:9789524970013", ISBN),
        ("952-497-001-5", ISBN),
        ("6410000000001", "6410000000001"),
        ("DOI:10.1234/5", "doi:10.1234/5"),
    ],
)
def test_an_identifier_may_be_written_as_people_write_it(name: str, identifier: str) -> None:
    assert identifier_of(name) == identifier


@pytest.mark.parametrize("name", ["", "9789524970014", "isbn:123", "1234-5679", "issn:1234-5679", "doi:", "Kesäyö"])
def test_what_names_no_publication_is_refused(name: str) -> None:
    with pytest.raises(UsageError):
        identifier_of(name)


def test_an_identifier_stopped_by_hand_tells_nothing_from_the_next_resolve_on(resolved: Store) -> None:
    assert isbn_level(resolved) == "own"
    made = say(resolved, "stopped", "978-952-497-001-3", ANNA)
    (row,) = listed(resolved)
    told = {"reason": ANNA.note, "author": "anna", "made_at": NOW, "decision": made.id}
    assert row == StopRow(identifier=ISBN, state="stopped", by="hand", in_effect=False, works=1, **told)
    assert isbn_level(resolved) == "own"
    report = resolve(resolved, NOW)
    assert (report.skipped, report.stopped_identifiers) == (False, 1)
    assert listed(resolved)[0].in_effect
    assert isbn_level(resolved) == "unknown"
    assert resolve(resolved, NOW).skipped


def test_it_stays_stopped_when_other_records_come(resolved: Store, deliver_to: Feed, book: Book) -> None:
    say(resolved, "stopped", ISBN, ANNA)
    resolve(resolved, NOW)
    deliver_to(resolved, "saari", book("c", "9789524970020", title="Aamun kaste", author="Berg, Eva"))
    assert resolve(resolved, NOW).stopped_identifiers == 1
    assert isbn_level(resolved) == "unknown"
    assert resolve(resolved, NOW).skipped


def test_taking_it_back_restores_the_exact_state(resolved: Store, state: State) -> None:
    before = state(resolved)
    made = say(resolved, "stopped", ISBN, ANNA)
    resolve(resolved, NOW)
    assert state(resolved) != before
    assert undo(resolved, made.id, ANNA).waits
    assert listed(resolved) == []
    resolve(resolved, NOW)
    assert state(resolved) == before


def test_a_frequent_identifier_is_listed_and_may_be_trusted_by_hand(store: Store, deliver_to: Feed, book: Book) -> None:
    for source, title in zip(("kaarna", "aalto", "saari", "luoto"), TITLES, strict=True):
        deliver_to(store, source, book(source[:1], ISBN, title=title, author=f"{title.split()[1].title()}, Eva"))
    assert resolve(store, NOW).stopped_identifiers == 1
    assert [(row.identifier, row.state, row.by, row.works) for row in listed(store)] == [
        (ISBN, "stopped", "frequency", 4)
    ]
    say(store, "trusted", ISBN, ANNA)
    assert resolve(store, NOW).stopped_identifiers == 0
    assert [(row.state, row.by, row.in_effect) for row in listed(store)] == [("trusted", "hand", True)]
    found = explain_pair(store, ("kaarna:k", "saari:s"), "edition")
    assert "isbn_title_conflict" in found.asks


def test_the_newer_word_counts_and_the_same_word_twice_is_refused(resolved: Store) -> None:
    say(resolved, "stopped", ISBN, ANNA)
    with pytest.raises(UsageError, match="says already"):
        say(resolved, "stopped", ISBN, ANNA)
    say(resolved, "trusted", ISBN, ANNA)
    assert [row.state for row in listed(resolved)] == ["trusted"]
    with pytest.raises(UsageError, match="reason"):
        say(resolved, "stopped", ISBN, Author("anna", NOW))


def test_the_events_travel_with_the_decisions_and_bind_no_record(
    resolved: Store, store_in: Callable[..., Store]
) -> None:
    say(resolved, "stopped", ISBN, ANNA)
    with resolved.read() as connection:
        standing = read_standing(connection)
    assert (standing.constraints, standing.orphans, standing.choices) == ((), (), {})
    other = store_in("other")
    take_in(other, exported(resolved), NOW)
    assert [row.identifier for row in listed(other)] == [ISBN]


@pytest.mark.parametrize(("where", "step"), [(resolving, "count_pairs"), (delta, "_settle_all")])
def test_a_word_said_while_a_resolve_is_at_work_is_obeyed_by_the_next(
    resolved: Store, deliver_to: Feed, book: Book, monkeypatch: pytest.MonkeyPatch, where: Any, step: str
) -> None:
    deliver_to(resolved, "saari", book("c", title="Aamun kaste"))
    original = getattr(where, step)

    def interrupted(*about: Any) -> Any:
        monkeypatch.undo()
        say(resolved, "stopped", ISBN, ANNA)
        return original(*about)

    monkeypatch.setattr(where, step, interrupted)
    resolve(resolved, NOW, everything=where is resolving)
    assert isbn_level(resolved) == "own"
    resolve(resolved, NOW)
    assert isbn_level(resolved) == "unknown"
