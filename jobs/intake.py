"""Reading the payloads of a run into its staging, batch by batch: what is staged once is never staged again."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import islice

from catalogue.parsed import BadRecord, ParsedRecord
from jobs.applying import Applying, Place, identify
from jobs.naming import own_names
from ops.sources import SourceFormat, SourceSettings
from parsers.detect import Format
from parsers.registry import parse
from store import defects, listing, payloads, runs, staging
from store.database import Store
from store.runs import Run, RunCounts, RunFile

BATCH_RECORDS = 500
FORMATS: dict[SourceFormat, Format | None] = {"auto": None, "onix": "onix", "marc": None, "opds": "opds"}
_WORDS = re.compile(rb"[^\s<>\"'{}\[\],\x1d-\x1f]+")


def read_run(store: Store, source: SourceSettings, run: Run) -> None:
    """Stage what is left of a run's files. May be killed at any moment and called again."""
    with store.read() as connection:
        files = runs.files(connection, run.id)
    for file in files:
        if not file.finished:
            read_file(store, source, run, file)


def settle(store: Store, run: Run) -> RunCounts:
    """The counts of a run that is read to its end; for a whole full feed the absent are found, the doubtful spared."""
    with store.read() as connection:
        files = runs.files(connection, run.id)
    absent = 0
    if run.complete and not any(file.ended_early for file in files):
        absent = _find_absent(store, run)
    with store.read() as connection:
        found = staging.counts(connection, run.id, run.source)
        quarantined = defects.quarantined_in(connection, run.id)
    received = sum(file.items_done for file in files)
    return replace(found, received=received, quarantined=quarantined, absent=absent).check()


def read_file(store: Store, source: SourceSettings, run: Run, file: RunFile) -> None:
    """Stage what is left of one file of a run."""
    place = Place(run.id, source.id, source.identity, file.position, file.name, file.sha256, Counter())
    with payloads.open_payload(store.data_dir, file.sha256) as stream:
        numbered = enumerate(parse(stream, FORMATS[source.format]), 1)
        for _, item in islice(numbered, file.items_done):
            _count_again(place, item)
        while not file.finished:
            items = list(islice(numbered, BATCH_RECORDS))
            file = file._replace(items_done=file.items_done + len(items), finished=len(items) < BATCH_RECORDS)
            file = _stage(store, place, file, items)


def _count_again(place: Place, item: ParsedRecord | BadRecord) -> None:
    """The ids of a file are counted from its beginning, also after a restart in its middle."""
    if place.identity == "file+own" and isinstance(item, ParsedRecord):
        identify(place, item, item.index)


def _stage(store: Store, place: Place, file: RunFile, items: list[tuple[int, ParsedRecord | BadRecord]]) -> RunFile:
    with store.read() as connection:
        named = own_names(connection, place.source, items)
        batch = Applying(connection, place).apply(named.items)
    done = file._replace(ended_early=file.ended_early or batch.ended_early)
    with store.write() as connection:
        staging.stage_batch(connection, place.run, batch.rows)
        staging.supersede(connection, place.run, batch.superseded)
        defects.keep_defects(connection, place.run, batch.defects)
        defects.keep_quarantined(connection, batch.quarantined)
        listing.keep_aliases(connection, place.source, named.aliases)
        runs.advance(connection, place.run, done)
    return done


def _find_absent(store: Store, run: Run) -> int:
    """Live records that the feed no longer holds; one whose id stands in an unreadable piece is spared."""
    with store.write() as connection:
        absent = staging.absent(connection, run.id, run.source)
        unreadable = _words_of_unreadable(store, run) if absent else set()
        spared = [source_id for source_id in absent if source_id.encode() in unreadable]
        staging.spare(connection, run.id, spared)
    return len(absent) - len(spared)


def _words_of_unreadable(store: Store, run: Run) -> set[bytes]:
    """Every word in the pieces of a feed that could not be read."""
    words: set[bytes] = set()
    with store.read() as connection:
        for item in defects.quarantined(connection, run=run.id):
            if not item.defect.source_id:
                words.update(_WORDS.findall(item.excerpt))
    return words
