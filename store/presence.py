"""Who has a case open just now. It locks nobody out: it is there to be seen."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, delete, select

from store.batches import batches
from store.moments import later
from store.people_schema import presence
from store.upsert import upsert

BEAT_S = 30
FADES_AFTER_S = 90


def beat(connection: Connection, case: str, person: str, now: str) -> None:
    """A person has a case open; said again every `BEAT_S` seconds. Faded ones are forgotten on the way."""
    connection.execute(delete(presence).where(presence.c.seen_at <= later(now, -FADES_AFTER_S)))
    upsert(connection, presence, [{"case": case, "account": person, "seen_at": now}])


def leave(connection: Connection, case: str, person: str) -> None:
    """A person has closed a case."""
    connection.execute(delete(presence).where(presence.c.case == case, presence.c.account == person))


def others(connection: Connection, case: str, person: str, now: str) -> list[str]:
    """The other people who have a case open, by name."""
    return [name for name in at(connection, [case], now).get(case, []) if name != person]


def at(connection: Connection, cases: Collection[str], now: str) -> dict[str, list[str]]:
    """Case → who has it open, by name."""
    found: dict[str, list[str]] = {}
    for part in batches(cases):
        wanted = select(presence.c.case, presence.c.account).where(
            presence.c.case.in_(part), presence.c.seen_at > later(now, -FADES_AFTER_S)
        )
        for case, name in connection.execute(wanted.order_by(presence.c.account)):
            found.setdefault(case, []).append(name)
    return found
