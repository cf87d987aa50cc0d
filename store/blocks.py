"""Blocking keys of the records as they were last resolved, and what senders declare of their languages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, func, select
from sqlalchemy.orm import aliased

from store.batches import batches
from store.schema import blocking_key, declared_language
from store.upsert import insert, insert_plain

_ROW = (blocking_key.c.key, blocking_key.c.record)
_KEYS = select(*_ROW).where(blocking_key.c.record.in_(bindparam("numbers", expanding=True)))
_HOLDERS = select(*_ROW).where(blocking_key.c.key.in_(bindparam("keys", expanding=True)))
IN_ONE_GO = 20_000


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


def keys_of(connection: Connection, numbers: Iterable[int]) -> list[tuple[int, int]]:
    """(key, record) of these records."""
    parts = batches(sorted(numbers))
    return [(key, record) for part in parts for key, record in connection.execute(_KEYS, {"numbers": part}).all()]


def holders(connection: Connection, keys: Iterable[int]) -> list[tuple[int, int]]:
    """(key, record) of every record that has one of these keys."""
    parts = batches(sorted(keys))
    return [(key, record) for part in parts for key, record in connection.execute(_HOLDERS, {"keys": part}).all()]


def sharing(connection: Connection, numbers: Iterable[int], kind: int) -> set[int]:
    """The records that share a key of this kind (its low four bits) with one of these, themselves included."""
    mine, other = aliased(blocking_key), aliased(blocking_key)
    wanted = select(other.c.record).join(mine, other.c.key == mine.c.key).distinct()
    found: set[int] = set()
    for part in batches(sorted(numbers), 500):
        found.update(connection.scalars(wanted.where(mine.c.record.in_(part), mine.c.key.op("&")(15) == kind)))
    return found


def replace(
    connection: Connection, numbers: Collection[int], rows: Iterable[tuple[int, int]], spoken: Iterable[Spoken]
) -> None:
    """Keep the keys and languages of these records in the place of what was kept; none for those that are gone."""
    for part in batches(sorted(numbers)):
        for table in (blocking_key, declared_language):
            connection.execute(delete(table).where(table.c.record.in_(part)))
    add(connection, rows, spoken)


def clear(connection: Connection) -> None:
    """Forget all of it."""
    for table in (blocking_key, declared_language):
        connection.execute(delete(table))


def add(connection: Connection, rows: Iterable[tuple[int, int]], spoken: Iterable[Spoken]) -> None:
    """Keep keys and languages of records that have none."""
    for some in batches(rows, IN_ONE_GO):
        insert_plain(connection, blocking_key, ("key", "record"), some)
    for told in batches(spoken, IN_ONE_GO):
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
