"""How a night compares with those before it: each count of a source against its median."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from statistics import median_low

from jobs.running import SourceOutcome
from ops.sources import Limits, SourceSettings
from store import runs
from store.database import Connection, Store
from store.runs import RunCounts

DAYS = 28
WATCHED = ("received", "new", "changed", "unchanged", "quarantined")


@dataclass(frozen=True, slots=True)
class Compared:
    """One source of a night. `usual` is None where no run went live in those days; `off`: the counts to look at."""

    outcome: SourceOutcome
    usual: RunCounts | None
    off: tuple[str, ...]


def medians(
    connection: Connection, source: str, now: str, *, days: int = DAYS, before: int | None = None
) -> RunCounts | None:
    """The median of each count over the runs of a source promoted in the last `days`; None where there is none.

    `before` is a run that is to be compared and does not count itself.
    """
    since = (datetime.fromisoformat(now) - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    counts = runs.promoted_counts(connection, source, since, before)
    if not counts:
        return None
    return RunCounts(**{f.name: median_low([getattr(each, f.name) for each in counts]) for f in fields(RunCounts)})


def compare(
    store: Store, outcomes: Iterable[SourceOutcome], sources: dict[str, SourceSettings], now: str
) -> list[Compared]:
    """Every source of a night against its 28 days, in the order given."""
    with store.read() as connection:
        found = []
        for outcome in outcomes:
            usual = medians(connection, outcome.source, now, before=outcome.run)
            found.append(Compared(outcome, usual, off(outcome.counts, usual, sources[outcome.source].limits)))
        return found


def off(counts: RunCounts, usual: RunCounts | None, limits: Limits) -> tuple[str, ...]:
    """The counts further from the usual than the source's limits let the volume be; a few records are never off."""
    if usual is None:
        return ()
    return tuple(
        name
        for name in WATCHED
        if (far := abs(getattr(counts, name) - getattr(usual, name))) >= max(limits.min_records, 1)
        and far > limits.max_volume_change * getattr(usual, name)
    )
