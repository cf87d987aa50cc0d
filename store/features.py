"""Normalised features of records, kept so that a delta need not make its neighbours' again; and dirty marks.

Features are JSON, read by whoever knows them: reading it into anything else first takes longer than all the rest.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select

from store.batches import batches
from store.documents import pack, unpack_bytes
from store.schema import dirty_record, record_features, source_record
from store.upsert import upsert

PAGE = 5_000


_THERE = (
    select(record_features.c.record)
    .join(source_record, source_record.c.id == record_features.c.record)
    .where(
        source_record.c.status == "live",
        record_features.c.version == bindparam("version"),
        source_record.c.id.in_(bindparam("numbers", expanding=True)),
    )
)
_FEATURES = _THERE.add_columns(record_features.c.features)
_DIRTY = select(dirty_record.c.record, dirty_record.c.since).order_by(dirty_record.c.record)
_DIRTY_OF = _DIRTY.where(dirty_record.c.record.in_(bindparam("numbers", expanding=True)))


def save_features(connection: Connection, version: str, features: Iterable[tuple[int, Any]]) -> None:
    """Keep JSON-able features of records by number."""
    for part in batches(features):
        rows = [{"record": number, "version": version, "features": pack(value)} for number, value in part]
        upsert(connection, record_features, rows)


def live_features(connection: Connection, version: str) -> Iterator[tuple[int, bytes]]:
    """Features, as JSON, of all live records that have them in this version, in order of number."""
    wanted = (
        select(record_features.c.record, record_features.c.features)
        .join(source_record, source_record.c.id == record_features.c.record)
        .where(source_record.c.status == "live", record_features.c.version == version)
    )
    last = 0
    while page := connection.execute(
        wanted.where(source_record.c.id > last).order_by(source_record.c.id).limit(PAGE)
    ).all():
        for number, features in page:
            yield number, unpack_bytes(features)
        last = page[-1][0]


def features_of(connection: Connection, numbers: Iterable[int], version: str) -> dict[int, bytes]:
    """Number → features, as JSON, of those of these records that are live and have them in this version."""
    return {
        number: unpack_bytes(features)
        for part in batches(sorted(numbers))
        for number, features in connection.execute(_FEATURES, {"version": version, "numbers": part}).all()
    }


def with_features(connection: Connection, numbers: Iterable[int], version: str) -> set[int]:
    """Those of these records that `features_of` would find."""
    return {
        number
        for part in batches(sorted(numbers))
        for number in connection.scalars(_THERE, {"version": version, "numbers": part})
    }


def without_features(connection: Connection, version: str, numbers: Iterable[int] | None = None) -> list[int]:
    """Numbers of live records whose features are missing or of another version; of all, or of these."""
    there = select(record_features.c.record).where(
        record_features.c.record == source_record.c.id, record_features.c.version == version
    )
    wanted = select(source_record.c.id).where(source_record.c.status == "live", ~there.exists())
    wanted = wanted.order_by(source_record.c.id)
    if numbers is None:
        return list(connection.scalars(wanted))
    parts = batches(sorted(numbers))
    return [n for part in parts for n in connection.scalars(wanted.where(source_record.c.id.in_(part)))]


def drop_features(connection: Connection, numbers: Iterable[int]) -> None:
    """Forget the features of records that changed or went."""
    for part in batches(numbers):
        connection.execute(delete(record_features).where(record_features.c.record.in_(part)))


def dirty_records(connection: Connection, numbers: Iterable[int] | None = None) -> dict[int, str]:
    """Records that changed, came or went since they were last resolved, each with its mark; all, or of these."""
    if numbers is None:
        return {row.record: row.since for row in connection.execute(_DIRTY)}
    parts = (connection.execute(_DIRTY_OF, {"numbers": part}) for part in batches(numbers))
    return {row.record: row.since for rows in parts for row in rows}


def new_mark(at: str) -> str:
    """A mark that no other change has: the time, and something of its own."""
    return f"{at} {secrets.token_hex(6)}"


def mark_dirty(connection: Connection, numbers: Iterable[int], at: str) -> None:
    """Queue records for the next resolve, those it has begun with again."""
    mark = new_mark(at)
    for part in batches(numbers):
        upsert(connection, dirty_record, [{"record": number, "since": mark} for number in part])


def mark_more(connection: Connection, numbers: Iterable[int], at: str) -> str:
    """Queue records that are not queued yet; the mark they were given."""
    mark = new_mark(at)
    for part in batches(numbers):
        upsert(connection, dirty_record, [{"record": number, "since": mark} for number in part], update=())
    return mark


def clear_dirty(connection: Connection, marks: Mapping[int, str]) -> None:
    """They are resolved now; a record that was marked anew meanwhile stays queued."""
    wanted = delete(dirty_record).where(
        dirty_record.c.record == bindparam("number"), dirty_record.c.since == bindparam("mark")
    )
    if marks:
        connection.execute(wanted, [{"number": number, "mark": mark} for number, mark in marks.items()])
