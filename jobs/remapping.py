"""Remap: map live records again from what was kept of them, after a change of mapping or vocabulary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from catalogue import lifecycle
from catalogue.coverage import fields_of
from catalogue.record import CatalogueRecord
from jobs.mapping import map_record
from jobs.senders import as_judged, judge_senders
from store import coverage, features, records, sources
from store.batches import batches
from store.database import Connection, Store
from store.documents import unpack

BATCH = 1_000


@dataclass(slots=True)
class RemapReport:
    """`lost` are records that the present mapping would refuse: they stay as they are, and are named."""

    records: int = 0
    changed: int = 0
    lost: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def remap(store: Store, names: Sequence[str], now: str, *, dry_run: bool = False) -> RemapReport:
    """Map the live records of some sources (none named: all) again; changed ones are resolved next.

    `dry_run` counts without writing. A killed run leaves whole batches done; the next goes over all again.
    Raises NotFound for a source that never delivered.
    """
    report = RemapReport()
    with store.read() as connection:
        chosen = [sources.find(connection, name).id for name in names] or [s.id for s in sources.every(connection)]
    for source in chosen:
        with store.run_lock(f"harvest-{source}"):
            with store.read() as connection:
                numbers = records.live_numbers(connection, source)
            for part in batches(numbers, BATCH):
                with store.write() as connection:
                    _remap_part(connection, part, (now, dry_run), report)
            if not dry_run:
                judge_senders(store, source, now, anew=True)
    return report


def _remap_part(connection: Connection, numbers: Sequence[int], how: tuple[str, bool], report: RemapReport) -> None:
    now, dry_run = how
    stored = records.by_number(connection, numbers)
    kept = records.parsed_documents(connection, numbers)
    changed: dict[int, CatalogueRecord] = {}
    for number in numbers:
        key = stored[number].key
        report.records += 1
        if number not in kept:
            continue
        found = map_record(lifecycle.from_document(unpack(kept[number])), key.source, key.source_id).record
        if found is None:
            report.lost = (*report.lost, str(key))
            continue
        again = found.model_copy(update={"source_id": key.source_id, "status": stored[number].status})
        again = as_judged(connection, again)
        if again != stored[number].record:
            changed[number] = again
    report.changed += len(changed)
    if not dry_run and changed:
        records.replace_mapped(connection, changed)
        coverage.keep(connection, {number: fields_of(record) for number, record in changed.items()})
        features.drop_features(connection, sorted(changed))
        features.mark_dirty(connection, sorted(changed), now)
