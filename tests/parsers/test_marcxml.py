"""MARCXML in its wrappers."""

from __future__ import annotations

import html
from typing import Any

import pytest

from catalogue.parsed import BadRecord, ParsedRecord

RECORD = (
    '<record><leader>00000nam a2200000 i 4500</leader><controlfield tag="001">1</controlfield>'
    '<datafield tag="245" ind1="1" ind2="0"><subfield code="a">Törmä</subfield></datafield></record>'
)
CONTENT = ["00000nam a2200000 i 4500", [["001", "1"], ["245", "10", [["a", "Törmä"]]]]]
OAI = (
    '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>'
    "<record><header><identifier>oai:x:1</identifier></header><metadata>{0}</metadata></record>"
    '<record><header status="deleted"><identifier>oai:melinda.fi:000123</identifier></header></record>'
    "</ListRecords></OAI-PMH>"
)
SPACE = 'xmlns="http://www.loc.gov/MARC21/slim"'


@pytest.mark.parametrize(
    "written",
    [
        RECORD,
        f"<collection>{RECORD}</collection>",
        f"<collection {SPACE}>{RECORD}</collection>",
        f'<m:collection xmlns:m="http://www.loc.gov/MARC21/slim">{RECORD}</m:collection>'.replace(
            "<record", "<m:record"
        ).replace("</record", "</m:record"),
        f"<searchRetrieveResponse><records><record><recordData>{RECORD}</recordData></record></records>"
        "</searchRetrieveResponse>",
    ],
)
def test_every_wrapper_gives_the_same_record(read: Any, written: str) -> None:
    (record,) = read(written)
    assert (record.content, record.dialect, record.defects) == (CONTENT, "marc21", ())


@pytest.mark.parametrize("inner", [RECORD, RECORD.replace("<record", f"<record {SPACE}", 1)])
def test_a_page_of_oai_gives_records_and_deletions(read: Any, inner: str) -> None:
    record, deleted = read(OAI.format(inner))
    assert record.content == CONTENT
    assert (deleted.content[0][5], deleted.content[1]) == ("d", [["001", "000123"]])
    assert [record.index, deleted.index] == [1, 2]


@pytest.mark.parametrize(
    ("leader", "expected", "found"),
    [
        ("00000nam a22 4500", "00000nam a22 4500       ", ["marc.leader_length"]),
        ("\n  00000nam a2200000 i 4500\n", "00000nam a2200000 i 4500", []),
        ("", " " * 24, ["marc.leader_length"]),
    ],
)
def test_a_leader_is_always_24_characters(read: Any, leader: str, expected: str, found: list[str]) -> None:
    (record,) = read(RECORD.replace("00000nam a2200000 i 4500", leader))
    assert (record.content[0], [d.code for d in record.defects]) == (expected, found)


def test_a_record_without_fields_is_set_aside_and_the_next_is_read(read: Any) -> None:
    bad, good = read(f"<collection><record><foo/></record>{RECORD}</collection>")
    assert isinstance(bad, BadRecord)
    assert (bad.defect.code, bad.ends_payload, bad.excerpt) == ("marc.xml_record", False, b"<record><foo/></record>")
    assert isinstance(good, ParsedRecord)


def test_a_field_without_a_tag_sets_the_record_aside(read: Any) -> None:
    (bad,) = read(RECORD.replace('tag="245"', ""))
    assert bad.defect.params["reason"] == "a field has no tag"


def test_records_before_a_fault_are_read(read: Any) -> None:
    records = read(f"<collection>{RECORD}<record><leader></lead></record></collection>")
    assert [isinstance(r, ParsedRecord) for r in records] == [True, False]
    assert records[1].ends_payload


def test_a_named_character_is_read_as_the_character(read: Any) -> None:
    (record,) = read(RECORD.replace("</subfield>", " caf&eacute; &amp; co</subfield>", 1))
    assert "café & co" in str(record.content)


