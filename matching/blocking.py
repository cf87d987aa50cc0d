"""Blocking: which pairs are looked at. Keys of a record are 64-bit hashes; records that share one are candidates.

A pure function of the set: a block above the cap is refined by finer attributes in a fixed order, and one that
stays above it gives no pairs and is reported. Keys alone fold å, ä and ö away; they propose and decide nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import xxhash

from matching.columns import Ints
from matching.facts import SetFacts
from matching.features import Features
from matching.people import family_of, given_of
from matching.similarity import Pairs

KEY_VERSION = "1"

_ASCII = str.maketrans("åäö", "aao")
_TITLE_START = 24
_FAMILY_START = 4


class OversizeBlock(NamedTuple):
    """A block that gave no pairs: what kind of key, how many records, and the first of them."""

    kind: str
    size: int
    example: str


def blocking_keys(record: Features, glued: frozenset[str] = frozenset()) -> list[str]:
    """The keys of one record, as readable text: ``kind:value``. `glued` identifiers are left out."""
    keys = [f"isbn:{value}" for value in (*record.ids.own_isbns, *record.ids.related_isbns) if value not in glued]
    keys += [f"id:{value}" for value in (*record.ids.others, *record.ids.related_others) if value not in glued]
    keys += [f"issn:{value}" for value in (*record.ids.issns, *record.ids.related_issns)]
    keys += _title_keys(record)
    return list(dict.fromkeys(keys))


def _title_keys(record: Features) -> Iterator[str]:
    author = record.people.author.translate(_ASCII)
    family, initial = family_of(author), given_of(author)[:1]
    title = record.title
    for name in {title.main, title.subtitle, *title.original, *title.other} - {""}:
        yield f"title:{_start(name)}|{family[:_FAMILY_START]}"
    longest = sorted(title.main.translate(_ASCII).split(), key=lambda w: (-len(w), w))[:2]
    for word in longest if family else ():
        yield f"word:{word[:7]}|{family}|{initial}"
    if len(longest) == 2:
        yield f"words:{longest[0]}|{longest[1]}|{initial}"
    for name, number in record.numbering.series:
        if number:
            yield f"series:{_start(name)}|{number}|{family[:_FAMILY_START]}"
    yield from _dated_keys(record, family)


def _dated_keys(record: Features, family: str) -> Iterator[str]:
    imprint = record.imprint
    if imprint.first_year:
        yield f"dated:{_start(record.title.full)}|{imprint.first_year}"
    if imprint.first_year and imprint.pages and family:
        yield f"extent:{family}|{imprint.first_year}|{imprint.pages}"
    if imprint.publisher and not family:
        yield f"issued:{_start(record.title.full)}|{imprint.publisher.translate(_ASCII).split()[0]}"


def _start(text: str) -> str:
    return text.translate(_ASCII).replace(" ", "")[:_TITLE_START]


_REFINEMENTS: tuple[Callable[[Features], str], ...] = (
    lambda f: f"{f.title.main}|{f.people.author}",
    lambda f: f"{' '.join(f.form.languages)}|{f.form.medium}",
    lambda f: f"{f.numbering.volume}|{f.imprint.first_year}",
    lambda f: ";".join(f.people.narrators),
)


def candidate_pairs(features: Sequence[Features], facts: SetFacts, cap: int) -> tuple[Pairs, list[OversizeBlock]]:
    """All pairs that share a block of at most `cap` records, and the blocks that stayed too large."""
    glued = frozenset(facts.glued)
    names: dict[str, int] = {}
    hashes, records = [], []
    for number, record in enumerate(features):
        for key in blocking_keys(record, glued):
            kind = key.partition(":")[0]
            hashes.append(_hash(key) & ~0xF | names.setdefault(kind, len(names)))
            records.append(number)
    keys, rows = np.array(hashes, np.uint64), np.array(records, np.int64)
    lefts, rights, oversize = _paired(keys, rows, cap, features)
    codes = np.unique(np.minimum(lefts, rights) * len(features) + np.maximum(lefts, rights))
    kinds = list(names)
    reported = sorted(OversizeBlock(kinds[key & 0xF], size, features[row].key) for key, size, row in oversize)
    return Pairs(codes // max(1, len(features)), codes % max(1, len(features))), reported


def _hash(text: str) -> int:
    return int(xxhash.xxh3_64_intdigest(f"{KEY_VERSION}{text}".encode()))


def _paired(
    keys: np.typing.NDArray[np.uint64], rows: Ints, cap: int, features: Sequence[Features]
) -> tuple[Ints, Ints, list[tuple[int, int, int]]]:
    """Pairs of all blocks within the cap, refining the others step by step; and what could not be refined."""
    found: list[tuple[Ints, Ints]] = []
    kinds = keys & np.uint64(0xF)
    for refine in (*_REFINEMENTS, None):
        order = np.lexsort((rows, keys))
        keys, rows, kinds = keys[order], rows[order], kinds[order]
        starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])) if len(keys) else np.zeros(0, np.int64)
        sizes = np.diff(np.append(starts, len(keys)))
        found += _within(rows, starts, sizes, cap)
        large = np.repeat(sizes > cap, sizes)
        if refine is None or not large.any():
            break
        keys, rows, kinds = keys[large], rows[large], kinds[large]
        finer = {row: _hash(refine(features[row])) for row in set(rows.tolist())}
        coarse = keys
        keys = (keys * np.uint64(0x9E3779B97F4A7C15)) ^ np.array([finer[row] for row in rows.tolist()], np.uint64)
        found += _between_parts(coarse, keys, rows, cap)
    left_over = np.flatnonzero(sizes > cap) if len(keys) else np.zeros(0, np.int64)
    oversize = [(int(kinds[starts[n]]), int(sizes[n]), int(rows[starts[n]])) for n in left_over]
    empty = np.zeros(0, np.int64)
    lefts = np.concatenate([left for left, _ in found]) if found else empty
    rights = np.concatenate([right for _, right in found]) if found else empty
    return lefts, rights, oversize


def _between_parts(
    coarse: np.typing.NDArray[np.uint64], keys: np.typing.NDArray[np.uint64], rows: Ints, cap: int
) -> list[tuple[Ints, Ints]]:
    """Pairs between the parts a large block was refined into, one record speaking for each: its first by key.

    They hold a work together whose editions are too many to be compared all with all. Of more than `cap` parts each
    meets the first alone.
    """
    order = np.lexsort((rows, keys, coarse))
    coarse, keys, rows = coarse[order], keys[order], rows[order]
    first = np.append(True, (keys[1:] != keys[:-1]) | (coarse[1:] != coarse[:-1]))
    speakers, of_block = rows[first], coarse[first]
    starts = np.flatnonzero(np.append(True, of_block[1:] != of_block[:-1]))
    sizes = np.diff(np.append(starts, len(speakers)))
    many = np.repeat(sizes > cap, sizes)
    leads = np.repeat(speakers[starts], sizes)
    apart = many & (leads != speakers)
    return [*_within(speakers, starts, sizes, cap), (leads[apart], speakers[apart])]


def _within(rows: Ints, starts: Ints, sizes: Ints, cap: int) -> list[tuple[Ints, Ints]]:
    """All pairs inside the blocks of two to `cap` records, size by size."""
    found = []
    for size in range(2, cap + 1):
        chosen = starts[sizes == size]
        if len(chosen):
            left, right = np.triu_indices(size, 1)
            found.append((rows[(chosen[:, None] + left).ravel()], rows[(chosen[:, None] + right).ravel()]))
    return found
