"""The queue as people see it: pages in order of priority, facets with counts, groups, and the next case for one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, literal, or_, select, tuple_
from sqlalchemy import true as always

from catalogue.decision import CaseKind, CaseState
from catalogue.errors import UsageError
from catalogue.evidence import ClusterLevel
from catalogue.keys import is_text
from catalogue.terms import Asked, asked_terms
from store import claims, presence, queue_rows
from store.claims import Claim
from store.moments import later
from store.people_schema import claim, deferral, queue_row
from store.people_schema import presence as seen_now
from store.queue_rows import LOOK, QueueRow, row_of

FACETS = ("kind", "reason", "source", "language", "medium", "level", "reopened")
REASONS_SHOWN = 40
TRIES = 8
"""How often somebody else may be faster before `next_for` gives up."""


@dataclass(frozen=True, slots=True)
class QueueQuery:
    """What is asked of the queue; None: whatever it be. `reason` is a whole signature, `mine` what I keep."""

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
class QueueEntry:
    """A row as one person sees it. `present` are the people who have it open now, `deferred`: put off by this one."""

    row: QueueRow
    claim: Claim | None
    present: tuple[str, ...]
    deferred: bool


@dataclass(frozen=True, slots=True)
class QueuePage:
    """`total` cases fit the query. `facets` tell, for each, what its filter would leave under the other ones, most
    first (``reopened`` has the value "yes"; ``mine`` counts what I keep). `next` is what the next page is after.
    """

    rows: tuple[QueueEntry, ...]
    total: int
    facets: Mapping[str, Sequence[tuple[str, int]]]
    next: str | None


@dataclass(frozen=True, slots=True)
class Signature:
    """Open cases that are alike."""

    reason: str
    kind: CaseKind
    cases: int


@dataclass(frozen=True, slots=True)
class _Place:
    """Behind which row a page begins."""

    deferred: bool
    rank: int
    opened: str
    case: str


def page(
    connection: Connection,
    query: QueueQuery,
    person: str,
    *,
    now: str,
    limit: int = 25,
    after: str | None = None,
) -> QueuePage:
    """A page of the queue: highest priority first, then oldest; what the person put off comes last.

    Raises UsageError where `after` is not what a page gave.
    """
    query = _clean(query)
    found = _places(connection, (query, person, now), _read(after), limit + 1)
    rows = _entries(connection, found[:limit], person, now)
    counted = _looks(connection, query, person, now)
    total = sum(number for look, number in counted.items() if _fits(look, query))
    facets = _facets(counted, query) | {"mine": _kept(connection, person, now)}
    return QueuePage(rows, total, facets, _write(found[limit - 1]) if len(found) > limit else None)


def next_for(
    connection: Connection,
    person: str,
    now: str,
    minutes: float,
    *,
    past: str | None = None,
    query: QueueQuery | None = None,
) -> str | None:
    """Give a person the next case and keep it for them for so long; None where there is nothing left to do.

    Nobody gets a case that another keeps or has open; what the person put off comes last. Asked again, the same case
    comes again; with `past` the one behind that case in the order, and from the end on from the beginning. To be
    called in a write transaction.
    """
    asked = replace(_clean(query or QueueQuery()), state="open", mine=False)
    start = _place_of(connection, past, person) if past else None
    for _ in range(TRIES):
        name = _free(connection, (asked, person, now), start, past)
        if name is None and start is not None:
            start = None
            continue
        if name is None or claims.keep(connection, name, person, now, minutes=minutes):
            return name
    return None


def find_row(connection: Connection, case: str) -> QueueRow | None:
    """The queue's row of a case, in whatever state."""
    row = connection.execute(_shown().where(queue_row.c.case == case)).one_or_none()
    return row_of(row) if row else None


def signatures(connection: Connection, query: QueueQuery | None = None) -> list[Signature]:
    """Open cases by reason signature, most first; `query` narrows them (text and mine are not heeded)."""
    sums: Counter[tuple[str, CaseKind]] = Counter()
    asked = query or QueueQuery()
    for look, number in queue_rows.looks(connection, "open").items():
        if _fits(look, asked):
            sums[_part(look, "reason"), _part(look, "kind")] += number
    return [Signature(reason, kind, n) for (reason, kind), n in sorted(sums.items(), key=lambda item: (-item[1], item))]


