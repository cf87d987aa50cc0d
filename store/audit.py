"""What people did beside deciding: sign-ins, accounts, held runs. Rows are appended and never changed."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from store.people_schema import audit
from store.upsert import insert


class Entry(NamedTuple):
    """One act: `action` is a short name (``sign_in``, ``account.disable``, ``hold.approve``)."""

    id: int
    at: str
    account: str
    action: str
    subject: str
    detail: dict[str, Any]


def write(connection: Connection, action: str, *, account: str, at: str, subject: str = "", **detail: Any) -> None:
    """Note an act. No passwords, tokens or record texts in `detail`."""
    row = {"at": at, "account": account, "action": action, "subject": subject, "detail": detail}
    insert(connection, audit, [row])


def listed(
    connection: Connection, *, limit: int = 100, before: int | None = None, account: str | None = None
) -> list[Entry]:
    """The newest acts first; `before` is the id of the last one seen."""
    wanted = select(audit).order_by(audit.c.id.desc()).limit(limit)
    if before is not None:
        wanted = wanted.where(audit.c.id < before)
    if account is not None:
        wanted = wanted.where(audit.c.account == account)
    return [Entry(**row._mapping) for row in connection.execute(wanted)]
