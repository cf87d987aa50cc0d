"""Counts over the whole store, for measures and overviews. Each is one statement over an index or a narrow table."""

from __future__ import annotations

from dataclasses import fields
from typing import NamedTuple

from sqlalchemy import Connection, Select, String, case, cast, func, select, text

from store.people_schema import queue_row
from store.runs import RunCounts
from store.schema import change_log, decision, defect, harvest_run, outbox, pair, source_record

OUTCOMES = tuple(field.name for field in fields(RunCounts) if field.name not in ("received", "removed", "absent"))


class Waiting(NamedTuple):
    """The outbox: how many works wait, and since when the oldest does (UTC text)."""

    works: int
    since: str | None


def last_success(connection: Connection) -> dict[str, str]:
    """Source → when a run of it was last promoted."""
    newest = func.max(harvest_run.c.finished_at)
    rows = connection.execute(
        select(harvest_run.c.source, newest).where(harvest_run.c.state == "promoted").group_by(harvest_run.c.source)
    )
    return {name: at for name, at in rows if at}


def records_by_outcome(connection: Connection) -> dict[tuple[str, str], int]:
    """(source, outcome) → records of all promoted runs."""
    counts = harvest_run.c.counts
    sums = [func.sum(func.coalesce(counts[name].as_integer(), 0)) for name in OUTCOMES]
    rows = connection.execute(
        select(harvest_run.c.source, *sums).where(harvest_run.c.state == "promoted").group_by(harvest_run.c.source)
    )
    return {(row[0], name): int(number) for row in rows for name, number in zip(OUTCOMES, row[1:], strict=True)}


def live_records(connection: Connection) -> dict[str, int]:
    """Source → records that stand."""
    live = source_record.c.status == "live"
    return _counted(connection, select(source_record.c.source, func.count()).where(live))


def held_runs(connection: Connection) -> dict[str, int]:
    """Source → runs that wait for a person."""
    held = harvest_run.c.state == "held"
    return _counted(connection, select(harvest_run.c.source, func.count()).where(held))


def defects(connection: Connection) -> dict[tuple[str, str], int]:
    """(source, code) → defects found."""
    rows = connection.execute(
        select(defect.c.source, defect.c.code, func.count()).group_by(defect.c.source, defect.c.code)
    )
    return {(name, code): number for name, code, number in rows}


def pairs(connection: Connection, *, accept: float, reject: float) -> dict[str, int]:
    """Outcome (same, ask, different, vetoed) → kept pairs, at edition level by these weights in bits."""
    outcome = case(
        (cast(pair.c.vetoes, String) != "[]", "vetoed"),
        (pair.c.edition_score >= accept, "same"),
        (pair.c.edition_score > reject, "ask"),
        else_="different",
    )
    return _counted(connection, select(outcome, func.count()))


def open_cases(connection: Connection) -> dict[str, int]:
    """Kind → open cases."""
    return _counted(connection, select(queue_row.c.kind, func.count()).where(queue_row.c.state == "open"))


def opened_hours(connection: Connection) -> dict[str, int]:
    """Hour (``2026-01-31T04``) → open cases that were opened in it."""
    hour = func.substr(queue_row.c.opened, 1, 13)
    return _counted(connection, select(hour, func.count()).where(queue_row.c.state == "open"))


def reopened(connection: Connection) -> int:
    """Cases that were answered, and whose evidence changed."""
    return connection.scalar(select(func.count()).select_from(queue_row).where(queue_row.c.reopened)) or 0


def decisions(connection: Connection) -> dict[tuple[str, str, str], int]:
    """(kind, answer, via) → decisions, undone ones and undos included."""
    kind = case((decision.c.field.is_not(None), "field"), (decision.c.right.is_(None), "identifier"), else_="match")
    via = func.coalesce(decision.c.via, "command line")
    rows = connection.execute(select(kind, decision.c.answer, via, func.count()).group_by(text("1, 2, 3")))
    return {(row[0], row[1], row[2]): row[3] for row in rows}


def waiting(connection: Connection) -> Waiting:
    """What readers do not find yet."""
    works, oldest = connection.execute(select(func.count(), func.min(outbox.c.rev))).one()
    since = connection.scalar(select(change_log.c.at).where(change_log.c.rev == oldest)) if works else None
    return Waiting(works, since)


def _counted(connection: Connection, wanted: Select[tuple[str, int]]) -> dict[str, int]:
    """Value of the first column → count. By position: PostgreSQL takes two parameters for two expressions."""
    return {row[0]: row[1] for row in connection.execute(wanted.group_by(text("1")))}
