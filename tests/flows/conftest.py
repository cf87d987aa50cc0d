"""A real installation that is served: Prefect's server and runner as processes, and feeds that misbehave."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

RUN_S = 180  # how long a loaded machine may take
SOURCES = ("fennica", "kaarna", "vikens")
UNWATCHED = ("CI", "GITHUB_ACTIONS", "DO_NOT_TRACK")  # with these Prefect would be silent without us
WATCH = """
import os, sys
_file = os.open(os.environ["LYHDE_TEST_LOOKUPS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
def _note(event, arguments):
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        os.write(_file, f"{os.getpid()} {event} {arguments[0]}\\n".encode())
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        os.write(_file, f"{os.getpid()} {event} {arguments[1][0]}\\n".encode())
sys.addaudithook(_note)
"""


@dataclass
class Feeds:
    """An HTTP server whose addresses answer as they are told: one (status, body) after the other, the last for ever."""

    url: str = ""
    answers: dict[str, list[tuple[int, bytes]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)
    """Addresses below ``/slow`` answer while it is set."""

    def answer(self, path: str) -> tuple[int, bytes]:
        self.asked.append(path)
        if path.startswith("/slow"):
            self.gate.wait(RUN_S)
        script = self.answers[path]
        return script.pop(0) if len(script) > 1 else script[0]


@pytest.fixture(scope="session")
def feeds() -> Iterator[Feeds]:
    found = Feeds()
    found.gate.set()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = found.answer(self.path)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            return

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            return  # a client that was killed

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    found.url = f"http://127.0.0.1:{server.server_port}"
    yield found
    found.gate.set()
    server.shutdown()
    server.server_close()


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    error: str

    @property
    def json(self) -> Any:
        assert self.out, self.error
        return json.loads(self.out)


@dataclass
class Installation:
    """One data directory, its sources, and the processes that serve it."""

    home: Path
    env: dict[str, str]
    serving: subprocess.Popen[str] | None = None

    def lyhde(self, *words: str) -> Answer:
        done = subprocess.run(
            [*self._command, *words],
            env=self.env,
            cwd=self.home,
            capture_output=True,
            text=True,
            check=False,
            timeout=RUN_S,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    def add_source(self, name: str, transport: str) -> None:
        (self.home / "sources" / f"{name}.toml").write_text(f'feed = "full"\n[transport]\n{transport}\n')

    def drop_source(self, name: str) -> None:
        (self.home / "sources" / f"{name}.toml").unlink()

    def begin_to_serve(self) -> None:
        with (self.home / "serve.log").open("ab") as log:
            self.serving = subprocess.Popen(
                [*self._command, "nightly", "serve"],
                env=self.env,
                cwd=self.home,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def wait_until_served(self) -> None:
        assert self.serving
        assert self.serving.stdout
        assert self.serving.stdout.readline().startswith("http://127.0.0.1:"), (self.home / "serve.log").read_text()

    def stop(self) -> None:
        assert self.serving
        assert self.serving.stdout
        if self.serving.poll() is None:
            self.serving.send_signal(signal.SIGTERM)
            self.serving.wait(60)
        self.serving.stdout.close()

    @property
    def ready(self) -> dict[str, Any] | None:
        file = self.home / "data" / "nightly" / "ready.json"
        return json.loads(file.read_text()) if file.exists() else None

    def processes(self) -> dict[int, str]:
        """Live processes whose environment or command names our folder: pid → command line. The tests' own are not."""
        found = {}
        for folder in Path("/proc").iterdir():
            if not folder.name.isdigit():
                continue
            try:
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                if command and str(self.home / "watch").encode() in (folder / "environ").read_bytes():
                    found[int(folder.name)] = command
            except OSError:
                continue
        return found

    def wait_until(self, true: Callable[[], Any], what: str, seconds: float = RUN_S) -> Any:
        """What `true` gives as soon as it gives something; fails after so many seconds."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found := true():
                return found
            time.sleep(0.2)
        return pytest.fail(f"not in {seconds:g} s: {what}\n" + (self.home / "serve.log").read_text()[-3000:])

    @property
    def _command(self) -> list[str]:
        return [sys.executable, "-m", "cli.main", "--config", str(self.home / "lyhde.toml")]


def install(home: Path, fixtures: Path, search_server: str, prefix: str) -> Installation:
    """Some of the demo's feeds and sources in a folder of their own, with look-ups watched."""
    (home / "sources").mkdir()
    for source in SOURCES:
        shutil.copytree(fixtures / "demo" / "feeds" / source, home / "feeds" / source)
        shutil.copy(fixtures / "demo" / "sources" / f"{source}.toml", home / "sources")
    (home / "lyhde.toml").write_text(
        f'data_dir = "data"\n[elasticsearch]\nurl = "{search_server}"\nindex_prefix = "{prefix}"\n'
        '[desk]\npublic_url = "https://desk.example.org"\n[nightly]\nretry_delay_s = 0.1\n'
    )
    (home / "watch").mkdir()
    (home / "watch" / "sitecustomize.py").write_text(WATCH)
    env = {key: value for key, value in os.environ.items() if key not in UNWATCHED and not key.startswith("PREFECT")}
    root = Path(__file__).parent.parent.parent
    env |= {"PYTHONPATH": f"{home / 'watch'}:{root}", "LYHDE_TEST_LOOKUPS": str(home / "lookups")}
    env["PREFECT_RUNNER_POLL_FREQUENCY"] = "1"
    return Installation(home, env)


Install = Callable[[str], Installation]


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory, fixtures: Path, search_server: str) -> Install:
    """A new installation by the name it is given."""
    return lambda name: install(tmp_path_factory.mktemp(name), fixtures, search_server, name)


@pytest.fixture(scope="session", autouse=True)
def _begun(request: pytest.FixtureRequest) -> Iterator[Installation | None]:
    """An installation whose processes start while the tests that need none of them run; None where no test does."""
    if not any("night" in getattr(item, "fixturenames", ()) for item in request.session.items):
        yield None
        return
    found = request.getfixturevalue("installed")("night")
    found.begin_to_serve()
    yield found
    found.stop()


@pytest.fixture(scope="session")
def night(_begun: Installation) -> Installation:
    """The one installation that is served by real processes."""
    _begun.wait_until_served()
    return _begun
