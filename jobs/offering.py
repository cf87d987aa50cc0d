"""What decides which works are public: the media that are published, the role of each source.

Both are settings. A change of either changes what readers are shown without changing a record, so it is written into
the change log like any other: replicas and the index hear of it by the next publish.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from catalogue.keys import RecordKey
from catalogue.record import Medium
from ops.logs import get_logger
from store import facts, merged, sources
from store.database import Connection, Store

FACT = "offer"
log = get_logger("publish")


def heed_offer(store: Store, media: Collection[Medium], now: str) -> int:
    """Renew the works that another setting concerns, and queue them for the index; how many those are.

    The first publish of a store only notes what holds.
    """
    with store.write() as connection:
        before = facts.get_fact(connection, FACT)
        present = {"media": sorted(media), "roles": sources.roles(connection)}
        if before == present:
            return 0
        works = sorted(set(_concerned(connection, before, present))) if before else []
        merged.renew(connection, works, now)
        merged.queue_works(connection, works)
        facts.set_new_fact(connection, FACT, present, now)
    if works:
        log.info("offer_changed", works=len(works))
    return len(works)


def _concerned(connection: Connection, before: Any, present: Any) -> Iterator[str]:
    """The works with an edition of a medium, or a record of a source, that counts otherwise now."""
    media = set(before["media"]) ^ set(present["media"])
    known = before["roles"].keys() & present["roles"].keys()
    changed = {source for source in known if before["roles"][source] != present["roles"][source]}
    if not media and not changed:
        return
    for edition in merged.every(connection, "edition"):
        from_sources = {RecordKey.parse(key).source for key in edition.merged.members}
        if edition.merged.description.medium in media or from_sources & changed:
            yield edition.work
