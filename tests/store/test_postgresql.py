"""What only PostgreSQL can do wrong: order, turns, time-outs, a server that goes away."""

from __future__ import annotations

import multiprocessing
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from benchmarks.postgresql import Server, running
from catalogue.errors import ConfigurationError, RunLocked, ServiceUnreachable
from store import database, merged, promotion, records, runs, staging
from store.database import Store, open_store
from store.engines import driver_url, is_outward
from store.staging import StagedRow

AT = "2026-01-01T03:00:00Z"
INSERT = text("INSERT INTO minted_number VALUES (:kind, 7)")


@pytest.fixture
def store(postgresql_url: str, tmp_path: Path) -> Iterator[Store]:
    opened = open_store(postgresql_url, tmp_path)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def frail_server() -> Iterator[Server]:
    """A server of this module's own, that tests may stop. What it said is committed, it keeps."""
    with running(options=()) as server:
        yield server


@pytest.fixture
def frail(frail_server: Server, tmp_path: Path) -> Iterator[Store]:
    opened = open_store(frail_server.make_database(), tmp_path)
    yield opened
    opened.close()


def test_the_driver_is_psycopg_and_the_password_is_never_shown() -> None:
    url = driver_url("postgresql://lyhde@db/lyhde", "kielo")
    assert url.drivername == "postgresql+psycopg"
    assert url.password == "kielo"
    assert "kielo" not in repr(url)


