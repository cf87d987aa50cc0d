"""Decisions: events that are appended and never changed; an undo is an event too."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select
from sqlalchemy.orm import aliased

from catalogue.decision import Decision
from catalogue.errors import NotFound, UsageError
from catalogue.sentence import Sentence
from store.batches import batches
from store.schema import decision, decision_member
from store.upsert import insert as insert_rows

_FIELDS = tuple(column.name for column in decision.columns if column.name != "id")


_UNDOS = aliased(decision)
_STANDING = (
    select(decision)
    .where(decision.c.answer != "undo", ~select(_UNDOS.c.id).where(_UNDOS.c.undoes == decision.c.id).exists())
    .order_by(decision.c.id)
)
_STANDING_ABOUT = _STANDING.where(
    decision.c.id.in_(
        select(decision_member.c.decision).where(decision_member.c.record_key.in_(bindparam("keys", expanding=True)))
    )
)


def append(connection: Connection, made: Decision) -> Decision:
    """Keep a decision; its id is given here, whatever `made.id` says."""
    values = made.model_dump(mode="json", exclude={"id"})
    key = connection.execute(insert(decision).values(values)).inserted_primary_key
    kept = made.model_copy(update={"id": int(key[0]) if key else 0})
    insert_rows(connection, decision_member, [{"record_key": key, "decision": kept.id} for key in kept.records])
    return kept


def undo(
    connection: Connection, number: int, *, author: str, at: str, note: str | None = None, **about: Any
) -> Decision:
    """Take a decision back by a new event; `about` are further fields of it.

    Raises NotFound, and UsageError where it is undone already.
    """
    taken = find(connection, number)
    if taken.answer == "undo":
        raise UsageError(Sentence("decision {number} is itself an undo: decide anew instead", number=str(number)))
    if connection.scalar(select(decision.c.id).where(decision.c.undoes == number)):
        raise UsageError(Sentence("decision {number} is undone already", number=str(number)))
    fresh = {"answer": "undo", "author": author, "made_at": at, "note": note, "undoes": number, "lifts": ()}
    event = taken.model_copy(update={**fresh, "seconds": None, "weight": None, "seen": {}, **about})
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
    """Decisions that were not undone, oldest first; of all records, or those about one of these keys."""
    if keys is None:
        return [_decision(row) for row in connection.execute(_STANDING)]
    found: dict[int, Decision] = {}
    for part in batches(sorted(keys), 500):
        found |= {row.id: _decision(row) for row in connection.execute(_STANDING_ABOUT, {"keys": part})}
    return [found[number] for number in sorted(found)]


def standing_with(connection: Connection, answers: Collection[str]) -> list[Decision]:
    """Decisions of these answers that were not undone, oldest first."""
    return [_decision(row) for row in connection.execute(_STANDING.where(decision.c.answer.in_(sorted(answers))))]


def of_case(connection: Connection, case: str) -> list[Decision]:
    """Every event about a case, in the order they were made."""
    rows = connection.execute(select(decision).where(decision.c.case == case).order_by(decision.c.id))
    return [_decision(row) for row in rows]


def undo_of(connection: Connection, number: int) -> int | None:
    """The event that took a decision back."""
    return connection.scalar(select(decision.c.id).where(decision.c.undoes == number))


def newest(connection: Connection) -> int:
    """The number of the newest event; 0 before the first."""
    return connection.scalar(select(func.max(decision.c.id))) or 0


def since(connection: Connection, number: int) -> list[Decision]:
    """The events behind a number, in the order they were made."""
    rows = connection.execute(select(decision).where(decision.c.id > number).order_by(decision.c.id))
    return [_decision(row) for row in rows]


def field_choices(connection: Connection) -> list[Decision]:
    """The field values that stand: the newest answer per record and field."""
    newest = {(made.left, made.field): made for made in standing(connection) if made.answer == "field"}
    return sorted(newest.values(), key=lambda made: made.id)


def _decision(row: Row[Any]) -> Decision:
    return Decision(id=row.id, **{name: getattr(row, name) for name in _FIELDS})
