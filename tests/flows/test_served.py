"""The night as it is run: real Prefect processes, killed and misled. One server for all; the last test ends it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows.prefect_api import PrefectApi
from flows.runner import TIME_ZONE

ROOT = Path(__file__).parent.parent.parent
pytestmark = pytest.mark.search_server


def http(url: str) -> str:
    return f'kind = "http"\nurl = "{url}"\ninternal = true'


@pytest.fixture
def slow(night: Any, feeds: Any) -> Iterator[Any]:
    """A source whose feed comes when its gate is opened."""
    feed = next((night.home / "feeds" / "kaarna").iterdir()).read_bytes()
    feeds.answers["/slow.xml"] = [(200, feed)]
    feeds.asked.clear()
    night.add_source("slow", http(f"{feeds.url}/slow.xml"))
    feeds.gate.clear()
    yield feeds
    feeds.gate.set()
    night.drop_source("slow")


@pytest.fixture(scope="module")
def rough(night: Any, feeds: Any) -> Any:
    """What `nightly trigger` says when a host is away for a while, a page is no feed, and a path leads nowhere."""
    feed = next((night.home / "feeds" / "vikens").iterdir()).read_bytes()
    feeds.answers |= {
        "/away.xml": [(503, b"")] * 5 + [(200, feed)],
        "/page.xml": [(200, b"<html><body>Hi</body></html>")],
    }
    night.add_source("away", http(f"{feeds.url}/away.xml"))
    night.add_source("page", http(f"{feeds.url}/page.xml"))
    night.add_source("nowhere", 'kind = "folder"\npath = "../feeds/nowhere"')
    feeds.asked.clear()
    answer = night.lyhde("--json", "nightly", "trigger")
    for name in ("away", "page", "nowhere"):
        night.drop_source(name)
    return answer, Counter(feeds.asked)


def runs(night: Any, **state: Any) -> list[dict[str, Any]]:
    """Flow runs, newest first."""
    found: list[dict[str, Any]] = api(night).ask("POST", "/flow_runs/filter", {"sort": "START_TIME_DESC", **state})
    return found


def api(night: Any) -> PrefectApi:
    return PrefectApi(night.wait_until(lambda: night.ready, "ready")["url"])


def healthcheck(data: Path) -> list[str]:
    """That of the service nightly in the compose file, on another data directory."""
    services = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text("utf-8"))["services"]
    return [word.replace("/var/lib/lyhde", str(data)) for word in services["nightly"]["healthcheck"]["test"][1:]]


def catalogue(night: Any) -> tuple[Any, ...]:
    """What the store holds, whatever its ids are called."""
    clusters = [json.loads(line) for line in night.lyhde("export", "clusters").out.splitlines()]
    records = sorted(night.lyhde("export", "records").out.splitlines())
    return sorted(sorted(cluster["members"]) for cluster in clusters), records


@pytest.fixture
def undisturbed(night: Any, slow: Any, installed: Callable[[str], Any]) -> Iterator[Future[Any]]:
    """The catalogue of the same feeds by one plain run, made while others wait."""
    other = installed("undisturbed")
    slow.answers["/quick.xml"] = slow.answers["/slow.xml"]
    other.add_source("slow", http(f"{slow.url}/quick.xml"))

    def made() -> Any:
        assert other.lyhde("run", "--quiet").code == 0
        return catalogue(other)

    with ThreadPoolExecutor() as beside:
        yield beside.submit(made)


def test_killed_in_mid_flow_nothing_is_lost_or_doubled(night: Any, slow: Any, undisturbed: Future[Any]) -> None:
    begun = night.lyhde("nightly", "trigger", "--no-wait").out.strip()
    night.wait_until(lambda: "/slow.xml" in slow.asked, "the slow feed is asked for")
    runner = night.ready["pid"]
    [flow] = [pid for pid, command in night.processes().items() if "prefect.engine" in command]
    os.kill(runner, signal.SIGKILL)
    night.wait_until(lambda: flow not in night.processes(), "the flow's process ends with its runner", 20)
    night.wait_until(lambda: (night.ready or {}).get("pid", runner) != runner, "another runner is at work")
    assert api(night).run(begun)["state_type"] == "CRASHED"
    assert runs(night, flow_runs={"state": {"type": {"any_": ["RUNNING", "PENDING"]}}}) == []
    slow.gate.set()
    again = night.lyhde("--json", "nightly", "trigger")
    assert (again.code, again.json["flow_run"]["state"]) == (0, "Completed"), again
    assert catalogue(night) == undisturbed.result()


def test_a_failing_source_does_not_stop_the_others(rough: Any) -> None:
    answer, _ = rough
    states = {source["source"]: source["state"] for source in answer.json["sources"]}
    assert {name for name, state in states.items() if state == "failed"} == {"page", "nowhere"}
    assert answer.code == 6
    assert answer.json["flow_run"]["state"] == "Some sources failed"
    assert answer.json["published"]["documents"] > 50


def test_only_transient_failures_are_tried_again(rough: Any) -> None:
    answer, asked = rough
    away = next(source for source in answer.json["sources"] if source["source"] == "away")
    assert (asked["/away.xml"], asked["/page.xml"]) == (6, 1)
    assert away["state"] == "promoted"


def test_a_night_says_what_lyhde_run_says(night: Any, rough: Any) -> None:
    answer, _ = rough
    plain = night.lyhde("--json", "run").json
    assert set(answer.json) == set(plain) | {"flow_run"}
    assert set(answer.json["sources"][0]) == set(plain["sources"][0])
    assert set(answer.json["resolved"]) == set(plain["resolved"])
    assert "Prefect" not in answer.out


def test_a_night_leaves_a_table_a_report_and_a_link(night: Any, rough: Any) -> None:
    answer, _ = rough
    number = answer.json["flow_run"]["id"]
    table = json.loads(api(night).artifact(number, "nightly-counts"))
    assert {row["source"] for row in table} >= {"kaarna", "page"}
    report = api(night).artifact(number, "nightly-report")
    assert "https://desk.example.org/queue" in report
    assert "nowhere" in report
    assert "https://desk.example.org" in api(night).artifact(number, "nightly-desk")
    assert float(api(night).artifact(number, "nightly-progress") or 0) == 100


def test_a_locked_run_is_said_to_be_locked(night: Any) -> None:
    from jobs.connections import opened_store
    from ops.settings import load_settings

    with opened_store(load_settings(night.home / "lyhde.toml")) as store, store.run_lock("resolve"):
        answer = night.lyhde("--json", "nightly", "trigger", "kaarna")
    assert (answer.code, answer.json["flow_run"]["state"]) == (7, "Another run is at work")


def test_nobody_is_told_anything(night: Any, rough: Any) -> None:
    seen = [line.split() for line in (night.home / "lookups").read_text().splitlines()]
    assert {host for _, _, host in seen} <= {"127.0.0.1", "localhost", "::1", "0.0.0.0", "None", "b'127.0.0.1'"}
    assert len({pid for pid, _, _ in seen}) >= 4  # supervisor, server, runner, flows


def test_doctor_looks_at_the_night(night: Any) -> None:
    checks = {check["name"]: check for check in night.lyhde("--json", "doctor").json["checks"]}
    assert [checks[name]["state"] for name in ("Prefect", "runner", "schedule", "telemetry")] == ["ok"] * 4
    assert checks["schedule"]["cause"] == f"0 2 * * * {TIME_ZONE}"


def test_a_worker_of_ones_own_prefect_server_says_that_it_is_ready_and_runs_nights(
    night: Any, installed: Callable[[str], Any]
) -> None:
    """As in production: the healthcheck of the container holds, and the server is another's."""
    worker = installed("worker")
    worker.env["LYHDE__NIGHTLY__PREFECT_URL"] = night.ready["url"]
    os.kill(night.ready["pid"], signal.SIGSTOP)  # two runners of one deployment: the other one takes the run
    try:
        worker.begin_to_serve()
        worker.wait_until_served()
        assert subprocess.run(healthcheck(worker.home / "data"), check=False).returncode == 0
        assert not [command for command in worker.processes().values() if "flows.server" in command]
        answer = worker.lyhde("--json", "nightly", "trigger", "kaarna")
        assert (answer.code, answer.json["flow_run"]["state"]) == (0, "Completed"), answer
        assert "kaarna" in worker.lyhde("export", "records").out
    finally:
        worker.stop()
        os.kill(night.ready["pid"], signal.SIGCONT)
    assert worker.processes() == {}
    assert subprocess.run(healthcheck(worker.home / "data"), check=False).returncode == 1
    assert api(night).ask("GET", "/health") is True


def test_a_scheduled_run_appears_and_finishes(night: Any) -> None:
    """The guard of the versions: with some Prefect creates none, and says nothing."""
    prefect = api(night)
    number = prefect.deployment()["id"]
    often = {"active": True, "schedule": {"cron": "* * * * * */10", "timezone": TIME_ZONE}}  # the last is seconds
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
    at_work = {"state": {"type": {"any_": ["RUNNING", "PENDING"]}}}
    night.wait_until(lambda: not runs(night, flow_runs=at_work), "what had begun has ended")


def test_a_signal_ends_everything_even_in_mid_flow(night: Any, slow: Any) -> None:
    night.lyhde("nightly", "trigger", "slow", "--no-wait")
    night.wait_until(lambda: "/slow.xml" in slow.asked, "the slow feed is asked for")
    assert len(night.processes()) >= 4
    night.serving.send_signal(signal.SIGTERM)
    assert night.serving.wait(60) == 0
    assert night.processes() == {}
    assert night.ready is None
    assert night.lyhde("nightly", "trigger").code == 4
