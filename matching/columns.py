"""The columnar view of a set of features: interned texts, token sets as sparse rows, integers.

Everything is indexed by record number, in the order of the features given; 0 means unknown everywhere.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt
from scipy import sparse

from matching.facts import SetFacts
from matching.features import Features
from matching.fields import Field, combined, read_fields
from matching.people import family_of
from matching.words import words

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

FEW = 64
"""Up to so many records token sets are plain rows: one answer's neighbourhood. Sparse ones pay from some hundred on."""

LIGHT_WORD = 0.25
"""Weight of a function word or article in the overlap of titles, where a word of substance has 1 and more."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Interned strings: `values[codes[i]]` is record i's text; code 0 is the empty text."""

    codes: Codes
    values: list[str]


@dataclass(frozen=True, slots=True)
class TokenSets:
    """Interned sets: one row of `rows` per distinct set, sparse or, of `FEW` records, plain; record i has row codes[i].

    `weights` are the sums of squares of the rows, `counts` their tokens. Plain rows of one vocabulary may differ in
    width: what a narrower one lacks is not in any of its records.
    """

    codes: Codes
    rows: sparse.csr_array | Floats
    weights: Floats
    counts: Ints

    def weight(self, records: Ints) -> Floats:
        """The weight of the tokens of each of these records."""
        return self.weights[self.codes[records]]

    def count(self, records: Ints) -> Ints:
        """How many tokens each of these records has."""
        return self.counts[self.codes[records]]


@dataclass(frozen=True, slots=True)
class Columns:
    """All columns of a set of records. `numbered` holds (series code, number code) pairs, padded with 0."""

    features: Sequence[Features]
    texts: dict[str, Texts]
    sets: dict[str, TokenSets]
    numbers: dict[str, Ints | Codes]
    numbered: Codes  # records × _SERIES × 2

    def __len__(self) -> int:
        return len(self.features)


def _known(fact: bool | None) -> int:
    """0 unknown, 1 no, 2 yes."""
    return 0 if fact is None else 1 + fact


_TITLES = {"main": "title.main", "subtitle": "title.subtitle", "full": "title.full"}
_TEXTS: dict[str, tuple[str, Callable[[Any], str]]] = {
    # where a text lies in the features, and how it is compared
    "author": ("people.author", str),
    "publisher": ("imprint.publisher", str),
    "place": ("imprint.place", lambda place: " ".join(place.split()[:1])),
    "narrators": ("people.narrators", ";".join),
    "translators": ("people.translators", ";".join),
    "edition_text": ("numbering.edition_text", str),
    "volume": ("numbering.volume", str),
    "medium": ("form.medium", lambda medium: "" if medium == "other" else medium),
    "level": ("form.level", str),
    "sender": ("form.sender", str),
}
_SETS: dict[str, tuple[tuple[str, ...], Callable[..., Iterable[str]]]] = {
    # where the parts of a set lie in the features, and the tokens that distinct parts hold
    "words": (("title.full", "title.other"), lambda full, other: _words_of(full, *other)),
    "numbers": (("title.numbers",), tuple),
    "all_numbers": (("title.all_numbers",), tuple),
    "publisher": (("imprint.publisher",), str.split),
    "responsibility": (("people.words",), tuple),
    "contributors": (("people.contributors",), tuple),
    "author_ids": (("people.author_ids",), tuple),
    "series": (("numbering.series",), lambda series: _words_of(*(name for name, _ in series))),
    "formats": (("form.formats",), tuple),
    "years": (("imprint.years",), lambda years: map(str, years)),
}
_NUMBERS: dict[str, tuple[str, Callable[[Any], int]]] = {
    "title_words": ("title.full", lambda title: title.count(" ") + 1),
    "main_words": ("title.main", lambda title: len(set(title.split()) - words().light)),
    "main_set": ("title.main", lambda title: crc32(" ".join(sorted(title.split())).encode()) >> 1),  # in 31 bits
    "year": ("imprint.first_year", int),
    "pages": ("imprint.pages", int),
    "minutes": ("imprint.minutes", int),
    "volumes": ("imprint.volumes", int),
    "edition": ("numbering.edition", int),
    "is_set": ("numbering.is_set", int),
    "abridged": ("numbering.abridged", _known),
    "daisy": ("form.daisy", _known),
    "easy": ("form.easy", int),
    "physical": ("form.physical", _known),
    "publisher_product": ("form.publisher_product", int),
    "author_is_body": ("people.author_is_body", int),
}
_PAIRED = (
    "title.original", "ids.own_isbns", "ids.related_isbns", "ids.issns", "ids.related_issns", "ids.others",
    "ids.related_others",
)  # fmt: skip
_LANGUAGES = ("form.languages", "form.sender", "form.language_detected")
_SERIES = 3  # the numbered series of a record that are looked at
FIELDS = sorted(
    {*_TITLES.values(), *_PAIRED, *_LANGUAGES}
    | {place for place, _ in (*_TEXTS.values(), *_NUMBERS.values())}
    | {place for places, _ in _SETS.values() for place in places}
)


