"""Held runs: a person lets one go live, or drops it."""

from __future__ import annotations

from catalogue.errors import UsageError
from catalogue.sentence import Sentence
from jobs.harvesting import promote_run
from jobs.intake import read_run, settle
from ops.sources import SourceSettings
from store import defects, runs, staging
from store.database import Store
from store.runs import Run

STATES = {
    "running": Sentence("running"),
    "held": Sentence("held"),
    "promoted": Sentence("promoted"),
    "rejected": Sentence("rejected"),
    "failed": Sentence("failed"),
}


def held_runs(store: Store) -> list[Run]:
    """Runs that wait for an answer, newest first."""
    with store.read() as connection:
        return runs.listed(connection, state="held")


def approve(store: Store, source: SourceSettings, number: int, now: str) -> Run:
    """Promote a held run. Where later runs went live meanwhile, its messages are weighed against them anew.

    Raises NotFound, UsageError for a run that is not held, RunLocked while its source is being harvested.
    """
    with store.run_lock(f"harvest-{_held(store, number).source}"):
        run = _held(store, number)  # it may have been answered, or replaced by a harvest, before we had the lock
        with store.write() as connection:
            stale = runs.promoted_since(connection, run.source, run.id)
            if stale:
                staging.drop(connection, run.id)
                defects.forget_run(connection, run.id)
                runs.rewind(connection, run.id)
        if stale:
            read_run(store, source, run)
        promote_run(store, run, settle(store, run), now)
    with store.read() as connection:
        return runs.find(connection, number)


def reject(store: Store, number: int, now: str) -> Run:
    """Drop a held run; what stood stays. Raises as `approve`: never while the same run is being promoted."""
    with store.run_lock(f"harvest-{_held(store, number).source}"):
        run = _held(store, number)
        with store.write() as connection:
            staging.drop(connection, run.id)
            return runs.finish(connection, run.id, "rejected", at=now, reasons=run.reasons)


def _held(store: Store, number: int) -> Run:
    with store.read() as connection:
        run = runs.find(connection, number)
    if run.state != "held":
        raise UsageError(
            Sentence(
                "run {number} is {state}, not held: see lyhde hold list", number=str(number), state=STATES[run.state]
            )
        )
    return run
