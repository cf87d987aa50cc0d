"""The stages of a night: the jobs that ``lyhde run`` calls too, and what Prefect puts around them.

A stage takes ids and gives counts; records never pass through Prefect.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from prefect import Task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import exponential_backoff

from catalogue.errors import LyhdeError
from flows.environment import settings_of
from flows.slots import slot
from jobs import resolving, running
from jobs.connections import opened_store
from jobs.publishing import PublishReport
from jobs.resolving import ResolveReport
from jobs.running import SourceOutcome
from ops.settings import NightlySettings
from ops.sources import SourceSettings

JITTER = 0.3


def harvest(source: SourceSettings, now: str) -> SourceOutcome:
    """One source. A transient failure is raised, to be tried again; any other failure of the feed is a value."""
    settings = settings_of()
    with opened_store(settings) as store, slot(source):
        try:
            return running.try_harvest(store, source, now, processes=settings.harvest.readers)
        except LyhdeError as error:
            if error.retryable:
                raise
            return running.outcome_of(store, source.id, error)


def resolve(now: str) -> ResolveReport:
    """Match, cluster and merge what changed."""
    with opened_store(settings_of()) as store:
        return resolving.resolve(store, now)


def publish(now: str) -> PublishReport:
    """What waits in the outbox goes to the index."""
    settings = settings_of()
    with opened_store(settings) as store:
        return running.publish(store, settings, now)


def task(stage: Callable[..., Any], about: NightlySettings, run_name: str | None = None) -> Task[Any, Any]:
    """A stage as Prefect's task, with the retries and the time-out of the settings.

    It has no tags: each would be a concurrency limit to be asked for before the work may begin.
    """
    delays: Callable[[int], list[float]] = exponential_backoff(about.retry_delay_s)
    return Task(
        stage,
        name=stage.__name__,
        task_run_name=run_name,
        cache_policy=NO_CACHE,
        persist_result=False,
        retries=about.retries,
        retry_delay_seconds=delays if about.retries else 0,
        retry_condition_fn=is_transient,
        retry_jitter_factor=JITTER,
        timeout_seconds=about.stage_timeout_s,
    )


def is_transient(_task: Task[Any, Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether another try may help: a service that did not answer, a lock that another run holds."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, LyhdeError) and error.retryable
