"""What an answer costs: ``python -m benchmarks.desk_probe [--records N] [--cases N] [--folder F] [--database URL]``.

The desk's own app in this process, one cataloguer, over a store of `benchmarks.desk_seed` of which a copy is worked on,
so that every run begins with the same queue (of PostgreSQL none is copied). For each kind of request it prints the
median and p95 of processor time and of SQL statements, then the statements by their text, a request. ``--profile``
prints where the time goes.
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import pstats
import random
import re
import shutil
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import anyio.to_thread
from fastapi import FastAPI
from sqlalchemy import Engine, event

from benchmarks.desk_seed import seeded
from desk.app import create_app
from desk.visit import SESSION_COOKIE
from ops.logs import configure_logs
from ops.settings import LogSettings, Settings, load_settings
from store import accounts, sessions
from store.database import open_store
from store.moments import FORM

QUEUES = ("", "kind=field", "kind=match&level=edition", "q=talvi")
SHORT = 150


@dataclass
class Cost:
    """Processor milliseconds and statements of each request of a kind, and the statements by text."""

    cpu_ms: list[float] = field(default_factory=list)
    statements: list[int] = field(default_factory=list)
    texts: Counter[str] = field(default_factory=Counter)


class Probe:
    """Counts what the process does between two points."""

    def __init__(self, profile: cProfile.Profile | None) -> None:
        self.costs: dict[str, Cost] = defaultdict(Cost)
        self.profile = profile
        self.seen: list[str] = []
        event.listen(Engine, "before_cursor_execute", self._executed)

    def _executed(self, _c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        self.seen.append(statement)

    @contextmanager
    def request(self, kind: str, profiled: bool) -> Iterator[None]:
        self.seen.clear()
        start = time.process_time()
        if self.profile and profiled:
            self.profile.enable()
        yield
        if self.profile and profiled:
            self.profile.disable()
        self.note(kind, (time.process_time() - start) * 1000, self.seen)

    def note(self, kind: str, cpu_ms: float, seen: list[str]) -> None:
        cost = self.costs[kind]
        cost.cpu_ms.append(cpu_ms)
        cost.statements.append(len(seen))
        cost.texts.update(_short(text) for text in seen)


class Client:
    """One person's browser, calling the app in this very thread: no network, and the profiler sees all of it."""

    def __init__(self, app: FastAPI, token: str, loop: asyncio.AbstractEventLoop) -> None:
        self.app, self.token, self.loop = app, token, loop

    def get(self, path: str) -> str:
        return self._send("GET", path, b"")[1]

    def post(self, path: str, **form: str) -> tuple[int, str]:
        """The status, and where it leads."""
        status, _, place = self._send("POST", path, urlencode(form).encode())
        return status, place

    def _send(self, method: str, path: str, body: bytes) -> tuple[int, str, str]:
        got: list[dict[str, Any]] = []
        name, _, query = path.partition("?")
        headers = {
            "host": "127.0.0.1",
            "sec-fetch-site": "same-origin",
            "cookie": f"{SESSION_COOKIE}={self.token}",
            "content-type": "application/x-www-form-urlencoded",
            "content-length": str(len(body)),
        }
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "https",
            "path": name, "raw_path": name.encode(), "query_string": query.encode(), "root_path": "",
            "headers": [(key.encode(), value.encode()) for key, value in headers.items()],
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 443), "state": {},
        }  # fmt: skip

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            got.append(dict(message))

        self.loop.run_until_complete(self.app(scope, receive, send))
        answered = dict(got[0]["headers"])
        text = b"".join(message.get("body", b"") for message in got[1:]).decode()
        return got[0]["status"], text, answered.get(b"location", b"").decode()


async def _here(act: Callable[..., Any], *args: Any, **_: Any) -> Any:
    return act(*args)


def main() -> None:
    options = _options()
    configure_logs(LogSettings(), quiet=True)
    folder = Path(options.folder)
    folder.mkdir(parents=True, exist_ok=True)
    url = seeded(folder, options.records, options.cases, options.database)
    with tempfile.TemporaryDirectory(dir=folder) as place:
        settings = _settings(Path(place), url)
        profile = cProfile.Profile() if options.profile else None
        probe = Probe(profile)
        anyio.to_thread.run_sync = _here  # type: ignore[assignment]  # a part of what it can do
        with asyncio.Runner() as runner:
            loop = runner.get_loop()
            app = create_app(settings)
            lifespan = app.router.lifespan_context(app)
            loop.run_until_complete(lifespan.__aenter__())
            client = Client(app, _signed_in(settings), loop)
            _warm_up(client)
            for query in QUEUES * options.queues:
                with probe.request(f"queue?{query}", options.profile == "queue"):
                    client.get(f"/queue?{query}")
            _answers(client, probe, options)
            loop.run_until_complete(lifespan.__aexit__(None, None, None))
    _report(probe, options.texts)
    if profile:
        pstats.Stats(profile).sort_stats(options.sort).print_stats(70)


