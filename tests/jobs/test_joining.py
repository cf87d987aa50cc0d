"""Joining what earlier answers keep apart: the later answer replaces exactly the pairs in its way."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from catalogue.keys import RecordKey
from jobs.joining import apart
from jobs.reviewing import Author, decide, join, separate, undo
from store import cases, matches, records
from store.database import Store, open_store

NOW = "2026-11-03T08:31:00Z"
AINO = Author("aino", NOW, "katsoin kirjat", role="senior")
KAARNA, LINTULA, VIKENS = "kaarna:fi.kaarna.0654", "lintula:lin1000654", "vikens:vik1000654"
ALL = (KAARNA, LINTULA, VIKENS)


@pytest.fixture
def store(review_data: Path, tmp_path: Path) -> Iterator[Store]:
    shutil.copytree(review_data, tmp_path / "data")
    opened = open_store(f"sqlite:///{tmp_path / 'data' / 'lyhde.sqlite'}", tmp_path / "data")
    yield opened
    opened.close()


def place_of(store: Store, key: str) -> matches.Place:
    with store.read() as connection:
        number = records.numbers_of(connection, [RecordKey.parse(key)])[RecordKey.parse(key)]
        return matches.places(connection, [number])[number]


def editions(store: Store) -> list[str]:
    return [place_of(store, key).edition for key in ALL]


def splits(store: Store) -> list[str]:
    with store.read() as connection:
        return [case.case for case in cases.listed(connection) if case.kind == "split"]


@pytest.mark.parametrize(
    "right", [lambda _store: KAARNA, lambda _store: LINTULA, lambda store: place_of(store, KAARNA).edition]
)
def test_a_record_that_was_separated_is_joined_by_one_answer(store: Store, right: Callable[[Store], str]) -> None:
    parted = separate(store, VIKENS, AINO).decision
    assert len(set(editions(store))) == 2
    with store.read() as connection:
        assert [made.id for made in apart(connection, (VIKENS, right(store)), "edition").replaced] == [parted.id]
    made = join(store, VIKENS, right(store), level="edition", author=AINO).decision
    assert len(set(editions(store))) == 1
    assert not splits(store)
    assert set(made.records) == set(ALL)


def test_joining_the_other_way_round_is_the_same(store: Store) -> None:
    separate(store, VIKENS, AINO)
    join(store, KAARNA, VIKENS, level="edition", author=AINO)
    assert len(set(editions(store))) == 1
    assert not splits(store)


def test_undoing_the_join_brings_the_separation_back(store: Store) -> None:
    separate(store, VIKENS, AINO)
    before = editions(store)
    made = join(store, VIKENS, KAARNA, level="edition", author=AINO).decision
    undo(store, made.id, AINO)
    assert [one == before[0] for one in editions(store)] == [one == before[0] for one in before]


def test_without_an_earlier_answer_only_what_was_named_is_bound(store: Store) -> None:
    with store.read() as connection:
        sides = apart(connection, (VIKENS, KAARNA), "edition").sides
    assert [[str(record.key) for record in side] for side in sides] == [[VIKENS], [KAARNA]]


def test_a_pair_that_the_join_does_not_touch_stays_apart(store: Store) -> None:
    decide(store, "different", (VIKENS, KAARNA), level="edition", author=AINO)
    decide(store, "different", (LINTULA, KAARNA), level="edition", author=AINO)
    join(store, VIKENS, LINTULA, level="edition", author=AINO)
    kaarna, lintula, vikens = editions(store)
    assert lintula == vikens != kaarna


def test_an_answer_on_works_of_other_editions_is_said_to_stand_against_it(store: Store) -> None:
    other = next(key for key in _others(store) if place_of(store, key).work != place_of(store, KAARNA).work)
    decide(store, "same", (other, KAARNA), level="work", author=AINO)
    separate(store, VIKENS, AINO)
    parted = decide(store, "different", (VIKENS, other), level="work", author=AINO).decision
    if place_of(store, VIKENS).work == place_of(store, KAARNA).work:
        pytest.fail("they are to be two works")
    with store.read() as connection:
        found = apart(connection, (VIKENS, KAARNA), "edition")
    assert [made.id for made in found.standing] == [parted.id]
    join(store, VIKENS, KAARNA, level="edition", author=AINO)
    undo(store, parted.id, AINO)
    assert len(set(editions(store))) == 1
    assert not splits(store)


def _others(store: Store) -> list[str]:
    with store.read() as connection:
        live = dict(records.live_records(connection))
    return sorted(str(r.key) for r in live.values() if r.medium == "ebook" and str(r.key) not in ALL)
