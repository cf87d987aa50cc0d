"""Run-scoped staging: what a run would do, kept apart until `promotion.promote` makes it live at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, Row, Select, bindparam, delete, func, or_, select, text, update

from catalogue.record import Status
from store.batches import among, batches, given
from store.documents import unpack
from store.engines import is_postgresql
from store.runs import RunCounts
from store.schema import record_document, source_record, staged_record
from store.upsert import insert_plain

LEAST_TO_COUNT = 256

Outcome = Literal["new", "changed", "unchanged", "deleted", "quarantined", "spared"]
"""`spared`: an absent record that may be among the unreadable ones; it stays and is not counted."""


class StagedRow(NamedTuple):
    """One message of a run. `file` and `position` are its place in the run, both from 1."""

    file: int
    position: int
    source_id: str
    outcome: Outcome
    superseded: bool
    status: Status
    content_hash: bytes | None
    sent_at: str | None
    payload: str
    parsed: bytes | None = None
    mapped: bytes | None = None
    fields: int | None = None  # which of them the record fills (`catalogue.coverage`)


class Standing(NamedTuple):
    """A record as the last promoted run left it."""

    status: Status
    content_hash: bytes | None
    sent_at: str | None
    run: int


class Winner(NamedTuple):
    """The message of the present run that stands for a record so far."""

    file: int
    position: int
    outcome: Outcome
    content_hash: bytes | None
    sent_at: str | None


def stage_batch(connection: Connection, run: int, rows: Sequence[StagedRow]) -> None:
    """Keep the messages of one batch."""
    insert_plain(connection, staged_record, ("run", *StagedRow._fields), [(run, *row) for row in rows])
    if rows and is_postgresql(connection) and _doubled(rows[0].position, rows[-1].position):
        connection.execute(text("ANALYZE staged_record"))  # else it takes the run for small, and reads all of it often


def _doubled(first: int, last: int) -> bool:
    """Whether a power of two lies among these positions."""
    return last >= LEAST_TO_COUNT and last.bit_length() > (first - 1).bit_length()


def supersede(connection: Connection, run: int, places: Iterable[tuple[int, int]]) -> None:
    """These messages (file, position) are outdone by another of the same run."""
    for file, position in places:
        connection.execute(
            update(staged_record)
            .where(staged_record.c.run == run, staged_record.c.file == file, staged_record.c.position == position)
            .values(superseded=True)
        )


def standing(connection: Connection, source: str, source_ids: Iterable[str]) -> dict[str, Standing]:
    """Source id → the record's promoted state, of those that are known."""
    wanted = _standing(connection.dialect.name)
    return {name: Standing._make(state) for name, *state in _of(connection, wanted, source_ids, source=source)}


@cache
def _standing(dialect: str) -> Select[Any]:
    columns = source_record.c
    return select(columns.source_id, *(columns[name] for name in Standing._fields)).where(
        columns.source == bindparam("source"), among(dialect, columns.source_id)
    )


def winners(connection: Connection, run: int, source_ids: Iterable[str]) -> dict[str, Winner]:
    """Source id → the message of this run that stands for it so far. Ignored messages (late, tests) never do; of
    quarantined ones, only updates that wait."""
    wanted = _winners(connection.dialect.name)
    return {name: Winner._make(state) for name, *state in _of(connection, wanted, source_ids, run=run)}


def _of(connection: Connection, wanted: Select[Any], source_ids: Iterable[str], **about: Any) -> Iterator[Row[Any]]:
    """The rows of these records, a batch at a time."""
    for part in batches(source_ids):
        yield from connection.execute(wanted, {**about, **given(connection, part)}).all()


@cache
def _winners(dialect: str) -> Select[Any]:
    columns = staged_record.c
    return select(columns.source_id, *(columns[name] for name in Winner._fields)).where(
        columns.run == bindparam("run"),
        ~columns.superseded,
        or_(columns.outcome != "quarantined", columns.parsed.is_not(None)),
        or_(columns.outcome != "unchanged", columns.content_hash.is_not(None)),
        among(dialect, columns.source_id),
    )


def parsed_document(connection: Connection, run: int, source: str, source_id: str) -> dict[str, Any] | None:
    """The content a block update falls on: what this run staged last, else what stands."""
    staged = connection.scalar(
        select(staged_record.c.parsed)
        .where(
            staged_record.c.run == run,
            staged_record.c.source_id == source_id,
            ~staged_record.c.superseded,
            staged_record.c.parsed.is_not(None),
        )
        .limit(1)
    )
    data = staged or connection.scalar(
        select(record_document.c.parsed)
        .join(source_record, source_record.c.id == record_document.c.record)
        .where(source_record.c.source == source, source_record.c.source_id == source_id)
    )
    return unpack(data) if data else None


def absent(connection: Connection, run: int, source: str) -> list[str]:
    """Source ids of live records of a source that a run does not hold, sorted."""
    there = select(staged_record.c.run).where(
        staged_record.c.run == run, staged_record.c.source_id == source_record.c.source_id
    )
    wanted = select(source_record.c.source_id).where(
        source_record.c.source == source, source_record.c.status == "live", ~there.exists()
    )
    return sorted(connection.scalars(wanted))


def spare(connection: Connection, run: int, source_ids: Sequence[str]) -> None:
    """Keep absent records: their absence is not certain."""
    rows = [
        StagedRow(0, position, source_id, "spared", False, "live", None, None, "")
        for position, source_id in enumerate(source_ids, 1)
    ]
    stage_batch(connection, run, rows)


def counts(connection: Connection, run: int, source: str) -> RunCounts:
    """What a run holds, by outcome; `received`, `quarantined` and `absent` are the caller's to know."""
    columns = staged_record.c
    rows = connection.execute(
        select(columns.outcome, columns.superseded, func.count())
        .where(columns.run == run)
        .group_by(columns.outcome, columns.superseded)
    )
    found = {(outcome, superseded): number for outcome, superseded, number in rows}
    removed = connection.scalar(
        select(func.count())
        .select_from(staged_record)
        .join(source_record, source_record.c.source_id == columns.source_id)
        .where(
            columns.run == run,
            source_record.c.source == source,
            source_record.c.status == "live",
            ~columns.superseded,
            columns.outcome.in_(("changed", "deleted")),
            columns.status != "live",
        )
    )
    return RunCounts(
        new=found.get(("new", False), 0),
        changed=found.get(("changed", False), 0),
        unchanged=found.get(("unchanged", False), 0),
        deleted=found.get(("deleted", False), 0),
        superseded=sum(
            number for (outcome, superseded), number in found.items() if superseded and outcome != "quarantined"
        ),
        removed=removed or 0,
    )


def newest_sent_at(connection: Connection, run: int) -> str | None:
    """The newest sending time of a run's messages."""
    found: str | None = connection.scalar(select(func.max(staged_record.c.sent_at)).where(staged_record.c.run == run))
    return found


def drop(connection: Connection, run: int) -> None:
    """Forget what a run would do."""
    connection.execute(delete(staged_record).where(staged_record.c.run == run))
