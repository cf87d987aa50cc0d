"""Blocks of a part of the catalogue: what a delta needs to know of blocking without reading every record.

A record's keys are kept as signed 64-bit numbers, those of glued identifiers too; the low four bits name the kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from catalogue.keys import RecordKey
from matching.blocking import HELD, SERIAL, block_pairs, blocking_keys, hashed
from matching.facts import identifiers
from matching.features import Features
from matching.serials import serial_names

_SIGN = 1 << 63


def kept_keys(record: Features) -> list[int]:
    """The keys of a record: those that propose pairs, of all but issues, and the names by which issues find serials."""
    is_issue = record.form.level == "issue"
    keys = [f"held:{value}" for value in identifiers(record)] if is_issue else blocking_keys(record)
    if record.form.level in ("issue", "serial"):
        keys += [f"serial:{name}" for name in serial_names(record)]
    return sorted({_signed(hashed(key)) for key in keys})


def keys_of_identifiers(values: Iterable[str]) -> dict[int, str]:
    """The keys that records with these identifiers share → the identifier."""
    return {_signed(hashed(f"{kind}:{value}")): value for value in values for kind in ("isbn", "id", "held")}


def is_serial(key: int) -> bool:
    """Whether a key is the name of a serial."""
    return key & 0xF == SERIAL


def proposes(key: int) -> bool:
    """Whether the records that share a key are candidates."""
    return key & 0xF < HELD


def pairs_within(
    blocks: Mapping[int, Iterable[int]], features: Mapping[int, Features], cap: int
) -> set[tuple[int, int]]:
    """The pairs that blocks (key → record numbers, all of them) give, the smaller number first.

    `features` of the records in blocks above the cap: those are refined by them.
    """
    known = sorted(features, key=lambda number: RecordKey.parse(features[number].key))
    rows = [(key, number) for key, held in blocks.items() for number in held]
    names = [*known, *sorted({number for _, number in rows} - features.keys())]
    place = {number: n for n, number in enumerate(names)}
    keys = np.array([key for key, _ in rows], np.int64).view(np.uint64)
    numbers = np.array([place[number] for _, number in rows], np.int64)
    lefts, rights = block_pairs(keys, numbers, [features[n] for n in known], cap)
    return {(min(p), max(p)) for p in _named(names, lefts.tolist(), rights.tolist())}


def _named(names: Sequence[int], lefts: Sequence[int], rights: Sequence[int]) -> Iterable[tuple[int, int]]:
    return ((names[left], names[right]) for left, right in zip(lefts, rights, strict=True))


def _signed(key: int) -> int:
    return key - 2 * _SIGN if key >= _SIGN else key
