"""A source's end: the catalogue is then what it would be had the source never been."""

from __future__ import annotations

from store import promotion, runs, sources
from store.database import Store


def retire(store: Store, name: str, now: str) -> int:
    """Make all records of a source tombstones; how many there were. Decisions about them are kept as orphans.

    Raises NotFound for a source that never delivered, RunLocked while it is being harvested.
    """
    with store.run_lock(f"harvest-{name}"), store.write() as connection:
        sources.retire(connection, name, now)
        run = runs.begin(connection, name, [], complete=True, at=now)
        gone = promotion.remove_source(connection, promotion.Promotion(run.id, name, now, True))
        sources.forget_files(connection, name)
        runs.finish(connection, run.id, "promoted", at=now)
        return gone
