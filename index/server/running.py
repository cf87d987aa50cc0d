"""The embedded server of one data directory: start, stop, status."""

from __future__ import annotations

import logging
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from catalogue.errors import ServiceUnreachable
from catalogue.sentence import Sentence
from index.server.fetching import fetch
from index.server.launch import NOTICE, Folder, launch, start_failure
from index.server.locking import locked
from index.server.ready import Ready, answering, healthy, process_gone

POLL_S = 0.05
STOP_TIMEOUT_S = 30.0
log = logging.getLogger("index.server")


@dataclass(frozen=True)
class RunningServer:
    """A server that answers. `started_here`: this call started it, so whoever called it may stop it."""

    url: str
    pid: int
    started_here: bool


@dataclass(frozen=True)
class ServerStatus:
    """What is known of a data directory's server; `url` and `pid` are None where none answers."""

    running: bool
    url: str | None
    pid: int | None
    log_file: Path


def start(
    data_dir: Path, *, heap_mb: int = 512, timeout_s: float = 120, cache_dir: Path | None = None
) -> RunningServer:
    """The server of `data_dir`: the one that runs, else a new one, ready to be asked.

    Raises DownloadFailed where its parts cannot be had, ServiceUnreachable with the end of its log where it does
    not come up in `timeout_s`.
    """
    folder = Folder.of(data_dir)
    folder.make()
    with locked(folder.root / "start.lock"):
        running = answering(folder.ready, folder.node_name)
        if running:
            return RunningServer(running.url, running.pid, started_here=False)
        log.warning(NOTICE)
        pid = launch(fetch(cache_dir), folder, heap_mb)
        ready = _wait_ready(pid, folder, timeout_s)
    return RunningServer(ready.url, ready.pid, started_here=True)


def stop(data_dir: Path) -> bool:
    """Stop the server of `data_dir`; False where none runs. Returns when the process is gone."""
    folder = Folder.of(data_dir)
    running = answering(folder.ready, folder.node_name)
    if not running:
        return False
    _end(running.pid)
    folder.ready.unlink(missing_ok=True)
    return True


def status(data_dir: Path) -> ServerStatus:
    """Whether the server of `data_dir` answers, and where. Starts nothing."""
    folder = Folder.of(data_dir)
    running = answering(folder.ready, folder.node_name)
    if not running:
        return ServerStatus(False, None, None, folder.log_file)
    return ServerStatus(True, running.url, running.pid, folder.log_file)


def _wait_ready(pid: int, folder: Folder, timeout_s: float) -> Ready:
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if process_gone(pid):
            raise start_failure(folder, Sentence("it ended while starting"))
        ready = answering(folder.ready, folder.node_name)
        if ready and ready.pid == pid and healthy(ready.url):
            return ready
        time.sleep(POLL_S)
    _end(pid)
    raise start_failure(folder, Sentence("it was not ready in {seconds} s", seconds=timeout_s))


def _end(pid: int) -> None:
    """SIGTERM, then SIGKILL where that is not enough. Raises ServiceUnreachable where the process is not ours."""
    try:
        for sign in (signal.SIGTERM, signal.SIGKILL):
            os.kill(pid, sign)
            deadline = time.monotonic() + STOP_TIMEOUT_S
            while time.monotonic() < deadline:
                if process_gone(pid):
                    return
                time.sleep(POLL_S)
    except ProcessLookupError:
        return
    except PermissionError as failure:
        raise ServiceUnreachable(
            Sentence("process {pid}, the search server, belongs to another user: {why}", pid=str(pid), why=failure)
        ) from failure
