"""The desk under eight users: ``python -m benchmarks.desk [--records N] [--cases N] [--folder F] [--postgresql]``.

A store is seeded once (`benchmarks.desk_seed`) and kept in the folder; the real `lyhde desk serve` runs on a free port
of loopback, eight people sign in and work at once, each waiting `--pause` seconds between two pages (0: hammering).
Prints Markdown: p50 and p95 of every kind of page as the client waits for it, against the aims, what the pages weigh
compressed, and, of one user alone, the processor time a page takes of the server: that does not hang on what else the
machine does. Answers change the store, so figures of a second run are of a slightly smaller queue.

At the end it looks whether anything was lost: each answer that was accepted is a decision, and the queue's ledger says
what its rows say. ``--postgresql`` runs a private server, seeded anew each time; ``--database URL`` takes a database of
a server that stays.
"""

from __future__ import annotations

import argparse
import gzip
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

from sqlalchemy import text

from benchmarks.desk_seed import seeded
from benchmarks.postgresql import LASTING, running
from benchmarks.processor import processor_s
from desk.passwords import hash_password
from store import accounts, decisions, queue_rows
from store.database import open_store
from store.moments import FORM

PASSWORD = "kahdeksan sammakkoa"
AIMS_MS = {
    "queue": 200, "queue, filtered": 200, "queue, words": 300, "search": 300, "case": 150, "answer + next case": 120,
}  # fmt: skip
WORDS = ("talvi", "vinter", "lyhty ja lait", "skogsro", "saaren viimeinen", "kirja", "9789524994019", "marjat")
FILTERS = ("kind=field", "kind=match&level=edition", "source=skargard", "medium=audiobook", "language=swe&kind=match")
START_S = 120


@dataclass
class Measured:
    """Milliseconds by kind of page, bytes of the largest of each as sent and compressed, and what went wrong."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    weights: dict[str, tuple[int, int]] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    faults: list[str] = field(default_factory=list)
    accepted: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, seconds: float, body: str = "", cpu: float = 0) -> None:
        with self.lock:
            self.cpu[kind] += cpu * 1000
            self.times[kind].append(seconds * 1000)
            if body and (kind not in self.weights or len(self.times[kind]) % 10 == 0):
                data = body.encode()
                self.weights[kind] = max(self.weights.get(kind, (0, 0)), (len(data), len(gzip.compress(data))))


class Browser:
    """A person's browser: one connection, cookies, and where the last page came from."""

    def __init__(self, address: str) -> None:
        self.origin = address.rstrip("/")
        self.connection = HTTPConnection(urlsplit(address).netloc, timeout=60)
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> tuple[HTTPResponse, str]:
        return self._send("GET", path, None)

    def post(self, path: str, **form: str) -> tuple[HTTPResponse, str]:
        return self._send("POST", path, urlencode(form))

    def _send(self, method: str, path: str, body: str | None) -> tuple[HTTPResponse, str]:
        headers = {"Origin": self.origin, "Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer, text


class Person(threading.Thread):
    """Somebody at work: looks at the queue, searches, opens the next case and answers it."""

    def __init__(self, number: int, address: str, options: argparse.Namespace, measured: Measured) -> None:
        super().__init__(daemon=True)
        self.browser, self.options, self.measured = Browser(address), options, measured
        self.name = f"bench{number}"
        self.chance = random.Random(number)
        self.case: tuple[str, str] | None = None

    def run(self) -> None:
        try:
            self._expect(self.browser.post("/sign-in", name=self.name, password=PASSWORD), 303)
            end = time.monotonic() + self.options.seconds
            for _ in range(self.options.rounds):
                if time.monotonic() > end:
                    break
                self._round()
        except (OSError, AssertionError) as fault:
            self.measured.faults.append(f"{self.name}: {fault!r}")

    def _round(self) -> None:
        self._page("queue", "/queue")
        self._page("queue, filtered", f"/queue?{self.chance.choice(FILTERS)}")
        self._page("queue, words", f"/queue?q={quote(self.chance.choice(WORDS))}")
        self._page("search", f"{self.options.search}?q={quote(self.chance.choice(WORDS))}")
        for _ in range(4):
            self._answer()
            if self.case:
                self._page("case", self.case[0])

    def _page(self, kind: str, path: str) -> str:
        time.sleep(self.options.pause)
        start, cpu = time.perf_counter(), processor_s(self.options.server)
        text = self._expect(self.browser.get(path), 200)
        self.measured.note(kind, time.perf_counter() - start, text, processor_s(self.options.server) - cpu)
        return text

    def _answer(self) -> None:
        """Answer the case at hand and go where the answer leads, as a browser does: two requests, one wait."""
        if self.case is None:
            answer, _ = self.browser.post("/next")
            self.case = self._open(answer.headers["Location"])
        path, page = self.case
        form = dict(re.findall(r'name="(version|started)" value="([^"]*)"', page))
        field_case = 'name="answer" value="field"' in page
        given = (
            {"answer": "field", "choice": "0"} if field_case else {"answer": self.chance.choice(["same", "different"])}
        )
        if 'value="same"' not in page and not field_case:
            given = {"answer": "different"}
        time.sleep(self.options.pause)
        start, cpu = time.perf_counter(), processor_s(self.options.server)
        answer, text = self.browser.post(f"{path}/answer", **form, **given)
        if answer.status != 303:  # a rule stands against it, or another was faster
            self.case = None
            self.browser.post(f"{path}/answer", **form, answer="unsure")
            return
        with self.measured.lock:
            self.measured.accepted += 1
        place = answer.headers["Location"]
        posted, spent = time.perf_counter() - start, processor_s(self.options.server) - cpu
        text = self._expect(self.browser.get(place), 200)
        whole = processor_s(self.options.server) - cpu
        self.measured.note("answer + next case", time.perf_counter() - start, cpu=whole)
        self.measured.note("of it, the answer", posted, cpu=spent)
        self.case = (place, text)

    def _open(self, place: str) -> tuple[str, str]:
        return place, self._page("case", place)

    @staticmethod
    def _expect(answered: tuple[HTTPResponse, str], status: int) -> str:
        answer, text = answered
        assert answer.status == status, f"{answer.status} {answer.headers.get('Location')}: {text[:200]}"
        return text


def main() -> None:
    options = _options()
    if not options.postgresql:
        _run(options)
        return
    with running(LASTING) as server:
        options.database = server.make_database()
        options.folder = str(Path(options.folder) / "postgresql")
        shutil.rmtree(options.folder, ignore_errors=True)
        _run(options)


def _run(options: argparse.Namespace) -> None:
    folder = Path(options.folder)
    folder.mkdir(parents=True, exist_ok=True)
    start = time.perf_counter()
    url = seeded(folder, int(options.records * options.scale), int(options.cases * options.scale), options.database)
    print(f"store ready in {time.perf_counter() - start:.0f} s\n", flush=True)
    with tempfile.TemporaryDirectory() as place:
        config = _settings(Path(place), url)
        _accounts(url, Path(place), options.users)
        known, accepted = _decisions(url, folder), 0
        server, address = _serve(config)
        try:
            options.server = server.pid
            for users, pause in [(1, 0.0), *((options.users, pause) for pause in options.pauses)]:
                options.pause = pause
                measured = _measure(address, users, options)
                _report(measured, users, pause)
                accepted += measured.accepted
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)
        _check(url, folder, known + accepted)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=500_000)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--scale", type=float, default=1.0, help="of both numbers")
    parser.add_argument("--folder", default=str(Path(tempfile.gettempdir()) / "lyhde-desk-benchmark"))
    parser.add_argument("--database", help="a PostgreSQL database, empty or seeded; default: SQLite in the folder")
    parser.add_argument("--postgresql", action="store_true", help="a private server, gone at the end")
    parser.add_argument("--users", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=12, help="at most, for each user")
    parser.add_argument("--seconds", type=float, default=60, help="at most, for each pause")
    parser.add_argument("--pauses", type=float, nargs="+", default=[1.0, 0.0], help="between two pages of one user, s")
    parser.add_argument("--search", default="/records", help="path of the record search")
    return parser.parse_args()


