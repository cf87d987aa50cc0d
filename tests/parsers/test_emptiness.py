"""A payload without records says so itself, or is said to have none: it never ends quietly."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

from catalogue.parsed import BadRecord, ParsedRecord
from parsers.detect import Format

HEADER = "<Header><Sender><SenderName>X</SenderName></Sender></Header>"
OLD = "<Header><FromCompany>X</FromCompany></Header>"
OAI = (
    '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-01-01T00:00:00Z</responseDate>'
    "{}</OAI-PMH>"
)
SRU = "<searchRetrieveResponse><numberOfRecords>{}</numberOfRecords>{}</searchRetrieveResponse>"
DIAGNOSTIC = "<diagnostics><diagnostic><message>Query syntax error</message></diagnostic></diagnostics>"
PRODUCT = (
    '<ONIXMessage release="3.0"><Header><Sender><SenderName>X</SenderName></Sender></Header>'
    '<Product datestamp="2026"><RecordReference>a1</RecordReference><DescriptiveDetail><ProductForm>ED</ProductForm>'
    '<TitleDetail><TitleType>01</TitleType><TitleElement><TitleText language="fin">Kissa</TitleText></TitleElement>'
    "</TitleDetail></DescriptiveDetail><CollateralDetail><TextContent><Text>Hyvä <b>kirja</b></Text></TextContent>"
    "</CollateralDetail></Product></ONIXMessage>"
)


@pytest.mark.parametrize(
    ("data", "form", "found"),
    [
        (f'<ONIXMessage release="3.0">{HEADER}</ONIXMessage>', "onix", "ONIXMessage, Header, Sender, SenderName"),
        ('<ONIXMessage release="3.0"/>', "onix", "ONIXMessage"),
        (f'<ONIXMessage release="2.1">{OLD}<Book/></ONIXMessage>', "onix", "ONIXMessage, Header, FromCompany, Book"),
        (f'<ONIXMessage release="2.1"><Item/>{OLD}</ONIXMessage>', "onix", "ONIXMessage, Item, Header, FromCompany"),
        (
            f"<ONIXMessage>{OLD}<Item/></ONIXMessage><ONIXMessage>{OLD}</ONIXMessage>",
            "onix",
            "ONIXMessage, Header, FromCompany, Item",
        ),
        ('<ONIXMessage release="2.1"><Header/></ONIXMessage>', "onix", "ONIXMessage, Header"),
        (OLD, "onix", "Header, FromCompany"),
        ("<ONIXMessage><Item><IDValue>1</IDValue></Item></ONIXMessage>", "onix", "ONIXMessage, Item, IDValue"),
        ('<collection xmlns="http://www.loc.gov/MARC21/slim"/>', "marcxml", "collection"),
        ("<records><dc><title>Kissa</title></dc></records>", "marcxml", "records, dc, title"),
        (
            SRU.format(0, DIAGNOSTIC),
            "marcxml",
            "searchRetrieveResponse, numberOfRecords, diagnostics, diagnostic, message",
        ),
        (OAI.format("<Identify/>"), "oai", "OAI-PMH, responseDate, Identify"),
        (OAI.format('<error code="badArgument">x</error>'), "oai", "OAI-PMH, responseDate, error"),
        (
            OAI.format("<ListIdentifiers><header/><resumptionToken>t</resumptionToken></ListIdentifiers>"),
            "oai",
            "OAI-PMH, responseDate, ListIdentifiers, header, resumptionToken",
        ),
        ("[" * 200_000 + "]" * 200_000, "marcjson", "[" * 40),
        ('{"metadata": {"title": "A", "n": 1}, "navigation": []}', "opds", '{"metadata": {"title": "A", "n": 1}, "na'),
    ],
)  # fmt: skip
def test_what_holds_no_record_says_what_was_expected_and_what_is_there(
    read: Any, data: str, form: Format, found: str
) -> None:
    for sent in (data.encode(), gzip.compress(data.encode())):
        (bad,) = read(sent)
        assert isinstance(bad, BadRecord)
        assert (bad.defect.code, bad.index, bad.ends_payload) == ("payload.no_records", 1, True)
        assert (bad.defect.params["format"], bad.defect.params["found"]) == (form, found)
        assert bad.excerpt == data.encode()[: len(bad.excerpt)] != b""


@pytest.mark.parametrize(
    "data",
    [
        f'<ONIXMessage release="3.0">{HEADER}<NoProduct/></ONIXMessage>',
        '<ONIXmessage release="3.0" xmlns="http://ns.editeur.org/onix/3.0/short"><header/><x507/></ONIXmessage>',
        f'<ONIXMessage release="2.1">{OLD}</ONIXMessage>',
        f"<ONIXMessage>{OLD}</ONIXMessage>",
        "<ONIXmessage><header><m174>X</m174><m182>20260101</m182></header></ONIXmessage>",
        f'<!DOCTYPE ONIXMessage SYSTEM "http://www.editeur.org/onix/2.1/reference/onix-international.dtd">'
        f"<ONIXMessage>{OLD}\n</ONIXMessage>",
        OAI.format('<error code="noRecordsMatch">none</error>'),
        OAI.format("<ListRecords><resumptionToken/></ListRecords>"),
        SRU.format(0, ""),
        "[]",
        " [ ]\n",
        '{"records": []}',
        '{"total": 0, "start": 0, "entries": []}',
        '{"metadata": {"title": "A"}, "links": [], "publications": []}',
        "Sys. No.,OCLC No.\n",
        "record number;deleted\n",
    ],
)
def test_what_says_that_it_is_empty_is_believed(read: Any, data: str) -> None:
    assert read(data) == []


@pytest.mark.parametrize(
    "data",
    [
        "{}",
        '{"id": "1", "varFields": []}',
        '{"error": "quota", "records": []}',
        "Post office\n",
        "Order number, title\n",
        "[null]",
    ],
)
def test_what_only_looks_empty_is_not_taken_for_it(read: Any, data: str) -> None:
    assert len(read(data)) == 1


def upper(message: str) -> str:
    """The tags and attributes of a message in capitals, its texts as they are."""
    return "".join(
        piece if number % 2 == 0 else f"<{piece.upper()}>".replace('"FIN"', '"fin"')
        for number, piece in enumerate(message.replace("<", "\0").replace(">", "\0").split("\0"))
    )


def test_tags_in_capitals_are_the_same_tags(read: Any) -> None:
    (plain,), (found,) = read(PRODUCT), read(upper(PRODUCT))
    assert isinstance(plain, ParsedRecord)
    assert isinstance(found, ParsedRecord)
    assert (found.dialect, found.content, found.header) == (plain.dialect, plain.content, plain.header)
