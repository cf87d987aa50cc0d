"""A question to the queue, and what it comes to in SQL."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, literal, select, tuple_

from catalogue.decision import CaseKind, CaseState
from catalogue.evidence import ClusterLevel
from catalogue.keys import is_text
from catalogue.terms import asked_terms
from store import claims
from store.people_schema import deferral, queue_row
from store.queue_rows import CASES

FEW = 3_000
"""Cases that are looked up one by one; where more fit, rows are tried in their order."""
PUT_OFF_SHOWN = 2_000
FILTERS = ("kind", "reason", "language", "medium", "level", "reopened")
NOWHERE = "\ufffd"


@dataclass(frozen=True, slots=True)
class QueueQuery:
    """What is asked of the queue; None: whatever it be. `reason` is a whole signature, `mine` what I keep.

    All words of `text` must be met, by title, name, ISBN or source id; the last, of three letters or more, may be
    the beginning of one.
    """

    kind: CaseKind | None = None
    reason: str | None = None
    source: str | None = None
    language: str | None = None
    medium: str | None = None
    level: ClusterLevel | None = None
    text: str = ""
    mine: bool = False
    reopened: bool | None = None
    state: CaseState = "open"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the order a row stands: what the person put off behind all others."""

    deferred: bool
    rank: int
    opened: str
    case: str


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A query of a person, text and claims looked up. `names`: the only cases that can fit, where these are few.

    `put_off` are the cases the person is not sure about.
    """

    query: QueueQuery
    names: frozenset[str] | None
    many: ColumnElement[bool] | None
    put_off: tuple[str, ...]

    @property
    def by_look(self) -> bool:
        """Whether the look of a row alone tells if it fits."""
        return self.names is None and self.many is None

    @property
    def is_empty(self) -> bool:
        """Whether nothing can fit."""
        return self.names is not None and not self.names

    def beyond_looks(self) -> ColumnElement[bool]:
        """State, text and claims as a condition."""
        wanted = [queue_row.c.state == self.query.state]
        if self.names is not None:
            wanted.append(queue_row.c.case.in_(sorted(self.names)))
        if self.many is not None:
            wanted.append(self.many)
        return and_(*wanted)

    def in_order(self, *, deferred: bool, after: Place | None = None) -> Select[Any]:
        """Rank, opened and case of the rows that fit, put off by the person or not, behind a place."""
        columns = queue_row.c
        wanted = select(columns.rank, columns.opened, columns.case).where(self.beyond_looks(), *self._by_looks())
        if deferred:
            wanted = wanted.where(columns.case.in_(self.put_off[:PUT_OFF_SHOWN]))
        elif self.put_off:
            wanted = wanted.where(columns.case.not_in(self.put_off[:PUT_OFF_SHOWN]))
        if after and after.deferred == deferred:
            order = tuple_(columns.rank, columns.opened, columns.case)
            wanted = wanted.where(order > tuple_(literal(after.rank), literal(after.opened), literal(after.case)))
        return wanted.order_by(columns.rank, columns.opened, columns.case)

    def _by_looks(self) -> list[ColumnElement[bool]]:
        columns, query = queue_row.c, self.query
        given = {name: getattr(query, name) for name in FILTERS}
        wanted = [columns[name] == value for name, value in given.items() if value is not None]
        if query.source is not None:
            wanted.append(columns.sources.contains(f" {query.source} ", autoescape=True))
        return wanted


def narrow(connection: Connection, query: QueueQuery, person: str, now: str) -> Narrowed:
    """Look up what a query needs besides the rows themselves."""
    query = _clean(query)
    put_off = select(deferral.c.case).where(deferral.c.account == person).order_by(deferral.c.at.desc())
    names: frozenset[str] | None = None
    many = None
    if asked_terms(query.text):
        found = CASES.find(connection, query.text, FEW + 1)
        if len(found) > FEW:
            many = CASES.met(connection, query.text, queue_row.c.case)
        else:
            names = frozenset(found)
    if query.mine:
        held = frozenset(claim.case for claim in claims.mine(connection, person, now))
        names = held if names is None else names & held
    return Narrowed(query, names, many, tuple(connection.scalars(put_off)))


def _clean(query: QueueQuery) -> QueueQuery:
    """Without what PostgreSQL cannot be asked: a value with a NUL byte in it is nowhere, as is one of half letters."""
    values: dict[str, Any] = {
        name: value if is_text(value) and "\0" not in value else NOWHERE
        for name in ("reason", "source", "language", "medium")
        if isinstance(value := getattr(query, name), str)
    }
    return replace(query, **values)
