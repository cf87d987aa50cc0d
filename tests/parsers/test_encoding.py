"""What a payload declares is a claim; its bytes decide."""

from __future__ import annotations

import io

import pytest

from parsers.encoding import Utf8Stream, canonical_name, judged
from parsers.payload import Payload, Unreadable


def read(data: bytes, declared: str | None = None, step: int = 7) -> tuple[str, Payload]:
    payload = Payload(io.BytesIO(data))
    stream = Utf8Stream(payload, declared)
    return b"".join(iter(lambda: stream.read(step), b"")).decode("utf-8"), payload


@pytest.mark.parametrize(
    ("data", "declared", "text", "encoding"),
    [
        ("Törmä åäö".encode(), "UTF-8", "Törmä åäö", "utf-8"),
        ("Törmä – åäö".encode("cp1252"), "UTF-8", "Törmä – åäö", "cp1252"),
        ("Törmä åäö".encode("latin-1"), "ISO-8859-1", "Törmä åäö", "iso8859-1"),
        ("Törmä – åäö".encode("cp1252"), "ISO-8859-1", "Törmä – åäö", "cp1252"),
        ("Törmä åäö".encode(), "ISO-8859-1", "Törmä åäö", "utf-8"),
        ("Törmä åäö".encode(), "no-such-code", "Törmä åäö", "utf-8"),
        ("Törmä åäö".encode(), "UTF-16", "Törmä åäö", "utf-8"),
        ("Törmä åäö".encode("utf-16"), "UTF-16", "Törmä åäö", "utf-16-le"),
        ("<Törmä åäö".encode("utf-16-be"), None, "<Törmä åäö", "utf-16-be"),
        ("Törmä åäö".encode("utf-8-sig"), None, "Törmä åäö", "utf-8"),
        ("Łódź".encode("iso8859-2"), "ISO-8859-2", "Łódź", "iso8859-2"),
        ("Törmä åäö".encode(), "windows-1251", "Törmä åäö", "utf-8"),
        ("Törmä åäö".encode(), "Big5", "Törmä åäö", "utf-8"),
        ("Привет".encode("cp1251"), "windows-1251", "Привет", "cp1251"),
        (b"ASCII", "ISO-8859-1", "ASCII", "iso8859-1"),
    ],
)
def test_the_bytes_decide_what_is_read(data: bytes, declared: str | None, text: str, encoding: str) -> None:
    for step in (3, 1000):
        found, payload = read(data, declared, step)
        if step == 1000 or encoding != "cp1252":
            assert (found, payload.encoding) == (text, encoding)


def test_a_disagreement_is_noted_once_with_its_place() -> None:
    _, payload = read(b"x" * 20 + "äö".encode("cp1252") + b"x" * 20 + "äö".encode("cp1252"), "UTF-8")
    notes = payload.take_notes()
    assert [(n.code, n.locus, dict(n.params)) for n in notes] == [
        ("payload.encoding", "byte 20", {"declared": "utf-8", "used": "cp1252"})
    ]
    assert payload.take_notes() == ()


def test_one_foreign_letter_in_utf8_is_read_and_damage_is_shown_as_damage() -> None:
    assert judged("åäö åäö".encode() + b" \xe4 ") == ("åäö åäö ä ".encode(), "utf-8 with cp1252")
    assert judged("åäö åäö åäö".encode() + b"\x80\x81\x82")[0].decode() == "åäö åäö åäö\ufffd\ufffd\ufffd"


def test_a_sequence_cut_by_the_end_of_a_piece_is_whole_in_the_next() -> None:
    for step in range(1, 9):
        found, payload = read("aå–𝄞ö".encode() * 3, None, step)
        assert found == "aå–𝄞ö" * 3
        assert payload.take_notes() == ()


def test_bytes_that_are_not_the_wide_encoding_they_claim_are_unreadable() -> None:
    with pytest.raises(Unreadable) as fault:
        read(b"\xff\xfe<\0\0\xd8\0\xd8x", "UTF-16", 100)
    assert fault.value.defect.code == "payload.encoding_unreadable"


@pytest.mark.parametrize("name", ["zip", "rot13", "unicode_escape", "punycode", "idna", "", "\0", "utf-7", "x" * 300])
def test_a_codec_that_is_no_character_set_is_never_used(name: str) -> None:
    assert canonical_name(name) is None


@pytest.mark.parametrize(
    ("data", "text"),
    [(b"\xed\xa0\xbd\xed\xb8\x80", "😀"), (b"\xed\xa0\xbd x", "\ufffd x"), (b"\xed\xb8\x80", "\ufffd")],
)
def test_halves_of_surrogate_pairs_are_put_together(data: bytes, text: str) -> None:
    assert judged("ä ".encode() + data) == (f"ä {text}".encode(), "cesu-8")
