"""ONIX: one odd message per test, named for its oddity."""

from __future__ import annotations

import io
from typing import Any

import pytest

from catalogue.parsed import BadRecord, MessageHeader, ParsedRecord
from parsers.encoding import CHUNK_BYTES
from parsers.onix.markup import sanitised
from parsers.payload import Payload
from parsers.xml_stream import XmlStream

PRODUCT = "<Product><RecordReference>{0}</RecordReference><Title><TitleText>{1}</TitleText></Title></Product>"
TREE = {"RecordReference": ["r1"], "Title": [{"TitleText": ["Sinuhe"]}]}


def message(*products: str, release: str = "2.1", before: str = "") -> str:
    return f'{before}<ONIXMessage release="{release}">{"".join(products)}</ONIXMessage>'


def text_of(record: ParsedRecord | BadRecord) -> Any:
    assert isinstance(record, ParsedRecord)
    return record.content["Title"][0]["TitleText"][0]


def codes(record: ParsedRecord | BadRecord) -> list[str]:
    return [d.code for d in record.defects] if isinstance(record, ParsedRecord) else [record.defect.code]


GOOD = PRODUCT.format("r1", "Sinuhe")


@pytest.mark.parametrize(
    ("written", "dialect"),
    [
        (message(GOOD), "onix-2.1"),
        (GOOD, "onix-2.1"),
        ("<product><a001>r1</a001><title><b203>Sinuhe</b203></title></product>", "onix-2.1"),
        (f'<o:ONIXMessage xmlns:o="http://x">{GOOD}</o:ONIXMessage>', "onix-2.1"),
        (f'<!DOCTYPE ONIXMessage SYSTEM "http://127.0.0.1:9/x.dtd"><ONIXMessage>{GOOD}</ONIXMessage>', "onix-2.1"),
        (f"\n<!-- <Product> -->\n<?pi x?><ONIXMESAGE>{GOOD}</ONIXMESAGE>", "onix-2.1"),
    ],
)
def test_every_way_to_write_a_message_gives_the_same_tree(read: Any, written: str, dialect: str) -> None:
    (record,) = read(written)
    assert (record.content, record.dialect, record.defects) == (TREE, dialect, ())


@pytest.mark.parametrize(
    ("opening", "expected", "found"),
    [
        ('<ONIXMessage release="3.0">', "onix-3.0", []),
        ('<ONIXMessage release="3.1">', "onix-3.1", []),
        ('<ONIXMessage release="3.0" xmlns="http://ns.editeur.org/onix/3.0/short">', "onix-3.0", []),
        ('<ONIXMessage xmlns="http://ns.editeur.org/onix/3.1/reference">', "onix-3.1", []),
        ("<ONIXMessage>", "onix-3.0", []),
        ('<ONIXMessage release="2.1">', "onix-3.0", []),
        ('<ONIXMessage release="3.7">', "onix-3.1", ["onix.release"]),
    ],
)
def test_the_release_is_what_is_declared_unless_the_product_says_otherwise(
    read: Any, opening: str, expected: str, found: list[str]
) -> None:
    product = "<Product><DescriptiveDetail><ProductForm>EA</ProductForm></DescriptiveDetail></Product>"
    (record,) = read(f"{opening}{product}</ONIXMessage>")
    assert (record.dialect, codes(record)) == (expected, found)


def test_a_delete_that_says_nothing_else_has_the_declared_release(read: Any) -> None:
    delete = "<Product><RecordReference>1</RecordReference><NotificationType>05</NotificationType></Product>"
    for release in ("2.1", "3.0", "3.1"):
        assert read(message(delete, release=release))[0].dialect == f"onix-{release}"


def test_the_header_goes_with_every_product(read: Any) -> None:
    three = "<Header><Sender><SenderName>Lintula</SenderName></Sender><SentDateTime>20240102T0304Z</SentDateTime>"
    three += "<DefaultLanguageOfText>fin</DefaultLanguageOfText></Header>"
    two = "<header><m174>Lintula</m174><m182>20240102</m182><m184>swe</m184></header>"
    assert {r.header for r in read(message(three, GOOD, GOOD))} == {MessageHeader("Lintula", "20240102T0304Z", "fin")}
    assert read(message(two, GOOD))[0].header == MessageHeader("Lintula", "20240102", "swe")


