"""How many records of a source, or of a run, fill each field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, func, select, update

from catalogue.coverage import FILLED
from store.schema import source_record, staged_record


class Coverage(NamedTuple):
    """`records` whose fields are known, and how many of them have each field."""

    records: int
    filled: Mapping[str, int]


NOTHING = Coverage(0, {})


def of_source(connection: Connection, source: str) -> Coverage:
    """The live records of a source."""
    wanted = _sums(source_record.c.fields).where(
        source_record.c.source == source, source_record.c.status == "live", source_record.c.fields.is_not(None)
    )
    return _coverage(connection.execute(wanted).one())


def of_run(connection: Connection, run: int, source: str) -> Coverage:
    """The live records that the messages of a run give; an unchanged one is as it stands."""
    staged, records = staged_record.c, source_record.c
    fields = case((staged.outcome == "unchanged", records.fields), else_=staged.fields)
    joined = staged_record.outerjoin(
        source_record, and_(records.source == source, records.source_id == staged.source_id)
    )
    wanted = (
        _sums(fields)
        .select_from(joined)
        .where(
            staged.run == run,
            ~staged.superseded,
            staged.status == "live",
            staged.outcome.in_(("new", "changed", "unchanged")),
            fields.is_not(None),
        )
    )
    return _coverage(connection.execute(wanted).one())


def unknown(connection: Connection, source: str, limit: int) -> list[int]:
    """Numbers of live records whose fields were never looked at."""
    wanted = select(source_record.c.id).where(
        source_record.c.source == source, source_record.c.status == "live", source_record.c.fields.is_(None)
    )
    return list(connection.scalars(wanted.order_by(source_record.c.id).limit(limit)))


def keep(connection: Connection, found: Mapping[int, int]) -> None:
    """Record number → the fields it fills."""
    wanted = update(source_record).where(source_record.c.id == bindparam("number")).values(fields=bindparam("bits"))
    if found:
        connection.execute(wanted, [{"number": number, "bits": bits} for number, bits in found.items()])


def _sums(fields: ColumnElement[Any]) -> Any:
    bits = [func.sum(case((fields.bitwise_and(1 << place) != 0, 1), else_=0)) for place in range(len(FILLED))]
    return select(func.count(), *bits)


def _coverage(row: Any) -> Coverage:
    records, *filled = row
    return Coverage(records, dict(zip(FILLED, (count or 0 for count in filled), strict=True)))
