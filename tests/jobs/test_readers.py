"""Readers in processes of their own change nothing but the time it takes: whatever they read, and however they end."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from jobs import readers
from jobs.harvesting import harvest
from jobs.readers import Readers
from ops.sources import SourceSettings
from parsers.marc import cutting as marc_cutting
from parsers.onix import cutting as onix_cutting
from store.database import Store, open_store

NIGHTS = ("2026-01-01T03:00:00Z", "2026-01-02T03:00:00Z")
TABLES = {
    "source_record": "*", "record_document": "*", "defect": "*", "source_file": "*",
    "quarantine": "run, file, code, locus, \"index\", excerpt", "harvest_run": "id, source, state, counts",
}  # fmt: skip
ARGUMENTS = (
    "import sys, pathlib; from ops.sources import SourceSettings; from store.database import open_store;"
    "import jobs.readers, parsers.onix.cutting; jobs.readers.LEAST_BYTES = 1; parsers.onix.cutting.PIECE_BYTES = 400;"
    "from jobs.harvesting import harvest; folder = pathlib.Path(sys.argv[1]);"
    "source = SourceSettings.model_validate_json(sys.argv[2]);"
)
VICTIM = ARGUMENTS + (
    "start = jobs.readers.Readers._started\n"
    "def told(self):\n"
    "    started = start(self)\n"
    "    print(*(each.process.pid for each in started), flush=True)\n"
    "    sys.stdin.readline()\n"
    "    return started\n"
    "jobs.readers.Readers._started = told\n"
    "harvest(open_store(f'sqlite:///{folder}/lyhde.sqlite', folder), source, sys.argv[3], processes=2)"
)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Feeds of a few records are read in pieces."""
    monkeypatch.setattr(readers, "LEAST_BYTES", 1)
    monkeypatch.setattr(onix_cutting, "PIECE_BYTES", 400)
    monkeypatch.setattr(marc_cutting, "PIECE_BYTES", 400)


def contents(store: Store) -> dict[str, Any]:
    """What a run left behind."""
    with store.read() as connection:
        return {
            name: sorted(map(repr, connection.execute(text(f"SELECT {columns} FROM {name}"))))
            for name, columns in TABLES.items()
        }


class Harvests:
    """The same feed read alone and with readers, each into a store of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "feed").mkdir()
        transport = {"kind": "folder", "path": folder / "feed"}
        limits = {"max_quarantine": 1.0}
        self.source = SourceSettings.model_validate({"id": "kaarna", "transport": transport, "limits": limits})
        self.stores: dict[int, Store] = {}

    def put(self, data: bytes, name: str = "feed.xml") -> None:
        (self.folder / "feed" / name).write_bytes(data)

    def store(self, processes: int) -> Store:
        if processes not in self.stores:
            home = self.folder / str(processes)
            home.mkdir(exist_ok=True)
            self.stores[processes] = open_store(f"sqlite:///{home / 'lyhde.sqlite'}", home)
        return self.stores[processes]

    def read(self, processes: int, night: str = NIGHTS[0]) -> dict[str, Any]:
        harvest(self.store(processes), self.source, night, processes=processes)
        return contents(self.store(processes))


@pytest.fixture
def harvests(tmp_path: Path) -> Iterator[Harvests]:
    made = Harvests(tmp_path)
    yield made
    for store in made.stores.values():
        store.close()


@pytest.fixture
def feed(onix: Callable[..., str], message: Callable[..., bytes]) -> Callable[..., bytes]:
    """Products of every kind: new, doubled, deleted, updates of what is there and of what is not, and bad ones."""

    def made(changed: str = "") -> bytes:
        plain = [onix(f"r{n}", f"Kirja & {n} {changed if n % 3 else ''}") for n in range(30)]
        odd = [onix("r3", "Kolmas"), onix("r4", kind="05"), onix("r5", kind="04", publisher="Aalto"), onix("", "Ei")]
        return message(*plain, *odd, onix("x", kind="04", publisher="Aalto"), onix("y"), onix("z", "Zeta", kind="89"))

    return made


def test_a_feed_is_kept_alike_night_after_night(harvests: Harvests, feed: Callable[..., bytes]) -> None:
    for night, body in zip(NIGHTS, (feed(), feed("toisin")), strict=True):
        harvests.put(body)
        assert harvests.read(2, night) == harvests.read(1, night)


def test_marc_with_bad_records_is_kept_alike(harvests: Harvests) -> None:
    def marc(number: int) -> bytes:
        field = f"{number:05}\x1e".encode()
        title = f"00\x1faKirja {number}\x1e".encode()
        entries = b"001%04d00000245%04d%05d\x1e" % (len(field), len(title), len(field))
        data = entries + field + title + b"\x1d"
        return b"%05dnam a22%05d a 4500" % (24 + len(data), 24 + len(entries)) + data

    harvests.put(b"".join(marc(n) + (b"?\x1d" if n % 7 == 0 else b"") for n in range(40)), "feed.mrc")
    assert harvests.read(2) == harvests.read(1)


def test_what_follows_a_place_that_cannot_be_cut_is_read_alone(harvests: Harvests, feed: Callable[..., bytes]) -> None:
    harvests.put(
        feed().replace(b"Kirja &amp; 20", b"<!-- </Product> -->Kirja").replace(b"Kirja & 20", b"<!-- </Product> -->")
    )
    assert harvests.read(2) == harvests.read(1)


def kill(reader: readers._Reader) -> None:
    reader.process.kill()
    reader.process.wait()


def starve(reader: readers._Reader) -> None:
    resource.prlimit(reader.process.pid, resource.RLIMIT_AS, (1, 1))


@pytest.mark.parametrize("harm", [kill, starve])
def test_a_reader_that_ends_early_is_no_loss(
    harvests: Harvests, feed: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch, harm: Callable[[Any], None]
) -> None:
    answer, asked = Readers._answer, []

    def harmed(queue: Any, idle: Any) -> Any:
        asked.append(queue[0])
        if len(asked) == 3:
            harm(queue[0])
        return answer(queue, idle)

    monkeypatch.setattr(Readers, "_answer", staticmethod(harmed))
    harvests.put(feed())
    assert harvests.read(2) == harvests.read(1)
    assert len(asked) >= 3
    assert all(reader.process.poll() is not None for reader in asked)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_readers_end_with_the_harvest_and_the_next_one_goes_on(
    harvests: Harvests, feed: Callable[..., bytes], how: signal.Signals
) -> None:
    harvests.put(feed())
    source = harvests.source.model_dump_json()
    harvests.store(2)
    command = [sys.executable, "-c", VICTIM, str(harvests.folder / "2"), source, NIGHTS[0]]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as victim:
        assert victim.stdout is not None
        children = [int(word) for word in victim.stdout.readline().split()]
        assert len(children) == 2
        victim.send_signal(how)
        assert victim.wait(30) != 0
    deadline = time.monotonic() + 30
    while any(map(is_running, children)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(is_running, children))
    gone_on, undisturbed = harvests.read(2), harvests.read(1)
    assert gone_on.pop("harvest_run")[:1] == undisturbed.pop("harvest_run")
    assert gone_on == undisturbed


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def test_a_small_run_starts_no_readers(
    harvests: Harvests, feed: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "LEAST_BYTES", 8 * 2**20)
    monkeypatch.setattr(Readers, "_started", lambda _: pytest.fail("readers were started"))
    harvests.put(feed())
    assert harvests.read(2) == harvests.read(1)
