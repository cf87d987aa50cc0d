"""Replacing everything a store holds by a stream of rows, in one transaction: what restore and copy have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

import psycopg
from sqlalchemy import Connection, MetaData, Table, inspect, select, text
from sqlalchemy.exc import DataError, IntegrityError

from catalogue.errors import ConfigurationError, UsageError
from catalogue.sentence import Sentence
from store import bulk, rowstream
from store.database import Store, check_known, migrate_to, schema_of
from store.engines import in_words, is_postgresql
from store.rowstream import Digest, Shape, row_of
from store.schema import metadata
from store.upsert import insert

BATCH = 2_000
MARKS = {"alembic_version"}
UNFIT = (DataError, IntegrityError, psycopg.DataError, psycopg.IntegrityError, ValueError)
"""What rows raise that this back end cannot hold, or that are none."""


@dataclass(frozen=True, slots=True)
class Content:
    """Everything there is to put in: `lines` gives the rows of a table, as `rowstream.read_lines` does."""

    schema: str
    shapes: list[Shape]
    counters: dict[str, int]
    lines: Callable[[Shape, Digest], Iterator[bytes]]


def is_empty(connection: Connection) -> bool:
    """Whether no table of ours holds a row."""
    tables = [metadata.tables[shape.name] for shape in rowstream.shapes(connection)]
    return not any(connection.execute(select(*table.primary_key.columns).limit(1)).first() for table in tables)


@contextmanager
def content_of(store: Store) -> Iterator[Content]:
    """What a store holds, as of one moment: others may write meanwhile. Raises ConfigurationError where it has none."""
    with store.read() as connection:
        version = schema_of(connection)
        check_known(version)
        if version is None:
            raise ConfigurationError(
                [Sentence("store.url: the database {address} holds no catalogue", address=store.address)]
            )

        def lines(shape: Shape, digest: Digest) -> Iterator[bytes]:
            return rowstream.read_lines(connection, shape, digest)

        yield Content(version, rowstream.shapes(connection), rowstream.counters(connection), lines)


def check_replaceable(store: Store, *, force: bool) -> None:
    """Raises UsageError where a store holds something and may not be replaced, ConfigurationError where it is newer."""
    with store.read() as connection:
        check_known(schema_of(connection))
        if not force and not is_empty(connection):
            raise UsageError(
                Sentence("{address} is not empty: give --force to replace everything in it", address=store.address)
            )


def replace(store: Store, content: Content, tell: Callable[[str], None]) -> dict[str, tuple[int, str]]:
    """Put in what was given instead of what a store holds; table → rows and SHA-256, read back from the store.

    One transaction: a process that is killed leaves the old content. An older schema is brought up to date behind it.
    Raises UsageError where what is read back is not what was put in, or the back end cannot hold it.
    """
    found = {}
    with store.write(in_turn=True) as connection:
        if is_postgresql(connection):
            connection.execute(text("SET LOCAL statement_timeout = 0"))  # a large table is one statement
        _drop_all(connection)
        migrate_to(connection, content.schema)
        tell("rows")
        there = {shape.name: shape for shape in rowstream.shapes(connection)}
        for shape in content.shapes:
            given = Digest()
            _fill(connection, there.get(shape.name), shape, content.lines(shape, given))
            found[shape.name] = _read_back(connection, shape)
            if found[shape.name] != given.said:
                raise UsageError(
                    Sentence(
                        "table {table}: {rows} rows were put in, others came out; nothing is kept",
                        table=shape.name,
                        rows=given.rows,
                    )
                )
        rowstream.raise_counters(connection, content.counters)
        migrate_to(connection, "head")
    return found


def _drop_all(connection: Connection) -> None:
    names = sorted(set(inspect(connection).get_table_names()) & (set(metadata.tables) | MARKS))
    quote = connection.dialect.identifier_preparer.quote
    for name in names:
        connection.execute(text(f"DROP TABLE {quote(name)}"))


def _fill(connection: Connection, target: Shape | None, shape: Shape, lines: Iterator[bytes]) -> None:
    if target is None or dict(target.columns) != dict(shape.columns) or target.key != shape.key:
        raise UsageError(Sentence("table {table}: its columns are not those of its schema", table=shape.name))
    rows = (row_of(shape, line) for line in lines)
    try:
        if is_postgresql(connection):
            table = Table(shape.name, MetaData(), autoload_with=connection)  # COPY wants the columns' own widths
            bulk.copy_in(connection, table, shape.names, rows)
        else:
            _insert(connection, shape, rows)
    except UNFIT as error:
        raise UsageError(Sentence("table {table}: {why}", table=shape.name, why=in_words(error))) from error


def _insert(connection: Connection, shape: Shape, rows: Iterable[list[object]]) -> None:
    table, names, left = rowstream.as_table(shape), shape.names, iter(rows)
    while batch := list(islice(left, BATCH)):
        insert(connection, table, [dict(zip(names, row, strict=True)) for row in batch])


def _read_back(connection: Connection, shape: Shape) -> tuple[int, str]:
    digest = Digest()
    for _ in rowstream.read_lines(connection, shape, digest):
        pass
    return digest.said
