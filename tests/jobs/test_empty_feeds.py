"""A delivery without records: believed where it says so, otherwise held, and never a reason to remove anything."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from catalogue.errors import FeedHeld
from jobs.harvesting import harvest
from jobs.holding import approve
from ops.sources import SourceSettings
from store import sources
from store.database import Store

NIGHTS = [f"2026-01-{day:02}T03:00:00Z" for day in range(1, 4)]
SAID_EMPTY = b'<ONIXMessage release="3.0"><Header/><NoProduct/></ONIXMessage>'
HEADER_ALONE = (
    b"<ONIXMessage><Header><FromCompany>Otava</FromCompany><SentDate>20260102</SentDate></Header></ONIXMessage>"
)
SILENT = [b"<ONIXMessage><Header/></ONIXMessage>", b"<collection/>", b"<OAI-PMH><ListRecords/></OAI-PMH>", b"[[[]]]"]


@pytest.fixture
def standing(
    store: Store,
    otava: Callable[..., SourceSettings],
    feed: Path,
    onix: Callable[..., str],
    message: Callable[..., bytes],
) -> Callable[[], int]:
    """Three live records of the source; how many there are now."""
    feed.write_bytes(message(*(onix(f"r{n}", f"Kirja {n}") for n in range(3))))
    harvest(store, otava(), NIGHTS[0])

    def count() -> int:
        with store.read() as connection:
            return sources.live_count(connection, "otava")

    assert count() == 3
    return count


@pytest.mark.parametrize("body", SILENT)
@pytest.mark.parametrize("kind", ["full", "delta"])
def test_a_delivery_that_says_nothing_is_held_and_removes_nothing_even_if_approved(
    store: Store, otava: Callable[..., SourceSettings], feed: Path, standing: Callable[[], int], body: bytes, kind: str
) -> None:
    feed.write_bytes(body)
    with pytest.raises(FeedHeld, match=r"feed\.xml, record 1: No record was found in the file") as held:
        harvest(store, otava(feed=kind), NIGHTS[1])
    assert standing() == 3
    approve(store, otava(feed=kind), held.value.run, NIGHTS[2])
    assert standing() == 3


@pytest.mark.parametrize("body", [SAID_EMPTY, HEADER_ALONE])
def test_a_message_that_says_that_nothing_is_new_is_a_quiet_night(
    store: Store, otava: Callable[..., SourceSettings], feed: Path, standing: Callable[[], int], body: bytes
) -> None:
    feed.write_bytes(body)
    report = harvest(store, otava(feed="delta"), NIGHTS[1])
    assert (report.state, report.counts.received, report.reasons, standing()) == ("promoted", 0, (), 3)


@pytest.mark.parametrize("body", [SAID_EMPTY, HEADER_ALONE, b"[]"])
def test_a_full_feed_that_says_that_it_is_empty_waits_for_a_person(
    store: Store, otava: Callable[..., SourceSettings], feed: Path, standing: Callable[[], int], body: bytes
) -> None:
    feed.write_bytes(body)
    with pytest.raises(FeedHeld, match="the feed is empty, 3 records are live") as held:
        harvest(store, otava(), NIGHTS[1])
    assert standing() == 3
    approve(store, otava(), held.value.run, NIGHTS[2])
    assert standing() == 0
