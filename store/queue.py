"""The queue as people see it: pages in order of priority, facets with counts, groups, and the next case for one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, exists, select

from catalogue.decision import CaseKind
from catalogue.errors import UsageError
from catalogue.sentence import Sentence
from store import claims, presence, queue_facets, queue_rows
from store.claims import Claim
from store.moments import later
from store.people_schema import claim, queue_row
from store.people_schema import presence as seen_now
from store.queue_query import Narrowed, Place, narrow
from store.queue_query import QueueQuery as QueueQuery  # noqa: PLC0414 - asked for along with the page
from store.queue_rows import LOOK, QueueRow, row_of

TRIES = 8
"""How often somebody else may be faster before `next_for` gives up."""


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
    asked = narrow(connection, query, person, now)
    found = _places(connection, asked, _read(after), limit + 1)
    rows = _entries(connection, found[:limit], person, now)
    total, facets = queue_facets.count(queue_facets.looks_of(connection, asked), asked.query)
    kept = len(claims.mine(connection, person, now))
    facets["mine"] = [("yes", kept)] if kept else []
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
    asked = narrow(connection, replace(query or QueueQuery(), state="open", mine=False), person, now)
    start = _place_of(connection, past, asked) if past else None
    for _ in range(TRIES):
        name = _free(connection, asked, (person, now), (start, past))
        if name is None and start is not None:
            start = None
            continue
        if name is None or claims.keep(connection, name, person, now, minutes=minutes):
            return name
    return None


def find_row(connection: Connection, case: str) -> QueueRow | None:
    """The queue's row of a case, in whatever state."""
    row = connection.execute(select(queue_row).where(queue_row.c.case == case)).one_or_none()
    return row_of(row) if row else None


def signatures(connection: Connection, query: QueueQuery | None = None) -> list[Signature]:
    """Open cases by reason signature, most first; `query` narrows them (text and mine are not heeded)."""
    sums: Counter[tuple[str, CaseKind]] = Counter()
    reason, kind = LOOK.index("reason"), LOOK.index("kind")
    failed = queue_facets.failing(query or QueueQuery())
    for look, number in queue_rows.looks(connection, "open").items():
        if not failed(look):
            sums[look[reason], look[kind]] += number
    ordered = sorted(sums.items(), key=lambda item: (-item[1], item[0]))
    return [Signature(name, of, number) for (name, of), number in ordered]


def count_open(connection: Connection) -> int:
    """Open cases, by the ledger."""
    return sum(queue_rows.looks(connection, "open").values())


def _places(connection: Connection, asked: Narrowed, after: Place | None, limit: int) -> list[Place]:
    """The next rows in their order: first what the person did not put off."""
    found: list[Place] = []
    if asked.is_empty:
        return found
    for deferred in (False, True) if asked.put_off else (False,):
        if len(found) == limit or (after and after.deferred > deferred):
            continue
        wanted = asked.in_order(deferred=deferred, after=after).limit(limit - len(found))
        found += [Place(deferred, row.rank, row.opened, row.case) for row in connection.execute(wanted)]
    return found


def _free(
    connection: Connection, asked: Narrowed, who: tuple[str, str], behind: tuple[Place | None, str | None]
) -> str | None:
    """The first case that nobody else keeps or looks at, locked for this transaction where the database can."""
    (person, now), (after, but) = who, behind
    kept = exists().where(claim.c.case == queue_row.c.case, claim.c.account != person, claim.c.until > now)
    fresh = seen_now.c.seen_at > later(now, -presence.FADES_AFTER_S)
    looked_at = exists().where(seen_now.c.case == queue_row.c.case, seen_now.c.account != person, fresh)
    for deferred in (False, True) if asked.put_off else (False,):
        if after and after.deferred > deferred:
            continue
        wanted = asked.in_order(deferred=deferred, after=after).where(~kept, ~looked_at)
        if but is not None:
            wanted = wanted.where(queue_row.c.case != but)
        found = connection.execute(wanted.limit(1).with_for_update(skip_locked=True, of=queue_row)).one_or_none()
        if found:
            return str(found.case)
    return None


def _place_of(connection: Connection, case: str, asked: Narrowed) -> Place | None:
    row = connection.execute(select(queue_row.c.rank, queue_row.c.opened).where(queue_row.c.case == case)).one_or_none()
    return Place(case in asked.put_off, row.rank, row.opened, case) if row else None


def _entries(connection: Connection, places: Sequence[Place], person: str, now: str) -> tuple[QueueEntry, ...]:
    names = [place.case for place in places]
    rows = {row.case: row_of(row) for row in connection.execute(select(queue_row).where(queue_row.c.case.in_(names)))}
    held, present = claims.held(connection, names, now), presence.at(connection, names, now)
    return tuple(
        QueueEntry(rows[place.case], held.get(place.case), tuple(present.get(place.case, ())), place.deferred)
        for place in places
        if place.case in rows
    )


def _write(place: Place) -> str:
    return f"{int(place.deferred)}~{place.rank}~{place.opened}~{place.case}"


def _read(text: str | None) -> Place | None:
    """Where a page begins, as `_write` wrote it."""
    if not text:
        return None
    parts = text.split("~")
    if len(parts) != 4 or parts[0] not in ("0", "1") or not parts[1].removeprefix("-").isdecimal() or "\0" in text:
        raise UsageError(Sentence("no page of the queue begins after {given!r}", given=text))
    return Place(parts[0] == "1", int(parts[1][:9]), parts[2], parts[3])