def build_columns(features: Sequence[Features], facts: SetFacts, read: Mapping[str, Field] | None = None) -> Columns:
    """The columns of a set. What the facts say is applied here: glued identifiers and untrue languages are unknown.

    `read` are the `FIELDS` of the features, where they have been read already.
    """
    read = read or read_fields(features, FIELDS)
    pool: dict[str, int] = {"": 0}
    texts = _titles(read, pool)
    texts |= {name: _text(read[place], shape) for name, (place, shape) in _TEXTS.items()}
    sets = {name: _token_sets([read[p] for p in places], tokens) for name, (places, tokens) in _SETS.items()}
    sets |= _paired_sets(read, facts.stop_list)
    believed = _believed([read[place] for place in _LANGUAGES], frozenset(facts.one_language))
    sets["languages"] = _token_sets([believed], tuple)
    texts["languages"] = _text(believed, " ".join)
    numbers = {
        name: _narrow(np.array([*map(value, read[p].values)], np.int64))[read[p].codes]
        for name, (p, value) in _NUMBERS.items()
    }
    numbered = _numbered([read[p] for p in ("numbering.series", "numbering.volume", "title.main")], pool)
    return Columns(features, texts, sets, numbers, numbered)


def _narrow(numbers: Ints) -> Ints | Codes:
    """The same in half the memory, where none is too large for it."""
    limits = np.iinfo(np.int32)
    is_small = numbers.min(initial=0) >= limits.min and numbers.max(initial=0) <= limits.max
    return numbers.astype(np.int32) if is_small else numbers


def _believed(parts: Sequence[Field], liars: frozenset[str]) -> Field:
    """The languages of each record; () where its sender declares one for everything."""
    told = combined(parts)
    return Field(told.codes, [() if who in liars and not found else some for some, who, found in told.values])


def _text(field: Field, shape: Callable[[Any], str], pool: dict[str, int] | None = None) -> Texts:
    known = {"": 0} if pool is None else pool
    codes = np.array([known.setdefault(text, len(known)) for text in map(shape, field.values)], np.int32)
    return Texts(codes[field.codes] if len(codes) else codes, list(known) if pool is None else [])


def _titles(read: Mapping[str, Field], pool: dict[str, int]) -> dict[str, Texts]:
    """The title texts, interned in one pool and sharing its list of values."""
    codes = {name: _text(read[place], str, pool).codes for name, place in _TITLES.items()}
    values = list(pool)
    return {name: Texts(column, values) for name, column in codes.items()}


