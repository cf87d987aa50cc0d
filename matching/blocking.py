"""Blocking: which pairs are looked at. Keys of a record are 64-bit hashes; records that share one are candidates.

A pure function of the set: a block above the cap is refined by finer attributes in a fixed order, and one that
stays above it gives no pairs and is reported. Keys alone fold å, ä and ö away; they propose and decide nothing.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import xxhash

from matching.columns import Codes, Ints
from matching.facts import SetFacts
from matching.features import Features
from matching.fields import Field, combined, read_fields
from matching.people import family_of, given_of
from matching.similarity import Pairs

KEY_VERSION = "1"

_ASCII = str.maketrans("åäö", "aao")
_TITLE_START = 24
_FAMILY_START = 4


KINDS = ("isbn", "id", "issn", "title", "word", "words", "series", "dated", "extent", "issued", "held", "serial")
"""What keys are made of: a kind's place here is the low four bits of its keys. The last two propose no pairs: the
identifiers of issues, and the names by which issues find serials.
"""

HELD, SERIAL = KINDS.index("held"), KINDS.index("serial")
_KIND_NUMBERS = {name: number for number, name in enumerate(KINDS)}


class OversizeBlock(NamedTuple):
    """A block that gave no pairs: what kind of key, how many records, and the first of them."""

    kind: str
    size: int
    example: str


def _by_number(kind: str) -> Callable[[tuple[str, ...], tuple[str, ...]], Iterator[str]]:
    return lambda own, related: (f"{kind}:{value}" for value in (*own, *related))


def _by_title(titles: tuple[str, ...], others: tuple[str, ...], original: tuple[str, ...], named: str) -> Iterator[str]:
    """`titles` are the main title and the subtitle."""
    author = named.translate(_ASCII)
    family, initial = family_of(author), given_of(author)[:1]
    for name in {*titles, *original, *others} - {""}:
        yield f"title:{_start(name)}|{family[:_FAMILY_START]}"
    longest = sorted(titles[0].translate(_ASCII).split(), key=lambda w: (-len(w), w))[:2]
    for word in longest if family else ():
        yield f"word:{word[:7]}|{family}|{initial}"
    if len(longest) == 2:
        yield f"words:{longest[0]}|{longest[1]}|{initial}"


def _by_series(series: tuple[tuple[str, str], ...], author: str) -> Iterator[str]:
    family = family_of(author.translate(_ASCII))
    for name, number in series:
        if number:
            yield f"series:{_start(name)}|{number}|{family[:_FAMILY_START]}"


def _by_year(title: str, year: int) -> Iterator[str]:
    if year:
        yield f"dated:{_start(title)}|{year}"


def _by_extent(author: str, year: int, pages: int) -> Iterator[str]:
    if year and pages and author:
        yield f"extent:{family_of(author.translate(_ASCII))}|{year}|{pages}"


def _by_publisher(title: str, publisher: str, author: str) -> Iterator[str]:
    if publisher and not author:
        yield f"issued:{_start(title)}|{publisher.translate(_ASCII).split()[0]}"


_KEYS: tuple[tuple[tuple[str, ...], Callable[..., Iterator[str]]], ...] = (
    # the fields of the features that keys are made of, and how; all keys of one kind in one row
    (("ids.own_isbns", "ids.related_isbns"), _by_number("isbn")),
    (("ids.others", "ids.related_others"), _by_number("id")),
    (("ids.issns", "ids.related_issns"), _by_number("issn")),
    (
        ("title.main", "title.subtitle", "title.other", "title.original", "people.author"),
        lambda main, sub, *rest: _by_title((main, sub), *rest),
    ),
    (("numbering.series", "people.author"), _by_series),
    (("title.full", "imprint.first_year"), _by_year),
    (("people.author", "imprint.first_year", "imprint.pages"), _by_extent),
    (("title.full", "imprint.publisher", "people.author"), _by_publisher),
)
FIELDS = sorted({name for names, _ in _KEYS for name in names})


def blocking_keys(record: Features, glued: frozenset[str] = frozenset()) -> list[str]:
    """The keys of one record, as readable text: ``kind:value``. `glued` identifiers are left out."""
    keys = (key for names, make in _KEYS for key in make(*(attrgetter(name)(record) for name in names)))
    return [key for key in dict.fromkeys(keys) if not _is_glued(key, glued)]


def _is_glued(key: str, glued: frozenset[str]) -> bool:
    kind, _, value = key.partition(":")
    return kind in ("isbn", "id") and value in glued


def _start(text: str) -> str:
    return text.translate(_ASCII).replace(" ", "")[:_TITLE_START]


_REFINEMENTS: tuple[Callable[[Features], str], ...] = (
    lambda f: f"{f.title.main}|{f.people.author}",
    lambda f: f"{' '.join(f.form.languages)}|{f.form.medium}",
    lambda f: f"{f.numbering.volume}|{f.imprint.first_year}",
    lambda f: ";".join(f.people.narrators),
)


def candidate_pairs(
    features: Sequence[Features], facts: SetFacts, cap: int, read: Mapping[str, Field] | None = None
) -> tuple[Pairs, list[OversizeBlock]]:
    """All pairs that share a block of at most `cap` records, and the blocks that stayed too large.

    `read` are the `FIELDS` of the features, where they have been read already.
    """
    keys, rows = _hashed_keys(read or read_fields(features, FIELDS), facts.stop_list)
    lefts, rights, oversize = _paired(keys, rows, cap, features)
    codes = np.unique(np.minimum(lefts, rights) * len(features) + np.maximum(lefts, rights))
    reported = sorted(OversizeBlock(KINDS[key & 0xF], size, features[row].key) for key, size, row in oversize)
    return Pairs(codes // max(1, len(features)), codes % max(1, len(features))), reported


def _hashed_keys(read: Mapping[str, Field], glued: frozenset[str]) -> tuple[npt.NDArray[np.uint64], Ints]:
    """The keys that several records have: hash, the kind in the last four bits, and record, each once, sorted."""
    hashes, rows = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
    for names, make in _KEYS:
        keys, records = _keys_of(combined([read[name] for name in names]), make, glued)
        order = np.argsort(keys)
        repeats = np.append(False, keys[order][1:] == keys[order][:-1])[: len(keys)]
        order = order[repeats | np.append(repeats[1:], False)[: len(keys)]]
        hashes.append(keys[order])
        rows.append(records[order].astype(np.int64))
    keys, records = np.concatenate(hashes), np.concatenate(rows)
    order = np.lexsort((records, keys))
    keys, records = keys[order], records[order]
    first = np.append(True, (keys[1:] != keys[:-1]) | (records[1:] != records[:-1]))[: len(keys)]
    return keys[first], records[first]


def _keys_of(
    field: Field, make: Callable[..., Iterator[str]], glued: frozenset[str]
) -> tuple[npt.NDArray[np.uint64], Codes]:
    """The hashed keys that are made of a field, and the record of each. What several records have is hashed once."""
    flat, ends = array("Q"), array("q", [0])
    for values in field.values:
        flat.extend(hashed(key) for key in make(*values) if not glued or not _is_glued(key, glued))
        ends.append(len(flat))
    starts = np.array(ends, np.int64)
    many = np.diff(starts)[field.codes] if len(field.values) else starts[:0]
    within = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    keys = np.array(flat, np.uint64)[np.repeat(starts[field.codes], many) + within]
    return keys, np.repeat(np.arange(len(many), dtype=np.int32), many)


def block_pairs(
    keys: np.typing.NDArray[np.uint64], rows: Ints, features: Sequence[Features], cap: int
) -> tuple[Ints, Ints]:
    """The pairs, some of them twice, of whole blocks: a key and a record's number in each row. `features`, in the order
    of record keys, of the records in blocks above the cap at least: they come first in the numbering.
    """
    lefts, rights, _ = _paired(keys, rows, cap, features)
    return lefts, rights


def hashed(key: str) -> int:
    """A key as 64 bits, of which the low four tell its kind."""
    return _hash(key) & ~0xF | _KIND_NUMBERS[key[: key.index(":")]]


def _hash(text: str) -> int:
    return int(xxhash.xxh3_64_intdigest(f"{KEY_VERSION}{text}".encode()))


def _paired(
    keys: npt.NDArray[np.uint64], rows: Ints, cap: int, features: Sequence[Features]
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
    coarse: npt.NDArray[np.uint64], keys: npt.NDArray[np.uint64], rows: Ints, cap: int
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
