"""Whether a server runs: its ready file, its process, and what it says over HTTP."""

from __future__ import annotations

import http.client
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ANSWER_TIMEOUT_S = 30.0  # where nothing listens the answer is at once; a busy server is not a missing one
HEALTH_TIMEOUT_S = 35.0


@dataclass(frozen=True)
class Ready:
    pid: int
    url: str


def answering(ready_file: Path, node_name: str) -> Ready | None:
    """What the ready file says, if that process lives and is this very node; a stale file counts as none."""
    try:
        said = json.loads(ready_file.read_text("utf-8"))
        ready = Ready(int(said["pid"]), str(said["url"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if process_gone(ready.pid):
        return None
    banner = _get(ready.url, "/", ANSWER_TIMEOUT_S)
    return ready if banner and banner.get("name") == node_name else None


def healthy(url: str) -> bool:
    """Whether every index of the server can be searched (waits up to 30 s for it)."""
    answer = _get(url, "/_cluster/health?wait_for_status=yellow&timeout=30s", HEALTH_TIMEOUT_S)
    return bool(answer) and not answer["timed_out"]


def process_gone(pid: int) -> bool:
    """Whether a process has ended; one of our own children is reaped on the way, another's may wait to be."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        pass  # not our child
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    """Whether it has ended and its parent has not asked how. Where the system has no /proc: False."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False


def _get(url: str, path: str, timeout_s: float) -> dict[str, Any]:
    """The JSON object at a loopback address, {} where nothing sensible answers. Proxies do not apply."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=timeout_s)
    try:
        connection.request("GET", path)
        answer = json.loads(connection.getresponse().read())
    except (OSError, ValueError, http.client.HTTPException):
        return {}
    finally:
        connection.close()
    return answer if isinstance(answer, dict) else {}