def count_open(connection: Connection) -> int:
    """Open cases, by the ledger."""
    return sum(queue_rows.looks(connection, "open").values())


# --- rows -------------------------------------------------------------------------------------------------------
def _places(
    connection: Connection, asked: tuple[QueueQuery, str, str], after: _Place | None, limit: int
) -> list[_Place]:
    """The next rows in their order: first what the person did not put off."""
    found: list[_Place] = []
    for deferred in (False, True):
        if len(found) == limit or (after and after.deferred > deferred):
            continue
        begin = after if after and after.deferred == deferred else None
        wanted = _in_order(asked, deferred=deferred, after=begin).limit(limit - len(found))
        found += [_Place(deferred, row.rank, row.opened, row.case) for row in connection.execute(wanted)]
    return found


def _in_order(asked: tuple[QueueQuery, str, str], *, deferred: bool, after: _Place | None) -> Select[Any]:
    query, person, now = asked
    columns = queue_row.c
    put_off = exists().where(deferral.c.case == columns.case, deferral.c.account == person)
    wanted = select(columns.rank, columns.opened, columns.case).where(_wanted(query, person, now))
    wanted = wanted.where(put_off if deferred else ~put_off)
    if after:
        order = tuple_(columns.rank, columns.opened, columns.case)
        wanted = wanted.where(order > tuple_(literal(after.rank), literal(after.opened), literal(after.case)))
    return wanted.order_by(columns.rank, columns.opened, columns.case)


def _free(
    connection: Connection, asked: tuple[QueueQuery, str, str], after: _Place | None, but: str | None
) -> str | None:
    """The first case that nobody else keeps or looks at, locked for this transaction where the database can."""
    _, person, now = asked
    kept = exists().where(claim.c.case == queue_row.c.case, claim.c.account != person, claim.c.until > now)
    fresh = seen_now.c.seen_at > later(now, -presence.FADES_AFTER_S)
    looked_at = exists().where(seen_now.c.case == queue_row.c.case, seen_now.c.account != person, fresh)
    for deferred in (False, True):
        if after and after.deferred > deferred:
            continue
        begin = after if after and after.deferred == deferred else None
        wanted = _in_order(asked, deferred=deferred, after=begin).where(~kept, ~looked_at)
        if but is not None:
            wanted = wanted.where(queue_row.c.case != but)
        found = connection.execute(wanted.limit(1).with_for_update(skip_locked=True, of=queue_row)).one_or_none()
        if found:
            return str(found.case)
    return None


def _place_of(connection: Connection, case: str, person: str) -> _Place | None:
    row = connection.execute(select(queue_row.c.rank, queue_row.c.opened).where(queue_row.c.case == case)).one_or_none()
    put_off = select(deferral.c.case).where(deferral.c.case == case, deferral.c.account == person)
    return _Place(connection.scalar(put_off) is not None, row.rank, row.opened, case) if row else None


def _wanted(query: QueueQuery, person: str, now: str) -> ColumnElement[bool]:
    columns = queue_row.c
    wanted = [columns.state == query.state]
    for name in ("kind", "reason", "language", "medium", "level", "reopened"):
        value = getattr(query, name)
        if value is not None:
            wanted.append(columns[name] == value)
    if query.source is not None:
        wanted.append(columns.sources.contains(f" {query.source} ", autoescape=True))
    return and_(*wanted, _text(query.text), _mine(query, person, now))


def _clean(query: QueueQuery) -> QueueQuery:
    """Without what PostgreSQL cannot be asked: a value with a NUL byte in it is nowhere, as is one of half letters."""
    values: dict[str, Any] = {
        name: value if is_text(value) and "\0" not in value else "\ufffd"
        for name in ("reason", "source", "language", "medium")
        if isinstance(value := getattr(query, name), str)
    }
    return replace(query, **values)


def _text(text: str) -> ColumnElement[bool]:
    """Every word begins one of the row's; the words as typed count too, for ids with dots and hyphens in them."""
    return and_(always(), *(_met(asked) for asked in asked_terms(text)))


