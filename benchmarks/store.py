"""Staging and promotion on SQLite and on PostgreSQL: ``python -m benchmarks.store [--records N]``.

The records are ready-made documents of the size of a real MARC record, so that the store alone is measured: batches of
500 into staging, then one promotion, for a fresh feed, the same feed again, and a feed in which everything changed;
then short keyed rows, six for each record. PostgreSQL is a private server with its own settings, so that a commit is
on the disk. Prints a Markdown table: rows per second of CPU (the server's with ours) and of the clock, and bytes per
record on disk.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path

from sqlalchemy import text

from benchmarks.postgresql import running
from catalogue.keys import content_hash
from catalogue.vocabularies.tables import read_rows
from store import promotion, runs, staging
from store.database import Store, open_store
from store.documents import pack
from store.engines import is_postgresql
from store.people_schema import work_term
from store.staging import Outcome, StagedRow, standing
from store.upsert import upsert

SEED = 3
BATCH = 500
KEYS = 6
KEY_BATCH = 5_000
AT = "2026-01-01T00:00:00Z"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--records", type=int, default=50_000)
    count = options.parse_args().records
    print("| back end | feed | rows/s (CPU) | rows/s (clock) | bytes/record |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/lyhde.sqlite", Path(folder))
        _measure("SQLite", store, count, time.process_time)
        with running(options=()) as server:
            store = open_store(server.make_database(), Path(folder))
            _measure("PostgreSQL", store, count, lambda: time.process_time() + server.cpu_s())


def _measure(name: str, store: Store, count: int, cpu: Callable[[], float]) -> None:
    first, second = list(_rows(count, "new")), list(_rows(count, "changed"))
    same = [row._replace(outcome="unchanged", parsed=None, mapped=None) for row in first]
    for feed, rows in (("fresh", first), ("unchanged", same), ("all changed", second)):
        _print((name, feed), count, _timed(partial(_harvest, store, rows), cpu), f"{_bytes(store) / count:,.0f}")
    keys = [{"term": f"{n * 7919 % 1_000_003:07}", "work": f"w{n}"} for n in range(KEYS * count)]
    for feed in ("keys, fresh", "keys, again"):
        _print((name, feed), len(keys), _timed(lambda: _keep_keys(store, keys), cpu), "")
    store.close()


def _timed(work: Callable[[], None], cpu: Callable[[], float]) -> tuple[float, float]:
    """Seconds of CPU, ours and the server's, and of the clock."""
    before, clock = cpu(), time.perf_counter()
    work()
    return cpu() - before, time.perf_counter() - clock


def _print(what: tuple[str, str], count: int, seconds: tuple[float, float], size: str) -> None:
    cpu, clock = seconds
    print(f"| {what[0]} | {what[1]} | {count / cpu:,.0f} | {count / clock:,.0f} | {size} |", flush=True)


def _keep_keys(store: Store, rows: list[dict[str, str]]) -> None:
    for start in range(0, len(rows), KEY_BATCH):
        with store.write() as connection:
            upsert(connection, work_term, rows[start : start + KEY_BATCH], update=())


def _harvest(store: Store, rows: list[StagedRow]) -> None:
    with store.write() as connection:
        run = runs.begin(connection, "bench", [], complete=True, at=AT)
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        ids = [row.source_id for row in batch]
        with store.read() as connection:
            standing(connection, "bench", ids)
            staging.winners(connection, run.id, ids)
        with store.write() as connection:
            staging.stage_batch(connection, run.id, batch)
    with store.write() as connection:
        staging.absent(connection, run.id, "bench")
        promotion.promote(connection, promotion.Promotion(run.id, "bench", AT, True))
        runs.finish(connection, run.id, "promoted", at=AT)


def _rows(count: int, outcome: Outcome) -> Iterator[StagedRow]:
    """Documents of random words, as compressible as real ones."""
    chance = random.Random(f"{SEED}{outcome}")
    words = [row.split("\t")[1] for row in read_rows("yso")[:3000]] + [str(n) for n in range(1000)]
    for position in range(1, count + 1):
        parsed = pack({"content": [[f"{n:03}", "  ", [["a", _words(chance, words)]]] for n in range(25)]})
        mapped = pack({"titles": [_words(chance, words) for _ in range(18)]})
        content = content_hash(parsed)
        yield StagedRow(1, position, f"{position:09}", outcome, False, "live", content, None, "a" * 64, parsed, mapped)


def _words(chance: random.Random, words: list[str]) -> str:
    return " ".join(chance.choices(words, k=6))


def _bytes(store: Store) -> float:
    """Bytes in use, without the pages that staging left free for the next run."""
    if is_postgresql(store.engine):
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM FULL"))
            return float(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    with store.read() as connection:
        pages, free, size = (
            connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("page_count", "freelist_count", "page_size")
        )
    return float((pages - free) * size)


if __name__ == "__main__":
    main()
