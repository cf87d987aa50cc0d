"""How a night's end is called, which exit code it gives, and what is said of it."""

from __future__ import annotations

from typing import Any

import pytest

from catalogue.errors import LyhdeError, RunLocked, ServiceUnreachable, UsageError
from flows.ending import ENDINGS, ending_of
from flows.report import markdown, table
from flows.triggering import read_outcome
from jobs.medians import Compared
from jobs.publishing import PublishReport
from jobs.resolving import ResolveReport
from jobs.running import RunOutcome, SourceOutcome
from store.runs import RunCounts

WELL = SourceOutcome("otava", "promoted", 1, RunCounts(received=50, new=50))
HELD = SourceOutcome("kaarna", "held", 2, message="run 2 is held", exit_code=6)
FAILED = SourceOutcome("lintula", "failed", message="lintula: <b>404</b> [x](y)", exit_code=6)
AWAY = SourceOutcome("vikens", "failed", message="no answer", exit_code=4)
LOCKED = SourceOutcome("vikens", "failed", message="locked", exit_code=7)
BROKEN = SourceOutcome("vikens", "failed", message="KeyError: 'x'", exit_code=1)
DOWN = ServiceUnreachable("search is down")


def night(*sources: SourceOutcome, unpublished: ServiceUnreachable | None = None) -> RunOutcome:
    return RunOutcome(list(sources), ResolveReport(works=3), PublishReport(documents=2), unpublished)


@pytest.mark.parametrize(
    ("outcome", "fault", "expected"),
    [
        (night(WELL), None, ("Completed", 0, False)),
        (night(WELL, FAILED), None, ("Some sources failed", 6, False)),
        (night(WELL, FAILED, HELD), None, ("Some sources failed", 6, False)),
        (night(WELL, HELD), None, ("Some sources are held", 6, False)),
        (night(FAILED, AWAY), None, ("No source came through", 6, True)),
        (night(AWAY), None, ("No source came through", 4, True)),
        (night(WELL, FAILED, unpublished=DOWN), None, ("Not published", 4, True)),
        (night(WELL, LOCKED), None, ("Another run is at work", 7, True)),
        (night(WELL), RunLocked("resolve"), ("Another run is at work", 7, True)),
        (night(WELL), UsageError("no"), ("Stopped", 2, True)),
        (night(WELL, BROKEN), None, ("A bug", 1, True)),
    ],
)
def test_the_gravest_thing_names_the_end(outcome: RunOutcome, fault: LyhdeError | None, expected: Any) -> None:
    found = ending_of(outcome, fault, "en")
    assert (found.name, found.exit_code, found.failed) == expected
    assert found.name in ENDINGS


def test_an_outcome_is_read_back_as_it_was() -> None:
    outcome = night(WELL, HELD, unpublished=DOWN)
    assert read_outcome(outcome.as_json()).as_json() == outcome.as_json()


def test_what_feeds_say_is_never_markup() -> None:
    report = markdown(night(FAILED), "end", [Compared(FAILED, None, ())], ("en", "https://desk.example.org/"))
    assert "\\<b\\>404\\</b\\> \\[x\\](y)" in report
    assert "[lintula](https://desk.example.org/runs)" in report


def test_what_is_off_is_marked() -> None:
    [row] = table([Compared(WELL, RunCounts(received=500), ("received",))], str)
    assert row["received"] == "50 (500) ⚠"
    assert row["new"] == "50 (0)"
