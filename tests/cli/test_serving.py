"""`lyhde desk serve` as a process: one line with the address, answers, a clean end on SIGTERM."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def test_the_desk_tells_its_address_answers_and_ends_when_told(tmp_path: Path) -> None:
    config = tmp_path / "lyhde.toml"
    config.write_text('data_dir = "data"\nsources_dir = "sources"\n', "utf-8")
    command = [sys.executable, "-m", "cli.main", "--config", str(config), "--json", "desk", "serve"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stderr
        try:
            address = json.loads(process.stdout.readline())["address"]
            assert address.startswith("http://127.0.0.1:")
            with urllib.request.urlopen(f"{address}/sign-in", timeout=20) as answer:  # our own process
                assert answer.status == 200
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
        assert "lyhde user add NAME --role admin" in process.stderr.read()
