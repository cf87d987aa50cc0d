"""The API as a process: alive, ready, measured, told to end; two of them on one catalogue."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from ops.settings import Settings

pytestmark = pytest.mark.search_server
BUDGET_S = 60


@contextmanager
def serving(settings: Settings) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """``lyhde api serve`` in a process of its own, and its address."""
    words = ["--config", str(settings.data_dir.parent / "lyhde.toml"), "--quiet", "api", "serve", "--port", "0"]
    process = subprocess.Popen(
        [sys.executable, "-m", "cli.main", *words],
        cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip(), process
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


@pytest.fixture
def configured(own: Settings) -> Settings:
    """The copy of the demo with a configuration file beside it."""
    about = own.elasticsearch
    lines = ['data_dir = "data"', "[elasticsearch]", f'url = "{about.url}"', f'index_prefix = "{about.index_prefix}"']
    (own.data_dir.parent / "lyhde.toml").write_text("\n".join(lines) + "\n")
    return own


def get(address: str) -> tuple[int, bytes]:
    try:
        with urlopen(address, timeout=BUDGET_S) as answer:
            return answer.status, answer.read()
    except HTTPError as error:
        with error:
            return error.code, error.read()


def test_two_processes_answer_alike_and_end_when_told(configured: Settings) -> None:
    with serving(configured) as (left, one), serving(configured) as (right, two):
        for path in ("/search?q=talvi&lang=fi", "/changes?limit=3", "/works/w11", "/readyz"):
            assert get(left + path) == get(right + path)
        assert get(f"{left}/search?q=talvi")[0] == 200
        for process in (one, two):
            process.send_signal(signal.SIGTERM)
            assert process.wait(BUDGET_S) == 0


def test_a_port_that_is_taken_is_said(configured: Settings) -> None:
    with serving(configured) as (address, _):
        words = ["--config", str(configured.data_dir.parent / "lyhde.toml"), "api", "serve"]
        port = address.rpartition(":")[2]
        ended = subprocess.run(
            [sys.executable, "-m", "cli.main", *words, "--port", port],
            cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=BUDGET_S, check=False,
        )  # fmt: skip
    assert ended.returncode == 2
    assert f"--port {port}: cannot listen there" in ended.stderr


def test_alive_and_ready(api: Any) -> None:
    assert api.json("/healthz") == {"status": "ok"}
    assert api.json("/readyz") == {"status": "ready", "checks": {"database": "ok", "search": "ok"}}


def test_without_the_database_it_is_alive_and_not_ready(own_api: Any) -> None:
    own_api.store.engine.dispose()
    shutil.rmtree(own_api.settings.data_dir)
    assert own_api.json("/healthz") == {"status": "ok"}
    for path in ("/readyz", "/works/w11", "/changes"):
        answer = own_api.client.get(path)
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/catalogue-unavailable"), path
        assert int(answer.headers["retry-after"]) > 0
        assert str(own_api.settings.data_dir) not in answer.text
    assert own_api.json("/search?q=talvi")["total"] > 0
    assert "lyhde_store_up 0.0" in own_api.client.get("/metrics").text


def test_requests_and_the_stores_figures_are_measured(api: Any) -> None:
    api.json("/search?q=salainen")
    api.json("/works/nothing", 404)
    page = api.client.get("/metrics")
    assert page.headers["content-type"].startswith("text/plain")
    for line in (
        'lyhde_http_request_seconds_count{method="GET",route="/search",status="200"}',
        'lyhde_http_request_seconds_count{method="GET",route="/works/{id}",status="404"}',
        'lyhde_source_last_success_timestamp_seconds{source="kaarna"}',
        'lyhde_records_total{outcome="new",source="kaarna"}',
        f'lyhde_index_documents{{alias="{api.settings.elasticsearch.index_prefix}"}}',
        "lyhde_index_lag_seconds 0.0",
        "lyhde_store_up 1.0",
    ):
        assert line in page.text
    assert "salainen" not in page.text
    assert "nothing" not in page.text


def test_a_slow_search_does_not_keep_works_from_being_read(own_api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from concurrent.futures import ThreadPoolExecutor

    service = own_api.client.app.state.service
    work = own_api.work()
    asked, answered = threading.Event(), threading.Event()
    monkeypatch.setattr(service.search, "ask", lambda *_: asked.set() or (answered.wait(BUDGET_S) and {"hits": []}))
    with ThreadPoolExecutor(40) as pool:
        slow = [pool.submit(own_api.client.get, "/search") for _ in range(30)]
        assert asked.wait(BUDGET_S)
        while not all(search.running() for search in slow):
            time.sleep(0.01)
        assert own_api.client.get(f"/works/{work}").status_code == 200
        assert not any(search.done() for search in slow)
        answered.set()
        assert {answer.result().status_code for answer in slow} == {200}
