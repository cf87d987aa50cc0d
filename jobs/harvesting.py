"""Harvest: one source from its settings to promoted records, or held for a person."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from catalogue.errors import FeedHeld, FeedRefused, ServiceUnreachable, SourceFailed
from catalogue.sentence import Sentence
from harvest.fetched import FetchedFile, Seen
from harvest.http import KEPT
from harvest.transports import fetch
from jobs import listing
from jobs.covering import look_at_fields
from jobs.guards import MEDIAN_RUNS, Baseline, judge, told
from jobs.intake import read_run, settle
from jobs.senders import judge_senders
from ops.logs import get_logger
from ops.sources import SourceSettings
from ops.transports import FilesTransport, OaiTransport
from store import coverage, defects, payloads, promotion, runs, sources, staging
from store import listing as lists
from store.database import Connection, Store
from store.payloads import StoredPayload
from store.runs import Run, RunCounts, RunFile
from store.sources import KnownFile, KnownSource

log = get_logger("harvest")


@dataclass(frozen=True, slots=True)
class RunReport:
    """What one harvest did. `unchanged_feed`: the same bytes as last time, nothing was read.

    `resumed` is the report of an earlier run that had been killed and was finished first. `reasons` of a run that went
    live tell what its sender should hear of.
    """

    source: str
    run: int
    state: runs.RunState
    counts: RunCounts
    reasons: tuple[str, ...] = ()
    unchanged_feed: bool = False
    resumed: RunReport | None = None


def harvest(
    store: Store,
    source: SourceSettings,
    now: str,
    *,
    refetch: bool = False,
    complete: bool | None = None,
    processes: int = 1,
) -> RunReport:
    """Fetch, parse, map, stage and promote one source. `complete` overrules whether the feed is a full one.
    `processes`: how many parse and map a large one.

    A run that was killed is finished first, from the payloads it kept. Raises FeedRefused when what came is no feed,
    FeedHeld when a guard holds the run, RunLocked when the source is being harvested, ServiceUnreachable when its
    host does not answer.
    """
    full = source.feed == "full" if complete is None else complete
    with store.run_lock(f"harvest-{source.id}"), ExitStack() as cleanup:
        with store.write() as connection:
            sources.keep(connection, _known_source(source, now))
        resumed = _resume(store, source, now, processes)
        judge_senders(store, source.id, now)  # where a kill came between
        with store.read() as connection:
            known = {} if refetch else sources.files(connection, source.id)
        folder = _incoming(store, source)
        cleanup.callback(_clear, folder)
        if isinstance(source.transport, OaiTransport):
            return resumed or _harvest_lists(store, source, (now, full or refetch))
        files = _fetch(store, source, folder, (known, now))
        unchanged = None if refetch else _records_if_unchanged(store, source, files, full=full)
        if unchanged is not None:
            return resumed or _unchanged_run(store, source, unchanged, (full, now))
        whole = full or isinstance(source.transport, FilesTransport)
        wanted = files if whole else [file for file in files if not file.known]
        held = _held_before(store, source, wanted)
        if held is not None:
            raise FeedHeld(source.id, held.id, held.reasons)
        with _failures_kept(store, source, now):
            run = _begin(store, source, wanted, (full, now))
        return replace(_finish(store, source, run, now, processes=processes), resumed=resumed)


def _resume(store: Store, source: SourceSettings, now: str, processes: int) -> RunReport | None:
    run = unfinished(store, source.id, now)
    if run is None:
        return None
    log.info("a run that was cut off goes on", source=source.id, run=run.id)
    return _finish(store, source, run, now, processes=processes)


def unfinished(store: Store, source: str, now: str) -> Run | None:
    """The harvest of a source that was killed before its end.

    A replay that was killed (its run has reasons) is not gone on with as one: it is dropped, its items are open still.
    """
    with store.write() as connection:
        run = runs.unfinished(connection, source)
        if run is None or not run.reasons:
            return run
        staging.drop(connection, run.id)
        defects.forget_run(connection, run.id)
        runs.forget_files(connection, run.id)
        runs.finish(connection, run.id, "failed", at=now, reasons=run.reasons)
    return None


def _harvest_lists(store: Store, source: SourceSettings, feed: tuple[str, bool]) -> RunReport:
    """A repository: its pages are read as they come, so its run begins before them."""
    now, whole = feed
    with _failures_kept(store, source, now):
        run = listing.begin(_lister(store, source, now), whole=whole)
    return _finish(store, source, run, now)


def _lister(store: Store, source: SourceSettings, now: str) -> listing.Lister:
    assert isinstance(source.transport, OaiTransport)  # noqa: S101 - only such sources have lists
    folder = _incoming(store, source)
    _clear(folder)
    folder.mkdir(parents=True, exist_ok=True)
    return listing.Lister(store, source, source.transport, folder, now)


def _fetch(
    store: Store, source: SourceSettings, folder: Path, known: tuple[dict[str, KnownFile], str]
) -> list[FetchedFile]:
    """Have all files of the feed at hand."""
    _clear(folder)
    folder.mkdir(parents=True, exist_ok=True)
    files, now = known
    seen = {
        name: Seen(file.sha256, file.etag, file.last_modified)
        for name, file in files.items()
        if payloads.has_payload(store.data_dir, file.sha256)
    }
    with _failures_kept(store, source, now):
        return list(fetch(source, seen, folder))


@contextmanager
def _failures_kept(store: Store, source: SourceSettings, now: str) -> Iterator[None]:
    """A harvest that fails before it has anything to read is kept as a failed run, and the error raised again."""
    try:
        yield
    except (SourceFailed, ServiceUnreachable) as error:
        with store.write() as connection:
            run = runs.begin(connection, source.id, [], complete=False, at=now)
            runs.finish(connection, run.id, "failed", at=now, reasons=[error.message])
        raise


def _clear(folder: Path) -> None:
    """Empty the place where files arrive, but for what a cut download has brought."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name == KEPT:
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _records_if_unchanged(
    store: Store, source: SourceSettings, files: Sequence[FetchedFile], *, full: bool
) -> int | None:
    """How many records a feed holds that was read before, None for one that has to be read.

    Files named on the command line are new messages, unless they are the very ones that were read last.
    """
    with store.read() as connection:
        known = sources.files(connection, source.id)
        last = runs.last_read(connection, source.id)
    if last is None or (full and not last[0].complete):
        return None
    if isinstance(source.transport, FilesTransport):
        same = {file.sha256 for file in files} == {file.sha256 for file in last[1]}
        return sum(file.items_done for file in last[1]) if same else None
    if not known or not all(file.known for file in files) or (full and {file.name for file in files} != set(known)):
        return None
    return sum(known[file.name].records for file in files)


