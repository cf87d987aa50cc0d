"""The engine of each back end: how a connection is set up, and which trouble is the world's and which a bug of ours."""

from __future__ import annotations

from typing import Any

from psycopg import OperationalError as DriverError
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from catalogue.errors import LyhdeError

BUSY_TIMEOUT_MS = 30_000
STATEMENT_TIMEOUT_MS = 900_000
PAGE_SIZE_BYTES = 16_384
POOL_SIZE = 8
POOL_OVERFLOW = 24

CONNECT: dict[str, Any] = {
    "application_name": "lyhde",
    "client_encoding": "utf8",
    "connect_timeout": 10,
    "keepalives_idle": 30,  # a lock is held on a connection that says nothing for hours
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "options": f"-c lock_timeout={BUSY_TIMEOUT_MS} -c statement_timeout={STATEMENT_TIMEOUT_MS}",
}
"""What libpq is given where the address does not say otherwise."""

TROUBLE = (OperationalError, DriverError, PoolExhausted)
"""What a statement, a COPY or the wait for a connection may raise when the world is at fault; `is_outward` tells."""

_OUTWARD_SQLITE = ("BUSY", "LOCKED", "FULL", "IOERR", "READONLY", "CANTOPEN", "NOMEM")
_OUTWARD_POSTGRESQL = (
    "08",  # the connection broke
    "25P0",  # idle too long in a transaction (25P03), or the transaction itself too long (25P04)
    "25006",  # a standby took the server's place: it only reads
    "40",  # serialization failure, deadlock
    "53",  # disk full, out of memory, too many connections
    "55P03",  # lock time-out
    "57",  # statement time-out, the server stops or starts
    "58",  # the system's own trouble: I/O
)


def make_engine(url: str, password: str | None = None) -> Engine:
    """The engine of an address; `postgresql://…` means psycopg 3. `password` is put in where it has none."""
    address = driver_url(url, password)
    if address.get_backend_name() == "postgresql":
        return create_engine(
            address,
            isolation_level="READ COMMITTED",
            pool_size=POOL_SIZE,
            max_overflow=POOL_OVERFLOW,
            pool_pre_ping=True,
            connect_args={name: value for name, value in CONNECT.items() if name not in address.query},
        )
    engine = create_engine(address)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def driver_url(url: str, password: str | None = None) -> URL:
    """The address with our driver and the password in it; its repr masks the password."""
    address = make_url(url)
    if address.get_backend_name() != "postgresql":
        return address
    address = address.set(drivername="postgresql+psycopg")
    return address.set(password=password) if password and not address.password else address


def shown(address: URL) -> str:
    """An address as it is written in the settings; a password is masked."""
    return address.set(drivername=address.get_backend_name()).render_as_string(hide_password=True)


def is_postgresql(connection: Connection | Engine) -> bool:
    """Which of the two it is, where they differ."""
    return connection.dialect.name == "postgresql"


def is_outward(error: Exception) -> bool:
    """Whether the world is at fault (a lock, the disk, the connection) and not a statement of ours."""
    if isinstance(error, PoolExhausted):
        return True
    cause = getattr(error, "orig", error)
    sqlite_name = getattr(cause, "sqlite_errorname", None)
    if sqlite_name is not None:
        return sqlite_name.split("_")[1] in _OUTWARD_SQLITE
    state = getattr(cause, "sqlstate", None)
    return state is None or str(state).startswith(_OUTWARD_POSTGRESQL)


def in_words(error: Exception) -> str:
    """What the database said, on one line; an error of ours in its own words."""
    if isinstance(error, LyhdeError):
        return error.message
    return " ".join(str(getattr(error, "orig", error)).split())


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
