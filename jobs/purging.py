"""Forgetting by a retention time, on somebody's explicit word, and noting in the audit that it was done."""

from __future__ import annotations

from datetime import datetime

from catalogue.errors import UsageError
from catalogue.sentence import Sentence
from store import audit, purging
from store.database import Store


def purge(
    store: Store, before: str, now: str, *, revisions: bool = False, only_count: bool = False, account: str
) -> dict[str, int]:
    """Forget what is older than a day (``YYYY-MM-DD``, from its midnight UTC): rows by kind, `store.purging`.

    Decisions are never touched. Raises UsageError for what is no day, or one that is not over yet.
    """
    try:
        day = datetime.strptime(before, "%Y-%m-%d").strftime("%Y-%m-%dT00:00:00Z")
    except ValueError as error:
        raise UsageError(Sentence("{day} is no day: write it as 2026-01-31", day=before)) from error
    if day > now:
        raise UsageError(Sentence("{day} is still to come: nothing that is in use is forgotten", day=before))
    with store.write(in_turn=True) as connection:
        counted = purging.purge(connection, day, revisions=revisions, only_count=only_count)
        if not only_count:
            audit.write(connection, "purge", account=account, at=now, subject=before, **counted)
    return counted
