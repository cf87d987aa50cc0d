"""Figures of the store: counted right, kept for some seconds, and each source's health."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from jobs.catching_up import catch_up
from jobs.figures import KeptFigures, read_figures, source_health
from jobs.harvesting import harvest
from jobs.paircounts import FACT, count_pairs
from jobs.resolving import resolve
from jobs.retiring import retire
from ops.metrics import Figures
from ops.sources import SourceSettings
from store import matches
from store.database import Store
from store.matches import KeptPair
from store.schema import set_fact

AT = "2026-01-31T04:00:00Z"
LATER = datetime(2026, 1, 31, 5, tzinfo=UTC)


@pytest.fixture
def filled(
    store: Store, feed: Path, otava: Callable[..., SourceSettings], onix: Callable[..., str], message: Any
) -> Store:
    """A store with two records of one source, resolved and not published."""
    feed.write_bytes(message(onix("a", "Sinuhe"), onix("b", "Seitsemän veljestä")))
    harvest(store, otava(), AT)
    resolve(store, AT)
    return store


def test_an_empty_store_has_figures_too(store: Store) -> None:
    assert read_figures(store, LATER) == Figures()


def test_the_store_is_counted(filled: Store) -> None:
    found = read_figures(filled, LATER)
    assert found.last_success == {"otava": datetime(2026, 1, 31, 4, tzinfo=UTC).timestamp()}
    assert found.records["otava", "new"] == 2
    assert found.records["otava", "quarantined"] == 0
    assert found.live_records == {"otava": 2}
    assert found.merged == {"edition": 2, "work": 2}
    assert (found.outbox, found.index_lag_s) == (2, 3600.0)


def test_pairs_are_counted_by_the_resolve_and_not_by_who_asks(filled: Store) -> None:
    with filled.write() as connection:
        matches.keep_pairs(connection, [KeptPair(1, 2, 99.0, 99.0, (), "v"), KeptPair(2, 3, 99.0, 99.0, ("x",), "v")])
    assert read_figures(filled, LATER).pairs == {}
    count_pairs(filled, AT)
    assert read_figures(filled, LATER).pairs == {"same": 1, "vetoed": 1}


def test_an_older_store_is_counted_once(filled: Store) -> None:
    with filled.write() as connection:
        matches.keep_pairs(connection, [KeptPair(1, 2, -99.0, 9.0, (), "v")])
        connection.execute(set_fact.delete().where(set_fact.c.name == FACT))
    catch_up(filled, AT)
    assert read_figures(filled, LATER).pairs == {"different": 1}


def test_a_retired_source_is_not_late(filled: Store) -> None:
    retire(filled, "otava", AT)
    assert read_figures(filled, LATER).last_success == {}
    assert [source.health for source in source_health(filled, LATER)] == ["retired"]


@pytest.mark.parametrize(
    ("now", "health"),
    [(LATER, "well"), (datetime(2026, 2, 1, 15, tzinfo=UTC), "well"), (datetime(2026, 2, 1, 17, tzinfo=UTC), "late")],
)
def test_a_source_is_late_after_a_missed_night(filled: Store, now: datetime, health: str) -> None:
    (source,) = source_health(filled, now)
    assert (source.source, source.health, source.live_records) == ("otava", health, 2)
    assert source.last_success == AT


def test_figures_are_kept_for_some_seconds() -> None:
    read: list[int] = []
    now = [0.0]
    kept = KeptFigures(lambda: read.append(1) or Figures(outbox=len(read)), seconds=15, clock=lambda: now[0])
    assert [kept().outbox, kept().outbox] == [1, 1]
    now[0] = 15.0
    assert kept().outbox == 2
