from __future__ import annotations

from typing import Any

import pytest

from catalogue import lifecycle
from catalogue.lifecycle import Arrival, Known
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


def test_a_block_update_replaces_its_blocks_and_leaves_the_others() -> None:
    base = onix({"RecordReference": ["r"], "NotificationType": ["03"], "DescriptiveDetail": [{"a": ["1"]}],
                 "PublishingDetail": [{"b": ["1"]}], "ProductSupply": [{"c": ["1"]}, {"c": ["2"]}]})  # fmt: skip
    update = onix({"RecordReference": ["r"], "NotificationType": ["04"], "ProductSupply": [{"c": ["3"]}]})
    assert lifecycle.with_blocks(base, update).content == {**base.content, "ProductSupply": [{"c": ["3"]}]}


def test_an_update_in_another_release_stands_alone() -> None:
    base = onix({"RecordReference": ["r"], "Title": [{}]}, dialect="onix-2.1")
    update = onix({"RecordReference": ["r"], "DescriptiveDetail": [{}]})
    assert lifecycle.with_blocks(base, update) is update


def test_the_time_of_the_message_is_no_content_but_its_language_is() -> None:
    record = {"RecordReference": ["r"]}
    assert lifecycle.parsed_hash(onix(record, "20260101")) == lifecycle.parsed_hash(onix(record, "20260102"))
    swedish = ParsedRecord("onix-3.0", record, 1, header=MessageHeader(default_language="swe"))
    assert lifecycle.parsed_hash(swedish) != lifecycle.parsed_hash(onix(record))


@pytest.mark.parametrize("parsed", [onix({"RecordReference": ["r"]}, "20260101"), marc("x", ["001", "å"])])
def test_a_kept_document_gives_the_parsed_record_back(parsed: ParsedRecord) -> None:
    assert lifecycle.from_document(lifecycle.to_document(parsed), 1) == parsed
