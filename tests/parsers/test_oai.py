from __future__ import annotations

import io

import pytest

from catalogue.parsed import BadRecord, ParsedRecord
from mappings.registry import map_record
from parsers.oai import read_page, token_in
from parsers.registry import parse

MARC = (
    '<m:record xmlns:m="http://www.loc.gov/MARC21/slim"><m:leader>00000nam a2200000 i 4500</m:leader>'
    '<m:controlfield tag="001">7</m:controlfield></m:record>'
)
ONIX = (
    '<ONIXMessage release="3.1"><Header><Sender><SenderName>Otava</SenderName></Sender>{sent}</Header>'
    "<Product><RecordReference>a</RecordReference><DescriptiveDetail/></Product>"
    "<Product><RecordReference>b</RecordReference><DescriptiveDetail/></Product></ONIXMessage>"
)
SHORT = "<product><a001>a</a001><descriptivedetail/></product>"


def page(*records: str, tail: str = "") -> bytes:
    head = '<?xml version="1.0"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
    about = "<responseDate>2026-01-01T03:00:00Z</responseDate><request verb='ListRecords'>http://x</request>"
    return f"{head}{about}<ListRecords>{''.join(records)}{tail}</ListRecords></OAI-PMH>".encode()


def record(content: str, identifier: str = "oai:otava.fi:7", status: str = "") -> str:
    header = f"<header{status}><identifier>{identifier}</identifier><datestamp>2025-12-31</datestamp></header>"
    return f"<record>{header}{content and f'<metadata>{content}</metadata>'}</record>"


def read(data: bytes) -> list[ParsedRecord | BadRecord]:
    found = parse(io.BytesIO(data))
    assert found.format == "oai"
    return list(found)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (MARC, [("marc21", None)]),
        (ONIX.format(sent="<SentDateTime>20260101T0101Z</SentDateTime>"), [("onix-3.1", "20260101T0101Z")] * 2),
        (ONIX.format(sent=""), [("onix-3.1", "2025-12-31")] * 2),
        (SHORT, [("onix-3.0", "2025-12-31")]),
    ],
    ids=["MARCXML", "a message", "a message without a time", "a bare product"],
)
def test_marc_and_onix_come_out_of_their_envelope(content: str, expected: list[tuple[str, str | None]]) -> None:
    found = read(page(record(content), record(MARC, "oai:otava.fi:8")))
    records = [each for each in found if isinstance(each, ParsedRecord)]
    assert [(each.dialect, each.header.sent_at) for each in records] == [*expected, ("marc21", None)]
    assert [each.delivered_as for each in records] == ["oai:otava.fi:7"] * len(expected) + ["oai:otava.fi:8"]
    assert [each.index for each in records] == list(range(1, len(expected) + 2))


def test_a_deleted_header_deletes_what_its_identifier_ends_in() -> None:
    (deleted,) = read(page(record("", "oai:otava.fi:book/000123", " status='deleted'")))
    assert isinstance(deleted, ParsedRecord)
    assert (deleted.content[0][5], deleted.content[1]) == ("d", [["001", "000123"]])
    assert deleted.delivered_as == "oai:otava.fi:book/000123"


@pytest.mark.parametrize("content", [MARC, ONIX.format(sent=""), SHORT], ids=["MARCXML", "a message", "a product"])
def test_a_deleted_header_deletes_the_record_that_comes_with_it(content: str) -> None:
    for found in read(page(record(content, status=' status="deleted"'))):
        assert isinstance(found, ParsedRecord)
        mapped = map_record(found, "otava", "x").record
        assert mapped is not None
        assert mapped.status == "deleted"


def test_an_envelope_with_something_else_inside_is_set_aside() -> None:
    bad, good = read(page(record("<dc><title>Kesä</title></dc>"), record(MARC)))
    assert isinstance(bad, BadRecord)
    assert (bad.defect.code, bad.ends_payload) == ("marc.xml_record", False)
    assert isinstance(good, ParsedRecord)


def test_a_page_says_what_comes_next() -> None:
    tail = "<resumptionToken completeListSize='9' cursor='0'> a/b=1&amp;2 </resumptionToken>"
    found = read_page(io.BytesIO(page(record(MARC), tail=tail)))
    assert (found.token, found.errors, found.broken) == ("a/b=1&2", (), None)
    assert found.about == {"responseDate": "2026-01-01T03:00:00Z"}
    assert read_page(io.BytesIO(page(record(MARC), tail="<resumptionToken/>"))).token == ""


def test_errors_and_identify_are_read() -> None:
    error = b"<OAI-PMH><responseDate>x</responseDate><error code='noRecordsMatch'>none</error></OAI-PMH>"
    assert read_page(io.BytesIO(error)).errors == (("noRecordsMatch", "none"),)
    told = b"<granularity>YYYY-MM-DD</granularity><deletedRecord>no</deletedRecord>"
    identify = b"<OAI-PMH><Identify>" + told + b"</Identify></OAI-PMH>"
    assert read_page(io.BytesIO(identify)).about == {"granularity": "YYYY-MM-DD", "deletedRecord": "no"}
    assert not read_page(io.BytesIO(b"<rss/>")).is_answer


def test_the_token_of_a_page_that_is_not_well_formed_is_still_found() -> None:
    broken = page(record("<p>Meri</ranta>"), tail="<resumptionToken>next</resumptionToken>")
    found = read_page(io.BytesIO(broken))
    assert found.broken is not None
    assert token_in(broken) == "next"
    assert token_in(b"<oai:resumptionToken cursor='3'> a&amp;b|&lt; </oai:resumptionToken") == "a&b|<"
    assert token_in(page()) is None


def test_a_record_of_another_kind_inside_an_answer_is_one_bad_record() -> None:
    inside = '<record xmlns="urn:other"><a/></record>'
    row = f"<record><header><identifier>oai:x:1</identifier></header><metadata>{inside}</metadata></record>"
    answer = f"<OAI-PMH><ListRecords>{row}</ListRecords></OAI-PMH>"
    (bad,) = parse(io.BytesIO(answer.encode()))
    assert isinstance(bad, BadRecord)
    assert "it holds record, neither MARC nor ONIX" in bad.defect.words