def _met(asked: Asked) -> ColumnElement[bool]:
    words = and_(*(queue_row.c.words.contains(f" {word}", autoescape=True) for word in asked.words))
    if asked.whole is None:
        return words
    return or_(words, queue_row.c.words.contains(f" {asked.whole}", autoescape=True))


def _mine(query: QueueQuery, person: str, now: str) -> ColumnElement[bool]:
    held = select(claim.c.case).where(claim.c.account == person, claim.c.until > now)
    return queue_row.c.case.in_(held) if query.mine else always()


def _shown() -> Select[Any]:
    return select(*(column for column in queue_row.columns if column.name != "words"))


def _entries(connection: Connection, places: Sequence[_Place], person: str, now: str) -> tuple[QueueEntry, ...]:
    names = [place.case for place in places]
    rows = {row.case: row_of(row) for row in connection.execute(_shown().where(queue_row.c.case.in_(names)))}
    held, present = claims.held(connection, names, now), presence.at(connection, names, now)
    return tuple(
        QueueEntry(rows[place.case], held.get(place.case), tuple(present.get(place.case, ())), place.deferred)
        for place in places
        if place.case in rows
    )


# --- counts -----------------------------------------------------------------------------------------------------
def _looks(connection: Connection, query: QueueQuery, person: str, now: str) -> dict[queue_rows.Look, int]:
    """Rows by look under what looks do not tell: text and mine. Without these the ledger knows."""
    if not query.mine and not asked_terms(query.text):
        return queue_rows.looks(connection, query.state)
    columns = [queue_row.c[name] for name in LOOK]
    wanted = select(*columns, func.count()).where(
        queue_row.c.state == query.state, _text(query.text), _mine(query, person, now)
    )
    return {tuple(row)[:-1]: int(row[-1]) for row in connection.execute(wanted.group_by(*columns))}


def _facets(counted: Mapping[queue_rows.Look, int], query: QueueQuery) -> dict[str, list[tuple[str, int]]]:
    found: dict[str, list[tuple[str, int]]] = {}
    for facet in FACETS:
        freed: dict[str, Any] = {facet: None}
        others = replace(query, **freed)
        sums: Counter[str] = Counter()
        for look, number in counted.items():
            if _fits(look, others):
                for value in _values(look, facet):
                    sums[value] += number
        ordered = sorted(sums.items(), key=lambda item: (-item[1], item[0]))
        found[facet] = _shortened(ordered, getattr(query, facet)) if facet == "reason" else ordered
    return found


def _shortened(ordered: list[tuple[str, int]], chosen: str | None) -> list[tuple[str, int]]:
    return [item for place, item in enumerate(ordered) if place < REASONS_SHOWN or item[0] == chosen]


def _values(look: queue_rows.Look, facet: str) -> Sequence[str]:
    if facet == "source":
        return str(_part(look, "sources")).split()
    if facet == "reopened":
        return ("yes",) if _part(look, "reopened") else ()
    return (str(_part(look, facet)),)


def _fits(look: queue_rows.Look, query: QueueQuery) -> bool:
    for name in ("kind", "reason", "language", "medium", "level", "reopened"):
        value = getattr(query, name)
        if value is not None and _part(look, name) != value:
            return False
    return query.source is None or f" {query.source} " in _part(look, "sources")


def _part(look: queue_rows.Look, name: str) -> Any:
    return look[LOOK.index(name)]


def _kept(connection: Connection, person: str, now: str) -> list[tuple[str, int]]:
    number = len(claims.mine(connection, person, now))
    return [("yes", number)] if number else []


# --- where a page begins ----------------------------------------------------------------------------------------
def _write(place: _Place) -> str:
    return f"{int(place.deferred)}~{place.rank}~{place.opened}~{place.case}"


def _read(text: str | None) -> _Place | None:
    if not text:
        return None
    parts = text.split("~")
    if len(parts) != 4 or parts[0] not in ("0", "1") or not parts[1].removeprefix("-").isdecimal():
        raise UsageError(f"no page of the queue begins after {text!r}")
    return _Place(parts[0] == "1", int(parts[1]), parts[2], parts[3])
