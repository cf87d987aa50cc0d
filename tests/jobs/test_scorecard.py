from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catalogue.errors import NotFound
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


def test_a_source_that_never_delivered_has_no_scorecard(store: Store) -> None:
    with pytest.raises(NotFound):
        scorecard(store, "nobody", "fi", NIGHTS[0])
