"""Opening the store: one engine, short transactions, schema version, run locks."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection as Connection  # noqa: PLC0414 - said to be ours to give on
from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from catalogue.errors import ConfigurationError, ServiceUnreachable
from catalogue.sentence import Sentence, _
from store import locks
from store.engines import TROUBLE, in_words, is_outward, is_postgresql, make_engine, shown
from store.schema import SCHEMA_VERSION

BYTE_ORDER = "SELECT 'B' < 'a' AND 'a b' < 'a-b' AND 'z' < 'ä'"
MAKE_DATABASE = "CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"


class Store:
    """The truth. `data_dir` holds what is too big for rows: payloads, and on SQLite the locks of runs."""

    def __init__(self, engine: Engine, data_dir: Path) -> None:
        self.engine = engine
        self.data_dir = data_dir

    @property
    def address(self) -> str:
        """Where it is, without the password."""
        return shown(self.engine.url)

    @property
    def back_end(self) -> str:
        """What keeps it, with its version."""
        dialect = self.engine.dialect
        version = ".".join(map(str, getattr(dialect, "server_version_info", None) or sqlite3.sqlite_version_info))
        return f"{'PostgreSQL' if is_postgresql(self.engine) else 'SQLite'} {version}"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view; nothing is written.

        Raises ServiceUnreachable when the database does not answer.
        """
        with _watched(_("the database could not be read: {why}")), self.engine.connect() as connection:
            if is_postgresql(connection):
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection

    @contextmanager
    def write(self, *, in_turn: bool = False) -> Iterator[Connection]:
        """One transaction: committed at the end, rolled back on any exception. Keep it short (about two seconds).

        `in_turn`: whoever changes memberships, merged records, cases or the change log waits here for the others
        (`locks.take_turn`); on SQLite every writer does. Raises ServiceUnreachable when another writer holds the
        database too long, or the disk is full, or the database is gone: nothing was committed, it may be tried again.
        """
        engine = self.engine.execution_options(writes=True)
        with (
            _watched(_("the database could not be written: {why}")),
            engine.connect() as connection,
            connection.begin(),
        ):
            if in_turn:
                locks.take_turn(connection)
            yield connection

    @contextmanager
    def run_lock(self, name: str) -> Iterator[None]:
        """Hold a named lock until the end of the block; the system lets go of it when the process dies.

        Raises RunLocked at once when another holds it, and says which process.
        """
        held: AbstractContextManager[None]
        if is_postgresql(self.engine):
            held = locks.advisory_lock(self.engine, name)
        else:
            held = locks.file_lock(self.data_dir / "locks", name)
        with _watched(_("the database could not be reached: {why}")), held:
            yield

    def close(self) -> None:
        self.engine.dispose()


def open_store(url: str, data_dir: Path, *, password: str | None = None, migrate: bool = True) -> Store:
    """Open the store and bring its schema up to date.

    `url` is an SQLAlchemy address, ``postgresql://…`` or ``sqlite:///…``; `password` goes with it. Raises
    ConfigurationError when the schema is unknown or (with `migrate` off) old, or the database sorts text by a language;
    ServiceUnreachable when the database does not answer.
    """
    store = connect_store(url, data_dir, password=password)
    try:
        _check_schema(store, migrate)
    except DBAPIError as error:
        store.close()
        raise ServiceUnreachable(
            Sentence("the database {address} cannot be used: {why}", address=store.address, why=in_words(error))
        ) from error
    except BaseException:
        store.close()
        raise
    return store


def connect_store(url: str, data_dir: Path, *, password: str | None = None) -> Store:
    """A store whatever its schema is, for backup, restore and copy. Raises as `open_store` does."""
    _make_folder(data_dir, "data_dir")
    try:
        address = make_url(url)
        engine = make_engine(url, password)
    except (ArgumentError, ImportError) as error:
        raise ConfigurationError([Sentence("store.url: {why}", why=error)]) from error
    if address.get_backend_name() == "sqlite" and address.database and address.database != ":memory:":
        _make_folder(Path(address.database).parent, "store.url")
    store = Store(engine, data_dir)
    try:
        _check_order(store)
    except (ServiceUnreachable, DBAPIError) as error:
        store.close()
        raise ServiceUnreachable(
            Sentence("the database {address} does not answer: {why}", address=store.address, why=in_words(error))
        ) from error
    except BaseException:
        store.close()
        raise
    return store


def schema_version(store: Store) -> str | None:
    """The migration the database is at; None where it is empty."""
    with store.read() as connection:
        return schema_of(connection)


def schema_of(connection: Connection) -> str | None:
    """The migration the database is at, seen inside a transaction."""
    return MigrationContext.configure(connection).get_current_revision()


def known_schemas() -> set[str]:
    """Every schema this program can read and bring up to date."""
    return {script.revision for script in ScriptDirectory.from_config(_alembic()).walk_revisions()}


def check_known(version: str | None, where: str = "store.url: the database") -> None:
    """Raises ConfigurationError where a schema is newer than this program."""
    if version is not None and version not in known_schemas():
        raise ConfigurationError(
            [
                Sentence(
                    "{where} has schema {version}, newer than this program's {needed}: upgrade Lyhde",
                    where=where,
                    version=str(version),
                    needed=str(SCHEMA_VERSION),
                )
            ]
        )


def migrate(store: Store) -> None:
    """Apply every migration that is missing, in one transaction."""
    with store.write() as connection:
        migrate_to(connection, "head")


def migrate_to(connection: Connection, version: str) -> None:
    """Apply the migrations up to a version, in the transaction that is open."""
    locks.take_migration_turn(connection)
    config = _alembic()
    config.attributes["connection"] = connection
    command.upgrade(config, version)


@contextmanager
def _watched(happened: str) -> Iterator[None]:
    try:
        yield
    except TROUBLE as error:
        if not is_outward(error):
            raise
        raise ServiceUnreachable(Sentence(happened, why=in_words(error))) from error


def _make_folder(folder: Path, setting: str) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(
            [Sentence("{setting}: {folder} cannot be made: {why}", setting=setting, folder=folder, why=error.strerror)]
        ) from error


def _check_order(store: Store) -> None:
    """Text must sort by its bytes, as it does on SQLite: pages and exports are cut by it."""
    with store.read() as connection:
        if is_postgresql(connection) and not connection.scalar(text(BYTE_ORDER)):
            raise ConfigurationError(
                [
                    Sentence(
                        "store.url: the database {address} sorts text by a language, make it so: {command}",
                        address=store.address,
                        command=MAKE_DATABASE,
                    )
                ]
            )


def _check_schema(store: Store, may_migrate: bool) -> None:
    version = schema_version(store)
    if version == SCHEMA_VERSION:
        return
    check_known(version)
    if not may_migrate:
        raise ConfigurationError(
            [
                Sentence(
                    "store.url: the database has schema {version}, {needed} is needed",
                    version=str(version),
                    needed=str(SCHEMA_VERSION),
                )
            ]
        )
    migrate(store)


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config
