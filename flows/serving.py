"""`lyhde nightly serve`: a Prefect server on loopback and the runner, kept alive, and ended together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from catalogue.errors import ServiceUnreachable
from catalogue.sentence import Sentence
from flows.environment import Places, environment
from flows.lifeline import PARENT
from flows.ready import Ready, answers, read_ready
from flows.server import HOST
from ops.logs import get_logger
from ops.settings import Settings
from store.locks import file_lock

SERVER_START_S = 120.0
RUNNER_START_S = 120.0
STOP_S = 20.0
LOOK_EVERY_S = 0.3
BACK_OFF_S = (1.0, 2.0, 5.0, 15.0, 60.0)
STEADY_AFTER_S = 120.0
LOG_LIMIT_BYTES = 5_000_000
log = get_logger("nightly")


class Stopped(Exception):
    """A signal asked for the end."""


@dataclass
class Child:
    """One process that is kept alive: started again after its death, later and later where it dies often."""

    name: str
    command: list[str]
    env: dict[str, str]
    log_file: Path | None = None
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    deaths: int = 0
    wait_until: float = 0.0

    def start(self) -> None:
        """In a group of its own, so that an interrupt on the terminal reaches the supervisor alone."""
        out = self.log_file.open("ab") if self.log_file else None
        try:
            self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and modules
                self.command,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=out or sys.stderr,
                stderr=out or sys.stderr,
                start_new_session=True,
            )
        finally:
            if out:
                out.close()
        self.started_at = time.monotonic()

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def keep(self) -> bool:
        """Start it again when it is dead and its time has come; whether it was started."""
        now = time.monotonic()
        if self.alive:
            return False
        if not self.wait_until:
            code = self.process.returncode if self.process else None
            self.deaths = 0 if now - self.started_at > STEADY_AFTER_S else self.deaths
            wait = BACK_OFF_S[min(self.deaths, len(BACK_OFF_S) - 1)]
            self.deaths += 1
            self.wait_until = now + wait
            log.warning("a process has ended and is started again", process=self.name, code=code, wait_s=wait)
            self.end(0)  # what it may have left in its group
        if now < self.wait_until:
            return False
        self.wait_until = 0.0
        self.start()
        return True

    def end(self, patience_s: float = STOP_S) -> None:
        """SIGTERM to the process, then SIGKILL to what is left of its group."""
        if self.process is None:
            return
        if self.alive and patience_s:
            self.process.terminate()
            try:
                self.process.wait(patience_s)
            except subprocess.TimeoutExpired:
                log.warning("a process does not end and is killed", process=self.name)
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        finally:
            self.process.poll()


@dataclass
class Supervisor:
    """Server (unless one's own is set) and runner of one data directory."""

    places: Places
    url: str
    server: Child | None
    runner: Child
    told: Callable[[Ready], None]
    _ready: Ready | None = field(default=None)

    def run(self) -> None:
        """Until a signal comes. Raises ServiceUnreachable where the server or the runner does not come up at first."""
        try:
            with stopped_by_signals():
                self._begin()
                while True:
                    self._look()
                    time.sleep(LOOK_EVERY_S)
        except Stopped:
            log.info("stopping")
        finally:
            self.places.ready.unlink(missing_ok=True)
            self.runner.end()
            if self.server:
                self.server.end()

    def _begin(self) -> None:
        if self.server:
            self.server.start()
        self.runner.start()  # it loads what it needs while the server comes up, and waits for it
        wait_for(lambda: answers(self.url), self.server, SERVER_START_S, self.places.server_log)
        wait_for(self._is_ready, self.runner, RUNNER_START_S, None)

    def _look(self) -> None:
        if self.server:
            self.server.keep()
        if not self.runner.alive:
            self.places.ready.unlink(missing_ok=True)
            self._ready = None
            if not answers(self.url):
                return
        self.runner.keep()
        self._is_ready()

    def _is_ready(self) -> bool:
        """Whether the runner has said so; the first time it is told on."""
        if self._ready is None and self.runner.process:
            found = read_ready(self.places.ready)
            if found and found.pid == self.runner.process.pid:
                self._ready = found
                self.told(found)
        return self._ready is not None


def serve(settings: Settings, config: Path | None, *, port: int | None = None, told: Callable[[Ready], None]) -> None:
    """Serve until SIGTERM or SIGINT; `told` is called each time the runner is ready.

    Raises RunLocked where the data directory is served already, ServiceUnreachable where Prefect does not come up.
    """
    places = Places.of(settings)
    places.home.mkdir(parents=True, exist_ok=True)
    with file_lock(places.root, "nightly serve"):
        places.ready.unlink(missing_ok=True)
        supervisor(settings, config, port, told).run()


def supervisor(settings: Settings, config: Path | None, port: int | None, told: Callable[[Ready], None]) -> Supervisor:
    """The processes as the settings want them; nothing is started."""
    places = Places.of(settings)
    own = settings.nightly.prefect_url
    number = (settings.nightly.port if port is None else port) or free_port()
    url = own.rstrip("/") if own else f"http://{HOST}:{number}/api"
    env = {**environment(settings, config, url), PARENT: str(os.getpid())}
    server = None
    if not own:
        if places.server_log.exists() and places.server_log.stat().st_size > LOG_LIMIT_BYTES:
            places.server_log.replace(places.server_log.with_suffix(".log.1"))
        server = Child("server", [sys.executable, "-m", "flows.server", str(number)], env, places.server_log)
    runner = Child("runner", [sys.executable, "-m", "flows.runner"], env)
    return Supervisor(places, url, server, runner, told)


def wait_for(ready: Callable[[], bool], child: Child | None, timeout_s: float, log_file: Path | None) -> None:
    """Return when it is ready. Raises ServiceUnreachable when the process ends or the time is over."""
    deadline = time.monotonic() + timeout_s
    see = Sentence(": see {log}", log=log_file) if log_file else ""
    while not ready():
        if child is not None and not child.alive:
            raise ServiceUnreachable(Sentence("Prefect's {name} ended while starting{see}", name=child.name, see=see))
        if time.monotonic() > deadline:
            raise ServiceUnreachable(
                Sentence("Prefect did not come up in {seconds} s{see}", seconds=timeout_s, see=see)
            )
        time.sleep(LOOK_EVERY_S)


def free_port() -> int:
    """A port on loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """SIGTERM and SIGINT raise Stopped inside the block; a second one is not heard while things are ended."""

    def stop(number: int, _frame: FrameType | None) -> None:
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, signal.SIG_IGN)
        raise Stopped(number)

    before = {each: signal.signal(each, stop) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        if signal.getsignal(signal.SIGTERM) is stop:
            for each, handler in before.items():
                signal.signal(each, handler)
