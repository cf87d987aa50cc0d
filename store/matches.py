"""Scored pairs that are kept, and who belongs to which edition and work."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, Text, bindparam, cast, delete, func, select, union_all

from catalogue.evidence import ClusterLevel
from store.batches import among, as_columns, batches, columns_among, in_columns
from store.schema import membership, pair
from store.upsert import upsert

_PLACE = (membership.c.record, membership.c.edition, membership.c.work)
_COLUMNS = (pair.c.left, pair.c.right, pair.c.edition_score, pair.c.work_score)
_KEPT = select(*_COLUMNS, cast(pair.c.vetoes, Text), pair.c.model, pair.c.links, pair.c.askable)
_PLACES = select(*_PLACE).where(membership.c.record.in_(bindparam("numbers", expanding=True)))
_IN_WORKS = (
    select(*_PLACE)
    .where(membership.c.work.in_(bindparam("works", expanding=True)))
    .order_by(membership.c.edition, membership.c.record)
)


class KeptPair(NamedTuple):
    """Two records by number, `left` < `right`, with their scores in bits.

    `links` tells at which levels the pair joins by itself: 1 edition, 2 work, 3 both; `askable`, that it may be asked
    about where it does not join.
    """

    left: int
    right: int
    edition_score: float
    work_score: float
    vetoes: tuple[str, ...]
    model: str
    links: int = 3
    askable: bool = True


class Tie(NamedTuple):
    """A kept pair without its scores: what tells which clusters hang together."""

    left: int
    right: int
    links: int
    askable: bool


class Place(NamedTuple):
    """The public ids a record is found under."""

    edition: str
    work: str


def changed_pairs(connection: Connection, found: Iterable[KeptPair]) -> tuple[list[KeptPair], list[tuple[int, int]]]:
    """All pairs as they are to be, against those that are kept: those that are new or differ, and those to go."""
    alike: dict[tuple[Any, ...], tuple[Any, ...]] = {}  # the same scores come again and again: keeps memory small
    known = {}
    for left, right, *rest in _every(connection):
        told = tuple(rest)
        known[left, right] = alike.setdefault(told, told)
    changed = []
    for kept in found:
        old = known.pop(kept[:2], None)
        if old is None or (*old[:2], _names(old[2]), *old[3:]) != kept[2:]:
            changed.append(kept)
    return changed, sorted(known)


def keep_pairs(connection: Connection, pairs: Iterable[KeptPair]) -> None:
    """Keep pairs, in the place of what was kept of the same two records."""
    for rows in batches(pairs, 5_000):
        upsert(connection, pair, [{**row._asdict(), "vetoes": list(row.vetoes)} for row in rows])


def drop_pairs(connection: Connection, pairs: Iterable[tuple[int, int]]) -> None:
    """Forget pairs of records."""
    wanted = delete(pair).where(pair.c.left == bindparam("one"), pair.c.right == bindparam("other"))
    for some in batches(pairs, 5_000):
        connection.execute(wanted, [{"one": left, "other": right} for left, right in some])


def pairs_of(connection: Connection, numbers: Iterable[int]) -> list[KeptPair]:
    """The kept pairs with a record among these, sorted."""
    columns = columns_among(connection, _pairs_of(connection.dialect.name), sorted(numbers))
    return sorted(set(map(_pair, zip(*columns, strict=True))))


def ties_of(connection: Connection, numbers: Iterable[int]) -> set[Tie]:
    """The same without their scores."""
    columns = columns_among(connection, _ties_of(connection.dialect.name), sorted(numbers))
    return {Tie(left, right, links, bool(askable)) for left, right, links, askable in zip(*columns, strict=True)}


@cache
def _ties_of(dialect: str) -> Select[Any]:
    return in_columns(dialect, select(*(pair.c[name] for name in Tie._fields)), pair.c.left, pair.c.right)


@cache
def _pairs_of(dialect: str) -> Select[Any]:
    return in_columns(dialect, _KEPT, pair.c.left, pair.c.right)


def around(connection: Connection, numbers: Iterable[int]) -> dict[int, Place]:
    """Where everything in one work or edition with one of these stands, themselves included."""
    columns = columns_among(connection, _around(connection.dialect.name), sorted(numbers))
    return {record: Place(edition, work) for record, edition, work in zip(*columns, strict=True)}


@cache
def _around(dialect: str) -> Select[Any]:
    chosen = among(dialect, membership.c.record)
    levels = (membership.c.edition, membership.c.work)
    found = (select(*_PLACE).where(level.in_(select(level).where(chosen))) for level in levels)
    return as_columns(dialect, union_all(*found))


def all_pairs(connection: Connection) -> Iterator[KeptPair]:
    """Every kept pair in order of (left, right)."""
    yield from map(_pair, _every(connection))


def places(connection: Connection, numbers: Iterable[int] | None = None) -> dict[int, Place]:
    """Record number → edition and work, of these records or of all."""
    if numbers is None:
        return {record: Place(edition, work) for record, edition, work in connection.execute(select(*_PLACE))}
    return {
        record: Place(edition, work)
        for part in batches(numbers)
        for record, edition, work in connection.execute(_PLACES, {"numbers": part}).all()
    }


def count(connection: Connection) -> int:
    """How many records have a place."""
    return connection.scalar(select(func.count()).select_from(membership)) or 0


def members(connection: Connection, level: ClusterLevel, ids: Iterable[str]) -> dict[str, list[int]]:
    """Public id → its records' numbers, sorted."""
    column = getattr(membership.c, level)
    found: dict[str, list[int]] = {}
    for part in batches(ids):
        rows = connection.execute(select(column, membership.c.record).where(column.in_(part)).order_by("record"))
        for name, record in rows:
            found.setdefault(name, []).append(record)
    return found


