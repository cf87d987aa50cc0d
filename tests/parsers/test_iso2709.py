"""ISO 2709: one odd record per test, named for its oddity. What is bad is set aside and the next record is read."""

from __future__ import annotations

from typing import Any

import pytest

from catalogue.parsed import BadRecord, ParsedRecord

TITLE = ("245", b"10\x1faSinuhe egyptil\xc3\xa4inen /\x1fcMika Waltari.")
OWN = ("001", b"000123456")


def codes(record: ParsedRecord | BadRecord) -> list[str]:
    return [d.code for d in record.defects] if isinstance(record, ParsedRecord) else [record.defect.code]


def fields(record: ParsedRecord | BadRecord) -> Any:
    assert isinstance(record, ParsedRecord)
    return record.content[1]


def test_a_sound_record_is_plain_lists(read: Any, write_2709: Any) -> None:
    (record,) = read(write_2709(OWN, TITLE))
    assert record.content == [
        write_2709(OWN, TITLE)[:24].decode(),
        [["001", "000123456"], ["245", "10", [["a", "Sinuhe egyptiläinen /"], ["c", "Mika Waltari."]]]],
    ]
    assert (record.dialect, record.index, record.locus, record.defects) == ("marc21", 1, "byte 0", ())


def test_line_ends_between_records_belong_to_none(read: Any, write_2709: Any) -> None:
    records = read(b"\r\n".join([write_2709(OWN, TITLE)] * 3) + b"\r\n\x1a")
    assert [codes(r) for r in records] == [[], [], []]
    assert records[1].locus == f"byte {len(write_2709(OWN, TITLE)) + 2}"


@pytest.mark.parametrize("length", [b"00000", b"99999", b"     ", b"00012", b"abcde"])
def test_a_wrong_length_in_the_leader_is_not_believed(read: Any, write_2709: Any, length: bytes) -> None:
    good = write_2709(OWN, TITLE)
    records = read(good + length + good[5:] + good)
    assert [codes(r) for r in records] == [[], ["marc.length"], []]
    assert fields(records[1]) == fields(records[0])


def test_a_wrong_base_address_is_found_from_the_directory_end(read: Any, write_2709: Any) -> None:
    good = write_2709(OWN, TITLE)
    (record,) = read(good[:12] + b"99937" + good[17:])
    assert codes(record) == ["marc.base_address"]
    assert fields(record)[0] == ["001", "000123456"]


def test_a_record_over_99999_bytes_is_read(read: Any, write_2709: Any) -> None:
    long = [("500", b"  \x1fa" + b"x" * 9000)] * 12
    whole = write_2709(OWN, *long)
    assert whole[:6].isdigit()
    records = read(whole + write_2709(OWN, TITLE))
    assert [len(fields(r)) for r in records] == [13, 2]
    assert codes(records[0]) == []
    assert records[0].content[0][:12] == "99999nam a22"
    assert len(records[0].content[0]) == 24


def test_a_field_over_9999_bytes_is_read(read: Any, write_2709: Any) -> None:
    (record,) = read(write_2709(OWN, ("520", b"  \x1fa" + b"y" * 12_000), TITLE))
    assert len(fields(record)[1][2][0][1]) == 12_000
    assert fields(record)[2][0] == "245"


def test_a_directory_out_of_order_is_followed(read: Any, write_2709: Any) -> None:
    good = write_2709(OWN, TITLE)
    swapped = good[:24] + good[36:48] + good[24:36] + good[48:]
    (record,) = read(swapped)
    assert [f[0] for f in fields(record)] == ["245", "001"]
    assert fields(record)[1] == ["001", "000123456"]
    assert codes(record) == []


def test_wrong_field_lengths_are_not_believed(read: Any, write_2709: Any) -> None:
    good = write_2709(OWN, TITLE)
    (record,) = read(good[:27] + b"0099" + good[31:])
    assert codes(record) == ["marc.directory_repaired"]
    assert fields(record)[0] == ["001", "000123456"]


