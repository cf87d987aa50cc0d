"""A database server that goes away in the middle of a harvest: said clearly, and nothing lost or doubled afterwards."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

import jobs.intake
from benchmarks.postgresql import Server, running
from catalogue.errors import ServiceUnreachable
from jobs.harvesting import harvest
from jobs.resolving import resolve
from store import records, runs, staging
from store.database import Store, open_store

AT, LATER = "2026-01-01T03:00:00Z", "2026-01-02T03:00:00Z"


@pytest.fixture(scope="module")
def frail_server() -> Iterator[Server]:
    with running(options=()) as server:
        yield server


@pytest.fixture
def frail(frail_server: Server, tmp_path: Path) -> Iterator[Store]:
    opened = open_store(frail_server.make_database(), tmp_path / "data")
    yield opened
    opened.close()


@pytest.mark.parametrize("lost_at", [2, 5])
def test_a_harvest_goes_on_after_the_server_came_back(
    frail: Store,
    frail_server: Server,
    onix: Callable[..., str],
    message: Callable[..., bytes],
    feed: Path,
    otava: Any,
    monkeypatch: pytest.MonkeyPatch,
    lost_at: int,
) -> None:
    feed.write_bytes(message(*(onix(f"r{n}", f"Kirja {n}") for n in range(10))))
    left = iter(range(lost_at - 1))

    @contextmanager
    def frailly(self: Store, **how: Any) -> Iterator[Connection]:
        with write(self, **how) as connection:
            yield connection
            if next(left, None) is None:
                frail_server.stop(signal.SIGQUIT)

    write = Store.write
    with monkeypatch.context() as patch:
        patch.setattr(Store, "write", frailly)
        patch.setattr(jobs.intake, "BATCH_RECORDS", 4)
        with pytest.raises(ServiceUnreachable) as error:
            harvest(frail, otava(), AT)
    assert error.value.exit_code == 4
    frail_server.start()
    assert harvest(frail, otava(), LATER).counts.new == 10
    resolve(frail, LATER)
    with frail.read() as connection:
        assert records.count(connection) == {"live": 10}
        assert [run.state for run in runs.listed(connection)] == ["promoted"]
        assert staging.counts(connection, 1, "otava").new == 0