def test_attributes_stay_only_where_they_say_how_to_read_a_value(read: Any) -> None:
    product = (
        '<Product datestamp="20240101" refname="x"><RecordReference sourcename="x">1</RecordReference>'
        '<TitleText language="swe" textcase="01" refname="y">Å</TitleText><Date dateformat="05">2024</Date>'
        '<TitleElement textscript="Latn"><Part>1</Part></TitleElement><NoSeries/></Product>'
    )
    assert read(message(product))[0].content == {
        "@datestamp": "20240101",
        "RecordReference": ["1"],
        "TitleText": [{"#": "Å", "@language": "swe", "@textcase": "01"}],
        "Date": [{"#": "2024", "@dateformat": "05"}],
        "TitleElement": [{"@textscript": "Latn", "Part": ["1"]}],
        "NoSeries": [""],
    }


@pytest.mark.parametrize(
    ("inside", "value", "found"),
    [
        ("plain", "plain", []),
        ("a &lt; b", "a < b", []),
        ("id&eacute; &ndash; &auml;", "idé – ä", ["onix.entity"] * 3),
        ("<p>Hyv&auml; <b>kirja</b></p>", {"#": "<p>Hyvä <b>kirja</b></p>", "@textformat": "05"}, ["onix.entity"]),
        ("Eka <i>sana</i> loppu", {"#": "Eka <i>sana</i> loppu", "@textformat": "05"}, []),
        ("<P>Iso</P><BR/>", {"#": "<p>Iso</p><br>", "@textformat": "05"}, []),
        ("<p>x<script>alert(1)</script></p>", {"#": "<p>x</p>", "@textformat": "05"}, ["text.sanitised"]),
        ("&lt;p onclick='x'&gt;A&lt;/p&gt;", {"#": "<p>A</p>", "@textformat": "02"}, []),
        ("<![CDATA[<p>x<object>y</object></p>]]>", {"#": "<p>xy</p>", "@textformat": "02"}, ["text.sanitised"]),
        ("&amp;lt;p&amp;gt;q&amp;lt;/p&amp;gt;", {"#": "<p>q</p>", "@textformat": "02"}, ["text.double_escape"]),
        ("&lt;b id='x' style='y'&gt;z&lt;/b&gt;", {"#": "<b>z</b>", "@textformat": "02"}, []),
    ],
)  # fmt: skip
def test_text_is_never_cut_and_markup_is_made_safe(read: Any, inside: str, value: Any, found: list[str]) -> None:
    (record,) = read(message(f"<Product><OtherText><Text>{inside}</Text><After>x</After></OtherText></Product>"))
    assert record.content == {"OtherText": [{"Text": [value], "After": ["x"]}]}
    assert codes(record) == found


def test_a_link_with_a_script_for_an_address_loses_it() -> None:
    assert sanitised("<a href='javascript:x'>y</a>")[0] == '<a rel="noopener noreferrer">y</a>'
    assert 'href="https://x.fi/"' in sanitised("<a href='https://x.fi/'>y</a>")[0]


@pytest.mark.parametrize(
    "text",
    [
        "<p>Yksi <b>kaksi</b> <i>kolme <em>neljä</em></i></p>\n<p>viisi</p>",
        "a<br>b &amp; c &lt; d &gt; e",
        "<p></p><strong></strong>",
        "<p>a<p>b</p></p>",
        "<b>a<p>b</p></b>",
        "<i>a</b>",
        "a&nbsp;b\xa0c",
        "a\rb<br/>c",
        "> a",
        "<p onclick='x'>a</p>",
    ],
)
def test_what_is_taken_for_clean_is_what_the_sanitiser_would_give(text: str) -> None:
    whole = sanitised("<u>x</u>" + text)[0]  # too much to be taken for clean as it is
    assert sanitised(text)[0] == whole.removeprefix("<u>x</u>")


@pytest.mark.parametrize("root", ['xmlns="http://x"', "a=\"1\"\n xmlns = 'http://x'", ""])
def test_places_and_content_are_the_same_with_and_without_a_namespace(read: Any, root: str) -> None:
    (record,) = read(f"<ONIXMessage {root}>\n{GOOD}</ONIXMessage>")
    assert (record.content, record.locus) == (TREE, f"line {2 + root.count(chr(10))}")


