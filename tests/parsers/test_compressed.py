"""Gzip is unpacked as it is read, and a bomb is refused before it is unpacked."""

from __future__ import annotations

import gzip
import io
import random

import pytest

from parsers.compressed import GunzipStream
from parsers.payload import Unreadable


def unpack(packed: bytes, limit: int = 2**30) -> bytes:
    stream = GunzipStream(io.BytesIO(packed), limit)
    return b"".join(iter(lambda: stream.read(1000), b""))


NOISE = random.Random(7).randbytes(200_000)


def test_members_one_after_the_other_are_one_text() -> None:
    assert unpack(gzip.compress(NOISE) + gzip.compress(b"") + gzip.compress(b"end") + b"\0" * 512) == NOISE + b"end"


@pytest.mark.parametrize(
    ("packed", "code"),
    [
        (gzip.compress(NOISE)[:-9], "payload.truncated"),
        (gzip.compress(NOISE)[:5], "payload.truncated"),
        (gzip.compress(NOISE)[:-8] + b"\0" * 8, "payload.compression"),
        (gzip.compress(b"x") + b"not gzip", "payload.compression"),
        (gzip.compress(b" " * 30_000_000), "payload.compression"),
    ],
)
def test_damage_a_cut_end_and_a_bomb_are_told_apart(packed: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as fault:
        unpack(packed)
    assert fault.value.defect.code == code


def test_the_output_is_capped() -> None:
    with pytest.raises(Unreadable) as fault:
        unpack(gzip.compress(NOISE), limit=100_000)
    assert "100000 bytes" in fault.value.defect.params["reason"]
