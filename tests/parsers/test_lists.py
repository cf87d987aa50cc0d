"""Line formats: Aleph sequential and lists of deleted ids."""

from __future__ import annotations

from typing import Any

import pytest

from catalogue.parsed import BadRecord

ALEPH = """\
005951463 FMT   L BK
005951463 LDR   L 03404cam^a2200721^i^4500
005951463 001   L 005951463
005951463 008   L 111006s2011^^^^fi^||||
005951463 24510 L $$aPirkkala^ :$$btörmä$$9FENNI<KEEP>
005951464 LDR   L 03404dam^a2200721^i^4500
005951464 245   L no subfield
oops
005951465 LDR   L short
005951465 CAT   L plain
"""


def test_aleph_sequential_is_marc_without_its_carets(read: Any) -> None:
    first, second, oops, last = read(ALEPH)
    assert first.content == [
        "03404cam a2200721 i 4500",
        [
            ["001", "005951463"],
            ["008", "111006s2011    fi ||||"],
            ["245", "10", [["a", "Pirkkala^ :"], ["b", "törmä"], ["9", "FENNI<KEEP>"]]],
        ],
    ]
    assert second.content[1] == [["001", "005951464"], ["245", "  ", [[" ", "no subfield"]]]]
    assert (second.content[0][5], second.locus) == ("d", "line 6")
    assert oops.defect.locus == "line 8"
    assert last.content[1] == [["001", "005951465"], ["CAT", "plain"]]


def test_system_numbers_of_aleph_get_the_zeros_that_001_has(read: Any) -> None:
    first, second = read("\ufeffSys. No.,OCLC No.\r\n5407,(OCoLC)1361419\r\n1254708,\r\n")
    assert first.content == [
        "00000dam a2200000   4500",
        [["001", "000005407"], ["035", "  ", [["a", "(OCoLC)1361419"]]]],
    ]
    assert second.content[1] == [["001", "001254708"]]
    assert (first.locus, second.index) == ("line 2", 2)


def test_other_ids_are_taken_as_they_stand(read: Any) -> None:
    assert [r.content[1][0][1] for r in read("id;note\nfcc-12;x\n7;y\n")] == ["fcc-12", "7"]
    assert [r.content[1][0][1] for r in read("12\n13\n", "deleteids")] == ["12", "13"]


@pytest.mark.parametrize(
    ("written", "ids"),
    [
        ("123\n456\n789\n", ["123", "456", "789"]),
        ("001234567 \r\n001234568\r\n", ["001234567", "001234568"]),
        ("991234567\n", ["991234567"]),
        ('"Record ID"\n"b12345"\n"b22222"\n', ["b12345", "b22222"]),
        ("(FI-MELINDA)001234567\n(FI-MELINDA)001234568\n", ["001234567", "001234568"]),
        ("oai:example.org:melinda/001\noai:example.org:melinda/002\n", ["001", "002"]),
        ("https://example.org/bib/123\nhttps://example.org/bib/abc9#it\n", ["123", "abc9"]),
        ("001;poistettu\n12;2024-01-01\n13;2024-01-02\n", ["12", "13"]),
        ("Tietuetunnus\n12\n13\n", ["12", "13"]),
        ("Raderade poster\n12\n13\n", ["12", "13"]),
        ("# poistetut 2024-01-01\n12\n13\n", ["12", "13"]),
        ("123,456,789\n", ["123", "456", "789"]),
        ("System Number,OCLC No.\n810674,\n,\n810678,\n810679,\n", ["000810674", "000810678", "000810679"]),
        ('["1", "b2"]', ["1", "b2"]),
        ('{"deleted": [\n"1",\n"2"\n]}', ["1", "2"]),
        ("[12, 13]", ["12", "13"]),
    ],
)
def test_ids_are_read_in_the_spellings_that_libraries_send(read: Any, written: str, ids: list[str]) -> None:
    records = read(written)
    assert [r.content[1][0][1] for r in records] == ids
    assert {r.content[0][5] for r in records} == {"d"}


@pytest.mark.parametrize(
    "written", ["000012347 DEL   L $$aY\n", "000012347 LDR   L ^^^^^nam^a22^^^^^^i^4500\n000012347 DEL   L $$aY\n"]
)
def test_alephs_own_mark_of_a_deleted_record_deletes(read: Any, written: str) -> None:
    (record,) = read(written)
    assert (record.content[0][5], record.content[1][0]) == ("d", ["001", "000012347"])


def test_only_a_number_with_its_agency_goes_to_035(read: Any) -> None:
    first, second = read("id,other\n(SE-LIBR)12,2024-01-01\n13,(OCoLC)99\n")
    assert first.content[1] == [["001", "12"], ["035", "  ", [["a", "(SE-LIBR)12"]]]]
    assert second.content[1] == [["001", "13"], ["035", "  ", [["a", "(OCoLC)99"]]]]


@pytest.mark.parametrize(
    "written", ["12\n", "id;nimeke\n1;Seitsemän veljestä\n2;Sinuhe\n", "isbn\n9789510394861\n9789510394878\n", "a\nb\n"]
)
def test_what_may_be_no_list_of_deletions_deletes_nothing(read: Any, written: str) -> None:
    (bad,) = read(written)
    assert isinstance(bad, BadRecord)
    assert bad.defect.code == "payload.unknown_format"


