"""Counts beside the queue: how many cases each filter would leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

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
    columns = [queue_row.c[name] for name in LOOK]
    wanted = select(*columns, func.count()).where(asked.beyond_looks()).group_by(*columns)
    return {tuple(row)[:-1]: int(row[-1]) for row in connection.execute(wanted)}


def count(counted: Mapping[Look, int], query: QueueQuery) -> tuple[int, Facets]:
    """How many fit, and for each facet what its values would leave under the filters of the others."""
    sums: dict[str, Counter[str]] = {facet: Counter() for facet in FACETS}
    total = 0
    for look, number in counted.items():
        against = failed(look, query)
        if len(against) > 1:
            continue
        total += 0 if against else number
        for facet in against or FACETS:
            for value in _values(look, facet):
                sums[facet][value] += number
    facets = {facet: sorted(sums[facet].items(), key=lambda item: (-item[1], item[0])) for facet in FACETS}
    facets["reason"] = [
        item for place, item in enumerate(facets["reason"]) if place < REASONS_SHOWN or item[0] == query.reason
    ]
    return total, facets


def failed(look: Look, query: QueueQuery) -> list[str]:
    """The facets whose filters a row of this look does not pass."""
    found = [name for name, place in _SINGLE if getattr(query, name) not in (None, look[place])]
    if query.reopened is not None and bool(look[_PLACE["reopened"]]) != query.reopened:
        found.append("reopened")
    if query.source is not None and f" {query.source} " not in look[_PLACE["sources"]]:
        found.append("source")
    return found


def _values(look: Look, facet: str) -> list[str]:
    if facet == "source":
        return str(look[_PLACE["sources"]]).split()
    if facet == "reopened":
        return ["yes"] if look[_PLACE["reopened"]] else []
    return [look[_PLACE[facet]]]
