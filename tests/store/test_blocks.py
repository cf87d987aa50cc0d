"""What is kept of blocks comes back as it was, and only what differs is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from catalogue.keys import RecordKey
from store import blocks
from store.blocks import Kept, Spoken
from store.database import Connection, Store

LOWEST, HIGHEST = -(2**63), 2**63 - 1  # keys are hashes of 64 bits
NOBODY = Kept([], {}, [])
FINER = {1: (RecordKey("otava", "ö"), (LOWEST, 2, 3, HIGHEST)), 2: (RecordKey("otava", "a"), (1, 2, 3, 4))}
KEPT = Kept([(LOWEST, 1), (HIGHEST, 1), (HIGHEST, 2)], FINER, [Spoken(1, "otava", "fin", contradicted=True)])


@pytest.fixture
def filled(store: Store, row: Callable[..., Any], promote: Callable[..., Any]) -> Store:
    promote([row(1, "ö"), row(2, "a")])
    with store.write() as connection:
        blocks.replace(connection, [1, 2], KEPT)
    return store


def told(connection: Connection) -> Kept:
    """All that is kept, as it was given."""
    keys, finer = blocks.keys_of(connection, [1, 2, 3]), blocks.finer_of(connection, [1, 2, 3])
    columns = zip(finer.records, finer.keys, zip(*finer.parts, strict=True), strict=True)
    parts = {number: (RecordKey(*key), each) for number, key, each in columns}
    return Kept(sorted(zip(*keys, strict=True)), parts, blocks.spoken_by(connection, [1, 2, 3]))


def test_blocks_come_back_as_they_were_kept(filled: Store) -> None:
    with filled.read() as connection:
        assert told(connection) == KEPT
        assert sorted(blocks.holders(connection, [HIGHEST]).records) == [1, 2]
        assert blocks.holders(connection, [5]) == ([], [])
        assert blocks.finer_of(connection, []).records == []
        assert blocks.sharing(connection, [2], HIGHEST & 0xF) == {1, 2}
        assert blocks.sharing(connection, [2], 3) == set()


def test_what_differs_is_replaced_and_what_is_gone_forgotten(filled: Store) -> None:
    other = {1: (RecordKey("otava", "ö"), (0, 0, 0, 0))}
    changed = Kept([(HIGHEST, 1), (7, 1)], other, [Spoken(1, "otava", "swe", contradicted=False)])
    with filled.write() as connection:
        blocks.replace(connection, [1, 2], changed)
        assert told(connection) == Kept([(7, 1), (HIGHEST, 1)], other, changed.spoken)
        blocks.replace(connection, [1], NOBODY)
        assert told(connection) == NOBODY


def test_what_stays_is_not_written(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Kept] = []
    monkeypatch.setattr(blocks, "add", lambda _, kept: written.append(kept))
    with filled.write() as connection:
        blocks.replace(connection, [1, 2], KEPT)
    assert written == [NOBODY]
