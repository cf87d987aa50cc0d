"""The stages as Prefect's tasks: the jobs that ``lyhde run`` calls too, with retries, limits and time-outs around them.

A task takes ids and gives counts; records never pass through Prefect.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from prefect import Task, task
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import GlobalConcurrencyLimitCreate
from prefect.client.schemas.objects import State, TaskRun
from prefect.concurrency.sync import concurrency
from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound
from prefect.tasks import exponential_backoff

from catalogue.errors import LyhdeError
from flows.environment import settings_of
from jobs import running
from jobs.connections import opened_store
from jobs.publishing import PublishReport
from jobs.resolving import ResolveReport, resolve
from jobs.running import SourceOutcome
from ops.settings import NightlySettings
from ops.sources import HttpTransport, SourceSettings

JITTER = 0.3
LEASE_S = 60
"""A slot that its holder no longer renews is given back after so long: a killed run does not shut a host for ever."""


def is_transient(_task: Task[Any, Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether another try may help: a service that did not answer, a lock that another run holds."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, LyhdeError) and error.retryable


@task(
    name="harvest",
    task_run_name="harvest {source.id}",
    tags=["harvest"],
    cache_policy=NO_CACHE,
    persist_result=False,
    retry_condition_fn=is_transient,
    retry_jitter_factor=JITTER,
)
def harvest(source: SourceSettings, now: str) -> SourceOutcome:
    """One source. A transient failure is raised, to be tried again; any other failure of the feed is a value."""
    with opened_store(settings_of()) as store, _slot(source):
        try:
            return running.try_harvest(store, source, now)
        except LyhdeError as error:
            if error.retryable:
                raise
            return running.outcome_of(store, source.id, error)


@task(
    name="resolve",
    tags=["resolve"],
    cache_policy=NO_CACHE,
    persist_result=False,
    retry_condition_fn=is_transient,
    retry_jitter_factor=JITTER,
)
def resolve_changes(now: str) -> ResolveReport:
    """Match, cluster and merge what changed."""
    with opened_store(settings_of()) as store:
        return resolve(store, now)


@task(
    name="publish",
    tags=["publish"],
    cache_policy=NO_CACHE,
    persist_result=False,
    retry_condition_fn=is_transient,
    retry_jitter_factor=JITTER,
)
def publish() -> PublishReport:
    """What waits in the outbox goes to the index."""
    settings = settings_of()
    with opened_store(settings) as store:
        return running.publish(store, settings)


def tuned(stage: Task[Any, Any], about: NightlySettings, tags: tuple[str, ...] = ()) -> Task[Any, Any]:
    """A stage with the retries and the time-out of the settings."""
    delays: Callable[[int], list[float]] = exponential_backoff(about.retry_delay_s)
    return stage.with_options(
        retries=about.retries,
        retry_delay_seconds=delays if about.retries else 0,
        timeout_seconds=about.stage_timeout_s,
        tags=[*stage.tags, *tags],
    )


def host_of(source: SourceSettings) -> str | None:
    """The host a source is fetched from; None for files at hand."""
    return urlsplit(source.transport.url).hostname if isinstance(source.transport, HttpTransport) else None


def limit_hosts(sources: list[SourceSettings]) -> None:
    """One fetch at a time from each host. A limit that is there already, perhaps raised by an operator, stays."""
    with get_client(sync_client=True) as client:
        for host in sorted({host for source in sources if (host := host_of(source))}):
            try:
                client.read_global_concurrency_limit_by_name(_limit(host))
            except ObjectNotFound:
                try:
                    client.create_global_concurrency_limit(GlobalConcurrencyLimitCreate(name=_limit(host), limit=1))
                except ObjectAlreadyExists:
                    continue  # another run was faster


@contextmanager
def _slot(source: SourceSettings) -> Iterator[None]:
    host = host_of(source)
    if host is None:
        yield
        return
    with concurrency(_limit(host), lease_duration=LEASE_S, strict=True, raise_on_lease_renewal_failure=False):
        yield


def _limit(host: str) -> str:
    return f"lyhde-host-{host.replace('.', '-').replace(':', '-')}"
