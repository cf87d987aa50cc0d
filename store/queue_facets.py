"""Counts beside the queue: how many cases each filter would leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from sqlalchemy import Connection, func, select

from store import queue_rows
from store.people_schema import queue_row
from store.queue_query import Narrowed, QueueQuery
from store.queue_rows import LOOK, Look

FACETS = ("kind", "reason", "source", "language", "medium", "level", "reopened")
REASONS_SHOWN = 40
_PLACE = {name: LOOK.index(name) for name in LOOK}
_SINGLE = tuple((facet, _PLACE[facet]) for facet in FACETS if facet not in ("source", "reopened"))

Facets = dict[str, list[tuple[str, int]]]


def looks_of(connection: Connection, asked: Narrowed) -> dict[Look, int]:
    """Rows by look under what looks do not tell: text and mine. Without these the ledger knows."""
    if asked.by_look:
        return queue_rows.looks(connection, asked.query.state)
    if asked.is_empty:
        return {}
    columns = [queue_row.c[name] for name in LOOK]
    wanted = select(*columns, func.count()).where(asked.beyond_looks()).group_by(*columns)
    return {tuple(row)[:-1]: int(row[-1]) for row in connection.execute(wanted)}


def count(counted: Mapping[Look, int], query: QueueQuery) -> tuple[int, Facets]:
    """How many fit, and for each facet what its values would leave under the filters of the others."""
    sums: dict[str, Counter[str]] = {facet: Counter() for facet in FACETS}
    total = 0
    failed = failing(query)
    for look, number in counted.items():
        against = failed(look)
        if len(against) > 1:
            continue
        if against:
            _add(sums, against[0], look, number)
            continue
        total += number
        for facet, place in _SINGLE:
            sums[facet][look[place]] += number
        _add(sums, "source", look, number)
        _add(sums, "reopened", look, number)
    facets = {facet: sorted(sums[facet].items(), key=lambda item: (-item[1], item[0])) for facet in FACETS}
    facets["reason"] = [
        item for place, item in enumerate(facets["reason"]) if place < REASONS_SHOWN or item[0] == query.reason
    ]
    return total, facets


def failing(query: QueueQuery) -> Callable[[Look], list[str]]:
    """What tells of a look the facets whose filters it does not pass."""
    given = [(facet, place, getattr(query, facet)) for facet, place in _SINGLE if getattr(query, facet) is not None]
    source = None if query.source is None else f" {query.source} "
    sources, reopened = _PLACE["sources"], _PLACE["reopened"]

    def failed(look: Look) -> list[str]:
        found = [facet for facet, place, value in given if look[place] != value]
        if source is not None and source not in look[sources]:
            found.append("source")
        if query.reopened is not None and bool(look[reopened]) != query.reopened:
            found.append("reopened")
        return found

    return failed


def _add(sums: dict[str, Counter[str]], facet: str, look: Look, number: int) -> None:
    if facet == "source":
        for name in look[_PLACE["sources"]].split():
            sums["source"][name] += number
    elif facet != "reopened":
        sums[facet][look[_PLACE[facet]]] += number
    elif look[_PLACE["reopened"]]:
        sums["reopened"]["yes"] += number
