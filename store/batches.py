"""Cutting long lists for statements with an IN list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, any_, literal
from sqlalchemy.dialects.postgresql import ARRAY

from store.engines import is_postgresql

IN_LIST = 1_000
"""Values of one IN list: far below what SQLite (32,766) and PostgreSQL (65,535) bind."""

Item = TypeVar("Item")


def among(connection: Connection, column: ColumnElement[Any], values: list[Any]) -> ColumnElement[bool]:
    """Whether a column holds one of these, for hot paths: PostgreSQL is given them as one array, not one by one."""
    if is_postgresql(connection):
        return column == any_(literal(values, ARRAY(column.type)))
    return column.in_(values)


def batches(items: Iterable[Item], size: int = IN_LIST) -> Iterator[list[Item]]:
    """Lists of at most `size` items, in order; none for no items."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
