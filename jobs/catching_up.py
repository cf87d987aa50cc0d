"""What an older store lacks (queue, word search, pair counts), and what a night leaves to be tidied."""

from __future__ import annotations

from dataclasses import dataclass

from jobs.paircounts import ensure_pair_counts
from jobs.queueing import ensure_queue, refresh_dates
from jobs.terms import ensure_terms
from ops.settings import PrioritySettings
from store import claims, queue_rows, sessions
from store.database import Store


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """Rows of the queue and works whose terms were made anew, and rows whose priority hangs on the day."""

    rows: int
    works: int
    repriced: int


def catch_up(store: Store, at: str, weights: PrioritySettings | None = None) -> CaughtUp:
    """Make what is missing and bring priorities to the day. Four small looks where nothing is to be done.

    Called by `db upgrade`, at the start of the desk (both with the settings' weights) and of a resolve.
    """
    ensure_pair_counts(store, at)
    rows, works = ensure_queue(store, at, weights), ensure_terms(store, at)
    return CaughtUp(rows, works, refresh_dates(store, at))


def tidy(store: Store, at: str) -> None:
    """Fold the ledger of the queue, forget claims and sign-ins that are over. Called at the end of a resolve."""
    with store.write(in_turn=True) as connection:
        queue_rows.settle(connection)
        claims.purge(connection, at)
        sessions.purge(connection, at)
