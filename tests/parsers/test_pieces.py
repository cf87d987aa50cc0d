"""A payload read in pieces gives the very records of one reading, or says that it cannot."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.parsed import BadRecord, ParsedRecord
from parsers.marc import cutting as marc_cutting
from parsers.onix import cutting as onix_cutting
from parsers.payload import Piece, Uncuttable
from parsers.pieces import pieces, read_piece
from parsers.registry import parse
from parsers.xml_stream import FEED_BYTES

Item = ParsedRecord | BadRecord

PRODUCT = "<Product><RecordReference>r{n}</RecordReference><NotificationType>03</NotificationType>{more}</Product>\n"
HEADER = "<Header><Sender><SenderName>Kaarna</SenderName></Sender><SentDateTime>20260101</SentDateTime></Header>"


def message(*more: str, before: str = HEADER, after: str = "") -> bytes:
    """A message of products, each with something more in it."""
    products = "".join(PRODUCT.format(n=n, more=each) for n, each in enumerate(more))
    return f'<?xml version="1.0"?>\n\n<ONIXMessage\n release="3.0">\n{before}{products}{after}</ONIXMessage>\n'.encode()


def marc(number: int) -> bytes:
    """A record that says its number."""
    field = f"{number:05}\x1e".encode()
    data = b"001" + b"%04d" % len(field) + b"00000\x1e" + field + b"\x1d"
    return b"%05dnam a2200037 a 4500" % (24 + len(data)) + data


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces of a few records."""
    for module in (onix_cutting, marc_cutting):
        monkeypatch.setattr(module, "PIECE_BYTES", 300)
        monkeypatch.setattr(module, "LARGEST_PIECE_BYTES", 4_000)


def read_apart(data: bytes) -> Iterator[Item]:
    """What is given before it turns out that the rest cannot be, which ends in Uncuttable."""
    index = 0
    for piece in pieces(io.BytesIO(data)):
        for record in read_piece(piece):
            index += 1
            yield replace(record, index=index)


def as_far_as_possible(data: bytes) -> tuple[list[Item], bool]:
    found = []
    try:
        for record in read_apart(data):
            found.append(record)  # noqa: PERF402 - what came before the end counts
    except Uncuttable:
        return found, False
    return found, True


EVEN = message(*[""] * 12)
WHOLE = {
    "onix": EVEN,
    "lines end as on Windows": EVEN.replace(b"\n", b"\r\n"),
    "prefixed": EVEN.replace(b"<", b"<o:").replace(b"<o:/", b"</o:").replace(b"<o:?", b"<?").replace(
        b"<o:ONIXMessage", b'<o:ONIXMessage xmlns:o="http://ns.editeur.org/onix/3.0/reference"'
    ),
    "short tags": EVEN.replace(b"Product", b"product").replace(b"Header", b"header"),
    "named characters": message(*["<x001>caf&eacute;</x001>"] * 12),
    "loose ampersands": message(*["", "<x002>Kissa & koira</x002>", "", ""] * 6),
    "control characters": message(*["", "", "<x003>a\x02b</x003>", ""] * 6),
    "an unknown release": EVEN.replace(b'"3.0"', b'"9.9"'),
    "comments": message(*["<!-- <Product> -->", ""] * 6),
    "no products behind the last": message(*[""] * 12, after="<Extra/>" * 9),
    "cp1252": message(*["<x004>Päivä</x004>"] * 30).decode().encode("cp1252"),
    "marc": b"".join(marc(n) for n in range(40)),
    "marc with bad ones": b"".join(marc(n) + (b"?\x1d\r\n", b"\x1d", b"", b"")[n % 4] for n in range(40)) + b"00100nam",
}  # fmt: skip
IN_PART = {
    "a record end in a comment": message(*["<!-- </Product> -->"] * 12),
    "a record end in CDATA": message(*["<x005><![CDATA[</Product>]]></x005>"] * 12),
    "products in products": message(*["<Product/>"] * 12),
    "another header later": EVEN.replace(b"<Product><RecordReference>r9", b"<Header/><Product><RecordReference>r9"),
    "cut off": EVEN[:-40],
    "two messages": EVEN + EVEN,
    "a syntax error": EVEN.replace(b"r9<", b"r9</b><"),
    "line ends of old": EVEN.replace(b"\n", b"\r"),
    "bare products": b"<Product><RecordReference>r1</RecordReference></Product>" * 12,
    "one huge product": message("", "", f"<x006>{'a' * 99_000}</x006>", ""),
    "no product": message(),
    "an empty message": b"<ONIXMessage/>",
    "a DTD with entities": b'<!DOCTYPE ONIXMessage [<!ENTITY x "y">]>' + EVEN.partition(b"\n\n")[2],
    "a huge marc record": marc(1) + b"x" * 199_000 + marc(2),
    "marcxml": b'<collection xmlns="http://www.loc.gov/MARC21/slim"></collection>',
    "none of ours": b"<html></html>",
    "nothing": b"",
}


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("name", WHOLE)
def test_pieces_give_what_the_whole_gives(name: str) -> None:
    whole = list(parse(io.BytesIO(WHOLE[name])))
    assert len(list(pieces(io.BytesIO(WHOLE[name])))) > 2
    assert as_far_as_possible(WHOLE[name]) == (whole, True)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("name", IN_PART)
def test_what_cannot_be_read_apart_is_given_up_at_the_right_record(name: str) -> None:
    whole = list(parse(io.BytesIO(IN_PART[name])))
    found, is_whole = as_far_as_possible(IN_PART[name])
    assert not is_whole
    assert found == whole[: len(found)]
    assert not any(isinstance(item, BadRecord) and item.ends_payload for item in found)


def test_notes_of_a_chunk_go_out_with_the_product_they_go_out_with_in_one_reading(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(onix_cutting, "PIECE_BYTES", FEED_BYTES // 3)
    data = message(*(f"<x007>{'a' * 900} {'&' if n % 41 == 0 else ''}</x007>" for n in range(200)))
    whole = list(parse(io.BytesIO(data)))
    assert len({item.index for item in whole if isinstance(item, ParsedRecord) and item.defects}) > 3
    assert list(read_apart(data)) == whole


@given(st.data())
def test_whatever_is_in_the_message_nothing_is_read_otherwise(drawn: st.DataObject) -> None:
    words = st.sampled_from(
        ["&", "<!--", "-->", "</Product>", "<Product>", "<![CDATA[", "]]>", "ä", "\r", "\n", "&#2;", ">"]
    )
    texts = drawn.draw(st.lists(st.lists(words, max_size=2).map("".join), min_size=1, max_size=12))
    data = message(*texts)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(onix_cutting, "PIECE_BYTES", drawn.draw(st.integers(1, 600)))
        found, is_whole = as_far_as_possible(data)
    whole = list(parse(io.BytesIO(data)))
    assert found == (whole if is_whole else whole[: len(found)])


def test_real_feeds_are_read_alike(test_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (onix_cutting, marc_cutting):
        monkeypatch.setattr(module, "PIECE_BYTES", 20_000)
    cut = 0
    for path in sorted(test_data.rglob("*")):
        if path.suffix in (".xml", ".onx", ".mrc", ".dat") and path.stat().st_size < 4_000_000:
            data = path.read_bytes()
            found, is_whole = as_far_as_possible(data)
            cut += is_whole
            whole = list(parse(io.BytesIO(data)))
            assert found == (whole if is_whole else whole[: len(found)]), path
    assert cut > 30


def test_a_piece_says_where_it_begins() -> None:
    data = marc(1) * 3
    assert list(pieces(io.BytesIO(data))) == [Piece(data, 0)]
