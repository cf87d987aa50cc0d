"""The nightly flow: sources side by side, then resolve, then publish, and what an operator is told of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from httpx import TransportError
from prefect import Task, flow
from prefect.artifacts import create_progress_artifact, update_progress_artifact
from prefect.client.schemas.objects import State
from prefect.futures import PrefectFuture, as_completed
from prefect.states import Completed, Failed
from prefect.task_runners import ThreadPoolTaskRunner

from catalogue.errors import LyhdeError, ServiceUnreachable
from flows import lifeline, stages
from flows.artifacts import Night, keep_artifacts
from flows.ending import BUG, Ending, ending_of
from flows.environment import settings_of
from flows.names import FLOW
from jobs.connections import opened_store
from jobs.medians import compare
from jobs.publishing import PublishReport
from jobs.resolving import ResolveReport
from jobs.running import RunOutcome, SourceOutcome, outcome_of
from ops.collecting import collect_seldom
from ops.logs import configure_logs, get_logger
from ops.messages import translator
from ops.settings import Settings
from ops.sources import SourceSettings, choose_sources, load_sources

log = get_logger("nightly")


@dataclass
class Progress:
    """How far the night is, as Prefect's pages show it. The last two steps are resolve and publish.

    Once nobody listens any more it is no longer told: the work goes on.
    """

    steps: int
    done: int = 0
    artifact: Any = None

    def begin(self, description: str) -> None:
        with self._listened_to():
            self.artifact = create_progress_artifact(progress=0.0, key="nightly-progress", description=description)

    def step(self) -> None:
        self.done += 1
        if self.artifact is not None:
            with self._listened_to():
                update_progress_artifact(artifact_id=self.artifact, progress=round(100 * self.done / self.steps, 1))

    @contextmanager
    def _listened_to(self) -> Iterator[None]:
        try:
            yield
        except TransportError:
            self.artifact = None
            log.warning("progress is no longer shown: Prefect's server is silent")


@flow(name=FLOW, persist_result=False, log_prints=False, validate_parameters=True)
def nightly(sources: list[str] | None = None) -> State[Any]:
    """Harvest, resolve, publish: all enabled sources, or those named.

    Settings are read in this process. A source that fails or is held does not stop the others. The state it ends in
    is that of `flows.ending`.
    """
    lifeline.tie()
    collect_seldom()
    settings = settings_of()
    configure_logs(settings.log)
    logging.getLogger("prefect.task_runs").addFilter(_is_news)
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    chosen = choose_sources(load_sources(settings.sources_dir), sources or [])
    with opened_store(settings):
        pass  # the schema is brought up to date before sources go side by side
    progress = Progress(len(chosen) + 2)
    progress.begin(translator(settings.language)("The night's work, in per cent"))
    outcomes = harvest_all(settings, chosen, now, progress.step)
    outcome, fault = finish(settings, outcomes, now, progress.step)
    ending = ending_of(outcome, fault, settings.language)
    with opened_store(settings) as store:
        compared = compare(store, outcomes, {source.id: source for source in chosen}, now)
    keep_artifacts(Night(settings, now, outcome, ending, compared))
    log.info("night", ending=ending.name, exit_code=ending.exit_code)
    return _state(ending)


def _is_news(record: logging.LogRecord) -> bool:
    """Not what Prefect says before every task with a time-out: that it comes after the system call at work."""
    return not record.getMessage().startswith("Timeout of")


def _state(ending: Ending) -> State[Any]:
    made = Failed if ending.failed else Completed
    return made(name=ending.name, message=ending.message)


def harvest_all(
    settings: Settings, chosen: list[SourceSettings], now: str, step: Callable[[], None]
) -> list[SourceOutcome]:
    """Every source, so many side by side as the settings say, in the order they were given."""
    harvest = stages.task(stages.harvest, settings.nightly, "harvest {source.id}")
    with ThreadPoolTaskRunner(max_workers=settings.nightly.sources_at_once) as side_by_side:  # type: ignore[var-annotated]  # its result type cannot be inferred
        began: dict[PrefectFuture[SourceOutcome], str] = {
            side_by_side.submit(harvest, {"source": source, "now": now}): source.id for source in chosen
        }
        found = {}
        for future in as_completed(list(began)):
            found[began[future]] = _outcome(settings, began[future], future.result(raise_on_failure=False))
            step()
    return [found[source.id] for source in chosen]


def _outcome(settings: Settings, source: str, result: Any) -> SourceOutcome:
    """What a source's task ended with: its outcome, the transient error that did not pass, or a bug."""
    if isinstance(result, SourceOutcome):
        return result
    if isinstance(result, LyhdeError):
        with opened_store(settings) as store:
            return outcome_of(store, source, result)
    return SourceOutcome(source, "failed", message=f"{type(result).__name__}: {result}", exit_code=BUG)


def finish(
    settings: Settings, outcomes: list[SourceOutcome], now: str, step: Callable[[], None]
) -> tuple[RunOutcome, LyhdeError | None]:
    """Resolve and publish what is there; the error with which resolving ended, if it did."""
    resolved = _result(_run(stages.task(stages.resolve, settings.nightly), now=now))
    step()
    if isinstance(resolved, LyhdeError):
        return RunOutcome(outcomes, ResolveReport(), PublishReport()), resolved
    published = _result(_run(stages.task(stages.publish, settings.nightly), now=now))
    step()
    if isinstance(published, ServiceUnreachable):
        return RunOutcome(outcomes, resolved, PublishReport(), published), None
    if isinstance(published, LyhdeError):
        return RunOutcome(outcomes, resolved, PublishReport()), published
    return RunOutcome(outcomes, resolved, published), None


def _run(stage: Task[Any, Any], **values: str) -> State[Any]:
    """One stage in this thread: its end as a state."""
    state: State[Any] = cast(Any, stage)(**values, return_state=True)  # a task of any kind is typed as a coroutine too
    return state


def _result(state: State[Any]) -> Any:
    """What a stage gave, or the LyhdeError it ended with. A bug is raised."""
    result = state.result(raise_on_failure=False)
    if isinstance(result, Exception) and not isinstance(result, LyhdeError):
        raise result
    return result
