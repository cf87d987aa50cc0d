"""What is usual for a source, and what is not."""

from __future__ import annotations

from typing import Any

import pytest

from jobs.medians import medians, off
from ops.sources import Limits
from store import runs
from store.database import Store
from store.runs import RunCounts


def add(store: Store, at: str, received: int, state: Any = "promoted", source: str = "otava") -> int:
    with store.write() as connection:
        run = runs.begin(connection, source, [], complete=True, at=at)
        runs.finish(connection, run.id, state, at=at, counts=RunCounts(received=received, new=received))
    return run.id


def test_the_median_is_of_promoted_runs_of_28_days(store: Store) -> None:
    add(store, "2026-01-01T00:00:00Z", 9_000)
    for day, received in ((10, 100), (11, 300), (12, 200)):
        add(store, f"2026-02-{day}T02:00:00Z", received)
    add(store, "2026-02-13T02:00:00Z", 7_000, "held")
    add(store, "2026-02-13T02:00:00Z", 8_000, source="kaarna")
    last = add(store, "2026-02-14T02:00:00Z", 5_000)
    with store.read() as connection:
        found = medians(connection, "otava", "2026-02-14T02:00:00Z", before=last)
        assert medians(connection, "nobody", "2026-02-14T02:00:00Z") is None
    assert found == RunCounts(received=200, new=200)


@pytest.mark.parametrize(
    ("received", "usual", "expected"),
    [
        (100, 100, ()),
        (141, 100, ("received",)),
        (59, 100, ("received",)),
        (140, 100, ()),
        (5, 0, ()),  # a few records are never off
        (30, 0, ("received",)),
    ],
)
def test_a_count_is_off_beyond_the_limits_of_its_source(received: int, usual: int, expected: tuple[str, ...]) -> None:
    assert off(RunCounts(received=received), RunCounts(received=usual), Limits()) == expected


def test_without_a_usual_nothing_is_off() -> None:
    assert off(RunCounts(received=900), None, Limits()) == ()
