"""Replay: what was kept out once is read again from its kept payloads, after a rule or a parser was mended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import groupby
from typing import Any

from catalogue.errors import FeedRefused, NotFound, UsageError
from catalogue.parsed import BadRecord, ParsedRecord
from catalogue.sentence import Sentence
from jobs.applying import Applying, Batch, Place, identify
from jobs.covering import look_at_fields
from jobs.guards import Baseline, judge
from jobs.harvesting import promote_run, unfinished
from jobs.intake import BATCH_RECORDS, FORMATS, settle
from jobs.naming import own_names
from jobs.readings import Item, Reading
from ops.sources import SourceSettings
from parsers.registry import parse
from store import coverage, defects, listing, payloads, runs, sources, staging
from store.batches import batches
from store.database import Connection, Store
from store.defects import Quarantined
from store.promotion import WAITING
from store.runs import Run, RunFile

CUT_OFF = Sentence("a replay of the quarantine was cut off: begin it again")


@dataclass(slots=True)
class ReplayReport:
    """What became of the open items of a source's quarantine.

    `released` came out, `outdated` were overtaken by a later harvest (both leave the quarantine), `still` are as bad
    as before, `lost` have no payload any more. `run` is the run that made the released ones live.
    """

    source: str
    run: int | None = None
    items: int = 0
    released: int = 0
    outdated: int = 0
    still: int = 0
    lost: int = 0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class _File:
    """The open items of one payload, by place; from `tail` on nothing could be read."""

    file: RunFile
    run: int
    items: list[Quarantined]
    tail: int | None
    done: set[int] = field(default_factory=set)
    overtaken: set[int] = field(default_factory=set)

    def wants(self, position: int) -> bool:
        return any(each.defect.index == position for each in self.items) or (
            self.tail is not None and position >= self.tail
        )


def replay(store: Store, source: SourceSettings, now: str) -> ReplayReport:
    """Read the open items of a source's quarantine again; what can be read now goes live in a run of its own.

    May be killed and called again. Raises RunLocked while the source is harvested, UsageError where a harvest was cut
    off, FeedRefused where the guards would hold what came out.
    """
    report = ReplayReport(source.id)
    with store.run_lock(f"harvest-{source.id}"):
        if unfinished(store, source.id, now):
            raise UsageError(Sentence("a harvest of {source} was cut off: harvest it first", source=source.id))
        with store.write() as connection:
            items = _open_items(connection, source.id)
            past = outlived(connection, source.id, items)
            defects.release(connection, past)
        files = _files(item for item in items if item.number not in past)
        report.items, report.outdated = len(items), len(past)
        if not files:
            return report
        with store.write() as connection:
            ledger = [each.file for each in files]
            run = runs.begin(connection, source.id, ledger, complete=False, at=now, reasons=[CUT_OFF])
        for each in files:
            report.lost += _read(store, source, run, each)
        _judge(store, source, run, now)
        promote_run(store, run, settle(store, run), now, is_replay=True)
        with store.write() as connection:
            _close(connection, files, report)
        report.run = run.id
    return report


def outlived(connection: Connection, source: str, items: Iterable[Quarantined]) -> set[int]:
    """The numbers of items that a later full feed brought again, in whatever state, or does not offer any more.

    A block update that waits is no offer: it waits on.
    """
    whole = runs.last_whole(connection, source) or 0
    return {item.number for item in items if item.run < whole and item.defect.code != WAITING}


def _open_items(connection: Connection, source: str) -> list[Quarantined]:
    promoted = {run.id for run in runs.listed(connection, state="promoted", source=source)}
    return [item for item in defects.quarantined(connection, source=source, state="open") if item.run in promoted]


def _files(wanted: Iterable[Quarantined]) -> list[_File]:
    """Open items by file, oldest run first, each payload once a run."""
    found: dict[tuple[int, str, str], list[Quarantined]] = defaultdict(list)
    for item in wanted:
        found[item.run, item.defect.payload, item.file].append(item)
    files = []
    for number, ((run, payload, name), items) in enumerate(sorted(found.items(), key=lambda each: each[0][0]), 1):
        ends = [item.defect.index for item in items if item.defect.code.startswith("payload.")]
        file = RunFile(number, name, payload, "", known=True, finished=True)
        files.append(_File(file, run, items, min(ends, default=None)))
    return files


def _read(store: Store, source: SourceSettings, run: Run, wanted: _File) -> int:
    """Stage what can be read of one payload now; how many items have no payload."""
    place = Place(run.id, source.id, source.identity, wanted.file.position, wanted.file.name, wanted.file.sha256)
    try:
        with payloads.open_payload(store.data_dir, wanted.file.sha256) as stream:
            numbered = enumerate(parse(stream, FORMATS[source.format]), 1)
            for is_wanted, items in groupby(numbered, lambda item: wanted.wants(item[0])):
                if is_wanted:
                    _read_items(store, place, wanted, items)
                elif place.identity == "file+own":
                    for position, item in items:
                        _count(place, position, item)
    except NotFound:
        return len(wanted.items)
    return 0


def _count(place: Place, position: int, item: ParsedRecord | BadRecord) -> None:
    if isinstance(item, ParsedRecord):
        identify(place, Reading.of(item), position)


def _read_items(
    store: Store, place: Place, wanted: _File, items: Iterator[tuple[int, ParsedRecord | BadRecord]]
) -> None:
    for part in batches(items, BATCH_RECORDS):
        with store.write() as connection:
            readable: list[Item] = [(at, Reading.of(item)) for at, item in part if isinstance(item, ParsedRecord)]
            named = own_names(connection, place.source, _current(connection, place, wanted, readable))
            batch = Applying(connection, place).apply(named.items)
            _stage(connection, place, wanted, batch)
            listing.keep_aliases(connection, place.source, named.aliases)


def _current(connection: Connection, place: Place, wanted: _File, items: list[Item]) -> list[Item]:
    """The items whose records no later harvest has brought."""
    if place.identity != "own":
        return items
    ids = {at: identify(place, item, at).source_id for at, item in items if isinstance(item, Reading)}
    standing = staging.standing(connection, place.source, sorted(set(ids.values())))
    overtaken = {p for p, source_id in ids.items() if source_id in standing and standing[source_id].run > wanted.run}
    wanted.overtaken |= overtaken
    return [item for item in items if item[0] not in overtaken]


def _stage(connection: Connection, place: Place, wanted: _File, batch: Batch) -> None:
    """Stage what came out; what is as bad as before stays where it is."""
    rows = [row for row in batch.rows if row.outcome != "quarantined"]
    done = {row.position for row in rows}
    staging.stage_batch(connection, place.run, rows)
    staging.supersede(connection, place.run, batch.superseded)
    defects.keep_defects(connection, place.run, (one for one in batch.defects if one.index in done))
    wanted.done |= done
    file = wanted.file._replace(items_done=len(wanted.done))
    runs.advance(connection, place.run, file)


def _judge(store: Store, source: SourceSettings, run: Run, now: str) -> None:
    """A replay that the guards would hold is dropped, and the items stay: raises FeedRefused with the numbers."""
    counts = settle(store, run)
    look_at_fields(store, source.id)
    with store.read() as connection:
        usual = coverage.of_source(connection, source.id)
        given = coverage.of_run(connection, run.id, source.id)
        baseline = Baseline(sources.live_count(connection, source.id), [], usual)
    reasons = judge(counts, baseline, source.limits, complete=False, ended_early=False, coverage=given)
    if reasons:
        with store.write() as connection:
            staging.drop(connection, run.id)
            runs.finish(connection, run.id, "rejected", at=now, counts=counts, reasons=reasons)
        raise FeedRefused(source.id, Sentence("the replay would change too much: {reasons}", reasons=reasons))


def _close(connection: Connection, files: list[_File], report: ReplayReport) -> None:
    released: list[int] = []
    for each in files:
        for item in each.items:
            position = item.defect.index
            if position in each.overtaken:
                report.outdated += 1
            elif position in each.done:
                report.released += 1
            else:
                continue
            released.append(item.number)
    defects.release(connection, released)
    report.still = report.items - report.released - report.outdated - report.lost
