"""Decisions as they are read afterwards: newest first, in pages, by person, by record; and what undid them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select
from sqlalchemy.orm import aliased

from catalogue.decision import Decision
from store.batches import batches
from store.schema import decision, decision_member

_FIELDS = tuple(column.name for column in decision.columns)


def page(
    connection: Connection, *, person: str | None = None, answer: str | None = None, before: int | None, limit: int
) -> list[Decision]:
    """Events older than `before` (None: from the newest), newest first; of a person, of one answer (``undo`` too)."""
    wanted = select(decision).where(*_conditions(person, answer)).order_by(decision.c.id.desc()).limit(limit)
    if before is not None:
        wanted = wanted.where(decision.c.id < before)
    return _read(connection, wanted)


def newer(
    connection: Connection, *, person: str | None = None, answer: str | None = None, after: int, limit: int
) -> list[Decision]:
    """The events next newer than `after`, newest first: the page before a page."""
    wanted = select(decision).where(decision.c.id > after, *_conditions(person, answer))
    return _read(connection, wanted.order_by(decision.c.id).limit(limit))[::-1]


def count(connection: Connection, *, person: str | None = None, answer: str | None = None) -> int:
    """How many events there are, of a person, of one answer."""
    wanted = select(func.count()).select_from(decision).where(*_conditions(person, answer))
    return connection.scalar(wanted) or 0


def authors(connection: Connection) -> list[str]:
    """Everybody who ever decided anything, by name."""
    return list(connection.scalars(select(decision.c.author).distinct().order_by(decision.c.author)))


def about(connection: Connection, keys: Iterable[str]) -> list[Decision]:
    """Every event about one of these records, undone ones and undos included, newest first."""
    found: dict[int, Decision] = {}
    for part in batches(sorted(keys), 500):
        named = select(decision_member.c.decision).where(decision_member.c.record_key.in_(part))
        found |= {made.id: made for made in _read(connection, select(decision).where(decision.c.id.in_(named)))}
    return [found[number] for number in sorted(found, reverse=True)]


def undos_of(connection: Connection, numbers: Iterable[int]) -> dict[int, Decision]:
    """Decision → the event that took it back, of those that were."""
    found = {}
    for part in batches(numbers):
        for made in _read(connection, select(decision).where(decision.c.undoes.in_(part))):
            if made.undoes is not None:
                found[made.undoes] = made
    return found


def last_answer(connection: Connection, person: str) -> Decision | None:
    """The newest answer of a person that still stands: what undoing "my last answer" takes back."""
    undos = aliased(decision)
    wanted = (
        select(decision)
        .where(decision.c.author == person, decision.c.answer.not_in(("undo", "unsure")))
        .where(~select(undos.c.id).where(undos.c.undoes == decision.c.id).exists())
        .order_by(decision.c.id.desc())
        .limit(1)
    )
    return next(iter(_read(connection, wanted)), None)


def _conditions(person: str | None, answer: str | None) -> list[ColumnElement[bool]]:
    found = []
    if person:
        found.append(decision.c.author == person)
    if answer:
        found.append(decision.c.answer == answer)
    return found


def _read(connection: Connection, wanted: Select[Any]) -> list[Decision]:
    return [_decision(row) for row in connection.execute(wanted)]


def _decision(row: Row[Any]) -> Decision:
    return Decision(**{name: getattr(row, name) for name in _FIELDS})
