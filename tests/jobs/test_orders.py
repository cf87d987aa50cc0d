"""Whatever order records come in, over how many nights, with what between: the same catalogue stands at the end."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest

from jobs.resolving import resolve
from matching.checking import vetoed_inside
from matching.features import extract
from matching.resolution import resolve as resolve_set
from store import matches, records
from store.database import Store

NOW = "2026-01-01T00:00:00Z"
SOURCES = ("aalto", "kaarna", "lintula")
ISBNS = ("9789524970013", "9789524970020", "9789524970037", "9789524970044")
TITLES = ("Valot", "Yön valot", "Kesäyön valot", "Kesäyön valot 2", "Ljus i natten", "Kettu", "Kettu ja yö")
AUTHORS = ("Meri, Aino", "Meri, A.", "Meri, Anna", "Salo, Pekka")
SHUFFLES = [*range(5), *(pytest.param(n, marks=pytest.mark.soak) for n in range(5, 100))]
Send = Callable[..., None]
Book = Callable[..., str]
Feed = dict[tuple[str, str], str]  # source and reference → product
Content = Callable[[Store], dict[str, Any]]


def drawn_book(book: Book, chance: random.Random, ref: str) -> str:
    made = book(
        ref,
        chance.choice([*ISBNS, "", ""]),
        title=chance.choice(TITLES),
        author=chance.choice(AUTHORS),
        date=chance.choice(["20200301", "20190101", "20210505"]),
        publisher=chance.choice(["Kaarna", "Kaarna Oy", "Aalto"]),
        texts=chance.choice(["", *(_description(text) for text in ("Lyhyt kuvaus.", "Pitempi kuvaus kirjasta."))]),
    )
    audio = made.replace("<ProductForm>ED", "<ProductForm>AJ").replace("E101", "A103")
    return chance.choice([made, made, made, audio])


def _description(text: str) -> str:
    return (
        "<CollateralDetail><TextContent><TextType>03</TextType><ContentAudience>00</ContentAudience>"
        f'<Text language="fin">{text}</Text></TextContent></CollateralDetail>'
    )


def drawn_feed(book: Book, chance: random.Random, each: int = 7) -> Feed:
    """So many records of each source, many of them about the same books."""
    return {(source, str(n)): drawn_book(book, chance, str(n)) for source in SOURCES for n in range(each)}


def drawn_nights(final: Feed, book: Book, chance: random.Random) -> list[Feed]:
    """What the sources hold on each night. Records come late, in older forms, twice, vanish and return; some are
    there only for a while. The last night brings what stands at the end.
    """
    nights = []
    for _ in range(chance.randint(1, 4)):
        there = {key: text for key, text in final.items() if chance.random() < 0.7}
        older = {key: drawn_book(book, chance, key[1]) for key in there if chance.random() < 0.3}
        passing = {(chance.choice(SOURCES), f"p{n}"): drawn_book(book, chance, f"p{n}") for n in range(2)}
        nights.append({**there, **older, **passing})
    return [*nights, final]


def deliver_night(send: Send, store: Store, night: Feed, chance: random.Random) -> None:
    """Every source sends its whole feed, in any order, sometimes twice."""
    sources = chance.sample(SOURCES, len(SOURCES))
    for source in [*sources, *chance.sample(SOURCES, chance.randint(0, 1))]:
        sent = [text for (sender, _), text in night.items() if sender == source]
        send(store, source, *chance.sample(sent, len(sent)))
        if chance.random() < 0.3:
            resolve(store, NOW)
    resolve(store, NOW, everything=chance.random() < 0.2)


@pytest.mark.parametrize("seed", SHUFFLES)
def test_nights_in_any_order_end_in_the_same_catalogue(
    store: Store, store_in: Callable[[str], Store], deliver_to: Send, book: Book, content: Content, seed: int
) -> None:
    final, chance = drawn_feed(book, random.Random(seed // 10)), random.Random(seed)
    for night in drawn_nights(final, book, chance):
        deliver_night(deliver_to, store, night, chance)
    at_once = store_in("at once")
    for source in SOURCES:
        deliver_to(at_once, source, *(text for (sender, _), text in final.items() if sender == source))
    resolve(at_once, NOW)
    assert content(store) == content(at_once)
    no_vetoed_pair_is_together(store)


def no_vetoed_pair_is_together(store: Store) -> None:
    with store.read() as connection:
        live, places = dict(records.live_records(connection)), matches.places(connection)
    features, numbers = [extract(record) for record in live.values()], list(live)
    clusters: dict[str, list[tuple[int, ...]]] = {}
    for level in ("edition", "work"):
        held: dict[str, list[int]] = {}
        for n, number in enumerate(numbers):
            held.setdefault(getattr(places[number], level), []).append(n)
        clusters[level] = [tuple(some) for some in held.values()]
    standing = replace(resolve_set(features), editions=clusters["edition"], works=clusters["work"])
    assert vetoed_inside(features, standing) == []


def test_the_drawn_feeds_hold_what_is_joined_and_what_is_asked(
    store: Store, deliver_to: Send, book: Book, content: Content
) -> None:
    """A guard for the test above: a catalogue without clusters and questions would prove nothing."""
    final = drawn_feed(book, random.Random(0))
    for source in SOURCES:
        deliver_to(store, source, *(text for (sender, _), text in final.items() if sender == source))
    report = resolve(store, NOW)
    assert report.works < report.editions < report.records == len(final)
    assert report.open_cases > 0
    assert all(a != b for a, b in combinations(final.values(), 2))
