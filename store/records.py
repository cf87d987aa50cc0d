"""Source records as they stand now: one row per (source, source id), tombstones included.

Inside the store and its callers a record has a number, in order of first arrival; outside it is SOURCE:SOURCE_ID.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, func, or_, select, update

from catalogue.keys import RecordKey
from catalogue.record import CatalogueRecord, Status
from store.batches import batches
from store.documents import pack_model, unpack, unpack_record
from store.schema import record_document, record_revision, source_record

PAGE = 1_000


_WITH_DOCUMENT = select(source_record, record_document.c.mapped).outerjoin(
    record_document, record_document.c.record == source_record.c.id
)
_BY_NUMBER = _WITH_DOCUMENT.where(source_record.c.id.in_(bindparam("numbers", expanding=True)))


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record with what the store knows about it. `record` is None for a delete of something never seen."""

    number: int
    key: RecordKey
    status: Status
    content_hash: bytes | None
    sent_at: str | None
    payload: str
    position: int
    run: int
    revision: int
    first_seen_at: str
    updated_at: str
    record: CatalogueRecord | None


@dataclass(frozen=True, slots=True)
class Revision:
    """A state that was replaced. `superseded`: it never stood, another record of the same feed did."""

    revision: int
    superseded: bool
    status: Status
    sent_at: str | None
    payload: str
    position: int
    run: int
    replaced_at: str
    record: CatalogueRecord | None


def find(connection: Connection, key: RecordKey) -> StoredRecord | None:
    """The record of a key, tombstones included."""
    row = connection.execute(
        _WITH_DOCUMENT.where(source_record.c.source == key.source, source_record.c.source_id == key.source_id)
    ).one_or_none()
    return _stored(row) if row else None


def by_number(connection: Connection, numbers: Iterable[int]) -> dict[int, StoredRecord]:
    """The records of these numbers, tombstones included."""
    found: dict[int, StoredRecord] = {}
    for part in batches(numbers):
        for row in connection.execute(_BY_NUMBER, {"numbers": part}).all():
            found[row.id] = _stored(row)
    return found


def by_key(connection: Connection, keys: Iterable[RecordKey]) -> list[StoredRecord]:
    """The records of these keys, tombstones included."""
    found: list[StoredRecord] = []
    for part in batches(keys):
        by_source: dict[str, list[str]] = defaultdict(list)
        for key in part:
            by_source[key.source].append(key.source_id)
        columns = source_record.c  # one condition for each source: SQLite looks up no pairs in an index
        named = [and_(columns.source == name, columns.source_id.in_(ids)) for name, ids in sorted(by_source.items())]
        found += [_stored(row) for row in connection.execute(_WITH_DOCUMENT.where(or_(*named)))]
    return found


def live_records(connection: Connection, source: str | None = None) -> Iterator[tuple[int, CatalogueRecord]]:
    """Every live record with its number, in order of number, in pages: memory stays flat."""
    wanted = _WITH_DOCUMENT.where(source_record.c.status == "live")
    if source is not None:
        wanted = wanted.where(source_record.c.source == source)
    last = 0
    while page := connection.execute(
        wanted.where(source_record.c.id > last).order_by(source_record.c.id).limit(PAGE)
    ).all():
        for row in page:
            yield row.id, _record(row)
        last = page[-1].id


def live_keys(connection: Connection) -> dict[int, RecordKey]:
    """Number → key of every live record, without reading documents."""
    columns = source_record.c
    rows = connection.execute(
        select(columns.id, columns.source, columns.source_id).where(columns.status == "live").order_by(columns.id)
    )
    return {number: RecordKey(source, source_id) for number, source, source_id in rows}


def numbers_of(connection: Connection, keys: Iterable[RecordKey]) -> dict[RecordKey, int]:
    """Key → number of those that are known, tombstones included."""
    by_source: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        by_source[key.source].append(key.source_id)
    columns = source_record.c
    found: dict[RecordKey, int] = {}
    for source, source_ids in by_source.items():
        for part in batches(source_ids):
            wanted = select(columns.source_id, columns.id).where(columns.source == source, columns.source_id.in_(part))
            found |= {RecordKey(source, source_id): number for source_id, number in connection.execute(wanted)}
    return found


