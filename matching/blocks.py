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
Hashes = npt.NDArray[np.uint64]
Finer = tuple[RecordKey, tuple[int, ...]]
"""The key of a record, and hashes of the finer attributes by which blocks above the cap are refined, in order."""


class Blocks(NamedTuple):
    """Keys and the numbers of the records that have them, row by row. Numbers are below 2**31."""

    keys: Sequence[int]
    records: Sequence[int]


class Members(NamedTuple):
    """Some records with their finer attributes: number, record key, and a column of hashes for each attribute."""

    records: Sequence[int]
    keys: Sequence[tuple[str, str]]
    parts: Sequence[Sequence[int]]


class Turnover(NamedTuple):
    """What blocks give after a change: all pairs of the records that changed; of the others those that blocks give that
    are above the cap, before or after, and did not give before; and those that none of these gives any longer.
    """

    own: set[Pair]
    came: set[Pair]
    went: set[Pair]


NOBODY = Members((), (), ())


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


def members_of(finer: Mapping[int, Finer]) -> Members:
    """Records by number, as columns."""
    columns = list(zip(*(parts for _, parts in finer.values()), strict=True))
    return Members(list(finer), [(key.source, key.source_id) for key, _ in finer.values()], columns)


def pairs_within(blocks: Blocks, finer: Members, cap: int) -> set[Pair]:
    """The pairs that blocks give, the smaller number first. `finer` of the records in blocks above the cap."""
    names = _in_order(finer)
    others = np.setdiff1d(np.array(blocks.records, np.int64), names)
    return _pairs(_codes(_table(blocks), np.concatenate([names, others]), _hashes(finer, names), cap))


class Reblocking:
    """What a change of some records does to the blocks that propose pairs.

    `before` are the blocks that the changed records were in or are in, as they were, and `own` the rows of the changed
    records as they are. `crowd` are the records in blocks above the cap, before or after.
    """

    def __init__(self, before: Blocks, own: Blocks, changed: Collection[int], cap: int) -> None:
        self.cap, self.changed = cap, np.array(sorted(changed), np.int64)
        was = _table(before)
        now = np.concatenate([was[:, ~np.isin(was[1], self.changed)], _table(own)], axis=1)
        was, now = (some[:, some[0] & 0xF < HELD] for some in (was, now))
        crowded = np.union1d(_above(cap, was[0]), _above(cap, now[0]))
        is_crowd = np.isin(now[0], crowded)
        self.small, self.before, self.after = now[:, ~is_crowd], was[:, np.isin(was[0], crowded)], now[:, is_crowd]
        self.crowd: list[int] = distinct(np.concatenate([self.before[1], self.after[1]])).tolist()

    def turnover(self, was: Members, now: Members) -> Turnover:
        """`was` are the finer attributes of the crowd as they were, `now` those of the changed records as they are."""
        names = _in_order(was, now)
        old = _codes(self.before, names, _hashes(was, names), self.cap)
        new = _codes(self.after, names, _hashes(now, names, _hashes(was, names)), self.cap)
        found = _codes(self.small, distinct(self.small[1]), _hashes(NOBODY, names), self.cap)
        own = np.union1d(new[self._touches(new)], found[self._touches(found)])
        came, went = (np.setdiff1d(*some, assume_unique=True) for some in ((new, old), (old, new)))
        went = np.setdiff1d(went, found, assume_unique=True)
        return Turnover(*map(_pairs, (own, came[~self._touches(came)], went[~self._touches(went)])))

    def _touches(self, codes: Ints) -> Flags:
        """Which pairs have a changed record."""
        found: Flags = np.isin(codes >> 32, self.changed) | np.isin(codes & 0xFFFFFFFF, self.changed)
        return found


def _table(blocks: Blocks) -> Ints:
    """A row of keys, and one of the records."""
    return np.array([blocks.keys, blocks.records], np.int64)


def _above(cap: int, keys: Ints) -> Ints:
    """The keys of more rows than the cap."""
    each, counts = np.unique(keys, return_counts=True)
    found: Ints = each[counts > cap]
    return found


def _in_order(*some: Members) -> Ints:
    """The numbers of these records, in the order of their keys."""
    keys = {number: key for each in some for number, key in zip(each.records, each.keys, strict=True)}
    return np.array(sorted(keys, key=keys.__getitem__), np.int64)


def _hashes(some: Members, names: Ints, others: Hashes | None = None) -> Hashes:
    """The finer attributes of the records of these names, a row each; of those that are not given those of `others`."""
    parts = np.array(some.parts, np.int64).reshape(len(some.parts), len(some.records)).T
    found = np.zeros((len(names), parts.shape[1]), np.uint64) if others is None else others.copy()
    if len(some.records):
        found[_place(np.array(some.records, np.int64), names)] = np.ascontiguousarray(parts).view(np.uint64)
    return found


def _place(numbers: Ints, names: Ints) -> Ints:
    """Where numbers stand among the names, each of which is there once."""
    order = np.argsort(names)
    found: Ints = order[np.searchsorted(names, numbers, sorter=order)]
    return found


def _codes(rows: Ints, names: Ints, parts: Hashes, cap: int) -> Ints:
    """The pairs of blocks, each once: the lower number times 2**32 and the higher. `names` are in order of key."""
    if not rows.size:
        return np.zeros(0, np.int64)
    lefts, rights = block_pairs(np.ascontiguousarray(rows[0]).view(np.uint64), _place(rows[1], names), parts, cap)
    ends = names[lefts], names[rights]
    return distinct(np.minimum(*ends) << 32 | np.maximum(*ends))


def _pairs(codes: Ints) -> set[Pair]:
    return set(zip((codes >> 32).tolist(), (codes & 0xFFFFFFFF).tolist(), strict=True))


def _signed(key: int) -> int:
    return key - 2 * _SIGN if key >= _SIGN else key
