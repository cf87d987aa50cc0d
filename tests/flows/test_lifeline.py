"""Processes: none is left behind, and the rest of the program knows nothing of Prefect."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

WITHOUT_PREFECT = ("cli.main", "flows.serving", "flows.triggering", "flows.ready")
CHILD = "import os, time; from flows.lifeline import tie; tie(); print(os.getpid(), flush=True); time.sleep(60)"
PARENT = (
    "import os, subprocess, sys; os.environ['LYHDE_NIGHTLY_PARENT'] = str(os.getpid()); "
    f"subprocess.run([sys.executable, '-c', {CHILD!r}])"
)


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"


def test_a_child_dies_with_a_parent_that_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        assert lives(child)
        parent.send_signal(signal.SIGKILL)
        deadline = time.monotonic() + 20
        while lives(child) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not lives(child)


def test_prefect_is_not_loaded_where_it_is_not_needed() -> None:
    code = (
        "import importlib, sys\n"
        f"for module in {WITHOUT_PREFECT}:\n"
        "    importlib.import_module(module)\n"
        "    if 'prefect' in sys.modules: sys.exit(module)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
