"""Whatever brings a feed, a harvest that is killed at a random point ends as one that was left alone."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from benchmarks.repository import Held, Repository, serving
from jobs.harvesting import harvest
from ops.sources import SourceSettings
from store.database import open_store

NIGHTS = ("2026-01-02T03:00:00Z", "2026-01-03T03:00:00Z")
VICTIM = """
import contextlib, os, pathlib, signal, sys
import harvest.http, harvest.oai, harvest.partial, jobs.intake
from jobs.harvesting import harvest as gather
from ops.sources import SourceSettings
from store.database import Store, open_store

folder, source, left = pathlib.Path(sys.argv[1]), SourceSettings.model_validate_json(sys.argv[2]), int(sys.argv[3])
passed = 0

def point():
    global passed
    passed += 1
    if passed == left:
        os.kill(os.getpid(), signal.SIGKILL)

write, body = Store.write, harvest.http.body

@contextlib.contextmanager
def mortal(self, **how):
    with write(self, **how) as connection:
        yield connection
        point()
    point()

def pieces(*given, **more):
    for piece in body(*given, **more):
        point()
        yield piece

Store.write, harvest.http.body, harvest.oai.body = mortal, pieces, pieces
harvest.partial.SYNC_BYTES = 4096
jobs.intake.BATCH_RECORDS = 4
gather(open_store(f"sqlite:///{folder}/lyhde.sqlite", folder), source, sys.argv[4])
print(passed)
"""
TABLES = ("source_record", "record_document", "record_revision", "defect", "quarantine", "source_file", "record_alias")
MARC = (
    '<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nam a2200000 i 4500</leader>'
    '<controlfield tag="001">{0}</controlfield><datafield tag="245" ind1="0" ind2="0">'
    '<subfield code="a">{1}</subfield></datafield></record>'
)


def contents(folder: Path) -> dict[str, Any]:
    """Everything a reader of the store could see."""
    store = open_store(f"sqlite:///{folder / 'lyhde.sqlite'}", folder)
    with store.read() as connection:
        found = {name: sorted(map(repr, connection.execute(text(f"SELECT * FROM {name}")).all())) for name in TABLES}
        found["dirty"] = sorted(map(str, connection.scalars(text("SELECT record FROM dirty_record"))))
        found["runs"] = [repr(row) for row in connection.execute(text("SELECT id, state, counts FROM harvest_run"))]
        found["staged"] = [str(connection.scalar(text("SELECT count(*) FROM staged_record")))]
    store.close()
    return found


def gather(folder: Path, source: SourceSettings, night: int) -> None:
    store = open_store(f"sqlite:///{folder / 'lyhde.sqlite'}", folder)
    harvest(store, source, NIGHTS[night])
    store.close()


def mortal(folder: Path, source: SourceSettings, left: int) -> subprocess.CompletedProcess[bytes]:
    """The second night in a process of its own, killed at a point; below 1: never, and the points are printed."""
    arguments = [str(folder), source.model_dump_json(), str(left), NIGHTS[1]]
    return subprocess.run([sys.executable, "-c", VICTIM, *arguments], capture_output=True, check=False, timeout=120)


class Feed:
    """A source, and what it sends each night."""

    def __init__(self, source: SourceSettings, turn: Callable[[int], None]) -> None:
        self.source, self.turn = source, turn


def marc(number: int, title: str) -> str:
    return MARC.format(f"{number:03}", title)


@contextmanager
def repository(_: Any) -> Iterator[Feed]:
    held = [Held(f"oai:x:{n:03}", "2026-01-01T03:00:00Z", marc(n, f"Kirja {n}")) for n in range(14)]
    with serving(Repository(held, clock=NIGHTS[0])) as served:
        transport = {"kind": "oai", "url": served.url, "internal": True, "overlap_h": 48}
        limits = {"min_records": 100}
        about = {"id": "otava", "feed": "delta", "transport": transport, "limits": limits}

        def turn(night: int) -> None:
            served.clock = NIGHTS[night]
            for n in (1, 4, 9) if night else ():
                served.records[n] = Held(f"oai:x:{n:03}", "2026-01-02T20:00:00Z", marc(n, "Toinen") if n > 1 else None)

        yield Feed(SourceSettings.model_validate(about), turn)


@contextmanager
def website(message: Callable[..., bytes]) -> Iterator[Feed]:
    """One address that serves parts of its feed, with a strong ETag."""
    bodies: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            etag = f'"{len(bodies)}"'
            part = self.headers.get("If-Range") == etag
            start = int(self.headers["Range"].removeprefix("bytes=").rstrip("-")) if part else 0
            self.send_response(206 if part else 200)
            self.send_header("ETag", etag)
            self.send_header("Content-Length", str(len(bodies[-1]) - start))
            if part:
                self.send_header("Content-Range", f"bytes {start}-{len(bodies[-1]) - 1}/{len(bodies[-1])}")
            self.end_headers()
            self.wfile.write(bodies[-1][start:])

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            """A client that was killed hangs up in the middle."""

    def turn(night: int) -> None:
        rows = [marc(n, f"{'Toinen' if night and n % 3 else 'Kirja'} {n}") for n in range(night, 20)]
        padding = "<!--" + "x" * 400_000 + "-->"
        bodies.append(f"<collection>{padding}{''.join(rows)}</collection>".encode())

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    transport = {"kind": "http", "url": f"http://127.0.0.1:{server.server_port}/feed.xml", "internal": True}
    about = {"id": "otava", "transport": transport, "limits": {"min_records": 100}}
    try:
        yield Feed(SourceSettings.model_validate(about), turn)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


WAYS: dict[str, Any] = {"oai": repository, "http": website}


def _check(tmp_path: Path, message: Callable[..., bytes], way: str, seeds: range) -> None:
    """The first night undisturbed, then the second one killed at a random point of it, once for every seed."""
    first, undisturbed, killed = tmp_path / "first", tmp_path / "undisturbed", tmp_path / "killed"
    with WAYS[way](message) as feed:
        feed.turn(0)
        first.mkdir()
        gather(first, feed.source, 0)
        feed.turn(1)
        shutil.copytree(first, undisturbed)
        points = int(mortal(undisturbed, feed.source, -1).stdout.split()[-1])
        expected = contents(undisturbed)
        for seed in seeds:
            shutil.rmtree(killed, ignore_errors=True)
            shutil.copytree(first, killed)
            left = random.Random(seed).randrange(1, points)
            assert mortal(killed, feed.source, left).returncode == -signal.SIGKILL, (seed, left)
            gather(killed, feed.source, 1)
            found = contents(killed)
            del found["runs"][len(expected["runs"]) :]  # it had gone live already: the next harvest found nothing new
            assert found == expected, f"seed {seed}, killed at point {left} of {points}"


@pytest.mark.parametrize("way", WAYS)
def test_a_killed_harvest_ends_as_one_that_was_left_alone(
    tmp_path: Path, message: Callable[..., bytes], way: str
) -> None:
    _check(tmp_path, message, way, range(1))


@pytest.mark.soak
@pytest.mark.parametrize("way", WAYS)
def test_a_harvest_may_be_killed_twenty_times(tmp_path: Path, message: Callable[..., bytes], way: str) -> None:
    _check(tmp_path, message, way, range(1, 21))