def _paired_sets(read: Mapping[str, Field], glued: frozenset[str]) -> dict[str, TokenSets]:
    """Sets whose tokens are looked for in one another, and so share a vocabulary."""
    isbns, issns, others, names, titles, forms = (Vocabulary() for _ in range(6))

    def known(values: tuple[str, ...]) -> Iterable[str]:
        return (value for value in values if value not in glued)

    def of(places: str, tokens: Callable[..., Iterable[str]], words: Vocabulary) -> TokenSets:
        return _token_sets([read[place] for place in places.split()], tokens, words)

    return {
        "own_forms": of("title.main title.full", lambda *both: both, forms),
        "forms": of("title.main title.full title.other", lambda main, full, other: (main, full, *other), forms),
        "own_isbns": of("ids.own_isbns", known, isbns),
        "related_isbns": of("ids.related_isbns", known, isbns),
        "issns": of("ids.issns", tuple, issns),
        "related_issns": of("ids.related_issns", tuple, issns),
        "others": of("ids.others", known, others),
        "related_others": of("ids.related_others", known, others),
        "author_family": of("people.author", lambda author: (family_of(author),), names),
        "families": of("people.contributors people.words", lambda who, said: {*map(family_of, who), *said}, names),
        "main_or_original": of(
            "title.main title.other title.original", lambda main, *others: (main, *chain(*others)), titles
        ),
        "original": of("title.original", tuple, titles),
    }


def _words_of(*texts: str) -> Iterable[str]:
    return " ".join(texts).split()


class Vocabulary:
    """Numbers of tokens, in the order they were met, and their weights."""

    __slots__ = ("_weights", "numbers")

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self._weights: list[float] = []

    def weights(self) -> Floats:
        """The weight of every token so far, by number."""
        light = words().light
        self._weights += [_token_weight(token, light) for token in islice(self.numbers, len(self._weights), None)]
        return np.array(self._weights)


def _token_sets(
    parts: Sequence[Field], tokens: Callable[..., Iterable[str]], vocabulary: Vocabulary | None = None
) -> TokenSets:
    """The set of tokens of each record. What several records have is taken apart once."""
    field = combined(parts)
    codes = field.codes
    known = vocabulary or Vocabulary()
    numbers = known.numbers
    indices, ends = array("i"), array("q", [0])
    for values in field.values:
        indices.extend({numbers.setdefault(token, len(numbers)) for token in tokens(*values) if token})
        ends.append(len(indices))
    weights = known.weights()
    columns, edges = np.array(indices, np.int32), np.array(ends, np.int64)
    counts = edges[1:] - edges[:-1]
    of_set = np.repeat(np.arange(len(counts)), counts)
    rows: sparse.csr_array | Floats
    if len(codes) <= FEW:
        rows = np.zeros((len(counts), len(numbers)))
        rows[of_set, columns] = np.sqrt(weights[columns])
    else:
        # a shared vocabulary may still grow: rows are as wide as any vocabulary of this set can become
        width = max(1, _WIDTH if vocabulary is not None else len(numbers))
        rows = sparse.csr_array(
            (np.sqrt(weights[columns]), columns, edges.astype(np.int32)), shape=(len(counts), width)
        )
        rows.sort_indices()
    summed = np.bincount(of_set, weights[columns], minlength=len(counts)).round(9)
    return TokenSets(codes, rows, summed.astype(np.float64), counts)


_WIDTH = 2**31 - 1


def _token_weight(token: str, light: frozenset[str]) -> float:
    """A frozen weight, so that two records weigh the same in every set: long words tell more than short ones."""
    return LIGHT_WORD if token in light else 0.6 + min(len(token), 12) / 10


def _numbered(parts: Sequence[Field], pool: dict[str, int]) -> Codes:
    told = combined(parts)
    table = np.zeros((len(told.values), _SERIES, 2), np.int32)
    numbers: dict[str, int] = {"": 0}
    for place, (series, volume, main) in enumerate(told.values):
        entries = list(series)
        if volume and not any(number for _, number in entries):
            entries.append((main, volume))
        for slot, (name, number) in enumerate(entries[:_SERIES]):
            table[place, slot] = pool.setdefault(name, len(pool)), numbers.setdefault(number, len(numbers))
    return table[told.codes]
