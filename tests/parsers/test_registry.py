"""The way in: no bytes make it raise, whatever they claim to be."""

from __future__ import annotations

import gzip
import io
import json
import random
from typing import Any, get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from catalogue.defect import definitions
from catalogue.parsed import BadRecord, ParsedRecord
from parsers.detect import Format
from parsers.registry import PARSERS, parse

ONIX = (
    '<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE ONIXMessage SYSTEM "x"><ONIXMessage release="3.0"><Header/>'
    "<Product><RecordReference>1</RecordReference><Text textformat='05'><p>id&eacute; å</p></Text></Product>"
    "<Product><a><![CDATA[x]]></a></Product></ONIXMessage>"
).encode()
ISO2709 = "00073nam a2200049 i 4500001000200000245001000002\x1e1\x1e10\x1faåbc\x1e\x1d".encode() * 3
MARCXML = (
    '<collection xmlns="http://www.loc.gov/MARC21/slim"><record><leader>00000nam a2200000 i 4500</leader>'
    '<datafield tag="245" ind1="1" ind2="0"><subfield code="a">å</subfield></datafield></record></collection>'
).encode()
MARCJSON = json.dumps(
    {"leader": "x" * 24, "fields": [{"001": "1"}, {"tag": "245", "subfields": [{"code": "a"}]}]}
).encode()
ALEPH = b"005951463 LDR   L 03404cam^a2200721^i^4500\n005951463 24510 L $$aPirkkala\n" * 2
DELETES = b"Sys. No.,OCLC No.\n5407,(OCoLC)1361419\n12,\n"
SEEDS = [ONIX, ISO2709, MARCXML, MARCJSON, ALEPH, DELETES, gzip.compress(ONIX), ONIX.decode().encode("utf-16")]
FORMATS = [None, *get_args(Format)]


def check(data: bytes, format: Format | None = None) -> list[ParsedRecord | BadRecord]:  # noqa: A002 - as in parse
    """Everything a caller may rely on, for any bytes."""
    result = parse(io.BytesIO(data), format)
    found = list(result)
    assert [r.index for r in found] == list(range(1, len(found) + 1))
    for record in found:
        defects = record.defects if isinstance(record, ParsedRecord) else (record.defect,)
        assert all(d.code in definitions() for d in defects)
        if isinstance(record, ParsedRecord):
            assert json.loads(json.dumps(record.content)) == record.content
            json.dumps(record.content, ensure_ascii=False).encode("utf-8")
        else:
            assert len(record.excerpt) <= 64 * 1024
    assert result.partial == any(isinstance(r, BadRecord) and r.ends_payload for r in found)
    return found


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(FORMATS))
@example(b"\x1f\x8b\x08", None)
@example(b'{"fields": [{"tag": "\\ud800", "value": "\\udfff"}]}', None)
@example(b'{"fields": [{"\\ud800": "1"}, {"245": {"subfields": [{"\\udfff": "x"}]}}]}', None)  # mutation 133698
@example(b'{"leader": "", "fields": [{"001": "2"}], "varFields": 7}', None)  # mutation 1000911
@example(b"\x1e\x1d\x1e\x1d", "iso2709")
@example(b"<?xml version='1.0' encoding='UTF-7'?><ONIXMessage/>", None)
def test_no_bytes_make_it_raise(data: bytes, format: Format | None) -> None:  # noqa: A002 - as in parse
    check(data, format)


@st.composite
def mutated(draw: Any) -> bytes:
    """A sound payload with a few bytes changed, cut out or put in."""
    data = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, max(len(data) - 1, 0)))
        length = draw(st.integers(0, 12))
        data[place : place + length] = draw(
            st.binary(max_size=12) | st.sampled_from([b"<", b"&", b"\x1e", b"\x1d", b'"'])
        )
    return bytes(data)


@settings(max_examples=400, deadline=None)
@given(mutated())
def test_no_damage_to_a_sound_payload_makes_it_raise(data: bytes) -> None:
    check(data)


@pytest.mark.parametrize("seed", range(len(SEEDS)))
def test_every_sound_payload_is_read_whole(seed: int) -> None:
    found = check(SEEDS[seed])
    assert found
    assert all(isinstance(r, ParsedRecord) for r in found)


def test_a_stream_that_gives_single_bytes_is_read_the_same() -> None:
    class Dripping(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size or 1, 1) if size != -1 else -1)

    for seed in SEEDS:
        assert list(parse(Dripping(seed))) == list(parse(io.BytesIO(seed)))


def test_a_damaged_gzip_ends_the_payload_after_its_whole_records() -> None:
    noise = random.Random(3)
    products = "".join(
        f"<Product><RecordReference>{n}</RecordReference><T>{noise.randbytes(60).hex()}</T></Product>"
        for n in range(5000)
    )
    packed = gzip.compress(f"<ONIXMessage>{products}</ONIXMessage>".encode())
    found = check(packed[: len(packed) // 2])
    assert len(found) > 1000
    assert isinstance(found[-1], BadRecord)
    assert found[-1].defect.code == "payload.truncated"


def test_what_is_packed_twice_is_refused_in_words() -> None:
    (bad,) = check(gzip.compress(gzip.compress(ONIX)))
    assert isinstance(bad, BadRecord)
    assert bad.defect.params == {"reason": "it is packed twice"}


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_records_before_what_is_no_gzip_are_read(seed: int) -> None:
    whole = check(SEEDS[seed])
    *records, bad = check(gzip.compress(SEEDS[seed]) + b"not gzip")
    assert [r.content for r in records if isinstance(r, ParsedRecord)] == [
        r.content for r in whole if isinstance(r, ParsedRecord)
    ]
    assert isinstance(bad, BadRecord)
    assert (bad.defect.code, bad.ends_payload) == ("payload.compression", True)


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "payload.empty"), (b"<html></html>", "payload.html"), (b"%PDF", "payload.unknown_format")],
)
def test_what_is_no_feed_is_one_bad_record(data: bytes, code: str) -> None:
    (bad,) = check(data)
    assert isinstance(bad, BadRecord)
    assert (bad.defect.code, bad.ends_payload) == (code, True)


def test_an_html_page_is_never_read_as_the_format_it_was_expected_to_be() -> None:
    for chosen in get_args(Format):
        (bad,) = check(b"<!DOCTYPE html><html><body>Service unavailable</body></html>", chosen)
        assert isinstance(bad, BadRecord)
        assert bad.defect.code == "payload.html"


def test_every_format_has_its_parser() -> None:
    assert set(PARSERS) == set(get_args(Format))
