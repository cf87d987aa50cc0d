"""Sign-ins. The opaque id stays with the browser; here is only its hash."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from hashlib import blake2b

from sqlalchemy import Connection, delete, or_, select, update

from store.moments import later, seconds_between
from store.people_schema import account, desk_session
from store.upsert import insert

TOUCH_AFTER_S = 60
"""How long a request may go unnoted: a page in every second must not be a write in every second."""


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in that holds. `ends_at` is when it ends if nothing more is done, `expires_at` when it ends anyhow."""

    account: str
    created_at: str
    seen_at: str
    expires_at: str
    ends_at: str

    def wants_touch(self, now: str) -> bool:
        """Whether `touch` has something to note."""
        return seconds_between(self.seen_at, now) >= TOUCH_AFTER_S


def open(connection: Connection, token: str, name: str, *, now: str, hours: float) -> None:  # noqa: A001 - sessions.open
    """Begin a session of an account. `token` is `secrets.token_urlsafe(32)`; ended sessions are purged on the way."""
    purge(connection, now)
    row = {
        "token_hash": _hash(token),
        "account": name,
        "created_at": now,
        "seen_at": now,
        "expires_at": later(now, hours * 3600),
    }
    insert(connection, desk_session, [row])


def find(connection: Connection, token: str, *, now: str, idle_minutes: float) -> Session | None:
    """The session of a token; None where it is unknown, ended, idle for too long, or its account disabled."""
    row = connection.execute(
        select(desk_session)
        .join(account, account.c.name == desk_session.c.account)
        .where(desk_session.c.token_hash == _hash(token), account.c.disabled_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    ends_at = min(row.expires_at, later(row.seen_at, idle_minutes * 60))
    return Session(row.account, row.created_at, row.seen_at, row.expires_at, ends_at) if now < ends_at else None


def touch(connection: Connection, token: str, now: str) -> None:
    """Note that a session is in use, so that its idle time begins anew."""
    connection.execute(update(desk_session).where(desk_session.c.token_hash == _hash(token)).values(seen_at=now))


def close(connection: Connection, token: str) -> None:
    """Sign out here."""
    connection.execute(delete(desk_session).where(desk_session.c.token_hash == _hash(token)))


def close_all(connection: Connection, name: str, *, but: str | None = None) -> int:
    """Sign an account out everywhere (but where `but` is the token); how many sessions ended."""
    wanted = delete(desk_session).where(desk_session.c.account == name)
    if but is not None:
        wanted = wanted.where(desk_session.c.token_hash != _hash(but))
    return connection.execute(wanted).rowcount


def purge(connection: Connection, now: str, *, idle_hours: float = 24 * 7) -> None:
    """Forget sessions that are over, and those nobody used for so long whatever the settings say."""
    old = or_(desk_session.c.expires_at <= now, desk_session.c.seen_at <= later(now, -idle_hours * 3600))
    connection.execute(delete(desk_session).where(old))


def count_open(connection: Connection, names: Collection[str], now: str) -> dict[str, int]:
    """Account → sessions that have not expired."""
    found = dict.fromkeys(names, 0)
    wanted = select(desk_session.c.account).where(desk_session.c.expires_at > now)
    for name in connection.scalars(wanted):
        if name in found:
            found[name] += 1
    return found


def _hash(token: str) -> bytes:
    return blake2b(token.encode(errors="replace"), digest_size=32).digest()
