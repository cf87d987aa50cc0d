"""People decide, nights of changing feeds go by, the catalogue is rebuilt from nothing, everything is undone."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pytest

from catalogue.decision import Decision, age, facts_of, sides
from catalogue.errors import LyhdeError
from catalogue.evidence import ClusterLevel
from catalogue.keys import RecordKey
from catalogue.record import CatalogueRecord
from jobs import reviewing
from jobs.carrying import exported, take_in
from jobs.deciding import MatchAnswer
from jobs.resolving import resolve
from jobs.reviewing import Author
from merging.choices import said
from store import cases, decisions, matches, merged, records
from store.database import Store
from store.matches import Place

NOW = "2026-01-01T00:00:00Z"
BERIT = Author("berit", NOW, "looked at both books", role="senior")
SOURCES = ("aalto", "kaarna", "lintula")
ISBNS = ("9789524970013", "9789524970020", "9789524970037", "")
TITLES = ("Valot", "Yön valot", "Kesäyön valot", "Kesäyön valot 2", "Kettu", "Kettu ja yö")
ANSWERS: tuple[MatchAnswer, ...] = ("same", "different")
LEVELS: tuple[ClusterLevel, ...] = ("edition", "work")
FIELD, CHOSEN = "publication.publisher", "Kaarna ja kumppanit"
Send = Callable[..., None]
Book = Callable[..., str]
Content = Callable[[Store], dict[str, Any]]
Feed = dict[tuple[str, str], dict[str, str]]  # source and reference → what the book says


@dataclass(frozen=True)
class Seen:
    """The catalogue as a test looks at it: live records, their places and the answers that stand."""

    live: dict[str, CatalogueRecord]
    places: dict[str, Place]
    standing: list[Decision]


def look(store: Store) -> Seen:
    with store.read() as connection:
        live = dict(records.live_records(connection))
        places = matches.places(connection)
        return Seen(
            {str(record.key): record for record in live.values()},
            {str(record.key): places[number] for number, record in live.items()},
            decisions.standing(connection),
        )


def drawn_feed(chance: random.Random) -> Feed:
    return {(source, str(n)): drawn_values(chance) for source in SOURCES for n in range(6)}


def drawn_values(chance: random.Random) -> dict[str, str]:
    return {
        "isbn": chance.choice(ISBNS),
        "title": chance.choice(TITLES),
        "author": chance.choice(["Meri, Aino", "Meri, Anna", "Salo, Pekka"]),
        "publisher": chance.choice(["Kaarna", "Aalto"]),
        "date": chance.choice(["20200301", "20190101"]),
    }


def changed_night(feed: Feed, chance: random.Random) -> Feed:
    """What a night brings: prices and subjects change, some records say something else, vanish, or pass through."""
    night = {key: dict(values) for key, values in feed.items() if chance.random() < 0.9}
    for values in night.values():
        if chance.random() < 0.3:
            values["subject"] = _subject(chance.choice(["yö", "kesä", "ketut"]))
        if chance.random() < 0.3:
            values["supply"] = _supply(chance.choice(["9.90", "12.50"]))
        if chance.random() < 0.1:
            values[chance.choice(["title", "date"])] = chance.choice(["20210505", "20220606"])
    return night | {(chance.choice(SOURCES), "passing"): drawn_values(chance)}


def _subject(text: str) -> str:
    return (
        "<Subject><SubjectSchemeIdentifier>20</SubjectSchemeIdentifier>"
        f"<SubjectHeadingText>{text}</SubjectHeadingText></Subject>"
    )


def _supply(price: str) -> str:
    return (
        "<ProductSupply><SupplyDetail><Supplier><SupplierRole>01</SupplierRole><SupplierName>Tukku</SupplierName>"
        "</Supplier><ProductAvailability>20</ProductAvailability><Price><PriceType>02</PriceType>"
        f"<PriceAmount>{price}</PriceAmount></Price></SupplyDetail></ProductSupply>"
    )


@pytest.fixture
def send_night(deliver_to: Send, book: Book) -> Callable[[Store, Feed], None]:
    def send(store: Store, night: Feed) -> None:
        for source in SOURCES:
            sent = [book(ref, **values) for (sender, ref), values in night.items() if sender == source]
            deliver_to(store, source, *sent)

    return send


def answer_what_is_asked(store: Store, chance: random.Random, answers: int) -> None:
    """Answers to open cases, records separated and joined unasked, and values chosen, as chance will have it."""
    for _ in range(answers):
        seen = look(store)
        with store.read() as connection:
            asked = [case for case in cases.listed(connection) if case.kind == "match"]
        keys, kind = sorted(seen.places), chance.choice(["case", "case", "case", "separate", "join", "field"])
        try:
            if kind == "case" and asked:
                case, answer = chance.choice(asked), chance.choice(ANSWERS)
                reviewing.answer_match(store, case.case, version=case.version, answer=answer, author=BERIT)
            elif kind == "separate":
                reviewing.separate(store, chance.choice(keys), BERIT, level=chance.choice(LEVELS))
            elif kind == "join":
                reviewing.join(store, *chance.sample(keys, 2), level=chance.choice(LEVELS), author=BERIT)
            else:
                reviewing.decide_field(store, chance.choice(keys), field=FIELD, value=CHOSEN, author=BERIT)
        except LyhdeError:
            continue  # stands alone, or is said already: nothing to decide


def check_decisions(store: Store) -> tuple[int, int]:
    """How many answers held and how many were asked again; every one did one of the two, or its records are gone."""
    seen, held, asked_again = look(store), 0, 0
    with store.read() as connection:
        asked = cases.listed(connection)
        shown = {m.id: m.merged for m in merged.every(connection, "edition")}
    in_split = {key for case in asked if case.kind == "split" for key in case.members}  # one case for many edges
    for made in seen.standing:
        left, right = ([key for key in side if key in seen.live] for side in sides(made))
        if made.answer == "field":
            place = seen.places.get(made.left)
            members = [seen.live[key] for key, at in seen.places.items() if place and at.edition == place.edition]
            if place and said(FIELD, members) == made.over:
                assert shown[place.edition].description.publication.publisher == CHOSEN
                held += 1
        elif not left or not right or answered_later(made, seen.standing):
            continue
        elif is_unchanged(made, seen, (*left, *right)):
            assert in_split.intersection((*left, *right)) or stands(made, seen, (left, right)), made
            held += 1
        else:
            assert any(c.reopened is not None and {*left, *right} <= {*c.members} for c in asked), made
            assert made.answer == "same" or stands(made, seen, (left, right)), made
            asked_again += 1
    return held, asked_again


def stands(made: Decision, seen: Seen, both: tuple[list[str], list[str]]) -> bool:
    left, right = ({getattr(seen.places[key], made.level) for key in side} for side in both)
    return len(left | right) == 1 if made.answer == "same" else not left & right


def is_unchanged(made: Decision, seen: Seen, keys: Iterable[str]) -> bool:
    return all(facts_of(seen.live[key]) == made.seen[key] for key in keys)


def answered_later(made: Decision, standing: list[Decision]) -> bool:
    """Whether a newer answer is about two of the same records."""
    return any(
        age(later) > age(made)
        and later.answer in ("same", "different")
        and len({*later.records} & {*made.records}) > 1
        and later.answer != made.answer
        for later in standing
    )


@pytest.mark.parametrize(
    ("seed", "nights"),
    [(0, 3), (1, 3), *(pytest.param(n, 30, marks=pytest.mark.soak) for n in range(2, 12))],
)
def test_decisions_outlast_nights_and_a_rebuild_and_undo_takes_them_back_to_the_byte(
    store: Store,
    store_in: Callable[[str], Store],
    send_night: Callable[[Store, Feed], None],
    content: Content,
    seed: int,
    nights: int,
) -> None:
    chance = random.Random(seed)
    feed = drawn_feed(chance)
    send_night(store, feed)
    resolve(store, NOW)
    before = content(store)
    answer_what_is_asked(store, chance, 10)
    decided, standing = content(store), look(store).standing
    assert check_decisions(store)[0] > 0
    for _ in range(nights):
        send_night(store, changed_night(feed, chance))
        resolve(store, NOW, everything=chance.random() < 0.2)
        check_decisions(store)
    send_night(store, feed)
    resolve(store, NOW)
    assert content(store) == decided
    assert look(store).standing == standing
    assert check_decisions(store)[1] == 0

    rebuilt = store_in("rebuilt")
    take_in(rebuilt, exported(store), NOW)
    send_night(rebuilt, feed)
    resolve(rebuilt, NOW)
    assert content(rebuilt) == decided

    for made in chance.sample(standing, len(standing)):
        reviewing.undo(store, made.id, BERIT)
    assert content(store) == before


def test_a_key_of_a_record_is_what_the_checks_above_take_it_for(
    store: Store, send_night: Callable[[Store, Feed], None]
) -> None:
    send_night(store, drawn_feed(random.Random(0)))
    resolve(store, NOW)
    seen = look(store)
    assert seen.live.keys() == seen.places.keys()
    assert {RecordKey.parse(key).source for key in seen.live} == set(SOURCES)