def test_a_database_that_does_not_sort_by_bytes_is_refused(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server of the tests knows no language: the question is turned round."""
    monkeypatch.setattr(database, "BYTE_ORDER", database.BYTE_ORDER.replace("'B' < 'a'", "'B' > 'a'"))
    with pytest.raises(ConfigurationError, match="sorts text by a language"):
        open_store(postgresql_url, tmp_path)


def test_a_reader_sees_one_moment(store: Store) -> None:
    with store.read() as reading:
        assert reading.scalar(text("SELECT count(*) FROM minted_number")) == 0
        with store.write() as writing:
            writing.execute(INSERT, {"kind": "w"})
        assert reading.scalar(text("SELECT count(*) FROM minted_number")) == 0


def test_a_reader_cannot_write(store: Store) -> None:
    def write() -> None:
        with store.read() as connection:
            connection.execute(INSERT, {"kind": "w"})

    with pytest.raises((DBAPIError, ServiceUnreachable), match="read-only"):
        write()


def test_revisions_are_committed_in_their_order(store: Store) -> None:
    """Whoever follows the log never passes a revision that is committed later."""
    done = threading.Event()

    def other() -> None:
        with store.write() as connection:
            merged.log(connection, "upsert", "w2", at=AT)
        done.set()

    with store.write() as connection:
        first = merged.log(connection, "upsert", "w1", at=AT)
        thread = threading.Thread(target=other)
        thread.start()
        assert not done.wait(0.3)  # it waits for its turn, so nothing newer can be seen
        with store.read() as reading:
            assert list(merged.changes(reading)) == []
    thread.join(10)
    with store.read() as reading:
        assert [(change.rev, change.id) for change in merged.changes(reading)] == [(first, "w1"), (first + 1, "w2")]


def test_waiting_too_long_for_a_lock_may_be_tried_again(store: Store) -> None:
    def second() -> None:
        with store.write() as other:
            other.execute(text("SET LOCAL lock_timeout = 50"))
            other.execute(INSERT, {"kind": "w"})

    with store.write() as connection:
        connection.execute(INSERT, {"kind": "w"})
        with pytest.raises(ServiceUnreachable, match="lock timeout") as error:
            second()
        assert error.value.retryable


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("INSERT INTO nothing VALUES (1)", ProgrammingError),
        ("INSERT INTO minted_number VALUES ('w', 1), ('w', 2)", IntegrityError),
    ],
)
def test_a_bug_is_not_taken_for_trouble_of_the_world(store: Store, statement: str, expected: type[Exception]) -> None:
    def write() -> None:
        with store.write() as connection:
            connection.execute(text(statement))

    with pytest.raises(expected):
        write()


@pytest.mark.parametrize(
    ("error", "outward"),
    [
        (psycopg.errors.DiskFull, True),
        (psycopg.errors.SerializationFailure, True),
        (psycopg.errors.DeadlockDetected, True),
        (psycopg.errors.AdminShutdown, True),
        (psycopg.errors.CannotConnectNow, True),
        (psycopg.errors.TooManyConnections, True),
        (psycopg.errors.QueryCanceled, True),
        (psycopg.errors.ReadOnlySqlTransaction, True),
        (psycopg.OperationalError, True),  # the connection broke: the server had no time to give a reason
        (psycopg.errors.UndefinedTable, False),
        (psycopg.errors.DataCorrupted, False),
    ],
)
def test_trouble_of_the_world_is_told_from_bugs(error: type[Exception], outward: bool) -> None:
    assert is_outward(error()) is outward


def test_a_server_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ServiceUnreachable, match="does not answer") as error:
        open_store("postgresql://postgres@127.0.0.1:1/none", tmp_path, password="kielo")
    assert "kielo" not in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["stopped", "crashed"])
def test_a_server_that_restarts_in_mid_write_loses_nothing_that_was_committed(
    frail: Store, frail_server: Server, how: signal.Signals
) -> None:
    with frail.write() as connection:
        connection.execute(INSERT, {"kind": "w"})

    def torn() -> None:
        with frail.write() as connection:
            connection.execute(INSERT, {"kind": "e"})
            frail_server.stop(how)
            connection.execute(INSERT, {"kind": "x"})

    with pytest.raises(ServiceUnreachable) as error:
        torn()
    assert error.value.retryable
    frail_server.start()
    with frail.write() as connection:  # the same store goes on
        connection.execute(INSERT, {"kind": "x"})
    with frail.read() as connection:
        assert list(connection.scalars(text("SELECT kind FROM minted_number ORDER BY 1"))) == ["w", "x"]


def test_a_server_that_is_gone_while_a_batch_is_copied_is_said_so(
    frail: Store, frail_server: Server, row: Callable[..., StagedRow]
) -> None:
    rows = [row(position, str(position)) for position in range(1, 300)]

    def torn() -> None:
        with frail.write() as connection:
            run = runs.begin(connection, "otava", [], complete=True, at=AT)
            frail_server.stop(signal.SIGQUIT)
            staging.stage_batch(connection, run.id, rows)

    with pytest.raises(ServiceUnreachable):
        torn()
    frail_server.start()
    with frail.read() as connection:
        assert runs.listed(connection) == []


def test_the_lock_of_a_lost_connection_is_free(frail: Store, frail_server: Server) -> None:
    with frail.run_lock("resolve"):
        with pytest.raises(RunLocked), frail.run_lock("resolve"):
            pass
        frail_server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name ~ 'resolve'")
        with frail.run_lock("resolve"):
            pass


def _stage_for_ever(url: str, folder: Path, ready: object, rows: list[StagedRow]) -> None:
    store = open_store(url, folder)
    with store.write() as connection:
        run = runs.begin(connection, "otava", [], complete=True, at=AT)
        staging.stage_batch(connection, run.id, rows[:100])
    with store.write() as connection:
        staging.stage_batch(connection, run.id, rows[100:])
        promotion.promote(connection, promotion.Promotion(run.id, "otava", AT, True))
        ready.set()  # type: ignore[attr-defined]  # an event of multiprocessing
        time.sleep(60)


def test_a_process_killed_in_mid_write_leaves_what_was_committed(
    store: Store, postgresql_url: str, tmp_path: Path, row: Callable[..., StagedRow]
) -> None:
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    rows = [row(position, str(position)) for position in range(1, 301)]
    process = context.Process(target=_stage_for_ever, args=(postgresql_url, tmp_path, ready, rows), daemon=True)
    process.start()
    assert ready.wait(60)
    process.kill()
    process.join()
    with store.write() as connection:
        run = runs.unfinished(connection, "otava")
        assert run is not None
        assert staging.counts(connection, run.id, "otava").new == 100
        assert records.count(connection) == {}
        staging.stage_batch(connection, run.id, rows[100:])
        promotion.promote(connection, promotion.Promotion(run.id, "otava", AT, True))
    with store.read() as connection:
        assert records.count(connection) == {"live": 300}
        order = [int(record.source_id) for _, record in records.live_records(connection)]
    assert order == list(range(1, 301))  # the numbers have gaps: the killed process took some
