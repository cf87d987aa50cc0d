"""Staging and promotion on SQLite: ``python -m benchmarks.store [--records N]``.

The records are ready-made documents of the size of a real MARC record, so that the store alone is measured: batches of
500 into staging, then one promotion, for a fresh feed, the same feed again, and a feed in which everything changed.
Prints a Markdown table: records per second of CPU and of the clock, and bytes per record on disk.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from sqlalchemy import text

from catalogue.keys import content_hash
from catalogue.vocabularies.tables import read_rows
from store import promotion, runs, staging
from store.database import Store, open_store
from store.documents import pack
from store.staging import Outcome, StagedRow, standing

SEED = 3
BATCH = 500
AT = "2026-01-01T00:00:00Z"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--records", type=int, default=50_000)
    count = options.parse_args().records
    print("| feed | records/s (CPU) | records/s (clock) | bytes/record |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/lyhde.sqlite", Path(folder))
        first, second = list(_rows(count, "new")), list(_rows(count, "changed"))
        same = [row._replace(outcome="unchanged", parsed=None, mapped=None) for row in first]
        for name, rows in (("fresh", first), ("unchanged", same), ("all changed", second)):
            cpu, clock = time.process_time(), time.perf_counter()
            _harvest(store, rows)
            cpu, clock = time.process_time() - cpu, time.perf_counter() - clock
            print(f"| {name} | {count / cpu:,.0f} | {count / clock:,.0f} | {_bytes(store) / count:,.0f} |")
        store.close()


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
    with store.read() as connection:
        pages, free, size = (
            connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("page_count", "freelist_count", "page_size")
        )
    return float((pages - free) * size)


if __name__ == "__main__":
    main()
