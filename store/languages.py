"""What the live records of a source say of their languages, read without the rest of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from catalogue.record import Languages
from store.documents import pack, unpack
from store.schema import record_document, set_fact, source_record
from store.upsert import upsert

PAGE = 1_000


class Spoken(NamedTuple):
    """Number, languages and the agency that described it ('' where unknown)."""

    record: int
    languages: Languages
    agency: str


def spoken(connection: Connection, source: str) -> Iterator[Spoken]:
    """Every live record of a source in order of number, in pages."""
    columns = source_record.c
    wanted = (
        select(columns.id, record_document.c.mapped)
        .join(record_document, record_document.c.record == columns.id)
        .where(columns.source == source, columns.status == "live", record_document.c.mapped.is_not(None))
        .order_by(columns.id)
        .limit(PAGE)
    )
    last = 0
    while page := connection.execute(wanted.where(columns.id > last)).all():
        for number, mapped in page:
            document: dict[str, Any] = unpack(mapped)
            languages = Languages.model_validate(document.get("languages", {}))
            yield Spoken(number, languages, document.get("cataloguing", {}).get("agency") or "")
        last = page[-1][0]


def newest_run(connection: Connection, source: str) -> int:
    """The last run that changed a record of a source; 0 where there is none."""
    found: int | None = connection.scalar(select(func.max(source_record.c.run)).where(source_record.c.source == source))
    return found or 0


def looked_through(connection: Connection, source: str) -> Any:
    """What `set_looked_through` kept last."""
    document = connection.scalar(select(set_fact.c.document).where(set_fact.c.name == _name(source)))
    return unpack(document) if document else None


def set_looked_through(connection: Connection, source: str, value: Any, at: str) -> None:
    """Keep up to where, and by which rules, the languages of a source were looked through: one row, written over."""
    row = {"name": _name(source), "version": 1, "content_hash": b"", "document": pack(value), "made_at": at}
    upsert(connection, set_fact, [row])


def _name(source: str) -> str:
    return f"languages looked through: {source}"
