"""A fresh store on SQLite and on PostgreSQL, and short ways to put records into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from catalogue.keys import content_hash
from catalogue.record import CatalogueRecord, Title
from store import promotion, runs, staging
from store.database import Store, open_store
from store.documents import pack, pack_model
from store.staging import StagedRow

NIGHTS = [f"2026-01-{day:02}T03:00:00Z" for day in range(1, 29)]


@pytest.fixture
def store(store_url: str, tmp_path: Path) -> Iterator[Store]:
    opened = open_store(store_url, tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def row() -> Callable[..., StagedRow]:
    """Make a staged message about a record that is whole, new and live unless told otherwise."""

    def make(position: int, source_id: str, title: str = "Sinuhe", **other: object) -> StagedRow:
        record = CatalogueRecord(source="otava", source_id=source_id, titles=(Title(text=title),))
        made = StagedRow(
            file=1,
            position=position,
            source_id=source_id,
            outcome="new",
            superseded=False,
            status="live",
            content_hash=content_hash(title.encode()),
            sent_at=None,
            payload="a" * 64,
            parsed=pack({"dialect": "marc21", "content": [title, []], "header": {}}),
            mapped=pack_model(record),
        )
        return made._replace(**other)

    return make


@pytest.fixture
def promote(store: Store) -> Callable[..., runs.Run]:
    """Stage rows as one run of the source `otava` and make it live."""

    def run(rows: Sequence[StagedRow], night: int = 0, *, complete: bool = False, source: str = "otava") -> runs.Run:
        with store.write() as connection:
            begun = runs.begin(connection, source, [], complete=complete, at=NIGHTS[night])
            staging.stage_batch(connection, begun.id, rows)
            promotion.promote(connection, promotion.Promotion(begun.id, source, NIGHTS[night], complete))
            return runs.finish(connection, begun.id, "promoted", at=NIGHTS[night])

    return run