def test_a_row_without_an_id_is_set_aside_and_the_next_is_read(read: Any) -> None:
    first, bad, last = read("id\n12\nno id here at all\n13\n", "deleteids")
    assert isinstance(bad, BadRecord)
    assert (bad.defect.code, bad.defect.locus, bad.ends_payload) == ("marc.field", "line 3", False)
    assert [first.content[1][0][1], last.content[1][0][1]] == ["12", "13"]


def test_a_row_that_says_it_is_not_deleted_deletes_nothing(read: Any) -> None:
    for heading, yes, no in [
        ("id,deleted", "true", "false"),
        ("id;date;is_deleted", "2024;Y", "2024;N"),
        ("tunnus\tpoistettu", "1", "0"),
        ("id,raderad", "ja", "Nej"),
    ]:
        mark = ";" if ";" in heading else "\t" if "\t" in heading else ","
        records = read(f"{heading}\n123456{mark}{yes}\n123457{mark}{no}\n123458{mark}{yes}\n")
        assert [r.content[1][0][1] for r in records] == ["123456", "123458"]


def test_a_mark_on_its_own_does_not_change_a_code_of_aleph(read: Any) -> None:
    (record,) = read("000000001 24510 L $$a\u0308a$$ba\u0308\n")
    assert record.content[1][1] == ["245", "10", [["a", "\u0308a"], ["b", "ä"]]]


def aleph(*lines: str) -> str:
    """Lines of Aleph sequential out of ``NUMBER TAG VALUE``."""
    rows = (line.split(" ", 2) for line in lines)
    return "".join(f"{int(own):09} {tag:5} L {value}\n" for own, tag, value in rows)


HEAD = "00000nam^a2200000^i^4500"


@pytest.mark.parametrize(
    ("lines", "titles"),
    [
        # two records, line by line
        ([f"1 LDR {HEAD}", f"2 LDR {HEAD}", "1 24510 $$aYksi", "2 24510 $$aKaksi", "1 650 $$aa", "2 650 $$ab"],
         {"000000001": [("245", "Yksi"), ("650", "a")], "000000002": [("245", "Kaksi"), ("650", "b")]}),
        # one inside another
        ([f"1 LDR {HEAD}", "1 24510 $$aYksi", f"2 LDR {HEAD}", "2 24510 $$aKaksi", "1 650 $$aa"],
         {"000000001": [("245", "Yksi"), ("650", "a")], "000000002": [("245", "Kaksi")]}),
    ],
)  # fmt: skip
def test_lines_of_aleph_records_that_stand_between_each_other_are_gathered(
    read: Any, lines: list[str], titles: dict[str, list[tuple[str, str]]]
) -> None:
    found = read(aleph(*lines))
    said = {r.content[1][0][1]: [(f[0], f[2][0][1]) for f in r.content[1] if len(f) == 3] for r in found}
    assert said == titles
    assert "its lines stand between those of other records" in found[0].defects[0].words


@pytest.mark.parametrize("between", [[], [f"2 LDR {HEAD}", "2 24510 $$aKaksi"]])
def test_a_later_version_of_an_aleph_record_is_a_record_of_its_own(read: Any, between: list[str]) -> None:
    found = read(aleph(f"1 LDR {HEAD}", "1 24510 $$aVanha", *between, f"1 LDR {HEAD}", "1 24510 $$aUusi"))
    assert [r.content[1][1][2][0][1] for r in found if r.content[1][0][1] == "000000001"] == ["Vanha", "Uusi"]
    assert [r.index for r in found] == list(range(1, len(found) + 1))


def test_an_aleph_record_beyond_all_measure_is_refused_and_the_next_is_read(read: Any) -> None:
    huge = [f"1 500 $$a{'x' * 4000}"] * 2500
    found = read(aleph(f"1 LDR {HEAD}", *huge, f"2 LDR {HEAD}", "2 24510 $$aKaksi"))
    assert [type(r).__name__ for r in found] == ["BadRecord", "ParsedRecord"]
    assert found[0].defect.code == "record.too_large"


def test_a_line_of_no_record_is_told_and_parts_no_aleph_record(read: Any) -> None:
    text = (
        aleph(f"1 LDR {HEAD}", "1 24510 $$aYksi") + "ja jatkoa\n" + aleph("1 650 $$aa", f"2 LDR {HEAD}", "2 24510 $$aB")
    )
    first, oops, second = read("\n\n" + text)
    assert [field[0] for field in first.content[1]] == ["001", "245", "650"]
    assert (first.defects, second.content[1][0]) == ((), ["001", "000000002"])
    assert (oops.defect.locus, oops.excerpt) == ("line 5", b"ja jatkoa")


@pytest.mark.parametrize(
    "text",
    ['{"count": 2, "deleted": ["1234567", "1234568"]}', '{"deleted": [1234567, 1234568], "next": null, "count": 2}'],
)
def test_what_stands_beside_a_list_of_ids_is_no_id(read: Any, text: str) -> None:
    assert [record.content[1][0][1] for record in read(text)] == ["1234567", "1234568"]
