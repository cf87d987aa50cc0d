"""What the API works with for as long as it runs: store, search index, measures, and how much may go on at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Annotated, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Request

from api.problems import Problem
from catalogue.errors import ConfigurationError, ServiceUnreachable
from jobs.searching import SearchDoor
from ops.formats import HELSINKI
from ops.logs import get_logger
from ops.metrics import Metrics
from ops.settings import Settings
from store.database import Store

READS_AT_ONCE = 8  # of the store
SEARCHES_AT_ONCE = 16
WAITING = 64  # for a place; who comes then is told to come again
RETRY_S = 5
Found = TypeVar("Found")
log = get_logger("api")


@dataclass
class Service:
    """Made when the app starts. `as_of` is taken for the present time, in tests.

    Reading and searching have each their own places, so that a slow search server does not keep works from being read.
    """

    settings: Settings
    store: Store
    search: SearchDoor
    metrics: Metrics
    as_of: datetime | None = None
    _reads: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(READS_AT_ONCE))
    _searches: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(SEARCHES_AT_ONCE))

    def today(self) -> date:
        """The day in Helsinki, by which things are available or not."""
        return (self.as_of or datetime.now(UTC)).astimezone(HELSINKI).date()

    async def reading(self, read: Callable[[], Found]) -> Found:
        """Read the store in a thread. Without the database: the problem `catalogue-unavailable`."""
        try:
            return await _in_thread(read, self._reads)
        except ServiceUnreachable as failure:
            raise unavailable("catalogue-unavailable", failure) from failure

    async def searching(self, ask: Callable[[], Found]) -> Found:
        """Ask the search index in a thread. Without the search server: the problem `search-unavailable`."""
        try:
            return await _in_thread(ask, self._searches)
        except (ServiceUnreachable, ConfigurationError) as failure:
            raise unavailable("search-unavailable", failure) from failure


def unavailable(name: str, failure: Exception) -> Problem:
    """A problem with Retry-After. The reason, which names our machines, goes to the log alone."""
    log.warning(name, reason=str(failure))
    return Problem(name, headers={"Retry-After": str(RETRY_S)})


async def _in_thread(work: Callable[[], Found], places: CapacityLimiter) -> Found:
    if places.statistics().tasks_waiting >= WAITING:
        raise Problem("busy", headers={"Retry-After": str(RETRY_S)})
    return await to_thread.run_sync(work, limiter=places)


def service_of(request: Request) -> Service:
    """The service of the app that a request came to."""
    found: Service = request.app.state.service
    return found


Ours = Annotated[Service, Depends(service_of)]
