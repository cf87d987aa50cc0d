from __future__ import annotations

from typing import Any

import pytest

from catalogue import lifecycle
from catalogue.lifecycle import Arrival, Kept, Known
from catalogue.parsed import MessageHeader, ParsedRecord


def onix(content: dict[str, Any], sent: str | None = None, dialect: Any = "onix-3.0") -> ParsedRecord:
    return ParsedRecord(dialect, content, 1, header=MessageHeader("Otava", sent, "fin"))


def marc(leader: str = "00000nam a2200000 a 4500", *fields: Any) -> ParsedRecord:
    return ParsedRecord("marc21", [leader, list(fields)], 1)


@pytest.mark.parametrize(
    ("parsed", "expected"),
    [
        (onix({"RecordReference": ["ref-1"], "NotificationType": ["03"]}), Arrival("ref-1", "whole", None)),
        (onix({"RecordReference": [{"#": " ref \n 1 "}], "NotificationType": ["04"]}),
         Arrival("ref 1", "blocks", None)),
        (onix({"RecordReference": ["r"], "NotificationType": ["05"]}, "20260102T0300+0200"),
         Arrival("r", "delete", "2026-01-02T01:00:00Z")),
        (onix({"RecordReference": [""]}), Arrival(None, "whole", None)),
        (marc("00000nam a2200000 a 4500", ["001", " 0017 "], ["005", "20260102030405.0"]),
         Arrival("0017", "whole", "2026-01-02T03:04:05Z")),
        (marc("00000dam a2200000 a 4500", ["245", "00", [["a", "Sinuhe"]]]), Arrival(None, "delete", None)),
        (marc(""), Arrival(None, "whole", None)),
    ],
)  # fmt: skip
def test_a_message_says_whose_it_is_what_it_does_and_when_it_was_sent(parsed: ParsedRecord, expected: Arrival) -> None:
    assert lifecycle.arrival(parsed) == expected


@pytest.mark.parametrize(
    ("sent", "known", "by_later_run", "late"),
    [
        ("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", False, True),
        ("2026-01-02T00:00:00Z", "2026-01-02T00:00:00Z", False, False),
        ("2026-01-03T00:00:00Z", "2026-01-02T00:00:00Z", True, False),
        (None, "2026-01-02T00:00:00Z", False, False),
        (None, None, True, True),
    ],
)
def test_the_senders_dates_order_messages_and_arrival_where_there_are_none(
    sent: str | None, known: str | None, by_later_run: bool, late: bool
) -> None:
    assert lifecycle.is_late(Arrival("a", "whole", sent), Known(False, known, None, by_later_run)) is late


T1, T2, T3, T4 = (f"2026-01-0{day}T00:00:00Z" for day in (1, 2, 3, 4))
BASE = onix({"RecordReference": ["r"], "NotificationType": ["03"], "DescriptiveDetail": [{"a": ["1"]}],
             "PublishingDetail": [{"b": ["1"]}], "ProductSupply": [{"c": ["1"]}, {"c": ["2"]}]}, T1)  # fmt: skip


def update(dialect: Any = "onix-3.0", **blocks: Any) -> ParsedRecord:
    return onix({"RecordReference": ["r"], "NotificationType": ["04"], **blocks}, dialect=dialect)


def market(name: str, value: str) -> dict[str, Any]:
    return {"MarketReference": [name], "c": [value]}


@pytest.mark.parametrize(
    ("base", "blocks", "expected"),
    [
        ({"A": ["1"], "ProductSupply": ["1", "2"]}, {"ProductSupply": ["3"]}, {"A": ["1"], "ProductSupply": ["3"]}),
        ({"A": ["1"]}, {"B": ["2"]}, {"A": ["1"], "B": ["2"]}),
        ({"A": ["1"], "B": ["1"]}, {}, {"A": ["1"], "B": ["1"]}),
        ({"A": ["1"], "@datestamp": "20260101"}, {"@datestamp": "20260102"}, {"A": ["1"], "@datestamp": "20260102"}),
        # every market by its reference
        (
            {"ProductSupply": [market("fi", "1"), market("se", "1")]},
            {"ProductSupply": [market("se", "2")]},
            {"ProductSupply": [market("fi", "1"), market("se", "2")]},
        ),
        (
            {"ProductSupply": [market("fi", "1"), market("se", "1")]},
            {"ProductSupply": [{"c": ["2"]}]},
            {"ProductSupply": [{"c": ["2"]}]},
        ),
        ({"ProductSupply": [{"c": ["1"]}]}, {"ProductSupply": [market("se", "2")]},
         {"ProductSupply": [market("se", "2")]}),
    ],
)  # fmt: skip
def test_a_block_update_replaces_its_blocks_and_leaves_the_others(
    base: dict[str, Any], blocks: dict[str, Any], expected: dict[str, Any]
) -> None:
    message = {"RecordReference": ["r"], "NotificationType": ["03"]}
    kept = lifecycle.with_blocks(Kept(onix({**message, **base}), T1), update(**blocks), T2)
    assert kept.parsed.content == {**message, **expected}
    assert kept.whole_at == T1


