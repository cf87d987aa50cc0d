"""Blocks of a part of the catalogue: what a delta needs to know of blocking without reading every record.

A record's keys are kept as signed 64-bit numbers, those of glued identifiers too; the low four bits name the kind.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from catalogue.keys import RecordKey
from matching.blocking import HELD, SERIAL, block_pairs, blocking_keys, finer_parts, hashed
from matching.columns import Flags, Ints
from matching.facts import identifiers
from matching.features import Features
from matching.fields import distinct
from matching.serials import serial_names

_SIGN = 1 << 63
BLOCKS_VERSION = "1"
"""What was kept of blocks by another version does not serve a delta."""

Pair = tuple[int, int]
Finer = tuple[RecordKey, tuple[int, ...]]
"""The key of a record, and hashes of the finer attributes by which blocks above the cap are refined, in order."""

Blocks = Mapping[int, Collection[int]]
"""Key → the numbers of all records that have it."""


class Crowds(NamedTuple):
    """Blocks above the cap before a change or after it, with the finer attributes of all their records."""

    blocks: Blocks
    finer: Mapping[int, Finer]


class Turnover(NamedTuple):
    """What crowds give after a change: the pairs of the records that changed, and of the others those that came and
    those that went.
    """

    own: set[Pair]
    came: set[Pair]
    went: set[Pair]


def kept_keys(record: Features) -> list[int]:
    """The keys of a record: those that propose pairs, of all but issues, and the names by which issues find serials."""
    is_issue = record.form.level == "issue"
    keys = [f"held:{value}" for value in identifiers(record)] if is_issue else blocking_keys(record)
    if record.form.level in ("issue", "serial"):
        keys += [f"serial:{name}" for name in serial_names(record)]
    return sorted({_signed(hashed(key)) for key in keys})


def finer_of(record: Features) -> Finer:
    """The record's key and its finer attributes, by which it is found in the parts of large blocks."""
    return RecordKey.parse(record.key), tuple(map(_signed, finer_parts(record)))


def keys_of_identifiers(values: Iterable[str]) -> dict[int, str]:
    """The keys that records with these identifiers share → the identifier."""
    return {_signed(hashed(f"{kind}:{value}")): value for value in values for kind in ("isbn", "id", "held")}


def is_serial(key: int) -> bool:
    """Whether a key is the name of a serial."""
    return key & 0xF == SERIAL


def proposes(key: int) -> bool:
    """Whether the records that share a key are candidates."""
    return key & 0xF < HELD


def pairs_within(blocks: Blocks, finer: Mapping[int, Finer], cap: int) -> set[Pair]:
    """The pairs that blocks give, the smaller number first. `finer` of the records in blocks above the cap."""
    names = _numbered([blocks], finer)
    codes = _codes(blocks, names, _table(names, finer), cap)
    return _named(names, codes)


def compare_crowds(before: Crowds, after: Crowds, changed: set[int], cap: int) -> Turnover:
    """What a change of some records does to the pairs of crowds, which differ by those alone."""
    names = _numbered([before.blocks, after.blocks], {**before.finer, **after.finer})
    old, new = (_codes(some.blocks, names, _table(names, some.finer), cap) for some in (before, after))
    is_changed = np.array([name in changed for name in names], np.bool_)
    own = _touches(new, is_changed)
    came, went = np.setdiff1d(new[~own], old, assume_unique=True), np.setdiff1d(old, new, assume_unique=True)
    went = went[~_touches(went, is_changed)]
    return Turnover(*(_named(names, codes) for codes in (new[own], came, went)))


def _numbered(blocks: Iterable[Blocks], finer: Mapping[int, Finer]) -> list[int]:
    """The numbers of all records: first, in the order of their keys, those whose finer attributes are known."""
    every = {number for some in blocks for held in some.values() for number in held}
    known = sorted(finer, key=lambda number: finer[number][0])
    return [*known, *sorted(every - finer.keys())]


def _table(names: Sequence[int], finer: Mapping[int, Finer]) -> npt.NDArray[np.uint64]:
    """Their finer attributes, a row each; zeros where there are none."""
    nothing = (0,) * len(next(iter(finer.values()))[1]) if finer else ()
    rows = [finer[name][1] if name in finer else nothing for name in names]
    return np.array(rows, np.int64).view(np.uint64)


def _codes(blocks: Blocks, names: Sequence[int], parts: npt.NDArray[np.uint64], cap: int) -> Ints:
    """The pairs of blocks by place in `names`, each once: the lower place times 2**32 and the higher."""
    place = {number: n for n, number in enumerate(names)}
    keys = np.array([key for key, held in blocks.items() for _ in held], np.int64).view(np.uint64)
    rows = np.array([place[number] for held in blocks.values() for number in held], np.int64)
    lefts, rights = block_pairs(keys, rows, parts, cap)
    return distinct(np.minimum(lefts, rights) << 32 | np.maximum(lefts, rights))


def _touches(codes: Ints, chosen: Flags) -> Flags:
    """Which pairs have an end among the chosen places."""
    found: Flags = chosen[codes >> 32] | chosen[codes & 0xFFFFFFFF]
    return found


def _named(names: Sequence[int], codes: Ints) -> set[Pair]:
    ends = np.array(names, np.int64)[np.stack([codes >> 32, codes & 0xFFFFFFFF], axis=1)] if len(codes) else codes
    return set(map(tuple, np.sort(ends, axis=1).tolist())) if len(codes) else set()


def _signed(key: int) -> int:
    return key - 2 * _SIGN if key >= _SIGN else key
