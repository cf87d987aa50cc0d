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


@pytest.mark.parametrize(
    "junk",
    [b"garbage here", b"12345 garbage", b"### 123", b'"', b"<html>503 Service Unavailable</html>\n", b"00077nam a"],
)
def test_junk_before_a_record_leaves_the_record_whole(read: Any, write_2709: Any, junk: bytes) -> None:
    good = write_2709(OWN, TITLE)
    first, bad, second = read(good + junk + good)
    assert fields(first) == fields(second)
    assert (codes(first), codes(bad), codes(second)) == ([], ["marc.leader"], [])
    assert bad.defect.locus == f"byte {len(good)}"
    assert second.locus == f"byte {len(good) + len(junk)}"


def test_byte_order_marks_belong_to_no_record(read: Any, write_2709: Any) -> None:
    good = write_2709(OWN, TITLE)
    records = read((b"\xef\xbb\xbf" + good) * 2 + b"\r\n\xef\xbb\xbf\xef\xbb\xbf" + good)
    assert [codes(r) for r in records] == [[], [], []]
    assert records[0].locus == "byte 3"


@pytest.mark.parametrize("mark", [b"\x1d", b"\x1e"])
def test_a_terminator_inside_a_text_cuts_neither_record_nor_field(read: Any, write_2709: Any, mark: bytes) -> None:
    good = write_2709(OWN, TITLE)
    broken = write_2709(OWN, ("245", b"10\x1faTwo" + mark + b"words"), ("500", b"  \x1faNote"))
    records = read(good + broken + good)
    assert [fields(r) for r in records[::2]] == [fields(records[0])] * 2
    assert fields(records[1])[1:] == [["245", "10", [["a", "Two words"]]], ["500", "  ", [["a", "Note"]]]]
    assert codes(records[1]) in (["text.control_characters"], ["marc.directory_repaired"])


def test_two_terminators_at_the_end_of_a_record_lose_nothing(read: Any, write_2709: Any) -> None:
    good = write_2709(OWN, TITLE)
    records = read(good + good[:-1] + b"\x1e\x1d" + good)
    assert [fields(r) for r in records] == [fields(records[0])] * 3
    assert codes(records[1]) == ["marc.length", "marc.directory_repaired"]


def test_two_entries_for_one_field_are_two_fields(read: Any, write_2709: Any) -> None:
    whole = write_2709(OWN, TITLE, ("500", b"  \x1faNote"))
    entry = whole[48:60]
    (record,) = read(whole[:24] + entry.replace(b"500", b"520") + whole[24:])
    assert [f[0] for f in fields(record)] == ["520", "001", "245", "500"]
    assert fields(record)[0][2] == fields(record)[3][2] == [["a", "Note"]]
    assert "marc.directory_repaired" in codes(record)


@pytest.mark.parametrize("extra", [b"X", b"24500100", b"001"])
def test_a_directory_of_odd_length_names_no_field_wrongly(read: Any, write_2709: Any, extra: bytes) -> None:
    good = write_2709(OWN, TITLE)
    first, bad, last = read(good + good[:36] + extra + good[36:] + good)
    assert codes(bad) == ["marc.directory"]
    assert fields(first) == fields(last)


def test_a_control_field_written_as_a_data_field_keeps_its_text(read: Any, write_2709: Any) -> None:
    (record,) = read(write_2709(("001", b"  \x1fa123"), ("008", b"070406s2007\x1f\x1fgw"), TITLE))
    assert fields(record)[:2] == [["001", "123"], ["008", "070406s2007\x1f\x1fgw"]]
    assert codes(record) == ["marc.field"]


@pytest.mark.parametrize(
    ("coding", "raw", "text", "found"),
    [
        ("a", "\u0308a b".encode(), "\u0308a b", []),  # a mark on its own does not become part of the code
        (" ", b"k\xe8ay a\xe8", "käy a", ["marc.bytes"]),
        ("a", "\x98The \x9ctitle".encode(), "The title", ["text.control_characters"]),
        (" ", b"\x88The \x89title", "The title", ["text.control_characters"]),
        ("a", "Häme \x1bp2\x1bs".encode(), "Häme ²", ["marc.encoding"]),
        (" ", "Häme \x1b(Nterm\x1b(B".encode(), "Häme ТЕРМ", ["marc.encoding"]),
        ("a", "Häme ".encode() + b"H\xe4me", "Häme Häme", ["marc.encoding"]),
        (" ", "Ääni, hämärä, yö ".encode() + b"x\xff", "Ääni, hämärä, yö x\ufffd", ["marc.encoding", "marc.bytes"]),
        (" ", b"Na\xefve caf\xe9", "Naïve café", ["marc.encoding"]),
        (" ", b"M\xfcller stra\xdfe", "Müller straße", ["marc.encoding"]),
        (" ", b"L\x92\xe9t\xe9 \xe0 N\xeemes", "L’été à Nîmes", ["marc.encoding"]),
        (" ", b"\xc6r\xf8 og \xd8st", "Ærø og Øst", ["marc.encoding"]),
        (" ", b"H\x84meenlinna, \x94ljy", "Hämeenlinna, öljy", ["marc.encoding"]),
    ],
)
def test_lies_about_the_encoding_are_seen_through(
    read: Any, write_2709: Any, coding: str, raw: bytes, text: str, found: list[str]
) -> None:
    leader = f"00000nam {coding}2200000 i 4500".encode()
    (record,) = read(write_2709(OWN, ("245", b"10\x1fa" + raw + b"\x1fbx"), leader=leader))
    assert fields(record)[1][2] == [["a", text], ["b", "x"]]
    assert codes(record) == found


def test_a_character_set_ends_with_its_subfield(read: Any, write_2709: Any) -> None:
    (record,) = read(write_2709(OWN, ("245", b"10\x1fa\x1b(Nterm\x1fbPlain"), leader=b"00000nam  2200000 i 4500"))
    assert fields(record)[1][2] == [["a", "ТЕРМ"], ["b", "Plain"]]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (b"H\xe4meen \xe4iti", "Hämeen äiti"),
        (b"K\xe8a\xe8ann\xe8os", "Käännös"),
        (b"p\xe5", "på"),
        (b"x\xff", "x\ufffd"),
    ],
)
def test_one_field_in_another_encoding_is_read_beside_the_others(
    read: Any, write_2709: Any, field: bytes, text: str
) -> None:
    (record,) = read(write_2709(OWN, TITLE, ("500", b"  \x1fa" + field + b"\x1fb.")))
    assert fields(record)[1][2][0] == ["a", "Sinuhe egyptiläinen /"]
    assert fields(record)[2][2] == [["a", text], ["b", "."]]


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
