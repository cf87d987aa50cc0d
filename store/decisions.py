"""Decisions: events that are appended and never changed; an undo is an event too."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select
from sqlalchemy.orm import aliased

from catalogue.decision import Decision
from catalogue.errors import NotFound, UsageError
from store.batches import batches
from store.schema import decision

_FIELDS = tuple(column.name for column in decision.columns if column.name != "id")


def append(connection: Connection, made: Decision) -> Decision:
    """Keep a decision; its id is given here, whatever `made.id` says."""
    values = made.model_dump(mode="json", exclude={"id"})
    key = connection.execute(insert(decision).values(values)).inserted_primary_key
    return made.model_copy(update={"id": int(key[0]) if key else 0})


def undo(connection: Connection, number: int, *, author: str, at: str, note: str | None = None) -> Decision:
    """Take a decision back by a new event. Raises NotFound, and UsageError where it is undone already."""
    taken = find(connection, number)
    if taken.answer == "undo":
        raise UsageError(f"decision {number} is itself an undo: decide anew instead")
    if connection.scalar(select(decision.c.id).where(decision.c.undoes == number)):
        raise UsageError(f"decision {number} is undone already")
    event = taken.model_copy(
        update={"answer": "undo", "author": author, "made_at": at, "note": note, "undoes": number, "lifts": ()}
    )
    return append(connection, event)


def find(connection: Connection, number: int) -> Decision:
    """The decision of a number. Raises NotFound."""
    row = connection.execute(select(decision).where(decision.c.id == number)).one_or_none()
    if row is None:
        raise NotFound("decision", str(number))
    return _decision(row)


def every(connection: Connection) -> list[Decision]:
    """All events in the order they were made, undone ones and undos included."""
    return [_decision(row) for row in connection.execute(select(decision).order_by(decision.c.id))]


def standing(connection: Connection, keys: Iterable[str] | None = None) -> list[Decision]:
    """Decisions that were not undone, oldest first; of all records, or of those that name one of these keys."""
    undos = aliased(decision)
    wanted = (
        select(decision)
        .where(decision.c.answer != "undo", ~select(undos.c.id).where(undos.c.undoes == decision.c.id).exists())
        .order_by(decision.c.id)
    )
    if keys is None:
        return [_decision(row) for row in connection.execute(wanted)]
    found: dict[int, Decision] = {}
    for part in batches(keys, 500):
        rows = connection.execute(wanted.where(or_(decision.c.left.in_(part), decision.c.right.in_(part))))
        found |= {row.id: _decision(row) for row in rows}
    return [found[number] for number in sorted(found)]


def field_choices(connection: Connection) -> list[Decision]:
    """The field values that stand: the newest answer per record and field."""
    newest = {(made.left, made.field): made for made in standing(connection) if made.answer == "field"}
    return sorted(newest.values(), key=lambda made: made.id)


def _decision(row: Row[Any]) -> Decision:
    return Decision(id=row.id, **{name: getattr(row, name) for name in _FIELDS})
