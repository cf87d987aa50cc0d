"""Cutting long lists for statements with an IN list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

IN_LIST = 1_000
"""Values of one IN list: far below what SQLite (32,766) and PostgreSQL (65,535) bind."""

Item = TypeVar("Item")


def batches(items: Iterable[Item], size: int = IN_LIST) -> Iterator[list[Item]]:
    """Lists of at most `size` items, in order; none for no items."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