def _decisions(url: str, folder: Path) -> int:
    store = open_store(url, folder)
    with store.read() as connection:
        found = sum(1 for made in decisions.every(connection) if made.answer not in ("unsure", "undo"))
    store.close()
    return found


def _check(url: str, folder: Path, expected: int) -> None:
    """Print whether all answers were kept, and what the database broke off."""
    found = _decisions(url, folder)
    store = open_store(url, folder)
    with store.read() as connection:
        same = queue_rows.looks(connection) == {look: n for look, n in queue_rows.recount(connection).items() if n}
        broken = "0"
        if store.engine.dialect.name == "postgresql":
            broken = connection.scalar(
                text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
            )
    store.close()
    print(f"answers accepted and kept before: {expected}, decisions kept: {found}; ledger right: {same}; "
          f"deadlocks: {broken}")  # fmt: skip


def _settings(place: Path, url: str) -> Path:
    config = place / "lyhde.toml"
    sqlite = url.startswith("sqlite")
    data = Path(urlsplit(url).path).parent if sqlite else place / "data"
    store = "" if sqlite else f'[store]\nurl = "{url}"\n'
    config.write_text(f'data_dir = "{data}"\n{store}[desk]\nrequests_per_minute = 1000000\n', "utf-8")
    return config


def _accounts(url: str, place: Path, users: int) -> None:
    store = open_store(url, place)
    now = datetime.now(UTC).strftime(FORM)
    with store.write() as connection:
        hashed = hash_password(PASSWORD)
        for number in range(users):
            name = f"bench{number}"
            if accounts.find(connection, name) is None:
                made = accounts.Account(name=name, display_name=f"Bench {number}", role="cataloguer", created_at=now)
                accounts.add(connection, made, hashed)
    store.close()


def _serve(config: Path) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-m", "cli.main", "--config", str(config), "desk", "serve", "--port", "0"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    watchdog = threading.Timer(START_S, server.kill)
    watchdog.start()
    for line in server.stdout or ():
        found = re.search(r"http://[\w.:\[\]]+", line)
        if found:
            watchdog.cancel()
            return server, found[0]
    raise SystemExit("the desk did not start")


def _measure(address: str, users: int, options: argparse.Namespace) -> Measured:
    measured = Measured()
    people = [Person(number, address, options, measured) for number in range(users)]
    for person in people:
        person.start()
    for person in people:
        person.join(options.seconds * 3 + 60)
    return measured


def _report(measured: Measured, users: int, pause: float) -> None:
    print(f"{users} users, {pause:g} s between two pages of each\n")
    print(
        "| page | requests | p50 ms | p95 ms | aim p95 ms | CPU ms | bytes | gzip |\n|---|---|---|---|---|---|---|---|"
    )
    for kind, times in measured.times.items():
        ordered = sorted(times)
        middle, high = ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
        size, packed = measured.weights.get(kind, (0, 0))
        aim = AIMS_MS.get(kind, "")
        cpu = f"{measured.cpu[kind] / len(times):.0f}" if users == 1 else ""
        print(f"| {kind} | {len(times)} | {middle:.0f} | {high:.0f} | {aim} | {cpu} | {size or ''} | {packed or ''} |")
    print()
    for fault in measured.faults[:5]:
        print(f"fault: {fault}", flush=True)


if __name__ == "__main__":
    main()
