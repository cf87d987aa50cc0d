from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catalogue.errors import FeedHeld, NotFound
from jobs.harvesting import harvest
from jobs.scorecard import Scorecard, scorecard
from ops.messages import Language
from ops.sources import SourceSettings
from store.database import Store

NIGHTS = [f"2026-01-{day:02}T03:00:00Z" for day in range(1, 9)]
ISBN, OTHER = "9789510000007", "9789510000014"


@pytest.fixture
def card(
    store: Store, otava: Callable[..., SourceSettings], feed: Path, message: Any, book: Any
) -> Callable[[Language], Scorecard]:
    source = otava(limits={"max_quarantine": 1, "min_records": 100}, feed="delta")
    shared = [book("a", ISBN, title="Kesä"), book("b", ISBN, title="Talvi"), book("c", OTHER, date="20211399")]
    feed.write_bytes(message(*shared, book("bad", title=""), sent="20260101T0100Z"))
    harvest(store, source, NIGHTS[0])
    late = [book("a", ISBN, title="Vanha"), book("d", date="20260102"), book("e", date="20260301")]
    feed.write_bytes(message(late[0], sent="20251231T0100Z"))
    harvest(store, source, NIGHTS[5])
    feed.write_bytes(message(*late[1:], sent="20260106T0100Z"))
    harvest(store, source, NIGHTS[6])
    return lambda language: scorecard(store, "otava", language, NIGHTS[7])


def test_a_sender_is_told_what_to_mend_and_where(card: Callable[[Language], Scorecard]) -> None:
    found = card("en")
    assert found.live == 5
    (rejected,) = found.rejected
    assert (rejected.code, rejected.records, rejected.examples[0].source_id) == ("record.no_title", 1, "bad")
    assert (rejected.examples[0].file, rejected.examples[0].index) == ("feed.xml", 4)
    assert rejected.examples[0].locus == "line 38, DescriptiveDetail/TitleDetail"
    assert {fault.code for fault in found.faults} >= {"date.impossible"}
    impossible = next(fault for fault in found.faults if fault.code == "date.impossible")
    assert (impossible.examples[0].source_id, bool(impossible.examples[0].locus)) == ("c", True)
    missing = {each.field: (each.records, each.examples) for each in found.missing}
    assert missing["identifier"] == (2, ("d", "e"))
    assert "language" not in missing
    assert [(each.isbn, each.records) for each in found.reused] == [(ISBN, ("a", "b"))]


def test_lateness_counts_what_came_after_the_first_delivery(card: Callable[[Language], Scorecard]) -> None:
    late = card("en").late
    assert (late.older_messages, late.announced, late.after_publication, late.median_days) == (1, 2, 1, 5)
    assert late.examples == ("d",)


def test_the_trend_is_told_newest_first(card: Callable[[Language], Scorecard]) -> None:
    assert [(each.run, each.received, each.quarantined) for each in card("en").trend] == [
        (3, 2, 0),
        (2, 1, 0),
        (1, 4, 1),
    ]


def test_the_texts_are_in_the_language_asked_for(card: Callable[[Language], Scorecard]) -> None:
    texts = {card(language).rejected[0].examples[0].text for language in ("fi", "sv", "en")}
    assert len(texts) == 3


def test_a_record_counts_once_however_often_it_was_rejected(
    store: Store, otava: Callable[..., SourceSettings], feed: Path, message: Any, book: Any
) -> None:
    def rejected() -> list[tuple[str, int, str]]:
        faults = scorecard(store, "otava", "en", NIGHTS[7]).rejected
        return [(fault.code, fault.records, fault.examples[0].source_id) for fault in faults]

    source = otava(limits={"max_quarantine": 1, "min_records": 100}, feed="delta")
    feed.write_bytes(message(book("a", ISBN), book("bad", title="")))
    harvest(store, source, NIGHTS[0])
    feed.write_bytes(message(book("a", ISBN, title="Uusi"), book("bad", title="")))
    harvest(store, source, NIGHTS[1])
    assert rejected() == [("record.no_title", 1, "bad")]
    feed.write_bytes(message(book("bad", OTHER, title="Korjattu")))
    harvest(store, source, NIGHTS[2])
    assert rejected() == []


def test_what_a_later_full_feed_does_not_offer_is_no_longer_to_mend(
    store: Store, otava: Callable[..., SourceSettings], feed: Path, message: Any, book: Any
) -> None:
    source = otava(limits={"max_quarantine": 1, "min_records": 100}, feed="full")
    feed.write_bytes(message(book("a", ISBN), book("bad", title="")))
    harvest(store, source, NIGHTS[0])
    feed.write_bytes(message(book("a", ISBN, title="Uusi")))
    harvest(store, source, NIGHTS[1])
    assert scorecard(store, "otava", "en", NIGHTS[7]).rejected == ()


def test_doubtful_values_are_found_by_file_and_record(card: Callable[[Language], Scorecard]) -> None:
    impossible = next(fault for fault in card("en").faults if fault.code == "date.impossible")
    assert (impossible.records, len(impossible.examples)) == (1, 1)
    assert (impossible.examples[0].file, impossible.examples[0].index) == ("feed.xml", 3)


def test_a_held_delivery_tells_why(
    store: Store, otava: Callable[..., SourceSettings], feed: Path, message: Any, book: Any
) -> None:
    source = otava(limits={"max_quarantine": 0.1, "min_records": 1})
    feed.write_bytes(message(book("a", ISBN)))
    harvest(store, source, NIGHTS[0])
    feed.write_bytes(message(book("a", ISBN), book("bad", title="")))
    with pytest.raises(FeedHeld):
        harvest(store, source, NIGHTS[1])
    held, first = scorecard(store, "otava", "sv", NIGHTS[2]).trend
    assert (held.state, first.reasons) == ("held", ())
    assert any("feed.xml, post 2" in reason and "titel" in reason for reason in held.reasons)


def test_a_source_that_never_delivered_has_no_scorecard(store: Store) -> None:
    with pytest.raises(NotFound):
        scorecard(store, "nobody", "fi", NIGHTS[0])
