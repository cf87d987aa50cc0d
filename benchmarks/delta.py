"""A change into a large catalogue: ``python -m benchmarks.delta [--records N] [--changes 1,1000,10000] [--made]``.

Generates feeds, harvests and resolves them, then changes so many records at a time (half get the title of another, half
another publisher) and resolves again. Prints a Markdown table of CPU and wall seconds, and ends with an error if
``resolve --all`` then changes anything. ``--made`` keeps the same records without feeds and harvests, and leaves the
resolve of everything out: a million are there in minutes.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from typing import Any

from benchmarks.synthetic import catalogue_records
from catalogue.keys import content_hash
from catalogue.record import CatalogueRecord
from jobs.generating import generate
from jobs.harvesting import harvest
from jobs.resolving import ResolveReport, resolve
from ops.sources import load_sources
from store import features, matches, merged, promotion, records, runs, staging
from store.batches import batches
from store.database import Store, open_store
from store.documents import pack, pack_model
from store.staging import StagedRow

SEED = 7
NOW = "2026-01-01T00:00:00Z"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--records", type=int, default=20_000)
    options.add_argument("--changes", default="1,1000")
    options.add_argument("--made", action="store_true", help="records kept without feeds; no resolve of everything")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        store = open_store(f"sqlite:///{place / 'lyhde.sqlite'}", place)
        if chosen.made:
            keep_made(store, chosen.records)
        else:
            generate(place, chosen.records, SEED)
            for source in load_sources(place / "sources").values():
                harvest(store, source, NOW)
        print("| resolve | records | works changed | CPU, s | wall, s |\n|---|---|---|---|---|")
        timed("first", chosen.records, lambda: resolve(store, NOW))
        for size in map(int, chosen.changes.split(",")):
            change(store, size, random.Random(size))
            timed("of the change", size, lambda: resolve(store, NOW))
        before = None if chosen.made else standing(store)
        if before:
            timed("of everything", chosen.records, lambda: resolve(store, NOW, everything=True))
        print(f"\nPeak memory: {getrusage(RUSAGE_SELF).ru_maxrss // 1024} MB.")
        if before and standing(store) != before:
            raise SystemExit("a resolve of everything changed what a delta left")
        store.close()


def keep_made(store: Store, count: int) -> None:
    """Records of the synthetic feeds as a harvest of each source leaves them, without what was sent."""
    of_source: dict[str, list[StagedRow]] = defaultdict(list)
    nothing = pack({"content": []})
    for record, _, _ in catalogue_records(SEED, count):
        rows, document = of_source[record.source], pack_model(record)
        place = 1, len(rows) + 1, record.source_id
        rows.append(StagedRow(*place, "new", False, "live", content_hash(document), None, "a" * 64, nothing, document))
    for source, rows in of_source.items():
        with store.write() as connection:
            run = runs.begin(connection, source, [], complete=True, at=NOW)
        for batch in batches(rows):
            with store.write() as connection:
                staging.stage_batch(connection, run.id, batch)
        with store.write() as connection:
            promotion.promote(connection, promotion.Promotion(run.id, source, NOW, True))
            runs.finish(connection, run.id, "promoted", at=NOW)
        rows.clear()


def change(store: Store, size: int, chance: random.Random) -> None:
    """Change records as a new mapping would: kept, without features, and queued."""
    with store.write() as connection:
        numbers = sorted(matches.places(connection))
        chosen = chance.sample(numbers, min(size, len(numbers)))
        others = records.by_number(connection, chance.sample(numbers, len(chosen)))
        stored = records.by_number(connection, chosen)
        fresh = {
            number: _changed(one.record, other.record, n)
            for n, ((number, one), other) in enumerate(zip(stored.items(), others.values(), strict=True))
            if one.record is not None and other.record is not None
        }
        records.replace_mapped(connection, fresh)
        features.drop_features(connection, sorted(fresh))
        features.mark_dirty(connection, sorted(fresh), NOW)


def _changed(record: CatalogueRecord, other: CatalogueRecord, number: int) -> CatalogueRecord:
    if number % 2:
        return record.model_copy(update={"titles": other.titles})
    publication = record.publication.model_copy(update={"publisher": other.publication.publisher})
    return record.model_copy(update={"publication": publication})


def standing(store: Store) -> dict[str, Any]:
    with store.read() as connection:
        return {
            "places": matches.places(connection),
            "pairs": list(matches.all_pairs(connection)),
            "works": [(one.id, one.content_hash) for one in merged.every(connection, "work")],
        }


def timed(name: str, count: int, job: Callable[[], ResolveReport]) -> None:
    cpu, wall = time.process_time(), time.monotonic()
    report = job()
    spent = time.process_time() - cpu, time.monotonic() - wall
    print(f"| {name} | {count:,} | {report.changed_works:,} | {spent[0]:.1f} | {spent[1]:.1f} |", flush=True)


if __name__ == "__main__":
    main()
