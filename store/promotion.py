"""Promotion: one transaction turns the staging of a run into the present state, with history and dirty marks."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, func, insert, literal, or_, select, true, update

from store import staging
from store.batches import batches
from store.features import new_mark
from store.schema import (
    dirty_record,
    quarantine,
    record_document,
    record_features,
    record_revision,
    source_record,
    staged_record,
)
from store.upsert import upsert_from

STATE = ("status", "content_hash", "sent_at", "payload", "position", "run")
WAITING = "record.update_waits"
"""The defect of a block update whose record is not there."""
REVISION = ("record", "revision", "superseded", *STATE, "replaced_at", "parsed", "mapped")


class Promotion(NamedTuple):
    """What is promoted: the run, its source, the time, and whether absence removes."""

    run: int
    source: str
    at: str
    complete: bool


def promote(connection: Connection, what: Promotion) -> None:
    """Make a run live: new and changed records, tombstones, revisions of what they replace, marks for resolve."""
    staged, joined = staged_record.c, _joined(what)
    writes = and_(~staged.superseded, staged.outcome.in_(("new", "changed")))
    deletes = and_(~staged.superseded, staged.outcome == "deleted")
    still_live = and_(deletes, source_record.c.status != "deleted")
    if what.complete:
        _remove_absent(connection, what)
    _mark(connection, what, select(source_record.c.id).select_from(joined).where(_of(what), still_live))
    _keep_history(connection, what, or_(writes, still_live))
    _write_records(connection, what, or_(writes, and_(deletes, ~_is_tombstone(what))))
    _write_waiting(connection, what)
    _write_documents(connection, what, and_(~staged.superseded, staged.parsed.is_not(None)))
    _mark(connection, what, select(source_record.c.id).select_from(joined).where(_of(what), writes))
    _keep_superseded(connection, what)
    _raise_sent_at(connection, what)
    _drop_features(connection, what)
    staging.drop(connection, what.run)


def remove_source(connection: Connection, what: Promotion) -> int:
    """Make every record of a source a tombstone; how many."""
    return _remove(connection, what, true())


def _remove(connection: Connection, what: Promotion, condition: ColumnElement[bool]) -> int:
    """Make records tombstones, with history and marks; how many. Their last content stays readable."""
    numbers = list(
        connection.scalars(
            select(source_record.c.id).where(
                source_record.c.source == what.source, source_record.c.status != "deleted", condition
            )
        )
    )
    for part in batches(numbers):
        chosen = source_record.c.id.in_(part)
        connection.execute(insert(record_revision).from_select(list(REVISION), _present_state(what).where(chosen)))
        connection.execute(
            update(source_record)
            .where(chosen)
            .values(status="deleted", run=what.run, updated_at=what.at, revision=source_record.c.revision + 1)
        )
        _mark(connection, what, select(source_record.c.id).where(chosen))
        connection.execute(delete(record_features).where(record_features.c.record.in_(part)))
    return len(numbers)


def _remove_absent(connection: Connection, what: Promotion) -> None:
    there = select(staged_record.c.run).where(
        staged_record.c.run == what.run, staged_record.c.source_id == source_record.c.source_id
    )
    _remove(connection, what, and_(source_record.c.status == "live", ~there.exists()))


def _joined(what: Promotion) -> Any:
    """Staged messages beside the record they are about."""
    return staged_record.join(
        source_record,
        and_(source_record.c.source == what.source, source_record.c.source_id == staged_record.c.source_id),
    )


def _of(what: Promotion) -> ColumnElement[bool]:
    return staged_record.c.run == what.run


def _is_tombstone(what: Promotion) -> ColumnElement[bool]:
    old = source_record.alias("old")
    return (
        select(old.c.id)
        .where(old.c.source == what.source, old.c.source_id == staged_record.c.source_id, old.c.status == "deleted")
        .exists()
    )


def _present_state(what: Promotion) -> Select[Any]:
    records = source_record.c
    return select(
        records.id,
        records.revision,
        literal(False),
        *(records[name] for name in STATE),
        literal(what.at),
        record_document.c.parsed,
        record_document.c.mapped,
    ).outerjoin_from(source_record, record_document, record_document.c.record == records.id)


def _keep_history(connection: Connection, what: Promotion, condition: ColumnElement[bool]) -> None:
    """The states that are about to be replaced."""
    touched = select(source_record.c.id).select_from(_joined(what)).where(_of(what), condition)
    state = _present_state(what).where(source_record.c.id.in_(touched))
    connection.execute(insert(record_revision).from_select(list(REVISION), state))


def _write_records(connection: Connection, what: Promotion, condition: ColumnElement[bool]) -> None:
    staged = staged_record.c
    columns = ("source", "source_id", *STATE, "revision", "first_seen_at", "updated_at", "fields")
    rows = (
        select(
            literal(what.source),
            staged.source_id,
            *(staged[name] for name in STATE),
            literal(1),
            literal(what.at),
            literal(what.at),
            staged.fields,
        )
        .where(_of(what), condition)
        .order_by(staged.file, staged.position)
    )
    statement = upsert_from(connection, source_record, columns, rows)
    given, old = statement.excluded, source_record.c
    replaced = {name: given[name] for name in ("status", "payload", "position", "run", "updated_at")}
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["source", "source_id"],
            set_={
                **replaced,
                "content_hash": func.coalesce(given.content_hash, old.content_hash),
                "sent_at": func.coalesce(given.sent_at, old.sent_at),
                "revision": old.revision + 1,
                "fields": func.coalesce(given.fields, old.fields),
            },
        )
    )


def _write_waiting(connection: Connection, what: Promotion) -> None:
    """Updates of records that are not there: a tombstone without a time keeps their blocks until a record comes.

    Those whose record came with this run, or before it, are out of quarantine.
    """
    staged = staged_record.c
    waits = and_(_of(what), ~staged.superseded, staged.outcome == "quarantined", staged.parsed.is_not(None))
    known = select(source_record.c.id).where(
        source_record.c.source == what.source, source_record.c.source_id == staged.source_id
    )
    columns = ("source", "source_id", *STATE, "revision", "first_seen_at", "updated_at")
    rows = select(
        literal(what.source),
        staged.source_id,
        *(staged[name] for name in STATE),
        literal(1),
        literal(what.at),
        literal(what.at),
    ).where(waits, ~known.exists())
    connection.execute(insert(source_record).from_select(list(columns), rows))
    came = select(staged.source_id).where(_of(what), ~staged.superseded, staged.outcome.in_(("new", "changed")))
    about = (quarantine.c.source == what.source, quarantine.c.state == "open", quarantine.c.code == WAITING)
    connection.execute(update(quarantine).where(*about, quarantine.c.source_id.in_(came)).values(state="released"))


def _write_documents(connection: Connection, what: Promotion, condition: ColumnElement[bool]) -> None:
    rows = (
        select(source_record.c.id, staged_record.c.parsed, staged_record.c.mapped)
        .select_from(_joined(what))
        .where(_of(what), condition)
    )
    statement = upsert_from(connection, record_document, ("record", "parsed", "mapped"), rows)
    given = statement.excluded
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["record"],
            set_={"parsed": given.parsed, "mapped": func.coalesce(given.mapped, record_document.c.mapped)},
        )
    )


def _keep_superseded(connection: Connection, what: Promotion) -> None:
    """Messages that another of the same feed outdid are kept as revisions that never stood."""
    staged = staged_record.c
    rows = (
        select(
            source_record.c.id,
            source_record.c.revision,
            literal(True),
            *(staged[name] for name in STATE),
            literal(what.at),
            staged.parsed,
            staged.mapped,
        )
        .select_from(_joined(what))
        .where(_of(what), staged.superseded, staged.parsed.is_not(None))
    )
    connection.execute(insert(record_revision).from_select(list(REVISION), rows))


def _raise_sent_at(connection: Connection, what: Promotion) -> None:
    """Unchanged records remember the newest message, so that an older one is known to be late."""
    staged, records = staged_record.c, source_record.c
    newest = select(func.max(staged.sent_at)).where(_of(what), staged.source_id == records.source_id).scalar_subquery()
    behind = (
        select(records.id)
        .select_from(_joined(what))
        .where(_of(what), ~staged.superseded, staged.outcome.in_(("unchanged", "deleted")))
        .where(staged.sent_at > func.coalesce(records.sent_at, ""))
    )
    connection.execute(update(source_record).where(records.id.in_(behind)).values(sent_at=newest))


def _mark(connection: Connection, what: Promotion, numbers: Select[Any]) -> None:
    rows = numbers.add_columns(literal(new_mark(what.at)))
    wanted = upsert_from(connection, dirty_record, ("record", "since"), rows)
    connection.execute(wanted.on_conflict_do_update(index_elements=["record"], set_={"since": wanted.excluded.since}))


def _drop_features(connection: Connection, what: Promotion) -> None:
    touched = select(source_record.c.id).select_from(_joined(what)).where(_of(what), source_record.c.run == what.run)
    connection.execute(delete(record_features).where(record_features.c.record.in_(touched)))
