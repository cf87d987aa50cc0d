"""Long lists for statements: cut into IN lists, or as one parameter; and long answers as columns."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from pydantic_core import from_json
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Select,
    Text,
    any_,
    bindparam,
    cast,
    func,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY

from store.engines import is_postgresql

IN_LIST = 1_000
"""Values of one IN list: far below what SQLite (32,766) and PostgreSQL (65,535) bind."""

Item = TypeVar("Item")


def among(dialect: str, column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a column of text or numbers holds one of the values that `given` hands over, for hot paths.

    They come as one parameter, an array for PostgreSQL, JSON for SQLite: the statement is the same for any number of
    them, so that whoever asks often makes it once.
    """
    if dialect == "postgresql":
        return column == any_(bindparam("among", type_=ARRAY(column.type)))
    values = func.json_each(bindparam("among", type_=Text)).table_valued("value")
    return column.in_(select(values.c.value))


def given(connection: Connection, values: list[Any]) -> dict[str, Any]:
    """The values of `among`, as a parameter of its statement."""
    return {"among": values if is_postgresql(connection) else json.dumps(values, ensure_ascii=False)}


def in_columns(dialect: str, wanted: Select[Any], *columns: ColumnElement[Any]) -> Select[Any]:
    """The statement that `columns_among` takes: rows of `wanted` in which one of `columns` is among the values, once
    for each that is.
    """
    return as_columns(dialect, union_all(*(wanted.where(among(dialect, column)) for column in columns)))


def as_columns(dialect: str, wanted: Select[Any] | CompoundSelect[Any]) -> Select[Any]:
    """Rows of numbers and texts alone as one row: each column as a list in JSON."""
    rows = wanted.subquery()
    if dialect == "postgresql":
        return select(*(func.coalesce(cast(func.json_agg(each), Text), "[]") for each in rows.c))
    return select(*(func.json_group_array(each) for each in rows.c))


def columns_among(connection: Connection, wanted: Select[Any], values: list[Any]) -> list[list[Any]]:
    """The columns of all rows, for the hottest paths: a list is read from JSON three times as fast as rows are made."""
    return [from_json(column) for column in connection.execute(wanted, given(connection, values)).one()]


def batches(items: Iterable[Item], size: int = IN_LIST) -> Iterator[list[Item]]:
    """Lists of at most `size` items, in order; none for no items."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