def keys_of(connection: Connection, numbers: Iterable[int]) -> dict[int, RecordKey]:
    """Number → key."""
    columns = source_record.c
    return {
        number: RecordKey(source, source_id)
        for part in batches(numbers)
        for number, source, source_id in connection.execute(
            select(columns.id, columns.source, columns.source_id).where(columns.id.in_(part))
        )
    }


def count(connection: Connection, source: str | None = None) -> dict[Status, int]:
    """Records by status."""
    wanted = select(source_record.c.status, func.count()).group_by(source_record.c.status)
    if source is not None:
        wanted = wanted.where(source_record.c.source == source)
    return {row[0]: row[1] for row in connection.execute(wanted)}


def parsed_content(connection: Connection, number: int) -> dict[str, Any] | None:
    """What the sender sent, in the shape of its format: ``{"dialect", "content", "header"}``; None where unknown."""
    data = connection.scalar(select(record_document.c.parsed).where(record_document.c.record == number))
    return unpack(data) if data else None


def live_numbers(connection: Connection, source: str) -> list[int]:
    """Numbers of the live records of a source."""
    wanted = select(source_record.c.id).where(source_record.c.source == source, source_record.c.status == "live")
    return list(connection.scalars(wanted.order_by(source_record.c.id)))


def parsed_documents(connection: Connection, numbers: Iterable[int]) -> dict[int, bytes]:
    """Number → what the sender sent, still packed, of those that have it."""
    columns = record_document.c
    return {
        number: parsed
        for part in batches(numbers)
        for number, parsed in connection.execute(
            select(columns.record, columns.parsed).where(columns.record.in_(part), columns.parsed.is_not(None))
        )
    }


def replace_mapped(connection: Connection, found: Mapping[int, CatalogueRecord]) -> None:
    """Keep records that were mapped anew from the same content; no revision of the source's own."""
    wanted = update(record_document).where(record_document.c.record == bindparam("number"))
    rows = [{"number": number, "document": pack_model(record)} for number, record in found.items()]
    connection.execute(wanted.values(mapped=bindparam("document")), rows)


def revisions(connection: Connection, number: int) -> list[Revision]:
    """The states a record had before the present one, oldest first."""
    rows = connection.execute(
        select(record_revision).where(record_revision.c.record == number).order_by(record_revision.c.id)
    )
    return [
        Revision(
            revision=row.revision,
            superseded=row.superseded,
            status=row.status,
            sent_at=row.sent_at,
            payload=row.payload,
            position=row.position,
            run=row.run,
            replaced_at=row.replaced_at,
            record=unpack_record(row.mapped) if row.mapped else None,
        )
        for row in rows
    ]


def _record(row: Row[Any]) -> CatalogueRecord:
    record = unpack_record(row.mapped)
    return record if record.status == row.status else record.model_copy(update={"status": row.status})


def _stored(row: Row[Any]) -> StoredRecord:
    return StoredRecord(
        number=row.id,
        key=RecordKey(row.source, row.source_id),
        status=row.status,
        content_hash=row.content_hash,
        sent_at=row.sent_at,
        payload=row.payload,
        position=row.position,
        run=row.run,
        revision=row.revision,
        first_seen_at=row.first_seen_at,
        updated_at=row.updated_at,
        record=_record(row) if row.mapped else None,
    )


def first_seen_after(connection: Connection, source: str, at: str) -> dict[str, str]:
    """Own id → when it first came, of live records that came after a time."""
    columns = source_record.c
    wanted = select(columns.source_id, columns.first_seen_at).where(
        columns.source == source, columns.status == "live", columns.first_seen_at > at
    )
    return {row[0]: row[1] for row in connection.execute(wanted)}