def test_text_outside_the_subfields_is_kept_and_told(read: Any) -> None:
    loose = '<datafield tag="500" ind1=" " ind2=" ">Loose <subfield code="a">x</subfield> text</datafield></record>'
    (record,) = read(RECORD.replace("</record>", loose))
    assert record.content[1][-1] == ["500", "  ", [[" ", "Loose text"], ["a", "x"]]]
    assert [d.code for d in record.defects] == ["marc.field"]


def test_a_prefix_that_was_never_declared_counts_as_one(read: Any) -> None:
    (plain,) = read(RECORD)
    prefixed = RECORD.replace("</", "</marc:").replace("<", "<marc:").replace("<marc:/", "</")
    (record,) = read(f"<marc:collection>{prefixed}</marc:collection>")
    assert record.content == plain.content


def test_records_of_an_sru_answer_that_packs_them_as_text_are_read(read: Any) -> None:
    (plain,) = read(RECORD)
    packed = [
        f"<record><recordData>{html.escape(text)}</recordData></record>\n" for text in (RECORD, "<mods/>", RECORD)
    ]
    answer = f"<searchRetrieveResponse><records>{''.join(packed)}</records></searchRetrieveResponse>"
    first, bad, last = read(answer)
    assert first.content == last.content == plain.content
    assert (bad.defect.code, bad.defect.locus, bad.ends_payload) == ("marc.xml_record", "line 2", False)
    assert [first.index, bad.index, last.index] == [1, 2, 3]


def test_a_control_field_written_as_a_data_field_keeps_its_value(read: Any) -> None:
    (found,) = read(
        "<record><leader>00000nam a2200000 i 4500</leader>"
        '<datafield tag="001" ind1=" " ind2=" "><subfield code="a">7</subfield></datafield></record>'
    )
    assert found.content[1] == [["001", "7"]]
    assert [(d.code, d.locus) for d in found.defects] == [("marc.field", "001")]


OAI_MARC = """
<oai_marc status="c" type="a" level="m" encLvl="3" catForm="u" xmlns="http://www.openarchives.org/OAI/1.1/oai_marc">
<fixfield id="FMT">BK</fixfield><fixfield id="1">"77"</fixfield><fixfield id="008">"210412s2021^^^^fi"</fixfield>
<varfield id="245" i1="1" i2="0"><subfield label="a">Törmä</subfield></varfield></oai_marc>"""


def test_oai_marc_is_read_alone_in_oai_and_out_of_aleph(read: Any) -> None:
    fields = [["001", "77"], ["008", "210412s2021^^^^fi"], ["245", "10", [["a", "Törmä"]]]]
    for written in (
        OAI_MARC,
        OAI.format(OAI_MARC),
        f"<find-doc><record><metadata>{OAI_MARC}</metadata></record></find-doc>",
    ):
        record, *_ = read(written)
        assert (record.content, record.defects) == (["00000cam  22000003u 4500", fields], ())
    (aleph,) = read(OAI_MARC.replace('id="FMT">BK', 'id="LDR">^^^^^nam^a22^^^^^^i^4500'))
    assert (aleph.content[0], aleph.content[1][0]) == ("^^^^^nam^a22^^^^^^i^4500", ["001", "77"])


def test_names_in_capitals_are_marcxml_too(read: Any) -> None:
    names = ("record", "leader", "controlfield", "datafield", "subfield", "tag=", "ind1=", "ind2=", "code=")
    written = RECORD
    for name in names:
        written = written.replace(name, name.upper())
    for whole in (written, f"<COLLECTION>{written}</COLLECTION>", RECORD.replace("datafield", "dataField")):
        (record,) = read(whole)
        assert (record.content, record.defects) == (CONTENT, ())


def test_blanks_and_codes_written_as_signs_are_what_they_mean(read: Any) -> None:
    (record,) = read(RECORD.replace('ind1="1" ind2="0"', 'ind1="#" ind2="\\"').replace('code="a"', 'code="$a"'))
    assert record.content[1][1] == ["245", "  ", [["a", "Törmä"]]]
