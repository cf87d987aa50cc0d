"""The night as it is run: real Prefect processes, killed and misled. One server for all; the tests build on each other.

The first kills a night, the second makes up for it with sources that fail, the third waits for a scheduled one, the
last ends everything.
"""

from __future__ import annotations

import json
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from flows.prefect_api import PrefectApi
from flows.runner import TIME_ZONE
from jobs.connections import opened_store
from jobs.exporting import export
from ops.settings import load_settings

pytestmark = pytest.mark.search_server
AT_WORK = {"flow_runs": {"state": {"type": {"any_": ["RUNNING", "PENDING"]}}}}


def http(url: str) -> str:
    return f'kind = "http"\nurl = "{url}"\ninternal = true'


@pytest.fixture(scope="module")
def feed(night: Any) -> bytes:
    found: bytes = next((night.home / "feeds" / "kaarna").iterdir()).read_bytes()
    return found


@pytest.fixture(scope="module")
def killed(night: Any, feeds: Any, feed: bytes) -> Iterator[str]:
    """A run whose runner was killed while one feed was waited for; another runner is at work."""
    feeds.answers["/slow.xml"] = [(200, feed)]
    night.add_source("slow", http(f"{feeds.url}/slow.xml"))
    feeds.gate.clear()
    run = night.lyhde("nightly", "trigger", "--no-wait").out.strip()
    night.wait_until(lambda: "/slow.xml" in feeds.asked, "the slow feed is asked for")
    runner = night.ready["pid"]
    [flow] = [pid for pid, command in night.processes().items() if "prefect.engine" in command]
    os.kill(runner, signal.SIGKILL)
    night.wait_until(lambda: flow not in night.processes(), "the flow's process ends with its runner", 20)
    night.wait_until(lambda: (night.ready or {}).get("pid", runner) != runner, "another runner is at work")
    yield run
    feeds.gate.set()


@pytest.fixture(scope="module")
def next_night(killed: str, night: Any, feeds: Any, feed: bytes) -> Any:
    """What `nightly trigger` says when a host is away for a while, a page is no feed, and a path leads nowhere."""
    feeds.answers |= {"/away.xml": [(503, b"")] * 5 + [(200, feed)], "/page.xml": [(200, b"<html>Hi</html>")]}
    night.add_source("away", http(f"{feeds.url}/away.xml"))
    night.add_source("page", http(f"{feeds.url}/page.xml"))
    night.add_source("nowhere", 'kind = "folder"\npath = "../feeds/nowhere"')
    feeds.asked.clear()
    feeds.gate.set()
    answer = night.lyhde("--json", "nightly", "trigger")
    for name in ("away", "page", "nowhere"):
        night.drop_source(name)
    return answer, Counter(feeds.asked)


@pytest.fixture(scope="module")
def undisturbed(night: Any, feeds: Any, feed: bytes, installed: Callable[[str], Any]) -> Iterator[Future[Any]]:
    """The same feeds by one plain run, made while others wait: what it said, and the catalogue."""
    other = installed("undisturbed")
    feeds.answers["/quick.xml"] = [(200, feed)]
    for name in ("slow", "away"):
        other.add_source(name, http(f"{feeds.url}/quick.xml"))

    def made() -> Any:
        answer = other.lyhde("--json", "--quiet", "run")
        assert answer.code == 0
        return answer.json, catalogue(other)

    with ThreadPoolExecutor() as beside:
        yield beside.submit(made)


def runs(night: Any, **wanted: Any) -> list[dict[str, Any]]:
    """Flow runs, newest first."""
    found: list[dict[str, Any]] = api(night).ask("POST", "/flow_runs/filter", {"sort": "START_TIME_DESC", **wanted})
    return found


def api(night: Any) -> PrefectApi:
    return PrefectApi(night.wait_until(lambda: night.ready, "ready")["url"])


def catalogue(installation: Any) -> tuple[Any, ...]:
    """What the store holds, whatever its ids are called."""
    with opened_store(load_settings(installation.home / "lyhde.toml")) as store:
        clusters = sorted(sorted(cluster["members"]) for cluster in export(store, "clusters"))
        return clusters, sorted(json.dumps(record, sort_keys=True) for record in export(store, "records"))


def test_a_killed_run_does_not_run_for_ever(undisturbed: Future[Any], night: Any, killed: str) -> None:
    assert api(night).run(killed)["state_type"] == "CRASHED"
    assert runs(night, **AT_WORK) == []