def editions_of(connection: Connection, works: Iterable[str]) -> dict[str, list[str]]:
    """Work → its editions, sorted."""
    return {work: list(editions) for work, editions in inside(connection, works).items()}


def inside(connection: Connection, works: Iterable[str]) -> dict[str, dict[str, list[int]]]:
    """Work → its editions by id, each with the numbers of its records; all sorted."""
    found: dict[str, dict[str, list[int]]] = {}
    for part in batches(works):
        for record, edition, work in connection.execute(_IN_WORKS, {"works": part}).all():
            found.setdefault(work, {}).setdefault(edition, []).append(record)
    return found


def save_membership(
    connection: Connection,
    found: Mapping[int, Place],
    gone: Collection[int] = (),
    before: Mapping[int, Place] | None = None,
) -> list[int]:
    """Keep the places of these records and drop those of the records that are gone; the numbers that changed.

    `before`: the places that all of them have, where the caller knows.
    """
    known = places(connection, sorted({*found, *gone})) if before is None else before
    changed = [number for number, place in found.items() if known.get(number) != place]
    for part in batches(sorted(number for number in gone if number in known)):
        connection.execute(delete(membership).where(membership.c.record.in_(part)))
    for part in batches(changed, 5_000):
        upsert(connection, membership, [{"record": number, **found[number]._asdict()} for number in part])
    return sorted({*changed, *(number for number in gone if number in known)})


def _every(connection: Connection) -> Iterator[Row[Any]]:
    for rows in connection.execute(
        _KEPT.order_by(pair.c.left, pair.c.right).execution_options(yield_per=5_000)
    ).partitions():
        yield from rows


def _pair(row: Row[Any] | tuple[Any, ...]) -> KeptPair:
    left, right, edition_score, work_score, vetoes, model, links, askable = row
    return KeptPair(left, right, edition_score, work_score, _names(vetoes), model, links, bool(askable))


@lru_cache(maxsize=4_096)
def _names(vetoes: str) -> tuple[str, ...]:
    """The names in a column of vetoes: few of all sets occur."""
    return tuple(json.loads(vetoes))
