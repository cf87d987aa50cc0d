"""A Prefect server of one's own: ours is only its worker."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
pytestmark = [pytest.mark.search_server, pytest.mark.soak]


def healthcheck(data: Path) -> list[str]:
    """That of the service nightly in the compose file, on another data directory."""
    services = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text("utf-8"))["services"]
    return [word.replace("/var/lib/lyhde", str(data)) for word in services["nightly"]["healthcheck"]["test"][1:]]


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
    assert (night.ready or {})["pid"] in night.processes()
