"""A resolve of what changed gives what a resolve of everything gives, whatever the change, and touches nothing else."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from jobs import delta, resolving
from jobs.resolving import resolve
from store import facts, features, records
from store.database import Connection, Store

NOW = "2026-01-01T00:00:00Z"
SOURCES = ("aalto", "kaarna", "lintula")
ISBNS = ("9789524970013", "9789524970020", "9789524970037", "", "")
TITLES = ("Valot", "Yön valot", "Kesäyön valot", "Kesäyön valot 2", "Ljus i natten", "Kettu", "Kettu ja yö")
Send = Callable[..., None]
Book = Callable[..., str]
State = Callable[[Store], dict[str, Any]]


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each resolve so far that could be one of a part was one."""
    found: list[bool] = []

    def watched(*arguments: Any) -> Any:
        done = delta.resolve_changes(*arguments)
        found.append(done is not None)
        return done

    monkeypatch.setattr(resolving, "resolve_changes", watched)
    return found


def drawn(book: Book, chance: random.Random, ref: str) -> str:
    return book(
        ref,
        chance.choice(ISBNS),
        title=chance.choice(TITLES),
        author=chance.choice(["Meri, Aino", "Meri, Anna", "Salo, Pekka"]),
        date=chance.choice(["20200301", "20190101", "20210505"]),
        publisher=chance.choice(["Kaarna", "Aalto"]),
    )


def alike(book: Book, count: int, changed: int) -> list[str]:
    """Books of one title and author, more or less than a block may hold."""
    dates = ("20200301", "20190101", "20210505")
    return [book(f"m{n}", title="Kettu", author="Salo, Pekka", date=dates[(n + changed) % 3]) for n in range(count)]


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


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(n, marks=pytest.mark.soak) for n in range(2, 40))])
def test_whatever_changes_the_whole_is_as_it_would_be(
    store: Store, deliver: Send, book: Book, state: State, parts: list[bool], seed: int
) -> None:
    """Records come, change and go; identifiers become glued and come loose; blocks cross the cap both ways."""
    chance = random.Random(seed)
    feeds = {source: {str(n): drawn(book, chance, str(n)) for n in range(7)} for source in SOURCES}
    for source, feed in feeds.items():
        deliver(source, *feed.values())
    resolve(store, NOW)
    for night in range(4):
        for source in chance.sample(SOURCES, chance.randint(1, 2)):
            feed = feeds[source]
            for ref in chance.sample(sorted(feed), min(2, len(feed))):
                feed[ref] = drawn(book, chance, ref)
            if chance.random() < 0.5 and len(feed) > 3:
                feed.pop(chance.choice(sorted(feed)))
            feed[f"n{night}"] = drawn(book, chance, f"n{night}")
            deliver(source, *feed.values())
        if chance.random() < 0.5:
            deliver("massa", *alike(book, chance.randint(39, 42), night))
        resolve(store, NOW)
        everything_changes_nothing(store, state)
    assert parts.count(True) >= 2


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


@pytest.mark.parametrize("count", [1, 2])
def test_a_fact_about_the_set_that_flips_touches_all_it_is_about(
    store: Store, deliver: Send, book: Book, state: State, parts: list[bool], count: int
) -> None:
    """A fourth book with one number glues it: two records that shared it alone come apart. Without it they join."""
    isbn, others = ISBNS[0], ("Sateenkaari", "Vaarin tuoli", "Tuuli")
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


def as_magazines(store: Store, title: str) -> None:
    """Take the books of this name for a serial, and those whose names begin with it for its issues."""
    with store.write() as connection:
        levels = {
            number: record.model_copy(update={"level": "serial" if name == title else "issue", "medium": "emagazine"})
            for number, record in records.live_records(connection)
            if record.level == "monograph" and (name := record.titles[0].text).startswith(title)
        }
        if levels:
            records.replace_mapped(connection, levels)
        features.drop_features(connection, sorted(levels))
        features.mark_dirty(connection, sorted(levels), NOW)


def test_issues_go_to_the_serial_that_comes_and_find_another_when_it_goes(
    store: Store, deliver: Send, book: Book, state: State, parts: list[bool]
) -> None:
    issues = [book(f"i{n}", title=f"Luotolainen {n}") for n in (5, 6)]
    serial = book("s", title="Luotolainen")
    deliver("kaarna", *issues)
    deliver("aalto", book("x", title="Kettu"))
    as_magazines(store, "Luotolainen")
    resolve(store, NOW)
    for sent, editions in (([*issues, serial], 2), (issues, 2), ([serial], 2), ([*issues, serial], 2)):
        deliver("kaarna", *sent)
        as_magazines(store, "Luotolainen")
        assert resolve(store, NOW).editions == editions
        everything_changes_nothing(store, state)
    assert parts == [True] * 4
