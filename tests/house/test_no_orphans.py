"""A run of tests that is cut off leaves no search server behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE_S = 180


def servers(folder: Path) -> list[int]:
    """Search servers whose data lie below a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes()
        except OSError:  # it ended meanwhile
            continue
        if b"SearchNode" in command and str(folder).encode() in command:
            found.append(int(process.name))
    return found


def wait_until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


@pytest.mark.soak
@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="processes are looked up as Linux has them")
@pytest.mark.parametrize("options", [[], ["-n", "2"]], ids=["alone", "workers"])
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=["SIGTERM", "SIGKILL"])
def test_a_search_server_ends_with_the_run_that_started_it(
    tmp_path: Path, how: signal.Signals, options: list[str]
) -> None:
    words = [sys.executable, "-m", "pytest", *options, "tests/index/test_analysis.py"]
    with (tmp_path / "said").open("w") as said:
        run = subprocess.Popen(words, cwd=ROOT, env={**os.environ, "TMPDIR": str(tmp_path)}, stdout=said, stderr=said)
    wait_until(lambda: bool(servers(tmp_path)), "no search server was started")
    run.send_signal(how)
    run.wait(PATIENCE_S)
    wait_until(lambda: not servers(tmp_path), "the search server lives on")
