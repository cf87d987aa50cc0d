"""Cutting long lists for statements with an IN list."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Text, any_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from store.engines import is_postgresql

IN_LIST = 1_000
"""Values of one IN list: far below what SQLite (32,766) and PostgreSQL (65,535) bind."""

Item = TypeVar("Item")


def among(connection: Connection, column: ColumnElement[Any], values: list[Any]) -> ColumnElement[bool]:
    """Whether a column of text or numbers holds one of these, for hot paths: they are given as one, not one by one.

    So the statement is the same for any number of them, and is made once: an array for PostgreSQL, JSON for SQLite.
    """
    if is_postgresql(connection):
        return column == any_(literal(values, ARRAY(column.type)))
    given = func.json_each(literal(json.dumps(values, ensure_ascii=False), Text)).table_valued("value")
    return column.in_(select(given.c.value))


def batches(items: Iterable[Item], size: int = IN_LIST) -> Iterator[list[Item]]:
    """Lists of at most `size` items, in order; none for no items."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
