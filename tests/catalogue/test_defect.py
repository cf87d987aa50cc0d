"""Defects: every code is in the table, with a severity and a text whose names are its parameters."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from catalogue.defect import Defect, Severity, definitions, place, whereabouts


def test_every_definition_has_a_severity_and_a_sentence() -> None:
    for code, definition in definitions().items():
        assert definition.code == code
        assert re.fullmatch(r"[a-z]+\.[a-z_]+", code), code
        assert definition.severity in get_args(Severity), code
        assert definition.text.endswith("."), code


def test_the_severity_of_a_defect_is_that_of_its_code() -> None:
    assert Defect("isbn.checksum").severity == "warning"
    assert Defect("record.no_title").severity == "error"


def test_a_defect_is_told_about_a_record_without_losing_its_place() -> None:
    found = Defect("isbn.checksum", locus="020$a", params={"value": "1"}, payload="a.mrc", index=7)
    named = found.about(source="lintula", source_id="x1")
    assert (named.source, named.source_id, named.locus, named.payload, named.index) == (
        "lintula",
        "x1",
        "020$a",
        "a.mrc",
        7,
    )
    assert found.source == ""
    assert named.about(source="b", source_id="y", payload="b.mrc", index=2).payload == "b.mrc"


def test_the_words_of_a_defect_show_what_is_not_known_as_a_question_mark() -> None:
    assert Defect("isbn.checksum", params={"value": "1"}).words.startswith("1 is not a valid ISBN")
    assert Defect("isbn.checksum").words.startswith("? is not")


@pytest.mark.parametrize(
    "locus", ["line 12", "byte 4096", "245$a", "line x", "$.groups[1]", "DescriptiveDetail/line 2", ""]
)
def test_places_read_the_same_in_english(locus: str) -> None:
    assert place(locus) == locus


def test_a_place_is_told_with_its_file_and_record() -> None:
    assert whereabouts("a.xml", 3, "line 194") == "a.xml, record 3, line 194"
    assert whereabouts("a.xml", 3, "") == "a.xml, record 3"
