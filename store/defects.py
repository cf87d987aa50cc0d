"""Defects of records, and the quarantine: what was kept out, with the reason, the place and the bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update

from catalogue.defect import Defect
from catalogue.keys import RecordKey
from catalogue.sentence import as_json, from_json
from store.batches import batches
from store.documents import pack_bytes, unpack_bytes
from store.schema import defect, quarantine, source_record
from store.upsert import insert


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A record kept out. `excerpt` is its bytes (cut), or its parsed content as JSON where it could be parsed."""

    run: int
    file: str
    defect: Defect
    excerpt: bytes
    number: int = 0


def keep_defects(connection: Connection, run: int, found: Iterable[Defect]) -> None:
    """Keep the defects of a run's records."""
    for part in batches(found, 5_000):
        insert(connection, defect, [{"run": run, **_columns(one)} for one in part])


def keep_quarantined(connection: Connection, items: Iterable[Quarantined]) -> None:
    """Keep what could not be read or mapped."""
    rows = [
        {
            "run": item.run,
            "file": item.file,
            "excerpt": pack_bytes(item.excerpt),
            "state": "open",
            **_columns(item.defect),
        }
        for item in items
    ]
    insert(connection, quarantine, rows)


def of_record(connection: Connection, key: RecordKey) -> list[Defect]:
    """The defects of the state a record has now."""
    run = select(source_record.c.run).where(
        source_record.c.source == key.source, source_record.c.source_id == key.source_id
    )
    rows = connection.execute(
        select(defect)
        .where(
            defect.c.run == run.scalar_subquery(), defect.c.source_id == key.source_id, defect.c.source == key.source
        )
        .order_by(defect.c.id)
    )
    return [_defect(row) for row in rows]


def of_live_records(connection: Connection, source: str) -> Iterator[Defect]:
    """The defects of every live record of a source in the state it has now, in the order found."""
    records = source_record.c
    wanted = (
        select(defect)
        .join(
            source_record,
            (records.source == defect.c.source)
            & (records.source_id == defect.c.source_id)
            & (records.run == defect.c.run),
        )
        .where(defect.c.source == source, records.status == "live")
        .order_by(defect.c.id)
    )
    for row in connection.execute(wanted.execution_options(yield_per=500)):
        yield _defect(row)


def of_code(connection: Connection, code: str) -> Iterator[Defect]:
    """Every defect of a code, in the order found."""
    rows = connection.execute(select(defect).where(defect.c.code == code).order_by(defect.c.id))
    yield from map(_defect, rows)


def counts_by_code(connection: Connection, *, run: int | None = None, source: str | None = None) -> dict[str, int]:
    """Defects by code, most frequent first: of a run, of a source, or of all."""
    wanted = select(defect.c.code, func.count().label("number")).group_by(defect.c.code)
    if run is not None:
        wanted = wanted.where(defect.c.run == run)
    if source is not None:
        wanted = wanted.where(defect.c.source == source)
    rows = connection.execute(wanted.order_by(func.count().desc(), defect.c.code))
    return {row[0]: row[1] for row in rows}


def quarantine_by_code(connection: Connection, *, run: int | None = None, source: str | None = None) -> dict[str, int]:
    """Quarantined records by the code of the defect that keeps them out, most frequent first."""
    wanted = select(quarantine.c.code, func.count()).group_by(quarantine.c.code)
    if run is not None:
        wanted = wanted.where(quarantine.c.run == run)
    if source is not None:
        wanted = wanted.where(quarantine.c.source == source)
    rows = connection.execute(wanted.order_by(func.count().desc(), quarantine.c.code))
    return {row[0]: row[1] for row in rows}


def causes(connection: Connection, run: int) -> list[tuple[int, Quarantined]]:
    """What keeps records of a run out, most frequent first: how many, and the first of each code."""
    number, first = func.count().label("number"), func.min(quarantine.c.id)
    wanted = select(number, first).where(quarantine.c.run == run).group_by(quarantine.c.code)
    found = connection.execute(wanted.order_by(number.desc(), quarantine.c.code)).all()
    chosen = select(quarantine).where(quarantine.c.id.in_([row[1] for row in found]))
    rows = {row.id: row for row in connection.execute(chosen)}
    return [(count, _quarantined(rows[at])) for count, at in found]


def quarantined(
    connection: Connection, *, run: int | None = None, source: str | None = None, state: str | None = None
) -> Iterator[Quarantined]:
    """Quarantined items in order, of a run or a source."""
    wanted = select(quarantine).order_by(quarantine.c.id)
    if run is not None:
        wanted = wanted.where(quarantine.c.run == run)
    if source is not None:
        wanted = wanted.where(quarantine.c.source == source)
    if state is not None:
        wanted = wanted.where(quarantine.c.state == state)
    for row in connection.execute(wanted.execution_options(yield_per=500)):
        yield _quarantined(row)


def quarantined_in(connection: Connection, run: int) -> int:
    """How many records of a run are quarantined."""
    return connection.scalar(select(func.count()).where(quarantine.c.run == run)) or 0


def forget_run(connection: Connection, run: int) -> None:
    """Drop what a run found: it is read anew."""
    connection.execute(delete(defect).where(defect.c.run == run))
    connection.execute(delete(quarantine).where(quarantine.c.run == run))


def release(connection: Connection, numbers: Iterable[int]) -> None:
    """These items are out of quarantine: they were read again."""
    for part in batches(numbers):
        connection.execute(update(quarantine).where(quarantine.c.id.in_(part)).values(state="released"))


def _quarantined(row: Row[Any]) -> Quarantined:
    return Quarantined(row.run, row.file, _defect(row), unpack_bytes(row.excerpt), row.id)


def _columns(one: Defect) -> dict[str, Any]:
    return {
        "source": one.source,
        "source_id": one.source_id,
        "code": one.code,
        "locus": one.locus,
        "params": {name: as_json(value) for name, value in one.params.items()},
        "payload": one.payload,
        "position": one.index,
    }


def _defect(row: Row[Any]) -> Defect:
    return Defect(
        code=row.code,
        locus=row.locus,
        params={name: from_json(value) for name, value in row.params.items()},
        source=row.source,
        source_id=row.source_id,
        payload=row.payload,
        index=row.position,
    )