def test_unknown_elements_among_words_keep_the_words(read: Any) -> None:
    (record,) = read(message("<Product><Title>Suuri <emph>uni</emph> on</Title><Z>1</Z></Product>"))
    assert record.content["Title"][0]["#"] == "Suuri <span>uni</span> on"
    assert record.content["Z"] == ["1"]


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("UTF-8", "cp1252"), ("ISO-8859-1", "utf-8"), ("UTF-16", "utf-8"), ("ISO-8859-1", "cp1252")],
)
def test_a_wrong_encoding_is_repaired_and_told(read: Any, declared: str, encoding: str) -> None:
    written = message(PRODUCT.format(1, "Törmä – ö"), before=f'<?xml version="1.0" encoding="{declared}"?>')
    (record,) = read(written.encode(encoding))
    assert (text_of(record), codes(record)) == ("Törmä – ö", ["payload.encoding"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso8859-1", "cp1252"])
def test_a_right_encoding_needs_no_word(read: Any, encoding: str) -> None:
    declaration = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>\n'
    (record,) = read(message(PRODUCT.format(1, "Törmä ö"), before=declaration).encode(encoding))
    assert (text_of(record), codes(record), record.locus) == ("Törmä ö", [], "line 2")


@pytest.mark.parametrize("written", ["Sinu\x0bhe", "Sinuhe\x00", "&#11;Sinuhe", "Sinu&#x1F;he", "Sinuh&#x0000b;e"])
def test_control_characters_are_taken_out_and_told_instead_of_ending_the_feed(read: Any, written: str) -> None:
    records = read(message(GOOD, "\n\n" + PRODUCT.format("r2", written), GOOD))
    assert [text_of(record) for record in records] == ["Sinuhe"] * 3
    told = [d for record in records for d in record.defects]
    assert [(d.code, d.locus) for d in told] == [("text.control_characters", "line 3")]


@pytest.mark.parametrize(
    ("written", "text", "told"),
    [
        ("Kissa & koira", "Kissa & koira", "&"),
        ("A&B", "A&B", "&"),
        ("&undefined; &amp; &undefined;", "&undefined; & &undefined;", "&undefined;"),
        ("a &lt b", "a &lt b", "&"),
        ("&#x; &#12", "&#x; &#12", "&"),
        ("<![CDATA[a & &undefined; b]]>", "a & &undefined; b", None),
        ("<![CDATA[a & b]]> & <![CDATA[&c]]>", "a & b & &c", "&"),
        ("&amp;undefined;", "&undefined;", None),
    ],
)
def test_an_ampersand_that_begins_no_reference_is_text(read: Any, written: str, text: str, told: str | None) -> None:
    records = read(message(GOOD, "\n\n" + PRODUCT.format("r2", written), GOOD))
    assert [text_of(record) for record in records] == ["Sinuhe", text, "Sinuhe"]
    found = [(d.code, d.locus, d.params) for record in records for d in record.defects]
    assert found == ([("text.ampersand", "line 3", {"reference": told})] if told else [])


@pytest.mark.parametrize(
    "written", ["a & b", "a &x; b", "&eacute;", "<![CDATA[a & b]]>", "<![CDATA[]] & ]]]>", "&amp;"]
)
@pytest.mark.parametrize("place", range(16))
def test_an_ampersand_that_two_reads_part_is_found(written: str, place: int) -> None:
    text = message("x" * (CHUNK_BYTES - 62 - place) + written, GOOD)
    stream = XmlStream(Payload(io.BytesIO(text.encode())))
    assert [element.tag for element in stream.elements("Product")] == ["Product"]


@pytest.mark.parametrize("written", ["&#10;", "&#65;", "&#xE4;", "&#x9;", "&#0310;"])
def test_a_reference_to_a_character_of_xml_stays(read: Any, written: str) -> None:
    (record,) = read(message(PRODUCT.format("r1", f"a{written};b".replace(";;", ";"))))
    assert (codes(record), written.strip("&#;") in text_of(record)) == ([], False)


@pytest.mark.parametrize("place", range(12))
def test_a_reference_that_two_reads_part_is_found(place: int) -> None:
    text = message("x" * (CHUNK_BYTES - 62 - place) + "&#x0000b;", GOOD)
    stream = XmlStream(Payload(io.BytesIO(text.encode())))
    assert [element.tag for element in stream.elements("Product")] == ["Product"]


def test_text_is_nfc(read: Any) -> None:
    assert text_of(read(message(PRODUCT.format(1, "To\u0308rma\u0308")))[0]) == "Törmä"


@pytest.mark.parametrize(
    ("third", "code", "reason"),
    [
        ("<Product><a b='1' b='2'/></Product>", "payload.xml_syntax", "a tag has the same attribute twice"),
        ("<Product><a></b></Product>", "payload.xml_syntax", "a of line 4 is closed by b"),
        ("<Product>" + "<a>" * 300 + "</Product>", "payload.xml_forbidden", ""),
    ],
)
def test_products_before_a_fault_are_read_and_the_fault_has_its_line(
    read: Any, third: str, code: str, reason: str
) -> None:
    records = read(message(GOOD, "\n" + GOOD, "\n\n" + third, GOOD))
    assert [codes(r) for r in records] == [[], [], [code]]
    bare = read(GOOD + "\n" + third + GOOD)
    assert [codes(r) for r in bare] == [[], [code]]
    bad = records[2]
    assert (bad.ends_payload, bad.index, bad.defect.locus) == (True, 3, "line 4")
    assert reason in bad.defect.params.get("reason", "")


@pytest.mark.parametrize("cut", range(1, len(GOOD)))
def test_a_message_cut_anywhere_is_truncated(read: Any, cut: int) -> None:
    for whole in (message(GOOD, GOOD, GOOD), GOOD * 3):
        records = read(whole[:-cut])
        assert isinstance(records[-1], BadRecord)
        assert (records[-1].defect.code, records[-1].ends_payload) == ("payload.truncated", True)
        assert all(isinstance(r, ParsedRecord) for r in records[:-1])


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE ONIXMessage [<!ENTITY a "aaa"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE ONIXMessage [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE ONIXMessage [<!ENTITY % x SYSTEM "http://127.0.0.1:9/"> %x;]>',
        '<!DOCTYPE ONIXMessage SYSTEM "a" [ <!-- ]> --> <!ENTITY x "y"> ]>',
        "<!DOCTYPE ONIXMessage [ <!ELEMENT a ANY> never closed",
    ],
)
def test_a_dtd_that_declares_entities_is_refused(read: Any, doctype: str) -> None:
    (bad,) = read(doctype + message("<Product><a>&x;</a></Product>"))
    assert (bad.defect.code, bad.ends_payload) == ("payload.xml_forbidden", True)


def test_a_dtd_that_declares_no_entity_is_passed_over(read: Any) -> None:
    assert codes(read("<!DOCTYPE ONIXMessage [ <!ELEMENT a ANY> ]>" + message(GOOD))[0]) == []


def test_a_second_doctype_in_the_middle_is_a_fault_of_syntax(read: Any) -> None:
    assert codes(read(message(GOOD, '<!DOCTYPE x [<!ENTITY a "b">]>'))[1]) == ["payload.xml_syntax"]


def test_a_product_too_large_for_memory_is_refused(read: Any) -> None:
    for body in ("<a>" + "x" * 9_500_000 + "</a>", "<a>x</a>" * 1_200_000, "<a " + "b='c' " * 10):
        assert codes(read(message(GOOD, f"<Product>{body}</Product>"))[-1])[0] in (
            "record.too_large",
            "payload.xml_syntax",
        )


def test_broken_rules_of_namespaces_lose_nothing(read: Any) -> None:
    records = read(f'<ONIXMessage xmlns:s="a b">{GOOD}<Product><x:Odd>1</x:Odd></Product>{GOOD}</ONIXMessage>')
    assert [codes(r) for r in records] == [[], [], []]


def test_a_message_without_products_is_empty_and_whole(read: Any) -> None:
    assert read("<ONIXMessage><Header/><NoProduct/></ONIXMessage>") == []


def test_several_bare_products_are_read(read: Any) -> None:
    assert [r.index for r in read(f"<Header><FromCompany>x</FromCompany></Header>{GOOD}\n{GOOD}")] == [1, 2]


def test_the_place_of_a_product_is_right_beyond_line_65535(read: Any) -> None:
    assert read(message("\n" * 70_000, GOOD))[0].locus == "line 70001"


def test_elements_nested_beyond_measure_lose_their_tags_but_not_their_words() -> None:
    clean, defects = sanitised("<div>" * 50_000 + "Sinuhe &amp; <b>Minea</b>")
    assert clean.split() == ["Sinuhe", "&amp;", "Minea"]
    assert [defect.code for defect in defects] == ["text.sanitised"]


def test_lists_and_breaks_are_not_nesting() -> None:
    markup = "<ul>" + "<li>yksi<br>" * 500 + "</ul>"
    assert sanitised(markup)[0].count("<li>") == 500


def test_a_product_with_very_many_attributes_is_read_in_passable_time(read: Any) -> None:
    many = " ".join(f'a{n}="1"' for n in range(100_000))
    (record,) = read(message(GOOD.replace("<Product>", f'<Product {many} datestamp="20240101">')))
    assert record.content == {**TREE, "@datestamp": "20240101"}


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("HÃ¤meenlinna", "Hämeenlinna"),
        ("HÃ¤meen <b>lÃ¤Ã¤ni</b>", "Hämeen <b>lääni</b>"),
        ("H├ñmeenlinna &eacute;", "Hämeenlinna é"),
        ("São Paulo, Ãrvore", None),
    ],
)
def test_letters_read_in_a_wrong_encoding_before_are_repaired_and_told(
    read: Any, written: str, text: str | None
) -> None:
    (record,) = read(message(f"<Product><a001>r</a001><OtherText><Text>{written}</Text></OtherText></Product>"))
    (found,) = record.content["OtherText"][0]["Text"]
    assert (found if isinstance(found, str) else found["#"]) == (text or written)
    assert ("text.mojibake" in codes(record)) is (text is not None)
