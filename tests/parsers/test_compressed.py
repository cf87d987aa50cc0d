"""Gzip and zstd are unpacked as they are read, and a bomb is refused before it is unpacked."""

from __future__ import annotations

import gzip
import io
import random
import tracemalloc
from collections.abc import Callable

import pytest
import zstandard

from catalogue.parsed import ParsedRecord
from parsers.compressed import HEAD_BYTES, UnpackedStream, member_of
from parsers.payload import Unreadable
from parsers.registry import parse

Pack = Callable[[bytes], bytes]


def zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True).compress(data)


def in_blocks(data: bytes) -> bytes:
    """A frame that does not say its size, as a program that packs a stream writes it."""
    packer = zstandard.ZstdCompressor().compressobj()
    return packer.compress(data) + packer.flush()


PACKS = [gzip.compress, zstd, in_blocks]
SKIPPED = b"\x5a\x2a\x4d\x18\x03\0\0\0abc"
NOISE = random.Random(7).randbytes(200_000)


def unpack(packed: bytes, limit: int = 2**30) -> bytes:
    member = member_of(packed[:HEAD_BYTES])
    assert member is not None
    stream = UnpackedStream(io.BytesIO(packed), member, limit)
    return b"".join(iter(lambda: stream.read(1000), b""))


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("padding", [b"", b"\0" * 512, b"\r\n", b"\x1a"])
def test_members_one_after_the_other_are_one_text(pack: Pack, padding: bytes) -> None:
    assert unpack(pack(NOISE) + pack(b"") + padding + pack(b"end") + padding) == NOISE + b"end"


def test_frames_to_skip_are_skipped_also_at_the_beginning() -> None:
    assert unpack(SKIPPED + zstd(NOISE) + SKIPPED + zstd(b"end") + SKIPPED) == NOISE + b"end"


@pytest.mark.parametrize("pack", PACKS)
def test_a_member_may_begin_at_any_place_of_what_is_read(pack: Pack) -> None:
    parts = [NOISE[:n] for n in range(64_500, 66_000, 101)]
    assert unpack(b"".join(map(pack, parts))) == b"".join(parts)


@pytest.mark.parametrize(
    ("packed", "code"),
    [
        (gzip.compress(NOISE)[:-9], "payload.truncated"),
        (gzip.compress(NOISE)[:5], "payload.truncated"),
        (zstd(NOISE)[:-9], "payload.truncated"),
        (zstd(NOISE)[:-1], "payload.truncated"),
        (zstd(NOISE)[:5], "payload.truncated"),
        (zstd(b"x") + zstd(NOISE)[:4], "payload.truncated"),
        (gzip.compress(NOISE)[:-8] + b"\0" * 8, "payload.compression"),
        (gzip.compress(b"x") + b"not gzip", "payload.compression"),
        (gzip.compress(b"x") + zstd(b"x"), "payload.compression"),
        (gzip.compress(b" " * 30_000_000), "payload.compression"),
        (zstd(NOISE)[:-4] + b"\0" * 4, "payload.compression"),
        (zstd(b"x") + b"not zstd", "payload.compression"),
        (zstd(b"x") + gzip.compress(b"x"), "payload.compression"),
        (in_blocks(b" " * 30_000_000), "payload.compression"),
    ],
)
def test_damage_a_cut_end_and_a_bomb_are_told_apart(packed: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as fault:
        unpack(packed)
    assert fault.value.defect.code == code


@pytest.mark.parametrize("pack", PACKS)
def test_the_output_is_capped(pack: Pack) -> None:
    with pytest.raises(Unreadable) as fault:
        unpack(pack(NOISE), limit=100_000)
    assert "100000 bytes" in fault.value.defect.params["reason"]


def test_a_bomb_of_a_gigabyte_is_refused_in_little_memory() -> None:
    packer = zstandard.ZstdCompressor().compressobj()
    bomb = b"".join(packer.compress(bytes(2**24)) for _ in range(64)) + packer.flush()
    tracemalloc.start()
    with pytest.raises(Unreadable):
        unpack(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64 * 2**20


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("behind", [b"junk", b"\x1f\x8bjunk", b"\x28\xb5\x2f\xfdjunk", b"\x1f", b"<html>"])
def test_what_stands_behind_a_member_costs_none_of_its_records(pack: Pack, behind: bytes) -> None:
    record = b"00041nam a2200037   4500001000300000\x1ea%d\x1e\x1d"
    found = list(parse(io.BytesIO(pack(b"".join(record % n for n in range(9))) + behind)))
    assert [item.index for item in found if isinstance(item, ParsedRecord)] == list(range(1, 10))
    (rest,) = [item for item in found if not isinstance(item, ParsedRecord)]
    assert rest.ends_payload
