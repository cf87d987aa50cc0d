"""When nights begin, and what becomes of those that were missed."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from flows.runner import TIME_ZONE, run_missed_once, schedule, watchman
from ops.settings import NightlySettings

HELSINKI = ZoneInfo("Europe/Helsinki")


def awaited(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Its result, from a thread of its own: a browser driven by this test session keeps a loop in the main one."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, coroutine).result()


@pytest.mark.parametrize(
    ("cron", "first", "expected"),
    [
        ("0 2 * * *", "2027-03-27", ["27T02:00+0200", "28T02:00+0200", "29T02:00+0300"]),  # 03:00 becomes 04:00
        ("0 2 * * *", "2026-10-24", ["24T02:00+0300", "25T02:00+0300", "26T02:00+0200"]),  # 04:00 becomes 03:00
        ("15 1 * * *", "2027-03-27", ["27T01:15+0200", "28T01:15+0200", "29T01:15+0300"]),
        ("0 5 * * *", "2026-10-24", ["24T05:00+0300", "25T05:00+0200", "26T05:00+0200"]),
    ],
)
def test_every_day_has_one_night_by_the_clocks_of_finland(cron: str, first: str, expected: list[str]) -> None:
    from prefect.server.schemas.schedules import CronSchedule

    wanted = schedule(NightlySettings(cron=cron))
    server = CronSchedule.model_validate(wanted.model_dump())
    dates = awaited(server.get_dates(3, start=datetime.fromisoformat(first).replace(tzinfo=HELSINKI)))
    assert [date.strftime("%dT%H:%M%z") for date in dates] == expected
    assert wanted.timezone == TIME_ZONE


@dataclass
class Client:
    """The two calls of Prefect's client that are made."""

    runs: list[Any]
    ended: dict[UUID, str] = field(default_factory=dict)

    async def read_flow_runs(self, **_: Any) -> list[Any]:
        return self.runs

    async def set_flow_run_state(self, run: UUID, state: Any, *, force: bool) -> None:
        assert force
        self.ended[run] = state.type.value


def due(days: float, *, by_schedule: bool = True) -> Any:
    """A run whose time was so many days ago."""
    return SimpleNamespace(
        id=uuid4(), auto_scheduled=by_schedule, expected_start_time=datetime.now(UTC) - timedelta(days=days)
    )


def test_of_the_nights_that_were_missed_one_is_run() -> None:
    runs = [due(1.1), due(3.1), due(0.1), due(2.1), due(-0.9), due(0.5, by_schedule=False)]
    client = Client(runs)
    awaited(run_missed_once(client, uuid4()))  # type: ignore[arg-type]  # a stand-in for two calls of it
    assert client.ended == {runs[n].id: "CANCELLED" for n in (0, 1, 3)}


def test_the_watchman_knows_every_end() -> None:
    from flows.ending import ENDINGS

    trigger: Any = watchman().trigger
    assert {f"prefect.flow-run.{name}" for name in ENDINGS} < trigger.expect
    assert trigger.within == timedelta(seconds=90)
