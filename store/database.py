"""Opening the store: one engine, short transactions, schema version, run locks."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection as Connection  # noqa: PLC0414 - said to be ours to give on
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError

from catalogue.errors import ConfigurationError, RunLocked, ServiceUnreachable
from store.schema import SCHEMA_VERSION

BUSY_TIMEOUT_MS = 30_000
PAGE_SIZE_BYTES = 16_384


class Store:
    """The truth. `data_dir` holds what is too big for rows: payloads, and the locks of runs."""

    def __init__(self, engine: Engine, data_dir: Path) -> None:
        self.engine = engine
        self.data_dir = data_dir

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view; nothing is written."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: committed at the end, rolled back on any exception. Keep it short (about two seconds).

        Raises ServiceUnreachable when another writer holds the database too long, or the disk is full or gone.
        """
        try:
            with self.engine.connect().execution_options(writes=True) as connection, connection.begin():
                yield connection
        except OperationalError as error:
            if not _is_outward(error):
                raise
            raise ServiceUnreachable(f"the database could not be written: {error.orig}") from error

    @contextmanager
    def run_lock(self, name: str) -> Iterator[None]:
        """Hold a named lock until the end of the block; the system lets go of it when the process dies.

        Raises RunLocked at once when another holds it, and says which process.
        """
        folder = self.data_dir / "locks"
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / f"{name}.lock").open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                file.seek(0)
                holder = file.read().strip() or "unknown"
                message = f"another run ({name}) is at work, process {holder}: wait for its end, then try again"
                raise RunLocked(message) from error
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
            yield
            with suppress(OSError):
                file.truncate(0)

    def close(self) -> None:
        self.engine.dispose()


def open_store(url: str, data_dir: Path, *, migrate: bool = True) -> Store:
    """Open the store and bring its schema up to date.

    `url` is an SQLAlchemy address. Raises ConfigurationError when the schema is unknown or (with `migrate` off)
    old, ServiceUnreachable when the database does not answer.
    """
    _make_folder(data_dir, "data_dir")
    if make_url(url).get_backend_name() == "sqlite":
        database = make_url(url).database
        if database and database != ":memory:":
            _make_folder(Path(database).parent, "store.url")
    store = Store(_engine(url), data_dir)
    try:
        _check_schema(store, migrate)
    except DBAPIError as error:
        store.close()
        raise ServiceUnreachable(f"the database {make_url(url)!r} does not answer: {error.orig}") from error
    except BaseException:
        store.close()
        raise
    return store


def _make_folder(folder: Path, setting: str) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError([f"{setting}: {folder} cannot be made: {error.strerror}"]) from error


def schema_version(store: Store) -> str | None:
    """The migration the database is at; None where it is empty."""
    with store.read() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def migrate(store: Store) -> None:
    """Apply every migration that is missing, in one transaction."""
    with store.write() as connection:
        config = _alembic()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _is_outward(error: OperationalError) -> bool:
    """Whether the world is at fault (a lock, the disk, the connection) and not a statement of ours."""
    name = getattr(error.orig, "sqlite_errorname", None)
    return name is None or name.split("_")[1] in ("BUSY", "LOCKED", "FULL", "IOERR", "READONLY", "CANTOPEN", "NOMEM")


def _check_schema(store: Store, may_migrate: bool) -> None:
    version = schema_version(store)
    if version == SCHEMA_VERSION:
        return
    known = {script.revision for script in ScriptDirectory.from_config(_alembic()).walk_revisions()}
    if version is not None and version not in known:
        raise ConfigurationError(
            [f"store.url: the database has schema {version}, newer than this program's {SCHEMA_VERSION}: upgrade Lyhde"]
        )
    if not may_migrate:
        raise ConfigurationError([f"store.url: the database has schema {version}, {SCHEMA_VERSION} is needed"])
    migrate(store)


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def _engine(url: str) -> Engine:
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver would delay BEGIN to the first write: see _begin_sqlite
    for pragma in (
        f"page_size = {PAGE_SIZE_BYTES}",  # counts only before the first table is made
        "journal_mode = WAL",
        "synchronous = NORMAL",
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        "cache_size = -65536",
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    """A transaction that will write says so at once: an upgrade in mid-way could not wait for another writer."""
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
