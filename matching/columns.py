"""The columnar view of a set of features: interned texts, token sets as sparse rows, integers.

Everything is indexed by record number, in the order of the features given; 0 means unknown everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from matching.facts import SetFacts
from matching.features import Features
from matching.people import family_of
from matching.words import words

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

FEW = 64
"""Up to so many records token sets are plain rows: one answer's neighbourhood. Sparse ones pay from some hundred on."""

LIGHT_WORD = 0.25
"""Weight of a function word or article in the overlap of titles, where a word of substance has 1 and more."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Interned strings: `values[codes[i]]` is record i's text; code 0 is the empty text."""

    codes: Ints
    values: list[str]


@dataclass(frozen=True, slots=True)
class TokenSets:
    """One row per record, sparse or, of `FEW` records, plain; `weight` is its sum of squares, `count` its tokens.

    Plain rows of one vocabulary may differ in width: what a narrower one lacks is not in any of its records.
    """

    rows: sparse.csr_array | Floats
    weight: Floats
    count: Ints


@dataclass(frozen=True, slots=True)
class Columns:
    """All columns of a set of records. `numbered` holds (series code, number code) pairs, padded with 0."""

    features: Sequence[Features]
    texts: dict[str, Texts]
    sets: dict[str, TokenSets]
    numbers: dict[str, Ints]
    numbered: npt.NDArray[np.int64]  # records × _SERIES × 2

    def __len__(self) -> int:
        return len(self.features)


_TITLES: dict[str, Callable[[Features], str]] = {
    "main": lambda f: f.title.main,
    "subtitle": lambda f: f.title.subtitle,
    "full": lambda f: f.title.full,
}
_TEXTS: dict[str, Callable[[Features], str]] = {
    "author": lambda f: f.people.author,
    "publisher": lambda f: f.imprint.publisher,
    "place": lambda f: " ".join(f.imprint.place.split()[:1]),
    "narrators": lambda f: ";".join(f.people.narrators),
    "translators": lambda f: ";".join(f.people.translators),
    "edition_text": lambda f: f.numbering.edition_text,
    "volume": lambda f: f.numbering.volume,
    "medium": lambda f: "" if f.form.medium == "other" else f.form.medium,
    "level": lambda f: f.form.level,
    "sender": lambda f: f.form.sender,
    "languages": lambda f: " ".join(f.form.languages),
}
_SETS: dict[str, Callable[[Features], Iterable[str]]] = {
    "words": lambda f: (*f.title.full.split(), *(w for t in f.title.other for w in t.split())),
    "numbers": lambda f: f.title.numbers,
    "all_numbers": lambda f: f.title.all_numbers,
    "publisher": lambda f: f.imprint.publisher.split(),
    "responsibility": lambda f: f.people.words,
    "contributors": lambda f: f.people.contributors,
    "author_ids": lambda f: f.people.author_ids,
    "series": lambda f: (word for name, _ in f.numbering.series for word in name.split()),
    "formats": lambda f: f.form.formats,
    "years": lambda f: map(str, f.imprint.years),
}
_NUMBERS: dict[str, Callable[[Features], int]] = {
    "year": lambda f: f.imprint.first_year,
    "pages": lambda f: f.imprint.pages,
    "minutes": lambda f: f.imprint.minutes,
    "volumes": lambda f: f.imprint.volumes,
    "edition": lambda f: f.numbering.edition,
    "is_set": lambda f: f.numbering.is_set,
    "abridged": lambda f: _known(f.numbering.abridged),
    "daisy": lambda f: _known(f.form.daisy),
    "physical": lambda f: _known(f.form.physical),
    "publisher_product": lambda f: f.form.publisher_product,
    "author_is_body": lambda f: f.people.author_is_body,
}
_SERIES = 3  # the numbered series of a record that are looked at


def build_columns(features: Sequence[Features], facts: SetFacts) -> Columns:
    """The columns of a set. What the facts say is applied here: glued identifiers and untrue languages are unknown."""
    pool: dict[str, int] = {"": 0}
    texts = _titles(features, pool)
    texts |= {name: _intern(map(read, features), {"": 0}) for name, read in _TEXTS.items()}
    sets = {name: _token_sets(map(read, features)) for name, read in _SETS.items()}
    sets |= _paired_sets(features, frozenset(facts.glued))
    liars = frozenset(facts.one_language)
    believed = [() if f.form.sender in liars and not f.form.language_detected else f.form.languages for f in features]
    sets["languages"] = _token_sets(believed)
    texts["languages"] = _intern(map(" ".join, believed), {"": 0})
    numbers = {name: np.fromiter(map(read, features), np.int64, len(features)) for name, read in _NUMBERS.items()}
    return Columns(features, texts, sets, numbers, _numbered(features, pool))


