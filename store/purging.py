"""What is kept for a time only: the audit, sign-ins, failed sign-ins; and replaced states, where somebody says so.

Decisions are never deleted.
"""

from __future__ import annotations

from sqlalchemy import Connection, Table, delete, func, select
from sqlalchemy.sql.elements import ColumnElement

from store.people_schema import audit, desk_session, sign_in_failure
from store.schema import merged_revision, record_revision

PEOPLE = {"audit": audit.c.at, "sessions": desk_session.c.expires_at, "sign_in_failures": sign_in_failure.c.last_at}
REVISIONS = {"record_revisions": record_revision.c.replaced_at, "merged_revisions": merged_revision.c.replaced_at}


def purge(connection: Connection, before: str, *, revisions: bool = False, only_count: bool = False) -> dict[str, int]:
    """Forget what was done, ended or replaced before a time (UTC text); rows by kind.

    `revisions` takes the replaced states of source records and merged records too; what stands now always stays.
    """
    kinds: dict[str, ColumnElement[str]] = {**PEOPLE, **(REVISIONS if revisions else {})}
    counted = {}
    for kind, at in kinds.items():
        table: Table = at.table
        if only_count:
            counted[kind] = connection.scalar(select(func.count()).select_from(table).where(at < before)) or 0
        else:
            counted[kind] = connection.execute(delete(table).where(at < before)).rowcount
    return counted
