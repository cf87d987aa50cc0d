"""Reading the payloads of a run into its staging, batch by batch: what is staged once is never staged again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from catalogue.parsed import BadRecord
from jobs.applying import Applying, Batch, Place, identify
from jobs.naming import own_names
from jobs.readers import Readers
from jobs.readings import Item, Reading
from ops.sources import SourceFormat, SourceSettings
from parsers.detect import Format
from parsers.payload import Uncuttable
from parsers.pieces import pieces
from parsers.registry import parse
from store import defects, listing, payloads, runs, sources, staging
from store.database import Store
from store.runs import Run, RunCounts, RunFile

BATCH_RECORDS = 500
FORMATS: dict[SourceFormat, Format | None] = {"auto": None, "onix": "onix", "marc": None, "opds": "opds"}
_WORDS = re.compile(rb"[^\s<>\"'{}\[\],\x1d-\x1f]+")


def read_run(store: Store, source: SourceSettings, run: Run, processes: int = 1) -> None:
    """Stage what is left of a run's files. May be killed at any moment and called again.

    With several `processes` so many others parse and map what is large; what is kept is the same.
    """
    with store.read() as connection:
        files = runs.files(connection, run.id)
    with Readers(source.id, processes) as readers:
        for file in files:
            if not file.finished:
                read_file(store, source, run, file, readers=readers)


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


def read_file(store: Store, source: SourceSettings, run: Run, file: RunFile, *, readers: Readers | None = None) -> None:
    """Stage what is left of one file of a run."""
    place = Place(run.id, source.id, source.identity, file.position, file.name, file.sha256, Counter())
    intake = _Intake(store, place, FORMATS[source.format], file)
    numbered = intake.items(readers)
    for _, item in islice(numbered, file.items_done):
        _count_again(place, item)
    while not file.finished:
        items = list(islice(numbered, BATCH_RECORDS))
        file = file._replace(items_done=file.items_done + len(items), finished=len(items) < BATCH_RECORDS)
        batch, file = _stage(store, place, file, items)
        intake.is_known = _is_known(batch)


class _Intake:
    """The items of one file. `is_known`: most of them stand in the store already, so that few will be mapped."""

    def __init__(self, store: Store, place: Place, form: Format | None, file: RunFile) -> None:
        self._store, self._place, self._form, self._file = store, place, form, file
        with store.read() as connection:
            self.is_known = sources.live_count(connection, place.source) > 0
        self._given = 0

    def items(self, readers: Readers | None) -> Iterator[Item]:
        """All items, numbered from 1: by readers as far as that goes, the rest by this process."""
        if readers and self._place.identity == "own":
            try:
                yield from self._read_apart(readers)
                return
            except Uncuttable:
                pass
        with payloads.open_payload(self._store.data_dir, self._file.sha256) as stream:
            for index, item in islice(enumerate(parse(stream, self._form), 1), self._given, None):
                yield index, item if isinstance(item, BadRecord) else Reading.of(item)

    def _read_apart(self, readers: Readers) -> Iterator[Item]:
        with payloads.open_payload(self._store.data_dir, self._file.sha256) as stream:
            for answer in readers.answers(pieces(stream, self._form), self._are_mapped):
                for item in answer:
                    self._given += 1
                    if isinstance(item, BadRecord):
                        yield self._given, replace(item, index=self._given)
                    else:
                        yield self._given, Reading.received(item, self._given)

    def _are_mapped(self) -> bool:
        return not self.is_known and self._given >= self._file.items_done


def _is_known(batch: Batch) -> bool:
    return 2 * sum(row.outcome == "unchanged" for row in batch.rows) > len(batch.rows)


def _count_again(place: Place, item: Reading | BadRecord) -> None:
    """The ids of a file are counted from its beginning, also after a restart in its middle."""
    if place.identity == "file+own" and isinstance(item, Reading):
        identify(place, item, item.index)


def _stage(store: Store, place: Place, file: RunFile, items: list[Item]) -> tuple[Batch, RunFile]:
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
    return batch, done


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
