"""What the flow makes of the ends of its stages."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from catalogue.errors import LyhdeError, RunLocked, ServiceUnreachable, UsageError
from flows import nightly, stages
from flows.ending import ending_of
from jobs.publishing import PublishReport
from jobs.resolving import ResolveReport
from jobs.running import SourceOutcome
from ops.settings import NightlySettings, Settings

WELL = SourceOutcome("otava", "promoted")
RESOLVED, PUBLISHED = ResolveReport(works=3), PublishReport(documents=2)


def state_with(result: Any) -> Any:
    """A state of Prefect's that gives this, or keeps this error."""
    return SimpleNamespace(result=lambda raise_on_failure: result)


@pytest.fixture
def finish(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """The name of the night's end and the stages that ran, when resolve and publish end so."""

    def finished(resolved: Any, published: Any) -> tuple[str, list[str]]:
        ends, ran = {"resolve": resolved, "publish": published}, []

        def run(stage: Any, **_: Any) -> Any:
            ran.append(stage.name)
            return state_with(ends[stage.name])

        monkeypatch.setattr(nightly, "_run", run)
        outcome, fault = nightly.finish(Settings(), [WELL], "2026-11-22T00:00:00Z", lambda: None)
        return ending_of(outcome, fault, "en").name, ran

    return finished


@pytest.mark.parametrize(
    ("resolved", "published", "expected"),
    [
        (RESOLVED, PUBLISHED, ("Completed", ["resolve", "publish"])),
        (RunLocked("resolve"), PUBLISHED, ("Another run is at work", ["resolve"])),
        (RESOLVED, RunLocked("publish"), ("Another run is at work", ["resolve", "publish"])),
        (UsageError("no"), PUBLISHED, ("Stopped", ["resolve"])),
        (RESOLVED, ServiceUnreachable("search is down"), ("Not published", ["resolve", "publish"])),
    ],
)
def test_a_night_ends_as_its_last_stage(finish: Any, resolved: Any, published: Any, expected: Any) -> None:
    assert finish(resolved, published) == expected


def test_a_bug_in_a_stage_is_raised(finish: Any) -> None:
    with pytest.raises(KeyError):
        finish(KeyError("x"), PUBLISHED)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (RunLocked("resolve"), True),
        (ServiceUnreachable("search is down"), True),
        (UsageError("no"), False),
        (KeyError("a bug"), False),
    ],
)
def test_only_what_may_pass_is_tried_again(error: LyhdeError, expected: bool) -> None:
    stage = stages.task(stages.publish, NightlySettings())
    assert stage.retry_condition_fn is stages.is_transient
    assert stages.is_transient(stage, SimpleNamespace(), state_with(error)) is expected  # type: ignore[arg-type]  # a stand-in


def test_no_stage_asks_prefect_before_it_may_begin() -> None:
    """Each tag of a task would be a limit to be asked for, and nobody to ask while the server is away."""
    made = [stages.task(each, NightlySettings()) for each in (stages.harvest, stages.resolve, stages.publish)]
    assert [(task.name, task.tags) for task in made] == [("harvest", set()), ("resolve", set()), ("publish", set())]
