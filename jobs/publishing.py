"""Publish: the works whose documents are behind go to the index; rebuild, rollback and check of the whole."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from catalogue.errors import RunLocked, ServiceUnreachable
from catalogue.record import Medium
from catalogue.sentence import Sentence
from index.bulk import Versioned
from index.search_index import SearchIndex
from jobs.connections import opened_index
from jobs.making import BATCH, made
from jobs.publisher import publisher, revision
from jobs.reachable import search_answers
from ops.logs import get_logger
from ops.settings import Settings
from store import merged
from store.batches import batches
from store.database import Store

LOCK = "publish"
log = get_logger("publish")


@dataclass(slots=True)
class PublishReport:
    """`indexed` works and `removed` tombstones written; `refused` are (id, reason) and stay in the outbox.

    `rebuilt` names the new index, where one was built; `documents` is what readers can find now.
    """

    indexed: int = 0
    removed: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    rebuilt: str | None = None
    documents: int = 0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def update(store: Store, index: SearchIndex, media: Collection[Medium]) -> PublishReport:
    """Empty the outbox into the index. Where there is no index, or one of an older analysis, it is rebuilt.

    Raises ServiceUnreachable; what was not published stays in the outbox.
    """
    with store.run_lock(LOCK):
        if index.status().index is None or not index.ensure():
            return _rebuild(store, index, media)
        report = PublishReport()
        while _publish_some(store, index, media, report):
            pass
        report.documents = index.status().documents
        log.info("published", indexed=report.indexed, removed=report.removed, refused=len(report.refused))
        return report


def _publish_some(store: Store, index: SearchIndex, media: Collection[Medium], report: PublishReport) -> bool:
    """One batch of the outbox; whether there was anything in it."""
    refused = {work for work, _ in report.refused}
    with store.read() as connection:
        waiting = merged.take_outbox(connection, BATCH + len(refused))
        waiting = [(work, rev) for work, rev in waiting if work not in refused]
        works = [work for work, _ in waiting]
        documents = list(publisher(connection, media).documents(connection, works, tombstones=True))
    if not waiting:
        return False
    written = index.bulk(documents, refresh=True)
    report.refused += written.refused
    bad = {work for work, _ in written.refused}
    gone = {work for work, _, document in documents if document["deleted"]}
    report.removed += len(gone - bad)
    report.indexed += len(set(works) - gone - bad)
    with store.write() as connection:
        merged.outbox_done(connection, [(work, rev) for work, rev in waiting if work not in bad])
    return True


def rebuild(store: Store, index: SearchIndex, media: Collection[Medium]) -> PublishReport:
    """A new index out of the whole store beside the one that is read, then the switch; no query fails meanwhile."""
    with store.run_lock(LOCK):
        return _rebuild(store, index, media)


def _rebuild(store: Store, index: SearchIndex, media: Collection[Medium]) -> PublishReport:
    with store.read() as connection:
        begun = merged.last_revision(connection)
        waiting = list(merged.take_outbox(connection, limit=10_000_000))
    pieces = made(store, media, _names(store))
    built = index.rebuild_from(pieces, lambda: _changed_since(store, begun, media))
    with store.write() as connection:
        merged.outbox_done(connection, waiting)
    documents = index.status().documents
    log.info("rebuilt", index=built.index, documents=documents)
    return PublishReport(indexed=documents, rebuilt=built.index, documents=documents)


def _changed_since(store: Store, revision_then: int, media: Collection[Medium]) -> Iterator[Versioned]:
    with store.read() as connection:
        works = merged.works_changed(connection, revision_then)
        yield from publisher(connection, media).documents(connection, works, tombstones=True)


def drain(store: Store, settings: Settings) -> PublishReport | None:
    """Publish what waits in the outbox, if anything does: for a long-running process to call every few seconds.

    None where nothing waits, where another publishes already, or where the search server does not answer: that is
    said in the log once, until it answers again; no embedded server is started for it.
    """
    with store.read() as connection:
        if not merged.outbox_size(connection):
            return None
    try:
        if not search_answers(settings):
            raise ServiceUnreachable(Sentence("the search server does not answer"))
        with opened_index(settings) as index:
            report = update(store, index, settings.publish.media)
    except RunLocked:
        return None
    except ServiceUnreachable as error:
        if store.address not in _silent:
            log.warning("what changed waits in the outbox", reason=str(error))
        _silent.add(store.address)
        return None
    _silent.discard(store.address)
    return report


_silent: set[str] = set()  # stores of which it was said that their search server does not answer

Difference = dict[Literal["missing", "stale", "orphan"], list[str]]


def check(store: Store, index: SearchIndex, media: Collection[Medium]) -> Difference:
    """Store and index compared: ids that are missing from the index, of another revision there, or not the store's.

    Works that wait in the outbox are behind, not wrong: run `index update` first.
    """
    expected: dict[str, int] = {}
    for part in batches(_names(store), BATCH):
        with store.read() as connection:
            deciding = publisher(connection, media)
            for work, rows in merged.of_works(connection, part).items():
                if any(deciding.is_public(row) for row in rows if row.level == "edition"):
                    expected[work] = revision(rows)
    held = {work: rev for work, rev, deleted in index.revisions() if not deleted}
    return {
        "missing": sorted(set(expected) - set(held)),
        "stale": sorted(work for work, rev in expected.items() if work in held and held[work] != rev),
        "orphan": sorted(set(held) - set(expected)),
    }


def _names(store: Store) -> list[str]:
    with store.read() as connection:
        return merged.names(connection, "work")


def catch_up(store: Store, index: SearchIndex, media: Collection[Medium]) -> PublishReport:
    """Write again what the index lacks or holds in another revision; what it ought not to hold gets a tombstone.

    After a rollback: the previous index has missed what was written since. Raises ServiceUnreachable.
    """
    with store.run_lock(LOCK):
        found = check(store, index, media)
        works = sorted({work for ids in found.values() for work in ids})
        report = PublishReport()
        for part in batches(works, BATCH):
            with store.read() as connection:
                documents = list(publisher(connection, media).documents(connection, part, tombstones=True))
            written = index.bulk(documents, refresh=True)
            report.refused += written.refused
            report.indexed += len(documents) - len(written.refused)
        report.documents = index.status().documents
        return report
