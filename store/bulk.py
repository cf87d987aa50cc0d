"""Rows by the batch on PostgreSQL: COPY, and COPY into a temporary table that is then merged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Column, Connection, Float, Integer, LargeBinary, Table, Text

LEAST_ROWS = 100
"""Below it a statement for each row, pipelined by the driver, is faster than a temporary table."""

_TYPES: tuple[tuple[type[Any], str], ...] = (  # the first that fits: BigInteger is an Integer too
    (BigInteger, "int8"),
    (Integer, "int4"),
    (Boolean, "bool"),
    (LargeBinary, "bytea"),
    (JSON, "json"),
    (Float, "float8"),
    (Text, "text"),
)


def copy_in(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Append rows to a table; a value of a JSON column is the value itself, not its text."""
    _copy(connection, connection.dialect.identifier_preparer.format_table(table), _chosen(table, columns), rows)


def merge(
    connection: Connection,
    table: Table,
    rows: Sequence[Sequence[Any]],
    *,
    columns: Sequence[str],
    update: Sequence[str],
) -> None:
    """Insert rows; where the primary key is there already, set `update`, unless it says so already.

    The keys of `rows` are all different.
    """
    quote = connection.dialect.identifier_preparer.quote
    name, chosen = connection.dialect.identifier_preparer.format_table(table), _chosen(table, columns)
    incoming = quote(f"incoming_{table.name}")
    connection.exec_driver_sql(
        f"CREATE TEMPORARY TABLE IF NOT EXISTS {incoming} ON COMMIT DELETE ROWS "  # noqa: S608 - names of ours
        f"AS SELECT * FROM {name} WITH NO DATA"
    )
    connection.exec_driver_sql(f"TRUNCATE {incoming}")
    _copy(connection, incoming, chosen, rows)
    listed = ", ".join(quote(column.name) for column in chosen)
    keys = ", ".join(quote(column.name) for column in table.primary_key.columns)
    connection.exec_driver_sql(
        f"INSERT INTO {name} ({listed}) SELECT {listed} FROM {incoming} ORDER BY {keys} "  # noqa: S608 - names of ours
        f"ON CONFLICT ({keys}) {_resolution(connection, table, update)}"
    )


def _resolution(connection: Connection, table: Table, update: Sequence[str]) -> str:
    if not update:
        return "DO NOTHING"
    quote = connection.dialect.identifier_preparer.quote
    name = connection.dialect.identifier_preparer.format_table(table)
    changes = ", ".join(f"{quote(column)} = excluded.{quote(column)}" for column in update)
    casts = {column: "::text" if isinstance(table.c[column].type, JSON) else "" for column in update}
    old, new = (", ".join(f"{side}.{quote(column)}{casts[column]}" for column in update) for side in (name, "excluded"))
    return f"DO UPDATE SET {changes} WHERE ({old}) IS DISTINCT FROM ({new})"


def _copy(connection: Connection, target: str, columns: Sequence[Column[Any]], rows: Iterable[Sequence[Any]]) -> None:
    listed = ", ".join(connection.dialect.identifier_preparer.quote(column.name) for column in columns)
    cursor: Any = connection.connection.cursor()
    try:
        with cursor.copy(f"COPY {target} ({listed}) FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types([_type(column) for column in columns])
            for row in _bound(connection, columns, rows):
                copy.write_row(row)
    finally:
        cursor.close()


def _bound(connection: Connection, columns: Sequence[Column[Any]], rows: Iterable[Sequence[Any]]) -> Iterable[Any]:
    """The rows as the driver wants them: JSON values say that they are."""
    wrappers = [
        (place, column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect))
        for place, column in enumerate(columns)
        if isinstance(column.type, JSON)
    ]
    if not wrappers:
        return rows
    return (_wrapped(list(row), wrappers) for row in rows)


def _wrapped(row: list[Any], wrappers: Sequence[tuple[int, Any]]) -> list[Any]:
    for place, wrap in wrappers:
        row[place] = wrap(row[place])
    return row


def _chosen(table: Table, columns: Sequence[str]) -> list[Column[Any]]:
    return [table.c[name] for name in columns]


def _type(column: Column[Any]) -> str:
    return next(name for kind, name in _TYPES if isinstance(column.type, kind))
