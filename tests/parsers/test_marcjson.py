"""MARC-in-JSON: many shapes, several envelopes, faults that stay where they are."""

from __future__ import annotations

import json
from typing import Any

import pytest

from catalogue.parsed import BadRecord, ParsedRecord

LEADER = "00000nam a2200000 i 4500"
PYMARC = {
    "leader": LEADER,
    "fields": [{"001": "1"}, {"245": {"ind1": "1", "ind2": "0", "subfields": [{"a": "Törmä"}]}}],
}
MELINDA = {
    "leader": LEADER,
    "_validationOptions": {},
    "fields": [
        {"tag": "001", "value": "1"},
        {"tag": "245", "ind1": "1", "ind2": "0", "subfields": [{"code": "a", "value": "Törmä"}]},
    ],
}
SIERRA = {
    "id": "77",
    "varFields": [
        {"fieldTag": "o", "marcTag": "001", "ind1": " ", "ind2": " ", "content": "1"},
        {"fieldTag": "t", "marcTag": "245", "ind1": "1", "ind2": "0", "subfields": [{"tag": "a", "content": "Törmä"}]},
        {"fieldTag": "_", "content": LEADER},
    ],
}
CATMANDU = {
    "_id": "1",
    "record": [["LDR", None, None, "_", LEADER], ["001", None, None, "_", "1"], ["245", "1", "0", "a", "Törmä"]],
}
RUBY = {
    "type": "marc-hash",
    "version": [1, 0],
    "leader": LEADER,
    "fields": [["001", "1"], ["245", "1", "0", [["a", "Törmä"]]]],
}
XML_IN_JSON = {
    "leader": [LEADER],
    "controlfield": {"@tag": "001", "#text": "1"},
    "datafield": [{"$": {"tag": "245", "ind1": "1", "ind2": "0"}, "subfield": [{"_": "Törmä", "$": {"code": "a"}}]}],
}
SHAPES = {
    "pymarc": PYMARC, "melinda": MELINDA, "sierra": SIERRA, "catmandu": CATMANDU, "ruby-marc": RUBY, "xml": XML_IN_JSON,
}  # fmt: skip
CONTENT = [LEADER, [["001", "1"], ["245", "10", [["a", "Törmä"]]]]]


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_every_shape_in_every_envelope_is_the_same_record(read: Any, shape: dict[str, Any]) -> None:
    one = json.dumps(shape, ensure_ascii=False)
    for written, count in [
        (one, 1),
        (json.dumps(shape, indent=2), 1),
        (json.dumps([shape, shape], indent=1), 2),
        (f"{one}\n{one}\n\n{one}", 3),
        (f'{{"failed": false, "record": {one}}}', 1),
        (f'{{"data": [{one}, {one}]}}', 2),
        (f"\ufeff[{one}]", 1),
    ]:
        records = read(written)
        assert [r.content for r in records] == [CONTENT] * count
        assert [r.index for r in records] == list(range(1, count + 1))


