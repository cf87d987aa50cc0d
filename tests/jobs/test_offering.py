"""A changed setting about what is public is told to replicas and index like any change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jobs.harvesting import harvest
from jobs.offering import heed_offer
from jobs.resolving import resolve
from ops.sources import SourceSettings
from store import merged
from store.database import Store

NOW, LATER = "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"


def waiting(store: Store) -> list[tuple[str, int]]:
    with store.read() as connection:
        return merged.take_outbox(connection)


def changes(store: Store, since: int) -> list[Any]:
    with store.read() as connection:
        return list(merged.changes(connection, since))


def test_other_media_and_other_roles_renew_what_they_concern(
    store: Store, tmp_path: Path, deliver: Callable[..., None], book: Callable[..., str]
) -> None:
    deliver("kaarna", book("a"))
    deliver("vikens", book("b", title="Sommarnattens ljus", author="Berg, Maj"))
    resolve(store, NOW)
    assert heed_offer(store, ["ebook"], NOW) == 0, "the first publish only notes what holds"
    with store.write() as connection:
        merged.outbox_done(connection, merged.take_outbox(connection))
        rev = merged.last_revision(connection)

    assert heed_offer(store, ["ebook"], LATER) == 0
    assert (waiting(store), changes(store, rev)) == ([], [])

    assert heed_offer(store, ["ebook", "audiobook"], LATER) == 0, "no work has an audiobook"
    assert heed_offer(store, ["audiobook"], LATER) == 2
    assert [(c.op, c.id) for c in changes(store, rev)] == [("upsert", work) for work, _ in waiting(store)]
    with store.write() as connection:
        merged.outbox_done(connection, merged.take_outbox(connection))
        rev = merged.last_revision(connection)

    folder = {"kind": "folder", "path": tmp_path / "kaarna"}
    harvest(store, SourceSettings.model_validate({"id": "kaarna", "role": "evidence", "transport": folder}), LATER)
    assert heed_offer(store, ["audiobook"], LATER) == 1
    [(work, published_at)] = waiting(store)
    assert [(c.rev, c.id) for c in changes(store, rev)] == [(published_at, work)]
    with store.read() as connection:
        stored = merged.find(connection, work)
    assert stored is not None
    assert stored.revision == published_at