def _answers(client: Client, probe: Probe, options: argparse.Namespace) -> None:
    chance = random.Random(8)
    profiled = options.profile == "answer"
    _, place = client.post("/next")
    fields = re.findall(r'href="(/case/f\w+)', client.get("/queue?kind=field"))
    for number in range(options.answers):
        if number % 4 == 3 and fields:
            place = fields.pop(0)
        with probe.request("case page", options.profile == "case"):
            page = client.get(place)
        form = dict(re.findall(r'name="(version|started)" value="([^"]*)"', page))
        given = _given(page, chance)
        with probe.request(f"answer {given['answer']}", profiled):
            status, leads = client.post(f"{place}/answer", **form, **given)
        if status != 303:
            status, leads = client.post(f"{place}/answer", **form, answer="unsure")
        elif number % 5 == 4:
            with probe.request(f"undo of {given['answer']}", profiled):
                client.post("/decisions/undo")
        place = leads


def _given(page: str, chance: random.Random) -> dict[str, str]:
    if 'name="answer" value="field"' in page:
        return {"answer": "field", "choice": "0"}
    return {"answer": chance.choice(["same", "different"]) if 'value="same"' in page else "different"}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--cases", type=int, default=4_000)
    parser.add_argument("--folder", default=str(Path(tempfile.gettempdir()) / "lyhde-desk-benchmark"))
    parser.add_argument("--database", help="a PostgreSQL database, empty or seeded; default: SQLite in the folder")
    parser.add_argument("--answers", type=int, default=60)
    parser.add_argument("--queues", type=int, default=5, help="of each kind")
    parser.add_argument("--texts", type=int, default=0, help="statements to print of each kind of request")
    parser.add_argument("--profile", choices=["answer", "case", "queue"], help="what to profile")
    parser.add_argument("--sort", default="tottime")
    return parser.parse_args()


def _settings(place: Path, url: str) -> Settings:
    config, data = place / "lyhde.toml", place / "data"
    data.mkdir()
    if url.startswith("sqlite"):
        shutil.copy(url.removeprefix("sqlite:///"), data / "lyhde.sqlite")
    store = "" if url.startswith("sqlite") else f'[store]\nurl = "{url}"\n'
    config.write_text(f"{store}[desk]\nrequests_per_minute = 1000000\n", "utf-8")
    return load_settings(config, data_dir=data)


def _signed_in(settings: Settings) -> str:
    """A session's token."""
    store = open_store(settings.store_url, settings.data_dir)
    now = datetime.now(UTC).strftime(FORM)
    token = f"probe-{now}"
    with store.write() as connection:
        if accounts.find(connection, "probe") is None:
            made = accounts.Account(name="probe", display_name="Probe", role="senior", created_at=now)
            accounts.add(connection, made)
        sessions.open(connection, token, "probe", now=now, hours=12)
    store.close()
    return token


def _warm_up(client: Client) -> None:
    """Templates, statements and tables that a process reads once."""
    for query in QUEUES:
        client.get(f"/queue?{query}")
    client.get(client.post("/next")[1])


def _short(statement: str) -> str:
    text = re.sub(
        r"\((?:\?|%\(\w+\)s(?:::\w+)?)(?:, (?:\?|%\(\w+\)s(?:::\w+)?))*\)", "(…)", " ".join(statement.split())
    )
    text = re.sub(r"^SELECT .*? FROM ", "SELECT … FROM ", text)
    return text[:SHORT]


def _report(probe: Probe, texts: int) -> None:
    print("| request | times | CPU ms p50 | p95 | mean | statements p50 | p95 |\n|---|---|---|---|---|---|---|")
    for kind, cost in sorted(probe.costs.items()):
        cpu, count = sorted(cost.cpu_ms), sorted(cost.statements)
        high = min(len(cpu) - 1, int(len(cpu) * 0.95))
        told = [f"{each:.0f}" for each in (cpu[len(cpu) // 2], cpu[high], sum(cpu) / len(cpu))]
        print(f"| {kind} | {len(cpu)} | {' | '.join(told)} | {count[len(count) // 2]} | {count[high]} |")
    for kind, cost in sorted(probe.costs.items()) if texts else ():
        print(f"\n{kind}, statements a request:")
        for text, number in cost.texts.most_common(texts):
            print(f"  {number / len(cost.cpu_ms):5.1f}  {text}")


if __name__ == "__main__":
    main()
