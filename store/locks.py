"""Locks: one run of a name at a time, and one writer of the merged catalogue at a time.

SQLite has one writer anyway, and the lock of a run is a file of the data directory. PostgreSQL lends advisory locks:
a run's is held on a connection of its own, so that the server lets go of it when the process or the connection dies.
"""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path

from sqlalchemy import Connection, Engine, func, select, text
from sqlalchemy.exc import DBAPIError

from catalogue.errors import RunLocked
from catalogue.sentence import Sentence
from store.engines import is_postgresql

NAME_BYTES = 63
"""What PostgreSQL keeps of an application's name."""

_HOLDER = text(
    "SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid) "
    "WHERE locktype = 'advisory' AND granted AND objsubid = 1 "
    "AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
    "AND (classid::bigint << 32) | objid::bigint = :key"
)


@contextmanager
def file_lock(folder: Path, name: str) -> Iterator[None]:
    """Hold a lock by a file until the end of the block. Raises RunLocked at once when another holds it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise _locked(name, file.read().strip()) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
        with suppress(OSError):
            file.truncate(0)


@contextmanager
def advisory_lock(engine: Engine, name: str) -> Iterator[None]:
    """Hold a lock on a connection of its own until the end of the block. Raises RunLocked when another holds it."""
    key = _key(f"run {name}")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.detach()  # never back to the pool: its end is the lock's end
        holder = f"lyhde {os.getpid()} on {socket.gethostname()}: {name}"[:NAME_BYTES]
        connection.execute(select(func.set_config("application_name", holder, False)))
        if not connection.scalar(select(func.pg_try_advisory_lock(key))):
            said = connection.scalar(_HOLDER, {"key": key}) or ""
            raise _locked(name, said.removeprefix("lyhde ").partition(":")[0])
        try:
            yield
        finally:
            with suppress(DBAPIError):  # a connection that broke has let go of it already
                connection.execute(select(func.pg_advisory_unlock(key)))


def take_turn(connection: Connection) -> None:
    """Wait until no other transaction changes the merged catalogue or its log; held until this one ends.

    So revisions are committed in their order: who follows the log never misses one that was taken earlier and
    committed later. Take it first in the transaction, before any row is locked. On SQLite a writing transaction has
    the turn from its beginning.
    """
    if is_postgresql(connection):
        connection.execute(select(func.pg_advisory_xact_lock(_key("turn"))))


def take_migration_turn(connection: Connection) -> None:
    """Wait until no other process migrates the schema; held until this transaction ends."""
    if is_postgresql(connection):
        connection.execute(select(func.pg_advisory_xact_lock(_key("migration"))))


def _key(name: str) -> int:
    return int.from_bytes(blake2b(f"lyhde {name}".encode(), digest_size=8).digest(), "big", signed=True)


def _locked(name: str, holder: str) -> RunLocked:
    who = Sentence("process {holder}", holder=holder) if holder else Sentence("process unknown")
    return RunLocked(
        Sentence("another run ({name}) is at work, {who}: wait for its end, then try again", name=name, who=who)
    )
