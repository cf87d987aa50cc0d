"""Who keeps a case: given out by the queue for some minutes, or kept by wish for a day. And who put one off."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, or_, select

from store.batches import batches
from store.moments import later
from store.people_schema import claim, deferral
from store.upsert import upsert, upsert_where

KEEP_HOURS = 24


_FORGET = tuple(
    delete(table).where(table.c.case.in_(bindparam("cases", expanding=True))) for table in (claim, deferral)
)


class Claim(NamedTuple):
    """A case that somebody keeps."""

    case: str
    account: str
    until: str


def keep(connection: Connection, case: str, person: str, now: str, *, minutes: float = KEEP_HOURS * 60) -> bool:
    """Keep a case for a person, unless another keeps it. A longer claim of one's own is not shortened."""
    return upsert_where(
        connection,
        claim,
        {"case": case, "account": person, "until": later(now, minutes * 60)},
        or_(claim.c.account == person, claim.c.until <= now),
        largest=("until",),
    )


def take_over(connection: Connection, case: str, person: str, now: str, *, hours: float = KEEP_HOURS) -> str | None:
    """Keep a case whoever had it; the name of who did, if that was another."""
    before = held(connection, [case], now).get(case)
    upsert(connection, claim, [{"case": case, "account": person, "until": later(now, hours * 3600)}])
    return before.account if before and before.account != person else None


def release(connection: Connection, case: str, person: str) -> bool:
    """Let go of a case; whether it was the person's."""
    wanted = delete(claim).where(claim.c.case == case, claim.c.account == person)
    return bool(connection.execute(wanted).rowcount)


def held(connection: Connection, cases: Collection[str], now: str) -> dict[str, Claim]:
    """Case → its claim, of those that hold."""
    return {
        row.case: Claim(*row)
        for part in batches(cases)
        for row in connection.execute(select(claim).where(claim.c.case.in_(part), claim.c.until > now))
    }


def mine(connection: Connection, person: str, now: str) -> list[Claim]:
    """What a person keeps, the claim that ends first at the front."""
    wanted = select(claim).where(claim.c.account == person, claim.c.until > now)
    return [Claim(*row) for row in connection.execute(wanted.order_by(claim.c.until, claim.c.case))]


def purge(connection: Connection, now: str) -> None:
    """Forget claims that are over."""
    connection.execute(delete(claim).where(claim.c.until <= now))


def defer(connection: Connection, case: str, person: str, at: str) -> None:
    """Not sure: the case goes to the end of the person's queue, and is nobody's."""
    upsert(connection, deferral, [{"case": case, "account": person, "at": at}])
    release(connection, case, person)


def undefer(connection: Connection, case: str, person: str) -> None:
    """Take a deferral back."""
    connection.execute(delete(deferral).where(deferral.c.case == case, deferral.c.account == person))


def deferred_by(connection: Connection, case: str) -> list[tuple[str, str]]:
    """Who put a case off, and when; the earliest first."""
    wanted = select(deferral.c.account, deferral.c.at).where(deferral.c.case == case)
    return [(name, at) for name, at in connection.execute(wanted.order_by(deferral.c.at, deferral.c.account))]


def forget(connection: Connection, cases: Collection[str]) -> None:
    """A case is settled: nobody keeps it or puts it off any longer."""
    for part in batches(cases):
        for statement in _FORGET:
            connection.execute(statement, {"cases": part})