@pytest.mark.parametrize(
    "fields",
    [
        {"001": "1", "245": {"ind1": "1", "ind2": "0", "subfields": [{"a": "Törmä"}]}},
        [{"001": ["1"]}, {"245": [{"ind1": "1", "ind2": "0", "subfields": {"a": "Törmä"}}]}],
        [{"tag": 1, "value": "1"}, {"tag": 245, "ind1": 1, "ind2": 0, "subfields": [{"code": "a", "value": "Törmä"}]}],
        [{"001": "1"}, {"245": {"indicators": ["1", "0"], "subfields": [{"a": "Törmä"}]}}],
    ],
)
def test_lists_that_writers_leave_out_or_add_say_the_same(read: Any, fields: Any) -> None:
    (record,) = read(json.dumps({"leader": LEADER, "fields": fields}))
    assert record.content == CONTENT


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {}),
        ({"total": 3, "start": 0, "next": "x[{"}, {}),
        ({"failed": False}, {"links": {"next": "y"}, "took": 3, "errors": [], "none": None}),
    ],
)
def test_an_object_around_many_records_is_read_piece_by_piece(
    read: Any, indent: int | None, before: dict[str, Any], after: dict[str, Any]
) -> None:
    many = [PYMARC | {"fields": [{"001": str(n)}, {"500": {"subfields": [{"a": "ö" * 9_000}]}}]} for n in range(1100)]
    written = json.dumps(before | {"records": many} | after, ensure_ascii=False, indent=indent)
    assert len(written) > 8 * 2**20
    assert [r.content[1][0][1] for r in read(written)] == [str(n) for n in range(1100)]


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"records": [', "]}")])
@pytest.mark.parametrize("shape", [PYMARC, MELINDA])
def test_records_after_a_broken_one_in_an_array_are_read(
    read: Any, shape: dict[str, Any], indent: int | None, opening: str, closing: str
) -> None:
    one = json.dumps(shape, indent=indent)
    broken = one.replace('"1"', '"1', 1)
    first, bad, last = read(opening + ", ".join((one, broken, one)) + closing)
    assert first.content == last.content == CONTENT
    assert (bad.defect.code, bad.ends_payload) == ("marc.json_record", False)
    assert bad.defect.locus == f"line {1 + one.count(chr(10))}"
    assert last.locus == f"line {1 + 2 * one.count(chr(10))}"


def test_a_json_text_sequence_is_read(read: Any) -> None:
    assert [r.content for r in read(f"\x1e{json.dumps(PYMARC)}\n" * 2)] == [CONTENT] * 2


def test_json_in_utf16_is_read(read: Any) -> None:
    assert read(json.dumps(PYMARC, ensure_ascii=False).encode("utf-16"))[0].content == CONTENT


def test_a_record_of_sierra_without_001_has_the_id_of_sierra(read: Any) -> None:
    gone = {"id": "77", "deleted": True, "varFields": []}
    record, deleted = read(json.dumps([SIERRA | {"varFields": SIERRA["varFields"][1:]}, gone]))
    assert record.content[1][0] == ["001", "77"]
    assert (deleted.content[0][5], deleted.content[1]) == ("d", [["001", "77"]])


def test_json_that_is_not_utf8_is_read_and_told(read: Any) -> None:
    (record,) = read(json.dumps(PYMARC, ensure_ascii=False).encode("latin-1"))
    assert record.content == CONTENT
    assert [d.code for d in record.defects] == ["payload.encoding"]


def test_a_bad_line_is_set_aside_and_the_next_is_read(read: Any) -> None:
    one = json.dumps(PYMARC)
    records = read(f"{one}\n{one[:40]}\n{one}\n" + '{"fields": 7, "leader": "x"}')
    assert [isinstance(r, ParsedRecord) for r in records] == [True, False, True, False]
    assert (records[1].defect.code, records[1].defect.locus) == ("marc.json_record", "line 2")
    assert not records[1].ends_payload


@pytest.mark.parametrize(
    "fields",
    [
        ["x"], [{"tag": {}}], [{"tag": "245", "subfields": 5}], [{"tag": "245", "subfields": ["x"]}],
        [["245", "1", "0", ["x"]]], [["245", "1"], ["1", "2", "3"]],
        [{"245": {"subfields": [7]}}], [{"245": []}], {"245": {"subfields": 5}}, [{"tag": "001", "value": ["x"]}],
    ],
)  # fmt: skip
def test_a_field_of_no_known_shape_sets_the_record_aside(read: Any, fields: Any) -> None:
    bad, good = read(json.dumps([{"leader": LEADER, "fields": fields}, PYMARC]))
    assert isinstance(bad, BadRecord)
    assert bad.defect.code == "marc.json_record"
    assert good.content == CONTENT


@pytest.mark.parametrize("written", ['[{"leader": "x", "fields": [', '{"fields": ' * 3000, '{"leader": "\ud800'])
def test_json_that_ends_nowhere_ends_the_payload(read: Any, written: str) -> None:
    (bad,) = read(written.encode("utf-8", "surrogatepass"))
    assert (bad.defect.code, bad.ends_payload) == ("marc.json_record", True)


def test_a_large_array_is_read_piece_by_piece(read: Any) -> None:
    many = [PYMARC | {"fields": [{"001": str(n)}, {"500": {"subfields": [{"a": "ö" * 900}]}}]} for n in range(500)]
    records = read(json.dumps(many, ensure_ascii=False))
    assert [r.content[1][0][1] for r in records] == [str(n) for n in range(500)]


def test_an_empty_array_is_an_empty_feed(read: Any) -> None:
    assert read("[]") == []


@pytest.mark.parametrize(("written", "good"), [("[" * 200_000, 0), ("[[]", 0), (f"[{json.dumps(PYMARC)},\n", 1)])
def test_an_array_that_is_not_closed_ends_the_payload(read: Any, written: str, good: int) -> None:
    *records, bad = read(written)
    assert len(records) == good
    assert (bad.defect.code, bad.ends_payload) == ("payload.truncated", True)


def test_what_sierra_says_of_deleted_records_deletes_them(read: Any) -> None:
    gone = {"id": "1000004", "deletedDate": "2024-01-02", "deleted": True, "suppressed": False}
    first, second = read(json.dumps({"total": 2, "entries": [gone, gone | {"id": 5}]}))
    assert [(r.content[0][5], r.content[1]) for r in (first, second)] == [
        ("d", [["001", "1000004"]]),
        ("d", [["001", "5"]]),
    ]


LEADER = "00000nam a2200000 i 4500"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        # a tag as a name, twice: two fields
        ('[{"245": {"subfields": [{"a": "Nimi"}]}, "650": {"subfields": [{"a": "kissat"}]},'
         ' "650": {"subfields": [{"a": "koirat"}]}}]',
         [["245", "  ", [["a", "Nimi"]]], ["650", "  ", [["a", "kissat"]]], ["650", "  ", [["a", "koirat"]]]]),
        # a code as a name, twice: two subfields
        ('[{"650": {"subfields": [{"a": "kissat", "x": "hoito", "x": "ruokinta"}]}}]',
         [["650", "  ", [["a", "kissat"], ["x", "hoito"], ["x", "ruokinta"]]]]),
        # lists under one name are one list
        ('[{"tag": "650", "subfields": [{"code": "a", "value": "kissat"}],'
         ' "subfields": [{"code": "x", "value": "h"}]}]',
         [["650", "  ", [["a", "kissat"], ["x", "h"]]]]),
        ('[{"001": "1"}], "fields": [{"003": "FI-X"}]', [["001", "1"], ["003", "FI-X"]]),
    ],
)  # fmt: skip
def test_names_that_an_object_has_twice_lose_nothing(read: Any, fields: str, expected: list[Any]) -> None:
    (found,) = read(f'[{{"leader": "{LEADER}", "fields": {fields}}}]')
    assert isinstance(found, ParsedRecord)
    assert found.content == [LEADER, expected]
    assert [defect.code for defect in found.defects] == ["marc.field"]


def test_of_two_leaders_the_last_counts_and_is_told(read: Any) -> None:
    (found,) = read(f'{{"leader": "x", "leader": "{LEADER}", "fields": [{{"001": "1"}}]}}\n')
    assert found.content == [LEADER, [["001", "1"]]]
    assert "leader comes more than once" in found.defects[0].words


def test_a_record_of_catmandu_without_001_has_the_id_of_catmandu(read: Any) -> None:
    (record,) = read(json.dumps(CATMANDU | {"record": [CATMANDU["record"][0], CATMANDU["record"][2]]}))
    assert record.content == CONTENT