def _unchanged_run(store: Store, source: SourceSettings, records: int, feed: tuple[bool, str]) -> RunReport:
    """A feed that was read before: every record of it counts as unchanged."""
    full, now = feed
    counts = RunCounts(received=records, unchanged=records).check()
    with store.write() as connection:
        run = runs.begin(connection, source.id, [], complete=full, at=now)
        runs.finish(connection, run.id, "promoted", at=now, counts=counts)
    return RunReport(source.id, run.id, "promoted", counts, unchanged_feed=True)


def _held_before(store: Store, source: SourceSettings, files: Sequence[FetchedFile]) -> Run | None:
    """A held run of the very same payloads: the question is asked already."""
    wanted = {file.sha256 for file in files}
    with store.read() as connection:
        for run in runs.listed(connection, state="held", source=source.id):
            if {file.sha256 for file in runs.files(connection, run.id)} == wanted:
                return run
    return None


def _begin(store: Store, source: SourceSettings, files: Sequence[FetchedFile], feed: tuple[bool, str]) -> Run:
    """Keep the payloads, then open the run in one transaction: a kill before it leaves nothing to resume."""
    full, now = feed
    kept: list[StoredPayload] = []
    for file in files:
        if file.path is None:
            continue
        size = file.path.stat().st_size
        kept.append(StoredPayload(file.sha256, source.id, file.name, file.media_type, size, now))
        if payloads.has_payload(store.data_dir, file.sha256):
            continue
        with file.path.open("rb") as stream:
            sha256, _ = payloads.keep_bytes(store.data_dir, stream, _incoming(store, source))
        if sha256 != file.sha256:
            raise FeedRefused(source.id, Sentence("{name} changed while it was read: harvest it again", name=file.name))
    ledger = [
        RunFile(position, file.name, file.sha256, file.media_type, file.etag, file.last_modified, file.known)
        for position, file in enumerate(files, 1)
    ]
    with store.write() as connection:
        for payload in kept:
            payloads.keep_row(connection, payload)
        return runs.begin(connection, source.id, ledger, complete=full, at=now)