def test_what_2_1_says_in_several_ways_is_replaced_together() -> None:
    old = onix({"DistinctiveTitle": ["A"], "ISBN": ["1"], "MainDescription": ["x"], "PublisherName": ["Otava"]},
               dialect="onix-2.1")  # fmt: skip
    new = update("onix-2.1", Title=[{"TitleText": ["B"]}], OtherText=[{"Text": ["y"]}])
    assert lifecycle.with_blocks(Kept(old, T1), new, T2).parsed.content == {
        "ISBN": ["1"], "PublisherName": ["Otava"], "Title": [{"TitleText": ["B"]}], "OtherText": [{"Text": ["y"]}],
    }  # fmt: skip


def test_an_update_in_another_release_stands_alone() -> None:
    base = onix({"RecordReference": ["r"], "Title": [{}]}, dialect="onix-2.1")
    alone = update(DescriptiveDetail=[{}])
    assert lifecycle.with_blocks(Kept(base, T1), alone, T2).parsed is alone


def test_a_whole_record_that_comes_late_goes_under_the_updates_sent_after_it() -> None:
    updated = lifecycle.with_blocks(Kept(BASE, T1), update(ProductSupply=[{"c": ["9"]}]), T3)
    whole = onix({**BASE.content, "DescriptiveDetail": [{"a": ["2"]}]}, T2)
    message = lifecycle.arrival(whole)
    assert lifecycle.is_late(message, Known(False, T3, None))
    assert lifecycle.reaches_under(message, updated)
    kept = lifecycle.under_updates(whole, T2, updated)
    assert kept.parsed.content == {**whole.content, "ProductSupply": [{"c": ["9"]}]}
    assert (kept.whole_at, kept.updated, kept.parsed.header.sent_at) == (T2, {"ProductSupply": T3}, T2)


def test_of_two_updates_of_a_block_the_later_sent_stands_whichever_came_first() -> None:
    first, second = update(A=["1"], B=["1"]), update(B=["2"], C=["2"])
    orders = [((first, T2), (second, T3)), ((second, T3), (first, T2))]
    ends = []
    for order in orders:
        kept = Kept(BASE, T1)
        for message, sent in order:
            kept = lifecycle.with_blocks(kept, message, sent)
        ends.append((lifecycle.parsed_hash(kept.parsed), kept.updated))
    assert ends[0] == ends[1]
    assert kept.updated == {"A": T2, "B": T3, "C": T3}


def test_a_deleted_record_keeps_only_blocks_that_were_sent_after_the_delete() -> None:
    kept = lifecycle.with_blocks(Kept(BASE, T1), update(ProductSupply=["9"]), T3)
    left = lifecycle.after_delete(kept, T2)
    assert left is not None
    assert set(left.parsed.content) == {"RecordReference", "NotificationType", "ProductSupply"}
    assert lifecycle.after_delete(kept, T4) is None
    assert lifecycle.as_it_stands(kept, Known(True, T4, None)) is None


def test_a_whole_record_sent_after_the_updates_makes_them_forgotten() -> None:
    kept = lifecycle.with_blocks(Kept(BASE, T1), update(ProductSupply=["9"]), T3)
    assert lifecycle.as_it_stands(kept, Known(False, T3, None)) is kept
    assert lifecycle.as_it_stands(kept, Known(False, T4, None)) == Kept(kept.parsed, T4)


def test_a_kept_document_remembers_its_updates() -> None:
    kept = lifecycle.with_blocks(Kept(BASE, T1), update(ProductSupply=["9"]), T3)
    document = lifecycle.to_document(kept.parsed, kept)
    again = lifecycle.kept_of(document)
    assert (again.whole_at, again.updated, again.parsed.content) == (T1, {"ProductSupply": T3}, kept.parsed.content)


@pytest.mark.parametrize(
    ("code", "kind"),
    [("01", "whole"), ("02", "whole"), ("03", "whole"), ("3", "whole"), ("04", "blocks"), ("05", "delete"),
     ("08", "whole"), ("12", "blocks"), ("88", "test"), ("89", "test"), ("77", "whole"), ("", "whole")],
)  # fmt: skip
def test_every_notification_does_one_thing(code: str, kind: str) -> None:
    assert lifecycle.arrival(onix({"NotificationType": [code]})).kind == kind


def test_the_time_of_the_message_is_no_content_but_its_language_is() -> None:
    record = {"RecordReference": ["r"]}
    assert lifecycle.parsed_hash(onix(record, "20260101")) == lifecycle.parsed_hash(onix(record, "20260102"))
    swedish = ParsedRecord("onix-3.0", record, 1, header=MessageHeader(default_language="swe"))
    assert lifecycle.parsed_hash(swedish) != lifecycle.parsed_hash(onix(record))


@pytest.mark.parametrize("parsed", [onix({"RecordReference": ["r"]}, "20260101"), marc("x", ["001", "å"])])
def test_a_kept_document_gives_the_parsed_record_back(parsed: ParsedRecord) -> None:
    assert lifecycle.from_document(lifecycle.to_document(parsed), 1) == parsed
