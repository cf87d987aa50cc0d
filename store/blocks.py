"""Blocking keys of the records as they were last resolved, with the finer attributes by which large blocks are refined,
and what senders declare of their languages.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, Table, bindparam, delete, func, select

from catalogue.keys import RecordKey
from store.batches import batches, columns_among, in_columns
from store.schema import blocking_key, blocking_part, declared_language, source_record
from store.upsert import insert, insert_plain

_FINER = tuple(column for column in blocking_part.c if column.name != "record")
_ALL = (blocking_key, blocking_part, declared_language)
IN_ONE_GO = 20_000


Finer = tuple[RecordKey, tuple[int, ...]]
"""The key of a record, and hashes of the finer attributes by which blocks above the cap are refined, in order."""


class Kept(NamedTuple):
    """What is kept of some records: (key, record), number → finer attributes, and what is declared."""

    keys: Iterable[tuple[int, int]]
    finer: Mapping[int, Finer]
    spoken: Iterable[Spoken]


class Rows(NamedTuple):
    """Keys and the numbers of the records that have them, row by row."""

    keys: list[int]
    records: list[int]


class FinerRows(NamedTuple):
    """Some records with their finer attributes: number, record key, and a column for each attribute."""

    records: list[int]
    keys: list[tuple[str, str]]
    parts: list[list[int]]


class Spoken(NamedTuple):
    """What one record's sender declares; `contradicted`: its title is plainly in another language."""

    record: int
    sender: str
    languages: str
    contradicted: bool


class Habit(NamedTuple):
    """How many records of a sender declare these languages, and how many titles contradict it."""

    records: int
    contradicted: int


def keys_of(connection: Connection, numbers: Iterable[int]) -> Rows:
    """The keys of these records."""
    return Rows(*columns_among(connection, _keys(connection.dialect.name), sorted(numbers)))


def holders(connection: Connection, keys: Iterable[int]) -> Rows:
    """Every record that has one of these keys."""
    return Rows(*columns_among(connection, _holders(connection.dialect.name), sorted(keys)))


def finer_of(connection: Connection, numbers: Iterable[int]) -> FinerRows:
    """The finer attributes of those of these records that have any."""
    records, sources, source_ids, *parts = columns_among(connection, _parts(connection.dialect.name), sorted(numbers))
    return FinerRows(records, list(zip(sources, source_ids, strict=True)), parts)


@cache
def _keys(dialect: str) -> Select[Any]:
    return in_columns(dialect, select(blocking_key.c.key, blocking_key.c.record), blocking_key.c.record)


@cache
def _holders(dialect: str) -> Select[Any]:
    return in_columns(dialect, select(blocking_key.c.key, blocking_key.c.record), blocking_key.c.key)


@cache
def _parts(dialect: str) -> Select[Any]:
    named = select(blocking_part.c.record, source_record.c.source, source_record.c.source_id, *_FINER)
    joined = named.join(source_record, source_record.c.id == blocking_part.c.record)
    return in_columns(dialect, joined, blocking_part.c.record)


def sharing(connection: Connection, numbers: Iterable[int], kind: int) -> set[int]:
    """The records that share a key of this kind (its low four bits) with one of these."""
    found = {key for key in keys_of(connection, numbers).keys if key & 0xF == kind}
    return set(holders(connection, found).records) if found else set()


def replace(connection: Connection, numbers: Collection[int], kept: Kept) -> None:
    """Keep what is to be kept of these records in the place of what was; nothing of those that are gone. What stays
    the same is not written.
    """
    old, new = set(zip(*keys_of(connection, numbers), strict=True)), set(kept.keys)
    _delete(connection, blocking_key, ("key", "record"), sorted(old - new))
    was, told = finer_of(connection, numbers), {each.record: each for each in spoken_by(connection, numbers)}
    columns = zip(was.records, was.keys, zip(*was.parts, strict=True), strict=True)
    parts = {number: (RecordKey(*key), each) for number, key, each in columns}
    spoken = {each.record: each for each in kept.spoken}
    _delete(connection, blocking_part, ("record",), _other(parts, kept.finer))
    _delete(connection, declared_language, ("record",), _other(told, spoken))
    finer = {number: each for number, each in kept.finer.items() if parts.get(number) != each}
    fresh = [each for number, each in spoken.items() if told.get(number) != each]
    add(connection, Kept(sorted(new - old), finer, fresh))


def _other(was: Mapping[int, Any], now: Mapping[int, Any]) -> list[tuple[int]]:
    """What is otherwise now, or gone."""
    return [(number,) for number, each in sorted(was.items()) if now.get(number) != each]


def _delete(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[tuple[int, ...]]) -> None:
    """Delete rows by their primary key."""
    wanted = delete(table).where(*(table.c[name] == bindparam(f"old_{name}") for name in columns))
    for some in batches(rows, IN_ONE_GO):
        named = [{f"old_{name}": value for name, value in zip(columns, row, strict=True)} for row in some]
        connection.execute(wanted, named)


def clear(connection: Connection) -> None:
    """Forget all of it."""
    for table in _ALL:
        connection.execute(delete(table))


def add(connection: Connection, kept: Kept) -> None:
    """Keep what is to be kept of records of which nothing is."""
    for some in batches(kept.keys, IN_ONE_GO):
        insert_plain(connection, blocking_key, ("key", "record"), some)
    rows = ((number, *parts) for number, (_, parts) in sorted(kept.finer.items()))
    for parts in batches(rows, IN_ONE_GO):
        insert_plain(connection, blocking_part, ("record", *(column.name for column in _FINER)), parts)
    for told in batches(kept.spoken, IN_ONE_GO):
        insert(connection, declared_language, [each._asdict() for each in told])


def spoken_by(connection: Connection, numbers: Iterable[int]) -> list[Spoken]:
    """What was declared by these records."""
    wanted = select(declared_language)
    return [
        Spoken(row.record, row.sender, row.languages, row.contradicted)
        for part in batches(sorted(numbers))
        for row in connection.execute(wanted.where(declared_language.c.record.in_(part)))
    ]


def habits(connection: Connection, sender: str) -> Mapping[str, Habit]:
    """Languages → how many records of a sender declare them."""
    columns = declared_language.c
    counted = select(columns.languages, columns.contradicted, func.count()).where(columns.sender == sender)
    found: dict[str, Habit] = {}
    for languages, contradicted, count in connection.execute(counted.group_by(columns.languages, columns.contradicted)):
        old = found.get(languages, Habit(0, 0))
        found[languages] = Habit(old.records + count, old.contradicted + count * contradicted)
    return found


def of_sender(connection: Connection, sender: str) -> set[int]:
    """The records of a sender that declare a language."""
    return set(connection.scalars(select(declared_language.c.record).where(declared_language.c.sender == sender)))
