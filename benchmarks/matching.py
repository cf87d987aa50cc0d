"""Matching, records per second of CPU: ``python -m benchmarks.matching FOLDER… [--limit N] [--mixed]``.

Reads real feeds, maps them, and prints a Markdown table: features, columns, candidate pairs, scores, the whole resolve,
and what came out. Ends with an error if a cluster holds a vetoed pair. `--mixed` takes the records for those of many
libraries, so that two of them may be one edition.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from typing import TypeVar

from benchmarks.merging import live_records
from matching.blocking import candidate_pairs
from matching.checking import vetoed_inside
from matching.columns import build_columns
from matching.facts import set_facts
from matching.features import extract
from matching.model import load_model
from matching.resolution import resolve
from matching.scoring import score

T = TypeVar("T")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folders", nargs="+", type=Path)
    options.add_argument("--limit", type=int, default=20_000)
    options.add_argument("--mixed", action="store_true")
    chosen = options.parse_args()
    records = list(islice(live_records(chosen.folders), chosen.limit))
    gc.freeze()
    print("| stage | records/s of CPU |\n|---|---|")
    features = timed("features", len(records), lambda: [extract(r, mixed_origin=chosen.mixed) for r in records])
    gc.freeze()
    model, facts = load_model(), set_facts(features)
    columns = timed("columns", len(features), lambda: build_columns(features, facts))
    pairs, _ = timed("candidate pairs", len(features), lambda: candidate_pairs(features, facts, model.block_cap))
    timed("scores, both levels", len(features), lambda: score(columns, pairs, model))
    found = timed("resolve (all but features)", len(features), lambda: resolve(features, model=model))
    print("\n| result | |\n|---|---|")
    print(f"| records | {len(features):,} |\n| candidate pairs per record | {len(pairs) / max(1, len(features)):.2f} |")
    print(f"| editions, works | {len(found.editions):,}, {len(found.works):,} |\n| asks | {len(found.asks):,} |")
    print(
        f"| oversize blocks | {len(found.oversize)} |\n| peak memory, MB | {getrusage(RUSAGE_SELF).ru_maxrss // 1024} |"
    )
    if vetoed := vetoed_inside(features, found):
        raise SystemExit(f"clusters hold vetoed pairs: {vetoed[:5]}")


def timed(name: str, count: int, job: Callable[[], T]) -> T:
    start = time.process_time()
    result = job()
    print(f"| {name} | {count / max(1e-9, time.process_time() - start):,.0f} |")
    return result


if __name__ == "__main__":
    main()
