"""Nights whose processes vanish: slow, because what is proved is that waiting ends."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from flows.names import OUTCOME
from flows.prefect_api import PrefectApi
from flows.ready import answers
from flows.runner import SILENT_FOR
from flows.triggering import FINAL

pytestmark = [pytest.mark.search_server, pytest.mark.soak]
FLOW, SERVER = "prefect.engine", "flows.server"


@pytest.fixture
def alone(installed: Callable[[str], Any], feeds: Any) -> Iterator[Any]:
    """An installation of the test's own, in the middle of a run: one source's feed does not come."""
    found = installed("alone")
    feed = next((found.home / "feeds" / "kaarna").iterdir()).read_bytes()
    feeds.answers |= {"/slow.xml": [(200, feed)], "/slowly.xml": [(200, feed)]}
    feeds.asked.clear()
    feeds.gate.clear()
    for name in ("slow", "slowly"):  # of one host: the second waits for the slot of the first
        found.add_source(name, f'kind = "http"\nurl = "{feeds.url}/{name}.xml"\ninternal = true')
    try:
        found.begin_to_serve()
        found.wait_until_served()
        found.run = found.lyhde("nightly", "trigger", "--no-wait").out.strip()
        found.wait_until(lambda: feeds.asked, "a slow feed is asked for")
        yield found
    finally:
        feeds.gate.set()
        found.stop()


def kill(installation: Any, part: str) -> list[int]:
    """SIGKILL to each process whose command names the part; their ids."""
    found = [pid for pid, command in installation.processes().items() if part in command]
    for pid in found:
        os.kill(pid, signal.SIGKILL)
    return found


def state(installation: Any) -> str:
    return str(PrefectApi(installation.ready["url"]).run(installation.run)["state_type"])


def next_night(installation: Any, feeds: Any) -> tuple[int, str]:
    feeds.gate.set()
    answer = installation.lyhde("--json", "nightly", "trigger")
    return answer.code, answer.json["flow_run"]["state"]


def test_a_flow_that_no_longer_beats_has_crashed_after_the_time_of_the_watchman(alone: Any) -> None:
    """The automation alone: stopped, the process lives on, and its runner sees no end."""
    [flow] = [pid for pid, command in alone.processes().items() if FLOW in command]
    os.kill(flow, signal.SIGSTOP)
    begun = time.monotonic()
    try:
        alone.wait_until(lambda: state(alone) == "CRASHED", "the run has crashed", 3 * SILENT_FOR.seconds)
    finally:
        os.kill(flow, signal.SIGKILL)
    assert time.monotonic() - begun > SILENT_FOR.seconds / 2


def test_a_killed_flow_is_crashed_at_once_and_the_next_night_completes(alone: Any, feeds: Any) -> None:
    assert len(kill(alone, FLOW)) == 1
    alone.wait_until(lambda: state(alone) == "CRASHED", "the run has crashed", 30)
    assert next_night(alone, feeds) == (0, "Completed")


def test_a_killed_supervisor_leaves_no_process(alone: Any, feeds: Any) -> None:
    assert len(alone.processes()) >= 4
    alone.serving.kill()
    alone.serving.wait(20)
    alone.wait_until(lambda: alone.processes() == {}, "every process has ended", 20)
    alone.serving.stdout.close()
    alone.begin_to_serve()
    alone.wait_until_served()
    assert state(alone) == "CRASHED"
    assert next_night(alone, feeds) == (0, "Completed")


def kill_server(installation: Any) -> None:
    """Returns when another one answers."""
    [killed] = kill(installation, SERVER)
    url = installation.ready["url"]
    installation.wait_until(lambda: killed not in installation.processes() and answers(url), "Prefect is back")


@pytest.mark.parametrize("meanwhile", ["the feed comes", "the feed is waited for"])
def test_a_prefect_server_killed_in_mid_run_loses_no_night(alone: Any, feeds: Any, meanwhile: str) -> None:
    if meanwhile == "the feed comes":
        threading.Timer(1, feeds.gate.set).start()
    kill_server(alone)
    if meanwhile == "the feed is waited for":
        until = time.monotonic() + 1.5 * SILENT_FOR.seconds
        while time.monotonic() < until:
            assert state(alone) == "RUNNING"
            time.sleep(5)
        feeds.gate.set()
    prefect = PrefectApi(alone.ready["url"])
    alone.wait_until(lambda: prefect.run(alone.run)["state_type"] in FINAL, "the run has ended")
    assert prefect.run(alone.run)["state"]["name"] == "Completed"
    said = json.loads(prefect.artifact(alone.run, OUTCOME) or "{}")
    assert {source["source"] for source in said["sources"]} >= {"slow", "slowly"}
    assert {source["state"] for source in said["sources"]} == {"promoted"}
    assert said["published"]["documents"] > 50
    at_work = {"flow_runs": {"state": {"type": {"any_": ["RUNNING", "PENDING"]}}}}
    assert prefect.ask("POST", "/flow_runs/filter", at_work) == []
    assert next_night(alone, feeds) == (0, "Completed")
