"""The format is told by the content alone."""

from __future__ import annotations

import pytest

from catalogue.defect import Defect
from parsers.detect import detect


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"<Products><Product><RecordReference>1</RecordReference></Product></Products>", "onix"),
        (b'<?xml version="1.0"?><ONIXMessage release="3.0">', "onix"),
        (b'<!DOCTYPE ONIXmessage SYSTEM "x.dtd"><ONIXmessage>', "onix"),
        ('<?xml version="1.0" encoding="UTF-16"?><ONIXMessage>'.encode("utf-16"), "onix"),
        ("<ONIXMessage>".encode("utf-16-be"), "onix"),
        ("<ONIXMessage><b203>„Nimi” ĞĞ Ĝ".encode("utf-16"), "onix"),  # quotes with the bytes of MARC's end marks
        ("<ONIXMessage><b203>„Nimi” ĞĞ Ĝ".encode("utf-16-be"), "onix"),
        (b"\xef\xbb\xbf<product><a001>1</a001></product>", "onix"),
        (b'<onix:ONIXMessage xmlns:onix="http://ns.editeur.org/onix/3.0/reference">', "onix"),
        (b'<collection xmlns="http://www.loc.gov/MARC21/slim"/>', "marcxml"),
        (b"<marc:record xmlns:marc='http://www.loc.gov/MARC21/slim'>", "marcxml"),
        (b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">', "oai"),
        (b'<whatever><datafield tag="245">', "marcxml"),
        (b"00755cam  22002414a 4500001001300000\x1e", "iso2709"),
        (b"\r\n00755cam  22002414a 4500001001300000\x1e", "iso2709"),
        (b"broken  22002414a 4500001001300000\x1e a\x1d", "iso2709"),
        (b'{"leader": "00000nam", "fields": []}', "marcjson"),
        (b'[{"id": "1", "varFields": []}]', "marcjson"),
        (b"[]", "marcjson"),
        (b"005951463 LDR   L 03404cam^a2200721^i^4500\n", "alephseq"),
        (b"=LDR  00892nam a2200265 i 4500\n=001  1\n", "mrk"),
        (b"\xef\xbb\xbfLDR    00000cam^a22001937i^4500\n001    1\n", "mrk"),
        (b"<RECORD><LEADER>", "marcxml"),
        (b"<Collection><CollectionType>10</CollectionType>", "payload.unknown_format"),  # a part of ONIX
        (b'<oai_marc xmlns="http://www.openarchives.org/OAI/1.1/oai_marc">', "marcxml"),
        (b"<find-doc><record><metadata><oai_marc><fixfield id='LDR'>", "marcxml"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"><entry/></feed>', "payload.other_format"),
        (b"00755cam  22002414a 4500\n001 77\n245 10 $a X\n", "payload.other_format"),
        (b'{"mms_id": "991", "anies": ["<?xml version=\\"1.0\\"?><record>', "payload.other_format"),
        (b'{"@context": "x", "@graph": [{"@id": "https://libris.kb.se/x"}]}', "payload.other_format"),
        (b'{"_id": "1", "record": [["LDR", null, null, "_", "00755cam"]]}', "marcjson"),
        (b'{"collection": {"record": [{"leader": ["00755cam"], "datafield": []}]}}', "marcjson"),
        (b'<modsCollection xmlns="http://www.loc.gov/mods/v3">', "payload.other_format"),
        (b"\xef\xbb\xbfSys. No.,OCLC No.\n5407,(OCoLC)1361419\n", "deleteids"),
        (b"", "payload.empty"),
        (b" \r\n\0", "payload.empty"),
        (b"<!DOCTYPE html>\n<html><body>503", "payload.html"),
        (b"<!-- proxy --><HTML>", "payload.html"),
        (b'<html xmlns="http://www.w3.org/1999/xhtml">', "payload.html"),
        (b"%PDF-1.7", "payload.unknown_format"),
        (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3 1 0 obj", "payload.unknown_format"),
        (b"1234567\x00\x01\x02\n", "payload.unknown_format"),
        (b'{"metadata": {"title": "OPDS"}}', "payload.unknown_format"),
        (b"<rss><channel/></rss>", "payload.unknown_format"),
        (b"Foo bar\nthis is a text, no list\n", "payload.unknown_format"),
        (b'<!DOCTYPE ONIXMessage [<!ENTITY a "b">]><ONIXMessage>', "payload.xml_forbidden"),
    ],
)
def test_a_format_is_told_by_its_content(head: bytes, expected: str) -> None:
    found = detect(head)
    assert (found.code if isinstance(found, Defect) else found) == expected


def test_comments_before_the_root_take_no_longer_than_other_text() -> None:
    assert detect(b"<!--x-->" * 8000 + b'<ONIXMessage release="3.0">') == "onix"
