"""Blocking: which pairs are looked at. Keys of a record are 64-bit hashes; records that share one are candidates.

A pure function of the set: a block above the cap is refined by finer attributes in a fixed order, and one that
stays above it gives no pairs and is reported. Keys alone fold å, ä and ö away; they propose and decide nothing.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import xxhash

from matching.columns import Codes, Ints
from matching.facts import SetFacts
from matching.features import Features
from matching.fields import Field, combined, distinct, read_fields
from matching.people import family_of, given_of
from matching.similarity import Pairs

KEY_VERSION = "2"

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


def _by_number(own: tuple[str, ...], related: tuple[str, ...]) -> Iterator[str]:
    yield from own
    yield from related


def _by_title(named: str, titles: tuple[str, str], *others: tuple[str, ...]) -> Iterator[str]:
    """`titles` are the main title and the subtitle."""
    family = _named(named)[0][:_FAMILY_START]
    for name in {*titles, *chain(*others)} - {""}:
        yield f"{_start(name)}|{family}"


def _by_word(title: str, named: str) -> Iterator[str]:
    family, initial = _named(named)
    for word in _longest(title) if family else ():
        yield f"{word[:7]}|{family}|{initial}"


def _by_words(title: str, named: str) -> Iterator[str]:
    longest = _longest(title)
    if len(longest) == 2:
        yield f"{longest[0]}|{longest[1]}|{_named(named)[1]}"


@lru_cache(maxsize=4_096)
def _longest(title: str) -> list[str]:
    """The two longest words."""
    return sorted(_plain(title).split(), key=lambda w: (-len(w), w))[:2]


@lru_cache(maxsize=4_096)
def _named(author: str) -> tuple[str, str]:
    """The family name, and the initial of the given one."""
    plain = _plain(author)
    return family_of(plain), given_of(plain)[:1]


def _by_series(series: tuple[tuple[str, str], ...], author: str) -> Iterator[str]:
    family = _named(author)[0]
    for name, number in series:
        if number:
            yield f"{_start(name)}|{number}|{family[:_FAMILY_START]}"


def _by_year(full: str, main: str, year: int) -> Iterator[str]:
    """With the main title too: of a short one the subtitle, which the other may lack, is in the start of the whole."""
    if year:
        yield f"{_start(full)}|{year}"
        yield f"{_start(main)}|{year}"


def _by_extent(author: str, year: int, pages: int) -> Iterator[str]:
    if year and pages and author:
        yield f"{_named(author)[0]}|{year}|{pages}"


def _by_publisher(title: str, publisher: str, author: str) -> Iterator[str]:
    if publisher and not author:
        yield f"{_start(title)}|{_plain(publisher).split()[0]}"


_KEYS: tuple[tuple[str, tuple[str, ...], Callable[..., Iterator[str]]], ...] = (
    # the kinds of keys, the fields of the features that they are made of, and how; all keys of one kind in one row
    ("isbn", ("ids.own_isbns", "ids.related_isbns"), _by_number),
    ("id", ("ids.others", "ids.related_others"), _by_number),
    ("issn", ("ids.issns", "ids.related_issns"), _by_number),
    (
        "title",
        ("people.author", "title.main", "title.subtitle", "title.other", "title.original"),
        lambda author, main, sub, *others: _by_title(author, (main, sub), *others),
    ),
    ("word", ("title.main", "people.author"), _by_word),
    ("words", ("title.main", "people.author"), _by_words),
    ("series", ("numbering.series", "people.author"), _by_series),
    ("dated", ("title.full", "title.main", "imprint.first_year"), _by_year),
    ("extent", ("people.author", "imprint.first_year", "imprint.pages"), _by_extent),
    ("issued", ("title.full", "imprint.publisher", "people.author"), _by_publisher),
)
FIELDS = sorted({name for _, names, _ in _KEYS for name in names})


def blocking_keys(record: Features, glued: frozenset[str] = frozenset()) -> list[str]:
    """The keys of one record, as readable text: ``kind:value``. `glued` identifiers are left out."""
    made = ((kind, make(*(attrgetter(name)(record) for name in names))) for kind, names, make in _KEYS)
    keys = (f"{kind}:{value}" for kind, values in made for value in values if not _is_glued(kind, value, glued))
    return list(dict.fromkeys(keys))


def _is_glued(kind: str, value: str, glued: frozenset[str]) -> bool:
    return kind in ("isbn", "id") and value in glued


@lru_cache(maxsize=4_096)
def _start(text: str) -> str:
    return _plain(text).replace(" ", "")[:_TITLE_START]


def _plain(text: str) -> str:
    """Without å, ä and ö. Three replacements take an eighth of the time of `str.translate`."""
    return text.replace("å", "a").replace("ä", "a").replace("ö", "o")


Refining = Callable[[int, Ints], npt.NDArray[np.uint64]]
"""The hash of the n-th finer attribute of each record in a row of their numbers."""

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
    lefts, rights, oversize = _paired(keys, rows, cap, _refining(features))
    codes = distinct(np.minimum(lefts, rights) * len(features) + np.maximum(lefts, rights))
    reported = sorted(OversizeBlock(KINDS[key & 0xF], size, features[row].key) for key, size, row in oversize)
    return Pairs(codes // max(1, len(features)), codes % max(1, len(features))), reported


def _hashed_keys(read: Mapping[str, Field], glued: frozenset[str]) -> tuple[npt.NDArray[np.uint64], Ints]:
    """The keys that several records have: hash, the kind in the last four bits, and record, each once, sorted."""
    hashes, rows = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
    for kind, names, make in _KEYS:
        keys, records = _keys_of(combined([read[name] for name in names]), kind, make, glued)
        order = np.argsort(keys, kind="stable")  # records of one key stay in their order, here and below
        repeats = np.append(False, keys[order][1:] == keys[order][:-1])[: len(keys)]
        order = order[repeats | np.append(repeats[1:], False)[: len(keys)]]
        hashes.append(keys[order])
        rows.append(records[order].astype(np.int64))
    keys, records = np.concatenate(hashes), np.concatenate(rows)
    order = np.argsort(keys, kind="stable")
    keys, records = keys[order], records[order]
    first = np.append(True, (keys[1:] != keys[:-1]) | (records[1:] != records[:-1]))[: len(keys)]
    return keys[first], records[first]


def _keys_of(
    field: Field, kind: str, make: Callable[..., Iterator[str]], glued: frozenset[str]
) -> tuple[npt.NDArray[np.uint64], Codes]:
    """The hashed keys that are made of a field, and the record of each. What several records have is hashed once."""
    start = f"{kind}:"
    flat, ends = array("Q"), array("q", [0])
    for values in field.values:
        for value in make(*values):
            if not _is_glued(kind, value, glued):
                flat.append(_hash(start + value))
        ends.append(len(flat))
    starts = np.array(ends, np.int64)
    hashes = np.array(flat, np.uint64) & ~np.uint64(0xF) | np.uint64(_KIND_NUMBERS[kind])
    many = np.diff(starts)[field.codes] if len(field.values) else starts[:0]
    within = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    keys = hashes[np.repeat(starts[field.codes], many) + within]
    return keys, np.repeat(np.arange(len(many), dtype=np.int32), many)


def block_pairs(keys: npt.NDArray[np.uint64], rows: Ints, parts: npt.NDArray[np.uint64], cap: int) -> tuple[Ints, Ints]:
    """The pairs, some of them twice, of whole blocks: a key and a record's number in each row. `parts` holds the hashes
    of `finer_parts`, in the order of record keys, of the records in blocks above the cap at least: they come first in
    the numbering.
    """
    lefts, rights, _ = _paired(keys, rows, cap, lambda step, some: parts[some, step])
    return lefts, rights


def finer_parts(record: Features) -> tuple[int, ...]:
    """Hashes of 64 bits of the finer attributes of a record, in the order in which they refine blocks."""
    return tuple(_hash(refine(record)) for refine in _REFINEMENTS)


def _refining(features: Sequence[Features]) -> Refining:
    def refine(step: int, rows: Ints) -> npt.NDArray[np.uint64]:
        known = {row: _hash(_REFINEMENTS[step](features[row])) for row in set(rows.tolist())}
        return np.array([known[row] for row in rows.tolist()], np.uint64)

    return refine


def hashed(key: str) -> int:
    """A key as 64 bits, of which the low four tell its kind."""
    return _hash(key) & ~0xF | _KIND_NUMBERS[key[: key.index(":")]]


def _hash(text: str) -> int:
    return int(xxhash.xxh3_64_intdigest(f"{KEY_VERSION}{text}".encode()))


def _paired(
    keys: npt.NDArray[np.uint64], rows: Ints, cap: int, refine: Refining
) -> tuple[Ints, Ints, list[tuple[int, int, int]]]:
    """Pairs of all blocks within the cap, refining the others step by step; and what could not be refined."""
    found: list[tuple[Ints, Ints]] = []
    kinds = keys & np.uint64(0xF)
    for step in range(len(_REFINEMENTS) + 1):
        order = np.lexsort((rows, keys))
        keys, rows, kinds = keys[order], rows[order], kinds[order]
        starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])) if len(keys) else np.zeros(0, np.int64)
        sizes = np.diff(np.append(starts, len(keys)))
        found += _within(rows, starts, sizes, cap)
        large = np.repeat(sizes > cap, sizes)
        if step == len(_REFINEMENTS) or not large.any():
            break
        keys, rows, kinds = keys[large], rows[large], kinds[large]
        coarse = keys
        keys = (keys * np.uint64(0x9E3779B97F4A7C15)) ^ refine(step, rows)
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