def _known(fact: bool | None) -> int:
    """0 unknown, 1 no, 2 yes."""
    return 0 if fact is None else 1 + fact


def _intern(values: Iterable[str], pool: dict[str, int]) -> Texts:
    codes = [pool.setdefault(value, len(pool)) for value in values]
    return Texts(np.array(codes, np.int64), list(pool))


def _titles(features: Sequence[Features], pool: dict[str, int]) -> dict[str, Texts]:
    """The title texts, interned in one pool and sharing its list of values."""
    codes = {name: _intern(map(read, features), pool).codes for name, read in _TITLES.items()}
    values = list(pool)
    return {name: Texts(column, values) for name, column in codes.items()}


def _paired_sets(features: Sequence[Features], glued: frozenset[str]) -> dict[str, TokenSets]:
    """Sets whose tokens are looked for in one another, and so share a vocabulary."""
    isbns: dict[str, int] = {}
    issns: dict[str, int] = {}
    others: dict[str, int] = {}
    names: dict[str, int] = {}
    titles: dict[str, int] = {}
    forms: dict[str, int] = {}
    return {
        "own_forms": _token_sets(((f.title.main, f.title.full) for f in features), forms),
        "forms": _token_sets(((f.title.main, f.title.full, *f.title.other) for f in features), forms),
        "own_isbns": _token_sets((set(f.ids.own_isbns) - glued for f in features), isbns),
        "related_isbns": _token_sets((set(f.ids.related_isbns) - glued for f in features), isbns),
        "issns": _token_sets((f.ids.issns for f in features), issns),
        "related_issns": _token_sets((f.ids.related_issns for f in features), issns),
        "others": _token_sets((set(f.ids.others) - glued for f in features), others),
        "related_others": _token_sets((set(f.ids.related_others) - glued for f in features), others),
        "author_family": _token_sets(((family_of(f.people.author),) for f in features), names),
        "families": _token_sets(map(_families, features), names),
        "main_or_original": _token_sets(((f.title.main, *f.title.other, *f.title.original) for f in features), titles),
        "original": _token_sets((f.title.original for f in features), titles),
    }


def _families(record: Features) -> set[str]:
    """Where an author's family name may turn up in a record that names another first, or none."""
    return {family_of(name) for name in record.people.contributors} | set(record.people.words)


def _token_sets(values: Iterable[Iterable[str]], vocabulary: dict[str, int] | None = None) -> TokenSets:
    known = {} if vocabulary is None else vocabulary
    indices: list[int] = []
    ends = [0]
    for tokens in values:
        if tokens:
            indices.extend({known.setdefault(token, len(known)) for token in tokens if token})
        ends.append(len(indices))
    weights = np.fromiter(map(_token_weight, known), np.float64, len(known))
    columns, edges = np.asarray(indices, np.int64), np.asarray(ends, np.int64)
    counts = edges[1:] - edges[:-1]
    of_record = np.repeat(np.arange(len(counts)), counts)
    rows: sparse.csr_array | Floats
    if len(counts) <= FEW:
        rows = np.zeros((len(counts), len(known)))
        rows[of_record, columns] = np.sqrt(weights[columns])
    else:
        # a shared vocabulary may still grow: rows are as wide as any vocabulary of this set can become
        width = max(1, _WIDTH if vocabulary is not None else len(known))
        rows = sparse.csr_array((np.sqrt(weights[columns]), columns, ends), shape=(len(counts), width))
        rows.sort_indices()
    summed = np.bincount(of_record, weights[columns], minlength=len(counts))
    return TokenSets(rows, np.round(summed, 9), counts)


_WIDTH = 2**31 - 1


def _token_weight(token: str) -> float:
    """A frozen weight, so that two records weigh the same in every set: long words tell more than short ones."""
    return LIGHT_WORD if token in words().light else 0.6 + min(len(token), 12) / 10


def _numbered(features: Sequence[Features], pool: dict[str, int]) -> npt.NDArray[np.int64]:
    table = np.zeros((len(features), _SERIES, 2), np.int64)
    numbers: dict[str, int] = {"": 0}
    for place, record in enumerate(features):
        volume, entries = record.numbering.volume, list(record.numbering.series)
        if volume and not any(number for _, number in entries):
            entries.append((record.title.main, volume))
        for slot, (name, number) in enumerate(entries[:_SERIES]):
            table[place, slot] = pool.setdefault(name, len(pool)), numbers.setdefault(number, len(numbers))
    return table
