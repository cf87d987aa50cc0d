"""INSERT … ON CONFLICT DO UPDATE, which SQLite and PostgreSQL share, and the way rows go in by the batch.

On PostgreSQL batches go by COPY (`store.bulk`); callers need not know.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, bindparam, case
from sqlalchemy.dialects import postgresql, sqlite

from store import bulk
from store.engines import is_postgresql

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}

Rows = Sequence[Mapping[str, Any]]


def upsert(connection: Connection, table: Table, rows: Rows, *, update: Sequence[str] | None = None) -> None:
    """Insert rows; where the primary key is there already, set the columns of `update` (None: all others).

    All rows have the same columns. An empty `update` leaves the row that is there.
    """
    if not rows:
        return
    keys = [column.name for column in table.primary_key.columns]
    columns = [name for name in rows[0] if name not in keys] if update is None else list(update)
    if _by_copy(connection, rows) and len({tuple(row[key] for key in keys) for row in rows}) == len(rows):
        names = list(rows[0])
        bulk.merge(
            connection, table, [tuple(row[name] for name in names) for row in rows], columns=names, update=columns
        )
        return
    connection.execute(_upsert(connection.dialect.name, table, tuple(keys), tuple(columns)), rows)


@cache
def _upsert(dialect: str, table: Table, keys: tuple[str, ...], columns: tuple[str, ...]) -> Any:
    """The statement, made once: making it costs as much as running it on one row."""
    statement = _INSERT[dialect](table)
    if not columns:
        return statement.on_conflict_do_nothing(index_elements=keys)
    return statement.on_conflict_do_update(
        index_elements=keys, set_={name: statement.excluded[name] for name in columns}
    )


def upsert_where(
    connection: Connection,
    table: Table,
    row: Mapping[str, Any],
    condition: ColumnElement[bool],
    *,
    largest: Collection[str] = (),
) -> bool:
    """Insert a row; where the primary key is there already, set its other columns if the condition on them holds.

    Of the columns `largest` the larger of both values stands. Whether it was written: of several writers at once
    exactly one is told so.
    """
    statement = _INSERT[connection.dialect.name](table).values(**row)
    keys = [column.name for column in table.primary_key.columns]
    new = statement.excluded
    values = {
        name: case((table.c[name] > new[name], table.c[name]), else_=new[name]) if name in largest else new[name]
        for name in row
        if name not in keys
    }
    statement = statement.on_conflict_do_update(index_elements=keys, set_=values, where=condition)
    return connection.execute(statement.returning(*(table.c[key] for key in keys))).first() is not None


def upsert_from(connection: Connection, table: Table, columns: Sequence[str], select: Any) -> Any:
    """The statement ``INSERT INTO table (columns) SELECT …``, to be given its ``on_conflict`` clause.

    The SELECT needs a WHERE clause: without one SQLite reads ON CONFLICT as part of a join.
    """
    return _INSERT[connection.dialect.name](table).from_select(list(columns), select)


def insert(connection: Connection, table: Table, rows: Rows) -> None:
    """Insert rows, all with the same columns."""
    if _by_copy(connection, rows):
        names = list(rows[0])
        bulk.copy_in(connection, table, names, (tuple(row[name] for name in names) for row in rows))
    elif rows:
        connection.execute(table.insert(), rows)


def insert_plain(connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert tuples straight through the driver, for the hot path: no column may need conversion (JSON does)."""
    if not rows:
        return
    if is_postgresql(connection):
        bulk.copy_in(connection, table, columns, rows)
        return
    statement, places = _plain(table, tuple(columns))
    if places:
        rows = [tuple(row[place] for place in places) for row in rows]
    connection.exec_driver_sql(statement, list(rows))


@cache
def _plain(table: Table, columns: tuple[str, ...]) -> tuple[str, tuple[int, ...]]:
    """The statement for SQLite, and which value of a row comes when; none where they come as they are."""
    compiled = table.insert().values({name: bindparam(name) for name in columns}).compile(dialect=sqlite.dialect())
    order = tuple(compiled.positiontup or columns)
    return str(compiled), () if order == columns else tuple(columns.index(name) for name in order)


def _by_copy(connection: Connection, rows: Rows) -> bool:
    return len(rows) >= bulk.LEAST_ROWS and is_postgresql(connection)
