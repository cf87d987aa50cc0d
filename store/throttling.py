"""Slowing down who guesses passwords, per account and per address.

The first four failures cost nothing. The fifth locks the subject (``account:NAME``, ``address:IP``) for 30 seconds,
and each further one for twice as long, up to an hour. A success forgets the account's failures, never the address's;
a day without failures forgets both. Locked attempts are refused before the password is looked at, and do not count.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, delete, select

from store.moments import later
from store.people_schema import sign_in_failure
from store.upsert import upsert

FREE_FAILURES = 4
FIRST_LOCK_S = 30
LONGEST_LOCK_S = 3600
FORGET_AFTER_S = 24 * 3600


def account_subject(name: str) -> str:
    """What an account's failures are counted under; unknown names are counted like known ones."""
    return f"account:{name.strip().lower()[:200]}"


def address_subject(address: str) -> str:
    """What an address's failures are counted under."""
    return f"address:{address}"


def locked_until(connection: Connection, subjects: Collection[str], now: str) -> str | None:
    """When these subjects may try again, at the latest of them; None where they may now."""
    rows = connection.scalars(
        select(sign_in_failure.c.locked_until).where(
            sign_in_failure.c.subject.in_(subjects), sign_in_failure.c.locked_until > now
        )
    )
    return max((row for row in rows if row), default=None)


def failed(connection: Connection, subjects: Collection[str], now: str) -> str | None:
    """Count a failure of each subject; until when they are locked now."""
    connection.execute(delete(sign_in_failure).where(sign_in_failure.c.last_at <= later(now, -FORGET_AFTER_S)))
    known = select(sign_in_failure).where(sign_in_failure.c.subject.in_(subjects)).order_by(sign_in_failure.c.subject)
    before = {row.subject: row.failures for row in connection.execute(known.with_for_update())}
    rows = []
    for subject in sorted(set(subjects)):
        failures = before.get(subject, 0) + 1
        wait = lock_seconds(failures)
        locked = later(now, wait) if wait else None
        rows.append({"subject": subject, "failures": failures, "last_at": now, "locked_until": locked})
    upsert(connection, sign_in_failure, rows)
    return locked_until(connection, subjects, now)


def succeeded(connection: Connection, name: str) -> None:
    """Forget an account's failures."""
    connection.execute(delete(sign_in_failure).where(sign_in_failure.c.subject == account_subject(name)))


def lock_seconds(failures: int) -> int:
    """How long so many failures lock a subject."""
    over = failures - FREE_FAILURES
    return 0 if over <= 0 else min(LONGEST_LOCK_S, FIRST_LOCK_S * 2 ** min(over - 1, 20))
