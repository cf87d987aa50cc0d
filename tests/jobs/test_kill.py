"""A harvest that is killed at any moment is finished by the next one, as if nothing had happened."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from jobs.harvesting import harvest
from ops.sources import SourceSettings
from store.database import Store, open_store

AT, LATER = "2026-01-01T03:00:00Z", "2026-01-02T03:00:00Z"
VICTIM = """
import contextlib, os, pathlib, signal, sys
import jobs.intake
from jobs.harvesting import harvest
from ops.sources import SourceSettings
from store.database import Store, open_store

folder, source, left = pathlib.Path(sys.argv[1]), SourceSettings.model_validate_json(sys.argv[2]), int(sys.argv[3])
write = Store.write

@contextlib.contextmanager
def mortal(self, **how):
    global left
    with write(self, **how) as connection:
        yield connection
        left -= 1
        if left == 0 and sys.argv[4] == "within":
            os.kill(os.getpid(), signal.SIGKILL)
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

Store.write = mortal
jobs.intake.BATCH_RECORDS = 4
harvest(open_store(f"sqlite:///{folder}/lyhde.sqlite", folder), source, "2026-01-02T03:00:00Z")
"""
WRITES = 9  # transactions of the harvest below: source, run, four batches, absence, coverage of fields, promotion
TABLES = ("source_record", "record_document", "record_revision", "defect", "quarantine", "source_file")


def contents(store: Store) -> dict[str, Any]:
    """Everything a reader of the store could see."""
    with store.read() as connection:
        found = {name: sorted(map(repr, connection.execute(text(f"SELECT * FROM {name}")).all())) for name in TABLES}
        marks = connection.execute(text("SELECT record, since FROM dirty_record"))
        found["dirty"] = sorted((record, since.split()[0]) for record, since in marks)  # the rest is unique to a change
        found["runs"] = list(connection.execute(text("SELECT id, source, state, counts FROM harvest_run")))
        found["staged"] = connection.execute(text("SELECT count(*) FROM staged_record")).scalar()
    return found


def prepare(folder: Path, source: SourceSettings, feed: Path, bodies: tuple[bytes, bytes]) -> Store:
    """A store after a first harvest, with the second feed in place."""
    folder.mkdir()
    store = open_store(f"sqlite:///{folder / 'lyhde.sqlite'}", folder)
    feed.write_bytes(bodies[0])
    harvest(store, source, AT)
    feed.write_bytes(bodies[1])
    return store


@pytest.fixture
def bodies(onix: Callable[..., str], message: Callable[..., bytes]) -> tuple[bytes, bytes]:
    first = [onix(f"r{n}", f"Kirja {n}") for n in range(12)]
    second = [onix(f"r{n}", f"Kirja {n}" if n % 2 else f"Toinen {n}") for n in range(1, 11)]
    return message(*first), message(*second, onix("r3", "Kolmas"), onix("r4", kind="05"), onix("r5"), onix("x", "Uusi"))


KILLS = [(1, "after"), (3, "within"), (4, "after"), (6, "within"), (WRITES, "within")]
SOAK = [(number, when) for number in range(1, WRITES + 1) for when in ("within", "after")]


def _check(tmp_path: Path, source: SourceSettings, feed: Path, bodies: tuple[bytes, bytes], kill: Any) -> None:
    undisturbed = prepare(tmp_path / "undisturbed", source, feed, bodies)
    harvest(undisturbed, source, LATER)
    folder = tmp_path / "killed"
    prepare(folder, source, feed, bodies).close()
    arguments = [str(folder), source.model_dump_json(), str(kill[0]), kill[1]]
    died = subprocess.run([sys.executable, "-c", VICTIM, *arguments], capture_output=True, check=False, timeout=120)
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    survivor = open_store(f"sqlite:///{folder / 'lyhde.sqlite'}", folder)
    harvest(survivor, source, LATER)
    expected, found = contents(undisturbed), contents(survivor)
    if kill == (WRITES, "after"):  # it was done: the next harvest found nothing new
        assert found["runs"].pop()[2] == "promoted"
    assert found == expected
    undisturbed.close()
    survivor.close()


@pytest.mark.parametrize("kill", KILLS, ids=str)
def test_a_killed_harvest_goes_on_where_it_stopped(
    tmp_path: Path, otava: Any, feed: Path, bodies: tuple[bytes, bytes], kill: tuple[int, str]
) -> None:
    _check(tmp_path, otava(limits={"min_records": 100}), feed, bodies, kill)


@pytest.mark.soak
@pytest.mark.parametrize("kill", SOAK, ids=str)
def test_a_harvest_may_be_killed_anywhere(
    tmp_path: Path, otava: Any, feed: Path, bodies: tuple[bytes, bytes], kill: tuple[int, str]
) -> None:
    _check(tmp_path, otava(limits={"min_records": 100}), feed, bodies, kill)