def test_a_directory_that_fits_nothing_sets_the_record_aside(read: Any, write_2709: Any) -> None:
    good = write_2709(OWN, TITLE)
    bad = good[:24] + b"001" + good[48:]
    records = read(good + bad + good)
    assert [codes(r) for r in records] == [[], ["marc.directory"], []]
    assert (records[1].defect.locus, records[1].index, records[1].ends_payload) == (f"byte {len(good)}", 2, False)
    assert records[1].excerpt == bad[:-1]


def test_a_leader_with_control_characters_sets_the_record_aside(read: Any, write_2709: Any) -> None:
    good = write_2709(OWN, TITLE)
    records = read(good + good[:6] + b"\x00\x01" + good[8:] + good)
    assert [codes(r) for r in records] == [[], ["marc.leader"], []]


def test_a_truncated_last_record_ends_the_payload(read: Any, write_2709: Any) -> None:
    good = write_2709(OWN, TITLE)
    for cut in (10, 40, len(good) - 12):
        records = read(good + good[:cut])
        assert [codes(r) for r in records] == [[], ["payload.truncated"]]
        assert records[1].ends_payload


def test_a_last_record_that_lacks_only_its_end_mark_is_read(read: Any, write_2709: Any) -> None:
    records = read(write_2709(OWN, TITLE) + write_2709(OWN, TITLE)[:-1])
    assert [codes(r) for r in records] == [[], ["marc.terminator"]]
    assert fields(records[1]) == fields(records[0])


def test_two_records_with_one_end_mark_are_two(read: Any, write_2709: Any) -> None:
    first, second = write_2709(OWN, TITLE), write_2709(("001", b"2"), TITLE)
    records = read(first[:-1] + second + first)
    assert [codes(r) for r in records] == [["marc.terminator"], ["marc.terminator"], []] or [
        codes(r)[0] for r in records[:2]
    ] == ["marc.terminator", "marc.terminator"]
    assert [fields(r)[0][1] for r in records] == ["000123456", "2", "000123456"]


