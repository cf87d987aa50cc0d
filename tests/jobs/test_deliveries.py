"""Messages in whatever order they arrive: the sender's dates decide what stands."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import pytest
import zstandard

from catalogue.errors import FeedHeld
from harvest.fetched import FetchedFile
from jobs.harvesting import harvest
from ops.sources import SourceSettings
from store import records
from store.database import Store

AT = "2026-02-01T00:00:00Z"


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_dated_messages_end_in_the_same_state_in_any_order(
    store: Store,
    otava: Callable[..., SourceSettings],
    feed: Path,
    onix: Callable[..., str],
    message: Callable[..., bytes],
    order: tuple[int, ...],
) -> None:
    sent = [
        message(onix("r1", "Ensimmäinen"), onix("r2", "Poistuva"), sent="20260101"),
        message(onix("r1", kind="05"), onix("r3", "Jäävä"), sent="20260102"),
        message(onix("r1", "Kolmas"), onix("r2", kind="05"), sent="20260103"),
    ]
    for number in order:
        feed.write_bytes(sent[number])
        harvest(store, otava(feed="delta"), AT)
    with store.read() as connection:
        found = {record.source_id: record.titles[0].text for _, record in records.live_records(connection)}
    assert found == {"r1": "Kolmas", "r3": "Jäävä"}


def test_a_feed_that_was_not_transferred_again_is_read_from_what_was_kept(
    store: Store,
    otava: Callable[..., SourceSettings],
    feed: Path,
    onix: Callable[..., str],
    message: Callable[..., bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The source became a full feed: absence counts now, though the server says that nothing changed."""
    feed.write_bytes(message(onix("r1", "A"), onix("r2", "B")))
    harvest(store, otava(feed="delta"), AT)
    feed.write_bytes(message(onix("r1", "A")))
    harvest(store, otava(feed="delta"), AT)

    def not_modified(_source: object, known: dict[str, object], _folder: Path) -> list[FetchedFile]:
        sha256 = known["feed.xml"].sha256  # type: ignore[attr-defined]
        return [FetchedFile("feed.xml", "", sha256, None, True)]

    monkeypatch.setattr("jobs.harvesting.fetch", not_modified)
    assert harvest(store, otava(feed="delta"), AT).unchanged_feed
    report = harvest(store, otava(feed="full"), AT)
    assert (report.unchanged_feed, report.counts.unchanged, report.counts.absent) == (False, 1, 1)


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.ZstdCompressor().compress])
def test_a_packed_feed_is_harvested_as_it_is_and_a_cut_one_is_never_whole(
    store: Store,
    otava: Callable[..., SourceSettings],
    feed: Path,
    onix: Callable[..., str],
    message: Callable[..., bytes],
    pack: Callable[[bytes], bytes],
) -> None:
    whole = message(*(onix(f"r{n}", f"Kirja {n}") for n in range(30)))
    packed = pack(whole[:9_000]) + pack(whole[9_000:])  # members one after another
    feed.write_bytes(packed)
    assert harvest(store, otava(), AT).counts.new == 30
    feed.write_bytes(packed[:-8])
    with pytest.raises(FeedHeld, match="ends early") as held:
        harvest(store, otava(), AT)
    assert any("ends in the middle of a record" in reason for reason in held.value.reasons)