def _finish(store: Store, source: SourceSettings, run: Run, now: str, *, processes: int = 1) -> RunReport:
    """Read what is left of a run, let the guards look, and promote or hold it."""
    _read(store, source, run, now, processes=processes)
    with store.read() as connection:
        files = runs.files(connection, run.id)
        volumes = [old.counts.received for old in _promoted(connection, source.id) if old.complete]
        live = sources.live_count(connection, source.id)
    counts = settle(store, run)
    look_at_fields(store, source.id)
    with store.read() as connection:
        baseline = Baseline(live, volumes, coverage.of_source(connection, source.id))
        given = coverage.of_run(connection, run.id, source.id)
    ended_early = any(file.ended_early for file in files)
    reasons = judge(counts, baseline, source.limits, complete=run.complete, ended_early=ended_early, coverage=given)
    if reasons:
        with store.write() as connection:
            reasons += told(defects.causes(connection, run.id))
            _outdate_held(connection, run, files, now)
            runs.finish(connection, run.id, "held", at=now, counts=counts, reasons=reasons)
        raise FeedHeld(source.id, run.id, reasons)
    promote_run(store, run, counts, now)
    log.info("promoted", source=source.id, run=run.id, received=counts.received)
    return RunReport(source.id, run.id, "promoted", counts, _cut_off(files))


def _cut_off(files: Sequence[RunFile]) -> tuple[Sentence, ...]:
    """What to say of a run that went live although something was missing: there was nothing it could harm."""
    cut = next((file.name for file in files if file.ended_early), None)
    if cut is None:
        return ()
    return (Sentence("{name} was not read to its end: what was read is live, the rest is missing", name=cut),)


def _read(store: Store, source: SourceSettings, run: Run, now: str, *, processes: int) -> None:
    """Stage what is left of a run: of its lists, where it has any, else of its files."""
    with store.read() as connection:
        has_lists = bool(lists.lists(connection, run.id))
    if has_lists and isinstance(source.transport, OaiTransport):
        listing.read_lists(_lister(store, source, now), run)
    else:
        read_run(store, source, run, processes)


def promote_run(store: Store, run: Run, counts: RunCounts, now: str, *, is_replay: bool = False) -> None:
    """Make a run live in one transaction: records, files, high-water mark, the run's end.

    A replay of the quarantine is no delivery: of files and marks it changes nothing.
    """
    with store.write() as connection:
        files = runs.files(connection, run.id)
        whole = run.complete and not any(file.ended_early for file in files)
        newest = staging.newest_sent_at(connection, run.id)
        promotion.promote(connection, promotion.Promotion(run.id, run.source, now, whole))
        if not (is_replay or lists.lists(connection, run.id)):  # a page has no name that means the same next time
            seen = [KnownFile(f.name, f.sha256, f.etag, f.last_modified, f.items_done, now) for f in files]
            sources.keep_files(connection, run.source, seen, all_there_is=run.complete)
        if newest:
            sources.raise_high_water(connection, run.source, newest)
        if is_replay:
            runs.forget_files(connection, run.id)
        else:
            _outdate_held(connection, run, files, now)
        runs.finish(connection, run.id, "promoted", at=now, counts=counts)
    judge_senders(store, run.source, now)


def _outdate_held(connection: Connection, run: Run, files: Sequence[RunFile], now: str) -> None:
    """Held runs whose whole content came again, or that an other full feed replaces, need no answer any more."""
    payloads_now = {file.sha256 for file in files}
    listed = bool(lists.lists(connection, run.id))  # its window holds those of the held ones: no mark has moved since
    for held in runs.listed(connection, state="held", source=run.source):
        theirs = {file.sha256 for file in runs.files(connection, held.id)}
        again = run.complete or theirs <= payloads_now or (listed and bool(lists.lists(connection, held.id)))
        if held.id < run.id and again:
            staging.drop(connection, held.id)
            runs.finish(
                connection,
                held.id,
                "rejected",
                at=now,
                reasons=[*held.reasons, Sentence("replaced by run {run}", run=str(run.id))],
            )


def _promoted(connection: Connection, source: str) -> list[Run]:
    return runs.listed(connection, state="promoted", source=source, limit=MEDIAN_RUNS)


def _incoming(store: Store, source: SourceSettings) -> Path:
    """Where files arrive and grow; emptied before and after every harvest."""
    return store.data_dir / "incoming" / source.id


def _known_source(source: SourceSettings, now: str) -> KnownSource:
    return KnownSource(source.id, source.label, source.role, source.feed, source.identity, now, None, None)