def test_what_is_larger_than_a_record_may_be_is_skipped(read: Any, write_2709: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("parsers.marc.iso2709.MAX_RECORD_BYTES", 100_000)
    good = write_2709(OWN, TITLE)
    records = read(good + good[:60] + b"x" * 400_000 + b"\x1d" + good)
    assert [codes(r) for r in records] == [[], ["record.too_large"], []]
    assert records[2].locus == f"byte {len(good) + 60 + 400_001}"
    assert len(records[1].excerpt) <= 64 * 1024


@pytest.mark.parametrize(
    ("content", "field", "flawed"),
    [
        (b"10\x1faA\x1f\x1fbB", ["245", "10", [["a", "A"], ["b", "B"]]], False),
        (b"1\x1faA", ["245", "1 ", [["a", "A"]]], True),
        (b"\x1faA", ["245", "  ", [["a", "A"]]], True),
        (b"10lost\x1faA", ["245", "10", [[" ", "lost"], ["a", "A"]]], True),
        (b"10", ["245", "10", []], True),
        (b"", ["245", "  ", []], True),
    ],
)
def test_odd_indicators_and_subfields_lose_no_text(
    read: Any, write_2709: Any, content: bytes, field: list[Any], flawed: bool
) -> None:
    (record,) = read(write_2709(OWN, ("245", content)))
    assert fields(record)[1] == field
    assert codes(record) == (["marc.field"] if flawed else [])


def test_a_tag_with_letters_is_a_tag(read: Any, write_2709: Any) -> None:
    (record,) = read(write_2709(OWN, ("CAT", b"  \x1faKONV"), ("LKR", b"plain")))
    assert fields(record)[1:] == [["CAT", "  ", [["a", "KONV"]]], ["LKR", "plain"]]


@pytest.mark.parametrize(
    ("coding", "raw", "text", "found"),
    [
        (b"a", "Åbo – ö".encode(), "Åbo – ö", []),
        (b" ", "Åbo – ö".encode(), "Åbo – ö", ["marc.encoding"]),
        (b"#", "Åbo – ö".encode(), "Åbo – ö", ["marc.encoding"]),
        (b" ", b"plain", "plain", []),
        (b"-", b"plain", "plain", []),
        (b" ", b"\xeaAbo \xe8o", "Åbo ö", []),
        (b"a", b"\xeaAbo \xe8o", "Åbo ö", ["marc.encoding"]),
        (b" ", b"\x1b(NtERMj\x1b(B x", "ТермЙ x", []),
        (b"a", "åäö ÅÄÖ åäö ".encode() + b"\xe4", "åäö ÅÄÖ åäö \ufffd", ["marc.bytes"]),
        (b"a", "a\u0308".encode(), "ä", []),
        (b"a", b"The Computer\x05Bible\x07", "The Computer Bible", ["text.control_characters"]),
    ],
)
def test_the_text_is_what_its_bytes_say(
    read: Any, write_2709: Any, coding: bytes, raw: bytes, text: str | None, found: list[str]
) -> None:
    leader = b"00000nam " + coding + b"2200000 i 4500"
    (record,) = read(write_2709(OWN, ("245", b"10\x1fa" + raw), leader=leader))
    assert codes(record) == found
    if text is not None:
        assert fields(record)[1][2] == [["a", text]]


def test_one_field_that_kept_its_marc8_does_not_spoil_the_others(read: Any, write_2709: Any) -> None:
    (record,) = read(write_2709(OWN, TITLE, ("500", b"  \x1fa\x1b(2dlnm\x1b(B")))
    assert fields(record)[1][2][0] == ["a", "Sinuhe egyptiläinen /"]
    assert all(ord(c) >= 0x590 for c in fields(record)[2][2][0][1])
    assert codes(record) == ["marc.encoding"]


@pytest.mark.parametrize("crowd", [b"\x1e" * 60_000, b"00" + b"\x1fa" * 210_000 + b"\x1e"])
def test_a_record_of_too_many_pieces_is_set_aside_before_it_fills_the_memory(
    read: Any, write_2709: Any, crowd: bytes
) -> None:
    good = write_2709(OWN, TITLE)
    records = read(good + b"00000nam a2200000 i 4500245000100000\x1e" + crowd + b"\x1d" + good)
    assert [codes(r) for r in records] == [[], ["marc.directory"], []]
    assert "in one record" in records[1].defect.params["reason"]


@pytest.mark.parametrize("coding", ["a", " "])
@pytest.mark.parametrize("title", ["Päätalon elämä", "Latinan yö", "Bröllopet på ön", "Käännös – “sana”"])
def test_nordic_latin1_is_not_taken_for_marc8(read: Any, write_2709: Any, title: str, coding: str) -> None:
    whole = write_2709(OWN, ("245", b"10\x1fa" + title.encode("cp1252")))
    (record,) = read(whole[:9] + coding.encode() + whole[10:])
    assert fields(record)[1] == ["245", "10", [["a", title]]]
    assert [(d.code, d.params["used"]) for d in record.defects] == [("marc.encoding", "Latin-1")]


@pytest.mark.parametrize(
    ("written", "text"),
    [(b"a\xe4no se\xe4nor", "año señor"), (b"k\xe8a\xe8ann\xe8os", "käännös"), (b"\xe5a \xf6l", "ā l\u0332")],
)
def test_marc8_of_other_languages_stays_marc8(read: Any, write_2709: Any, written: bytes, text: str) -> None:
    whole = write_2709(OWN, ("245", b"10\x1fa" + written))
    (record,) = read(whole[:9] + b" " + whole[10:])
    assert fields(record)[1][2] == [["a", text]]
