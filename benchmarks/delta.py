"""A change into a large catalogue: ``python -m benchmarks.delta [--records N] [--changes 1,1000,10000] [--made]``.

Generates feeds, harvests and resolves them. Then, so many records at a time, some go, the same come again, and some
change (half get the title of another, half another publisher), and each time it resolves. Prints a Markdown table of
CPU and wall seconds, and ends with an error if ``resolve --all`` then changes anything. ``--made`` keeps the same
records without feeds and harvests, and leaves the resolve of everything out: a million are there in minutes.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from typing import Any, TypeVar

import jobs.delta
import jobs.resolving
import jobs.settling
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

T = TypeVar("T")
SEED = 7
NOW = "2026-01-01T00:00:00Z"
MATCHING = {
    jobs.resolving: ("refresh_features",),
    jobs.delta: ("look", "_keep"),
    jobs.settling: ("closure", "read_part", "_resolve", "make_plan", "keep_membership"),
}
"""What a delta does to match, cluster and keep who belongs where: all but merging, cases and looking for what to do."""
MATCHED = [0.0]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--records", type=int, default=20_000)
    options.add_argument("--changes", default="1,1000")
    options.add_argument("--made", action="store_true", help="records kept without feeds; no resolve of everything")
    chosen = options.parse_args()
    for module, names in MATCHING.items():
        for name in names:
            setattr(module, name, watch(getattr(module, name)))
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        store = open_store(f"sqlite:///{place / 'lyhde.sqlite'}", place)
        if chosen.made:
            keep_made(store, chosen.records)
        else:
            generate(place, chosen.records, SEED)
            for source in load_sources(place / "sources").values():
                harvest(store, source, NOW)
        print("| resolve | records | works changed | CPU, s | of it matching | wall, s |\n|---|---|---|---|---|---|")
        timed("first", chosen.records, lambda: resolve(store, NOW))
        for size in map(int, chosen.changes.split(",")):
            drawn = some_records(store, size)
            leave(store, drawn)
            timed("of records that went", size, lambda: resolve(store, NOW))
            come(store, drawn)
            timed("of records that came", size, lambda: resolve(store, NOW))
            change(store, size, random.Random(size))
            timed("of records that changed", size, lambda: resolve(store, NOW))
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
    for record, _, _ in catalogue_records(SEED, count):
        rows = of_source[record.source]
        rows.append(arrived(record, len(rows) + 1))
    for source, rows in of_source.items():
        promote(store, source, rows, complete=True)
        rows.clear()


def arrived(record: CatalogueRecord, position: int) -> StagedRow:
    document, nothing = pack_model(record), pack({"content": []})
    place = 1, position, record.source_id
    return StagedRow(*place, "new", False, "live", content_hash(document), None, "a" * 64, nothing, document)


def promote(store: Store, source: str, rows: Sequence[StagedRow], *, complete: bool) -> None:
    """Keep rows as a harvest of a source does."""
    with store.write() as connection:
        run = runs.begin(connection, source, [], complete=complete, at=NOW)
    for batch in batches(rows):
        with store.write() as connection:
            staging.stage_batch(connection, run.id, batch)
    with store.write() as connection:
        promotion.promote(connection, promotion.Promotion(run.id, source, NOW, complete))
        runs.finish(connection, run.id, "promoted", at=NOW)


def some_records(store: Store, size: int) -> dict[str, list[CatalogueRecord]]:
    """Source → records of it, drawn from all."""
    found: dict[str, list[CatalogueRecord]] = defaultdict(list)
    with store.read() as connection:
        numbers = sorted(matches.places(connection))
        chosen = random.Random(size).sample(numbers, min(size, len(numbers)))
        for stored in records.by_number(connection, chosen).values():
            if stored.record is not None:
                found[stored.key.source].append(stored.record)
    return found


def leave(store: Store, leaving: Mapping[str, Sequence[CatalogueRecord]]) -> None:
    """The sources delete these records."""
    for source, some in leaving.items():
        rows = [
            StagedRow(1, n, record.source_id, "deleted", False, "deleted", None, None, "a" * 64)
            for n, record in enumerate(some, 1)
        ]
        promote(store, source, rows, complete=False)


def come(store: Store, coming: Mapping[str, Sequence[CatalogueRecord]]) -> None:
    """The sources send these records, which the store has not."""
    for source, some in coming.items():
        promote(store, source, [arrived(record, n) for n, record in enumerate(some, 1)], complete=False)


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
    cpu, wall, matched = time.process_time(), time.monotonic(), MATCHED[0]
    report = job()
    spent = time.process_time() - cpu, MATCHED[0] - matched, time.monotonic() - wall
    told = " | ".join(f"{seconds:.1f}" for seconds in spent)
    print(f"| {name} | {count:,} | {report.changed_works:,} | {told} |", flush=True)


def watch(step: Callable[..., T]) -> Callable[..., T]:
    """The same step, whose processor time is added to that of matching."""

    def watched(*given: Any, **named: Any) -> T:
        start = time.process_time()
        try:
            return step(*given, **named)
        finally:
            MATCHED[0] += time.process_time() - start

    return watched


if __name__ == "__main__":
    main()
