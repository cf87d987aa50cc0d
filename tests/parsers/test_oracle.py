"""Mutated records, read by us and by pymarc: wherever both read a record of which we say nothing, they agree.

What we say something of (a defect) is what we read differently on purpose: pymarc believes the leader's lengths and its
encoding, keeps control characters, and takes a wrong directory by its word. More differences are meant: it takes a
field whose tag has letters for a data field always, leaves the bytes of control fields and indicators as they are, and
drops line ends and joiners from MARC-8.
"""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pymarc
import pytest

from catalogue.parsed import ParsedRecord
from parsers.registry import parse

RECORDS, SOAK_RECORDS = 1500, 60_000
FOLDERS = (
    "marc-fi-fennica/*.mrc",
    "marc-broken/pymarc/*.dat",
    "marc-sv-libris/**/*.mrc",
    "marc-fi-yso-conversion/*.mrc",
)


def damaged(record: bytes, dice: random.Random) -> bytes:
    """A record after one to three changes that leave its length and its end as they are."""
    changed = bytearray(record)
    for _ in range(dice.randint(1, 3)):
        at = dice.randrange(len(changed) - 1)
        kind = dice.randrange(6)
        if kind == 0:
            changed[at] = dice.randrange(256)
        elif kind == 1:
            changed[at] = dice.choice(b"\x1f\x1e\x1d\x1b\xe8\xc3\x88 a")
        elif kind == 2:
            changed[9:10] = dice.choice((b" ", b"a", b"-", b"#", b"2"))
        elif kind == 3:
            changed[at : at + 2] = dice.choice(("ä".encode(), b"\xe8a", b"\xcc\x88", b"\x1fa"))
        elif kind == 4:
            changed[at : at + 3] = dice.choice((b"\x1b(B", b"\x1b(N", b"\x1b$1", b"\x1b)E"))
        else:
            changed[20:24] = dice.choice((b"0000", b"4500", b"    "))
    return bytes(changed[: len(record) - 1]) + b"\x1d"


def theirs(record: bytes) -> Any:
    """The fields by pymarc, in our shape; None where it cannot read the record."""
    try:
        read = next(iter(pymarc.MARCReader(record, to_unicode=True)), None)
    except Exception:  # noqa: BLE001 - whatever it raises: it cannot read it
        return None
    if read is None:
        return None
    return [
        [f.tag, normalize("NFC", f.data or "")]
        if f.control_field
        else [f.tag, "".join(f.indicators or ()), [[s.code, normalize("NFC", s.value)] for s in f.subfields]]
        for f in read.fields
    ]


def is_comparable(fields: Any) -> bool:
    """Whether nothing is in the fields that pymarc reads differently by its nature."""
    return all(f[0].isdigit() and f[1].isascii() and "\x1b" not in f[1] for f in fields)


def plain(fields: Any) -> Any:
    """The fields without what pymarc drops from MARC-8 alone."""
    dropped = dict.fromkeys(map(ord, "\t\n\r\u200c\u200d"))
    return [
        [tag, text.translate(dropped), *([code, value.translate(dropped)] for given in more for code, value in given)]
        for tag, text, *more in fields
    ]


def check(records: list[bytes], seeds: range) -> int:
    """How many mutated records both read without a word; fails where they differ."""
    compared = 0
    for seed in seeds:
        dice = random.Random(seed)
        record = damaged(dice.choice(records), dice)
        found = list(parse(io.BytesIO(record), "iso2709"))
        if len(found) == 1 and isinstance(found[0], ParsedRecord) and not found[0].defects:
            other = theirs(record)
            if other is not None and is_comparable(other) and is_comparable(found[0].content[1]):
                assert plain(found[0].content[1]) == plain(other), f"seed {seed}"
                compared += 1
    return compared


def whole_records(paths: Iterator[Path]) -> list[bytes]:
    return [
        piece.lstrip(b"\r\n") + b"\x1d"
        for path in sorted(paths)
        for piece in path.read_bytes().split(b"\x1d")[:200]
        if len(piece) > 100
    ]


def test_mutated_records_are_read_as_pymarc_reads_them(fixtures: Path) -> None:
    records = whole_records((fixtures / "demo/feeds").rglob("*.mrc"))
    assert check(records, range(RECORDS)) > RECORDS / 10


@pytest.mark.soak
def test_many_mutated_real_records_are_read_as_pymarc_reads_them(test_data: Path) -> None:
    records = whole_records(path for folder in FOLDERS for path in test_data.glob(folder))
    assert check(records, range(10**6, 10**6 + SOAK_RECORDS)) > SOAK_RECORDS / 10
