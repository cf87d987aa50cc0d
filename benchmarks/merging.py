"""Merging, records per second: ``python -m benchmarks.merging FOLDER… [--limit N]``.

Reads real feeds, maps them, and merges each record alone, in clusters of three (the same record from three senders,
so that every field has something to settle), and the editions to works. Prints a Markdown table of CPU seconds' worth;
the last row is what this machine makes of plain Python at the same time, to compare runs by.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from catalogue.parsed import BadRecord
from catalogue.record import CatalogueRecord
from mappings.registry import map_record
from merging.edition import merge_edition
from merging.work import merge_work
from parsers.registry import parse

SENDERS = ("one", "two", "three")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folders", nargs="+", type=Path)
    options.add_argument("--limit", type=int, default=5_000)
    chosen = options.parse_args()
    records = list(islice(live_records(chosen.folders), chosen.limit))
    clusters = [[r.model_copy(update={"source": sender}) for sender in SENDERS] for r in records]
    editions = [merge_edition([r]) for r in records]
    known = {str(r.key): r for r in records}
    print("| merged | records/s |\n|---|---|")
    row("one record alone", len(records), lambda: [merge_edition([r]) for r in records])
    row("three records of one edition", 3 * len(records), lambda: [merge_edition(c) for c in clusters])
    row("a work of one edition", len(records), lambda: [merge_work([e], known) for e in editions])
    row("(sums of 1,000 numbers)", 20_000, lambda: [sum(range(1_000)) for _ in range(20_000)])


def live_records(folders: list[Path]) -> Iterator[CatalogueRecord]:
    """Every live record of the files under some folders, each key once."""
    seen: set[str] = set()
    for path in (p for folder in folders for p in sorted(folder.rglob("*")) if p.is_file()):
        with path.open("rb") as stream:
            for parsed in parse(stream):
                mapped = None if isinstance(parsed, BadRecord) else map_record(parsed, "bench", str(parsed.index))
                record = mapped.record if mapped else None
                if record and record.status == "live" and str(record.key) not in seen:
                    seen.add(str(record.key))
                    yield record


def row(name: str, count: int, work: Callable[[], object]) -> None:
    began = time.process_time()
    work()
    print(f"| {name} | {count / (time.process_time() - began):,.0f} |")


if __name__ == "__main__":
    main()