def test_after_a_kill_in_mid_flow_nothing_is_lost_or_doubled(
    night: Any, next_night: Any, undisturbed: Future[Any]
) -> None:
    answer, _ = next_night
    assert answer.json["flow_run"]["state"] == "Some sources failed"
    assert catalogue(night) == undisturbed.result()[1]


def test_a_failing_source_does_not_stop_the_others(next_night: Any) -> None:
    answer, _ = next_night
    states = {source["source"]: source["state"] for source in answer.json["sources"]}
    assert {name for name, state in states.items() if state == "failed"} == {"page", "nowhere"}
    assert answer.code == 6
    assert answer.json["published"]["documents"] > 50


def test_only_transient_failures_are_tried_again(next_night: Any) -> None:
    answer, asked = next_night
    away = next(source for source in answer.json["sources"] if source["source"] == "away")
    assert (asked["/away.xml"], asked["/page.xml"]) == (6, 1)
    assert away["state"] == "promoted"


def test_a_night_says_what_lyhde_run_says(next_night: Any, undisturbed: Future[Any]) -> None:
    answer, _ = next_night
    plain = undisturbed.result()[0]
    assert set(answer.json) == set(plain) | {"flow_run"}
    assert set(answer.json["sources"][0]) == set(plain["sources"][0])
    assert set(answer.json["resolved"]) == set(plain["resolved"])
    assert "Prefect" not in answer.out


def test_a_night_leaves_a_table_a_report_and_a_link(night: Any, next_night: Any) -> None:
    answer, _ = next_night
    number = answer.json["flow_run"]["id"]
    table = json.loads(api(night).artifact(number, "nightly-counts"))
    assert {row["source"] for row in table} >= {"kaarna", "page"}
    report = api(night).artifact(number, "nightly-report")
    assert "https://desk.example.org/queue" in report
    assert "nowhere" in report
    assert "https://desk.example.org" in api(night).artifact(number, "nightly-desk")
    assert float(api(night).artifact(number, "nightly-progress") or 0) == 100


def test_a_scheduled_run_appears_and_finishes_and_doctor_sees_the_schedule(night: Any, next_night: Any) -> None:
    """The guard of the versions: with some Prefect creates none, and says nothing."""
    checks = {check["name"]: check for check in night.lyhde("--json", "doctor").json["checks"]}
    assert [checks[name]["state"] for name in ("Prefect", "runner", "schedule", "telemetry")] == ["ok"] * 4
    assert checks["schedule"]["cause"] == f"0 2 * * * {TIME_ZONE}"
    prefect = api(night)
    number = prefect.deployment()["id"]
    often = {"active": True, "schedule": {"cron": "* * * * * */5", "timezone": TIME_ZONE}}  # the last is seconds
    [made] = prefect.ask("POST", f"/deployments/{number}/schedules", [often])

    def by_schedule(*states: str) -> list[dict[str, Any]]:
        return [run for run in runs(night) if run["auto_scheduled"] and run["state_type"] in states]

    try:
        night.wait_until(lambda: by_schedule("PENDING", "RUNNING", "COMPLETED"), "a scheduled run has begun")
    finally:
        prefect.ask("DELETE", f"/deployments/{number}/schedules/{made['id']}")
        for run in runs(night, flow_runs={"state": {"type": {"any_": ["SCHEDULED"]}}}):
            prefect.ask("DELETE", f"/flow_runs/{run['id']}")
    assert night.wait_until(lambda: by_schedule("COMPLETED"), "a scheduled run has finished")
    night.wait_until(lambda: not runs(night, **AT_WORK), "what had begun has ended")


def test_nobody_is_told_anything(night: Any, next_night: Any) -> None:
    seen = [line.split() for line in (night.home / "lookups").read_text().splitlines()]
    assert {host for _, _, host in seen} <= {"127.0.0.1", "localhost", "::1", "0.0.0.0", "None", "b'127.0.0.1'"}
    assert len({pid for pid, _, _ in seen}) >= 4  # supervisor, server, runner, flows


def test_a_signal_ends_everything_even_in_mid_flow(night: Any, feeds: Any, next_night: Any) -> None:
    feeds.asked.clear()
    feeds.gate.clear()
    api(night).start(["slow"])
    night.wait_until(lambda: "/slow.xml" in feeds.asked, "the slow feed is asked for")
    assert len(night.processes()) >= 4
    night.serving.send_signal(signal.SIGTERM)
    assert night.serving.wait(60) == 0
    assert night.processes() == {}
    assert night.ready is None
    assert night.lyhde("nightly", "trigger").code == 4
