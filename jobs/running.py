"""The whole job, without an orchestration server: harvest every source, resolve, publish."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from catalogue.errors import FeedHeld, LyhdeError, RunLocked, ServiceUnreachable
from jobs.connections import opened_index
from jobs.harvesting import RunReport, harvest
from jobs.offering import heed_offer
from jobs.publishing import PublishReport, update
from jobs.resolving import ResolveReport, resolve
from ops.logs import get_logger
from ops.settings import Settings
from ops.sources import SourceSettings
from store import defects, runs
from store.database import Store
from store.runs import RunCounts

SOME_SOURCES_FAILED = 6
log = get_logger("run")


@dataclass(slots=True)
class SourceOutcome:
    """What became of one source. `state`: promoted, held, failed. `message` says why and what to do."""

    source: str
    state: str
    run: int | None = None
    counts: RunCounts = field(default_factory=RunCounts)
    quarantined_by: dict[str, int] = field(default_factory=dict)
    message: str = ""
    unchanged_feed: bool = False
    exit_code: int = 0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class RunOutcome:
    """The whole job: every source, then what stands. `unpublished` is why the index could not be written."""

    sources: list[SourceOutcome]
    resolved: ResolveReport
    published: PublishReport
    unpublished: ServiceUnreachable | None = None

    @property
    def exit_code(self) -> int:
        """4 where the search server could not be reached, 6 where some source failed or is held, else 0."""
        return self.unpublished.exit_code if self.unpublished else exit_code(self.sources)

    def as_json(self) -> dict[str, Any]:
        return {
            "sources": [source.as_json() for source in self.sources],
            "resolved": self.resolved.as_json(),
            "published": self.published.as_json(),
            "unpublished": str(self.unpublished) if self.unpublished else None,
        }


def exit_code(outcomes: Iterable[SourceOutcome]) -> int:
    """0, the one fault's own code where there was one source, else 6 where some failed."""
    found = list(outcomes)
    codes = {outcome.exit_code for outcome in found} - {0}
    return 0 if not codes else codes.pop() if len(found) == 1 else SOME_SOURCES_FAILED


def run_all(
    store: Store, settings: Settings, sources: list[SourceSettings], *, now: str, tell: Callable[[str], None]
) -> RunOutcome:
    """Harvest → resolve → publish. A source that fails or is held does not stop the others.

    Where the search server cannot be reached everything else is done, and what is to be published waits in the outbox.
    """
    outcomes = []
    for source in sources:
        tell(f"harvest {source.id}")
        outcomes.append(harvest_one(store, source, now, processes=settings.harvest.readers))
    tell("resolve")
    resolved = resolve(store, now)
    tell("publish")
    try:
        published = publish(store, settings, now)
    except ServiceUnreachable as error:
        return RunOutcome(outcomes, resolved, PublishReport(), error)
    return RunOutcome(outcomes, resolved, published)


def harvest_one(
    store: Store,
    source: SourceSettings,
    now: str,
    *,
    refetch: bool = False,
    complete: bool | None = None,
    processes: int = 1,
) -> SourceOutcome:
    """Harvest one source; its failure is a value. Raises only what concerns all sources (another run at work)."""
    try:
        return try_harvest(store, source, now, refetch=refetch, complete=complete, processes=processes)
    except RunLocked:
        raise
    except LyhdeError as error:
        return outcome_of(store, source.id, error)


def try_harvest(
    store: Store,
    source: SourceSettings,
    now: str,
    *,
    refetch: bool = False,
    complete: bool | None = None,
    processes: int = 1,
) -> SourceOutcome:
    """Harvest one source. Raises the LyhdeError it failed with, so that a transient one can be tried again."""
    return _promoted(store, harvest(store, source, now, refetch=refetch, complete=complete, processes=processes))


def outcome_of(store: Store, source: str, error: LyhdeError) -> SourceOutcome:
    """The failure of a source as a value; a held run with the counts it would go live with."""
    held = error if isinstance(error, FeedHeld) else None
    state = "held" if held else "failed"
    log.info("source", source=source, state=state, reason=str(error))
    outcome = SourceOutcome(source, state, held.run if held else None, message=error.message, exit_code=error.exit_code)
    if held:
        with store.read() as connection:
            outcome.counts = runs.find(connection, held.run).counts
            outcome.quarantined_by = defects.quarantine_by_code(connection, run=held.run)
    return outcome


def publish(store: Store, settings: Settings, now: str) -> PublishReport:
    """What waits in the outbox goes to the index. Raises ServiceUnreachable; then it waits on."""
    heed_offer(store, settings.publish.media, now)
    with opened_index(settings) as index:
        return update(store, index, settings.publish.media)


def _promoted(store: Store, report: RunReport) -> SourceOutcome:
    with store.read() as connection:
        reasons = {} if report.unchanged_feed else defects.quarantine_by_code(connection, run=report.run)
    return SourceOutcome(
        report.source,
        report.state,
        report.run,
        report.counts,
        reasons,
        report.reasons[0] if len(report.reasons) == 1 else "; ".join(report.reasons),
        report.unchanged_feed,
    )
