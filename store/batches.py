"""Cutting long lists for statements with an IN list."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Text, any_, bindparam, func, select
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


def batches(items: Iterable[Item], size: int = IN_LIST) -> Iterator[list[Item]]:
    """Lists of at most `size` items, in order; none for no items."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
