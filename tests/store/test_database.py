from __future__ import annotations

import multiprocessing
import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import OperationalError

from catalogue.errors import ConfigurationError, RunLocked, ServiceUnreachable
from store import listing_schema, people_schema  # noqa: F401 - their tables belong to the schema
from store.database import Store, open_store, schema_version
from store.schema import SCHEMA_VERSION, metadata

ON_SQLITE = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


def test_the_migrations_make_the_schema(store: Store) -> None:
    with store.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert set(inspect(connection).get_table_names()) == {*metadata.tables, "alembic_version"}
    assert schema_version(store) == SCHEMA_VERSION


def test_opening_again_changes_nothing(store: Store, store_url: str, tmp_path: Path) -> None:
    with store.write() as connection:
        connection.execute(text("INSERT INTO minted_number VALUES ('w', 7)"))
    again = open_store(store_url, tmp_path)
    with again.read() as connection:
        assert connection.execute(text("SELECT last FROM minted_number")).scalar() == 7
    again.close()


def test_a_newer_schema_is_refused(fresh_url: str, tmp_path: Path) -> None:
    store = open_store(fresh_url, tmp_path)
    with store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    with pytest.raises(ConfigurationError, match="newer than this program"):
        open_store(fresh_url, tmp_path)


def test_an_old_schema_is_refused_where_migrating_is_not_allowed(fresh_url: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="is needed"):
        open_store(fresh_url, tmp_path, migrate=False)


def test_a_file_that_is_no_database_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "lyhde.sqlite").write_bytes(b"<html>" * 1000)
    with pytest.raises(ServiceUnreachable, match="not a database"):
        open_store(f"sqlite:///{tmp_path / 'lyhde.sqlite'}", tmp_path)


def test_a_failed_write_leaves_nothing_behind(store: Store) -> None:
    def torn() -> None:
        with store.write() as connection:
            connection.execute(text("INSERT INTO minted_number VALUES ('w', 7)"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        torn()
    with store.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM minted_number")).scalar() == 0


def test_readers_go_on_while_one_writes(store: Store) -> None:
    with store.write() as writing, store.read() as reading:
        writing.execute(text("INSERT INTO minted_number VALUES ('w', 7)"))
        assert reading.execute(text("SELECT count(*) FROM minted_number")).scalar() == 0


@ON_SQLITE
@pytest.mark.parametrize(("pragma", "value"), [("page_size", 16384), ("journal_mode", "wal"), ("synchronous", 1)])
def test_sqlite_is_set_up_for_bulk_and_safety(store: Store, pragma: str, value: object) -> None:
    with store.read() as connection:
        assert connection.execute(text(f"PRAGMA {pragma}")).scalar() == value


def test_a_run_lock_admits_one_and_names_the_holder(store: Store) -> None:
    with store.run_lock("resolve"), pytest.raises(RunLocked, match=str(os.getpid())), store.run_lock("resolve"):
        pass
    with store.run_lock("resolve"), store.run_lock("harvest-otava"):
        pass


def _hold(url: str, folder: Path, ready: object) -> None:
    with open_store(url, folder).run_lock("resolve"):
        ready.set()  # type: ignore[attr-defined]
        signal.pause()


def test_the_lock_of_a_killed_process_is_free(store: Store, store_url: str, tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    process = context.Process(target=_hold, args=(store_url, tmp_path, ready), daemon=True)
    process.start()
    assert ready.wait(30)
    with pytest.raises(RunLocked, match=str(process.pid)), store.run_lock("resolve"):
        pass
    process.kill()
    process.join()
    until = time.monotonic() + 10  # PostgreSQL sees the closed connection a moment later
    while time.monotonic() < until:
        with suppress(RunLocked), store.run_lock("resolve"):
            return
        time.sleep(0.02)
    pytest.fail("the lock of a killed process is still held")


@ON_SQLITE
def test_trouble_of_the_disk_is_told_from_a_bug(store: Store) -> None:
    with store.write() as connection:
        connection.execute(text("PRAGMA max_page_count = 1"))

    def write(statement: str) -> None:
        with store.write() as connection:
            connection.execute(text(statement))

    full = (
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 90000) "
        "INSERT INTO minted_number SELECT printf('%0200d', x), x FROM n"
    )
    with pytest.raises(ServiceUnreachable, match="full"):
        write(full)
    with pytest.raises(OperationalError, match="no such table"):
        write("INSERT INTO none VALUES (1)")
