"""Bytes of MARC: what other programs read out of them."""

from __future__ import annotations

import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import pymarc
import pytest
from lxml import etree

from catalogue.parsed import MarcContent
from writers.encoding import MARCXML_HEAD, MARCXML_TAIL, NAMESPACE, to_iso2709, to_marcjson, to_marcxml

LEADER = "00000nam a22000002i 4500"
RECORD: MarcContent = [
    LEADER,
    [["001", "e1"], ["008", "x" * 40], ["245", "10", [["a", "Häät & yö <1> /"], ["c", "Åke Ö."]]]],
]


def packed(content: MarcContent) -> bytes:
    made = to_iso2709(content)
    assert made is not None
    return made


def xml(content: MarcContent) -> bytes:
    return MARCXML_HEAD + to_marcxml(content) + MARCXML_TAIL


def test_pymarc_reads_the_same_fields_out_of_iso_2709() -> None:
    read = next(iter(pymarc.MARCReader(packed(RECORD))))
    assert read is not None
    assert [field.tag for field in read.fields] == ["001", "008", "245"]
    assert read["245"].subfields_as_dict() == {"a": ["Häät & yö <1> /"], "c": ["Åke Ö."]}
    assert str(read.leader)[5:10] == "nam a"


def test_the_directory_counts_bytes() -> None:
    data = packed(RECORD)
    base = int(data[12:17])
    assert int(data[:5]) == len(data)
    for at in range(24, base - 1, 12):
        length, start = int(data[at + 3 : at + 7]), int(data[at + 7 : at + 12])
        assert data[base + start + length - 1 : base + start + length] == b"\x1e"


def test_marcxml_holds_the_same_fields() -> None:
    (read,) = pymarc.parse_xml_to_array(BytesIO(xml(RECORD)))
    assert read["245"]["a"] == "Häät & yö <1> /"
    assert etree.fromstring(xml(RECORD)).tag == f"{{{NAMESPACE}}}collection"


def test_marc_in_json_has_one_shape() -> None:
    made = to_marcjson(RECORD)
    assert made["fields"][0] == {"tag": "001", "value": "e1"}
    assert made["fields"][2]["subfields"][1] == {"code": "c", "value": "Åke Ö."}
    assert (made["fields"][2]["ind1"], made["fields"][2]["ind2"]) == ("1", "0")


@pytest.mark.parametrize(
    "fields",
    [
        [["520", "  ", [["a", "ä" * 5_000]]]],  # a field of 10,005 bytes
        [["500", "  ", [["a", "x" * 9_000]]]] * 12,  # a record of more than 99,999
    ],
)
def test_what_is_too_long_for_iso_2709_is_refused_and_whole_in_marcxml(fields: list[list[object]]) -> None:
    content = [LEADER, fields]
    assert to_iso2709(content) is None
    assert len(to_marcxml(content)) > 9_999


def test_the_longest_field_that_fits_is_written() -> None:
    field = ["520", "  ", [["a", "x" * 9_994]]]  # with indicators, mark, code and end: 9,999
    assert to_iso2709([LEADER, [field]]) is not None
    field[2][0][1] += "x"  # type: ignore[index, operator]  # a list of lists by construction
    assert to_iso2709([LEADER, [field]]) is None


@pytest.mark.parametrize("bad", ["\x00", "\x1d", "\x1e", "\x1f", "\x85", "\ud800", "\ufffe"])
def test_control_characters_are_not_written(bad: str) -> None:
    content: MarcContent = [LEADER, [["245", "00", [["a", f"yksi{bad}kaksi"]]]]]
    assert b"yksi kaksi" in packed(content)
    assert b"yksi kaksi" in xml(content)


@pytest.mark.skipif(shutil.which("yaz-marcdump") is None, reason="yaz-marcdump is not installed")
def test_yaz_finds_nothing_to_complain_of(tmp_path: Path) -> None:
    for name, data, form in (("a.mrc", packed(RECORD) * 2, "marc"), ("a.xml", xml(RECORD), "marcxml")):
        path = tmp_path / name
        path.write_bytes(data)
        done = subprocess.run(["yaz-marcdump", "-n", "-i", form, str(path)], capture_output=True, check=True)
        assert done.stdout + done.stderr == b""
