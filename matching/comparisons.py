"""What is compared, and the named level each outcome falls into. The weights of levels are the model's.

A comparison is a function of the columns and of pairs of record numbers; it answers level numbers. The level
names are the contract with the model files and with explanations. To read one, start at `COMPARISONS` below.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matching.columns import Codes, Columns, Flags, Floats, Ints
from matching.features import Features
from matching.own_words import OWN_WORDS, own_words
from matching.people import NAME_LEVELS, name_relation
from matching.similarity import (
    UNKNOWN,
    Pairs,
    any_linked,
    any_shared,
    containment,
    each_distinct,
    overlap,
    proportion,
    ratio,
)

LevelNumbers = npt.NDArray[np.int8]
Measure = Callable[[Columns, Pairs], LevelNumbers]

_BEGINS = 2.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """`levels[n]` names level n; `show` gives a side's value as a reader may see it, None where unknown."""

    levels: tuple[str, ...]
    measure: Measure
    show: Callable[[Features], str | None]


def choose(choices: Sequence[tuple[Flags, int]], otherwise: int) -> LevelNumbers:
    """The level of the first condition that holds for each pair."""
    levels = np.full(len(choices[0][0]), otherwise, np.int8)
    for condition, level in reversed(choices):
        levels[condition] = level
    return levels


def graded(values: Floats, floors: Sequence[float]) -> LevelNumbers:
    """Level 0 where unknown, 1 for values at or above the first floor, and so on down; below all: the last."""
    return choose(
        [(values == UNKNOWN, 0), *((values >= floor, n) for n, floor in enumerate(floors, 1))], len(floors) + 1
    )


@dataclass(frozen=True, slots=True)
class Compared:
    """Pairs with the level of every comparison: what weights and rules read."""

    columns: Columns
    pairs: Pairs
    levels: dict[str, LevelNumbers]

    def take(self, chosen: Flags) -> Compared:
        return Compared(self.columns, self.pairs.take(chosen), {name: n[chosen] for name, n in self.levels.items()})

    def at(self, comparison: str, *names: str) -> Flags:
        """Which pairs fell into one of the named levels of a comparison."""
        known = COMPARISONS[comparison].levels
        wanted = np.zeros(len(known), np.bool_)
        wanted[[known.index(name) for name in names]] = True
        return wanted[self.levels[comparison]]

    def differ(self, column: str) -> Flags:
        """Where both sides know a number column, and not the same number."""
        left, right = self.both(column)
        found: Flags = (left != 0) & (right != 0) & (left != right)
        return found

    def both(self, column: str) -> tuple[Ints | Codes, Ints | Codes]:
        """A number column's values on either side."""
        values = self.columns.numbers[column]
        return values[self.pairs.left], values[self.pairs.right]


def compare(columns: Columns, pairs: Pairs) -> Compared:
    """The level of every comparison for every pair."""
    return Compared(columns, pairs, {name: c.measure(columns, pairs) for name, c in COMPARISONS.items()})


def _title(columns: Columns, pairs: Pairs) -> LevelNumbers:
    likeness = each_distinct(columns.texts["main"], columns.texts["main"], pairs, ratio)
    steps = [0.95, 0.9, 0.82, 0.7, 0.5]
    beside = columns.texts["subtitle"].codes
    parts_of_one = (beside[pairs.left] == beside[pairs.right]) & (beside[pairs.left] != 0)
    own, forms = columns.sets["own_forms"], columns.sets["forms"]
    other_form = (any_shared(own, forms, pairs) | any_shared(forms, own, pairs)) & ~parts_of_one
    return choose(
        [
            (likeness == UNKNOWN, 0),
            (likeness == 1.0, 1),
            (_swapped(columns, pairs), 2),
            (other_form, 3),
            *((likeness >= floor, n) for n, floor in enumerate(steps, 4)),
        ],
        9,
    )


def _swapped(columns: Columns, pairs: Pairs) -> Flags:
    """Whether one record's title is the other's subtitle, and its series or subtitle the other's title."""
    main, sub = columns.texts["main"].codes, columns.texts["subtitle"].codes

    def one_way(a: Ints, b: Ints) -> Flags:
        named = (columns.numbered[b, :, 0] == main[a][:, None]).any(axis=1) | (sub[b] == main[a])
        found: Flags = (sub[a] == main[b]) & (main[b] != 0) & named
        return found

    return one_way(pairs.left, pairs.right) | one_way(pairs.right, pairs.left)


def _full_title(columns: Columns, pairs: Pairs) -> LevelNumbers:
    likeness = each_distinct(columns.texts["full"], columns.texts["full"], pairs, _likeness_or_beginning)
    begins = likeness == _BEGINS
    graded_rest = graded(np.where(begins, 0.99, likeness), [1.0, 0.95, 0.85, 0.7, 0.5])
    return np.where(begins, 7, graded_rest).astype(np.int8)


def _likeness_or_beginning(left: str, right: str) -> float:
    short, long = sorted((left, right), key=len)
    return _BEGINS if long.startswith(f"{short} ") and " " in short else ratio(left, right)


def _title_numbers(columns: Columns, pairs: Pairs) -> LevelNumbers:
    tokens = columns.sets["numbers"]
    left, right = tokens.count(pairs.left), tokens.count(pairs.right)
    held = containment(tokens, pairs)
    beside = containment(columns.sets["all_numbers"], pairs)
    return choose(
        [
            (((left > 0) & (right > 0)) & (held < 0.999), 3),
            ((beside != UNKNOWN) & (beside < 0.999), 4),
            ((left == 0) & (right == 0), 0),
            ((left == 0) | (right == 0), 1),
            (left == right, 2),
        ],
        1,
    )


def _author(columns: Columns, pairs: Pairs) -> LevelNumbers:
    """0 none known, 1 one known, 2 named elsewhere in the other record, 3… as `NAME_LEVELS`."""
    names = columns.texts["author"]
    relation = each_distinct(names, names, pairs, lambda a, b: 1.0 + NAME_LEVELS.index(name_relation(a, b)))
    known_left, known_right = names.codes[pairs.left] != 0, names.codes[pairs.right] != 0
    unlike = (relation >= 1.0 + NAME_LEVELS.index("namesake")) | (known_left != known_right)
    elsewhere = np.zeros(len(pairs), np.bool_)
    asked = np.flatnonzero(unlike)
    chosen = pairs.take(asked)
    family, families = columns.sets["author_family"], columns.sets["families"]
    elsewhere[asked] = any_shared(family, families, chosen) | any_shared(families, family, chosen)
    one_person = any_shared(columns.sets["author_ids"], columns.sets["author_ids"], pairs)
    namesakes = relation == 1.0 + NAME_LEVELS.index("namesake")
    return choose(
        [
            (~known_left & ~known_right, 0),
            (one_person, 3),
            (elsewhere & ~namesakes, 2),
            (~known_left | ~known_right, 1),
            (_with_body(columns, pairs) & (relation > len(NAME_LEVELS) - 1.0), 3 + len(NAME_LEVELS)),
            *((relation == 1.0 + n, 3 + n) for n in range(len(NAME_LEVELS))),
        ],
        0,
    )


def _with_body(columns: Columns, pairs: Pairs) -> Flags:
    bodies = columns.numbers["author_is_body"]
    found: Flags = (bodies[pairs.left] | bodies[pairs.right]) != 0
    return found


def _names(column: str) -> Measure:
    def measure(columns: Columns, pairs: Pairs) -> LevelNumbers:
        names = columns.texts[column]
        agreeing = each_distinct(names, names, pairs, _some_agree)
        left, right = names.codes[pairs.left] != 0, names.codes[pairs.right] != 0
        return choose([(~left & ~right, 0), (left != right, 1), (agreeing > 0, 2)], 3)

    return measure


def _some_agree(left: str, right: str) -> float:
    """1 where somebody of one list of names can be somebody of the other."""
    agreeing = NAME_LEVELS[:4]
    return float(any(name_relation(a, b) in agreeing for a in left.split(";") for b in right.split(";")))


def _year(columns: Columns, pairs: Pairs) -> LevelNumbers:
    year = columns.numbers["year"]
    a, b = year[pairs.left], year[pairs.right]
    apart = np.abs(a - b)
    common = any_shared(columns.sets["years"], columns.sets["years"], pairs)
    years = columns.sets["years"]
    all_same = common & (containment(years, pairs) > 0.999) & (years.count(pairs.left) == years.count(pairs.right))
    steps = [1, 3, 9]
    return choose(
        [
            ((a == 0) | (b == 0), 0),
            (all_same, 1),
            (apart == 0, 2),
            (common, 3),
            *((apart <= s, n) for n, s in enumerate(steps, 4)),
        ],
        7,
    )


def _equal_text(column: str) -> Measure:
    def measure(columns: Columns, pairs: Pairs) -> LevelNumbers:
        codes = columns.texts[column].codes
        return _equal(codes[pairs.left], codes[pairs.right])

    return measure


def _equal_number(column: str) -> Measure:
    def measure(columns: Columns, pairs: Pairs) -> LevelNumbers:
        values = columns.numbers[column]
        return _equal(values[pairs.left], values[pairs.right])

    return measure


def _equal(a: Ints | Codes, b: Ints | Codes) -> LevelNumbers:
    """0 none known, 1 one known, 2 same, 3 different."""
    return choose([((a == 0) & (b == 0), 0), ((a == 0) | (b == 0), 1), (a == b, 2)], 3)


def _edition_text(columns: Columns, pairs: Pairs) -> LevelNumbers:
    texts = columns.texts["edition_text"]
    likeness = each_distinct(texts, texts, pairs, ratio)
    left, right = texts.codes[pairs.left] != 0, texts.codes[pairs.right] != 0
    return choose([(~left & ~right, 0), (left != right, 1), (likeness == 1.0, 2), (likeness >= 0.7, 3)], 4)


def _series_number(columns: Columns, pairs: Pairs) -> LevelNumbers:
    """0 nothing to compare, 1 the same number in a series both name, 2 different numbers in one."""
    same, other = np.zeros(len(pairs), np.bool_), np.zeros(len(pairs), np.bool_)
    left, right = columns.numbered[pairs.left], columns.numbered[pairs.right]
    for i in range(left.shape[1]):
        for j in range(right.shape[1]):
            both = (
                (left[:, i, 0] == right[:, j, 0]) & (left[:, i, 0] != 0) & (left[:, i, 1] != 0) & (right[:, j, 1] != 0)
            )
            same |= both & (left[:, i, 1] == right[:, j, 1])
            other |= both & (left[:, i, 1] != right[:, j, 1])
    return choose([(same, 1), (other, 2)], 0)


def _language(columns: Columns, pairs: Pairs) -> LevelNumbers:
    codes = columns.texts["languages"].codes
    a, b = codes[pairs.left], codes[pairs.right]
    common = any_shared(columns.sets["languages"], columns.sets["languages"], pairs)
    return choose([((a == 0) | (b == 0), 0), (a == b, 1), (common, 2)], 3)


def _isbn(columns: Columns, pairs: Pairs) -> LevelNumbers:
    own, related = columns.sets["own_isbns"], columns.sets["related_isbns"]
    both = (own.count(pairs.left) > 0) & (own.count(pairs.right) > 0)
    pointing = any_shared(own, related, pairs) | any_shared(related, own, pairs)
    return choose(
        [(any_shared(own, own, pairs), 1), (pointing, 2), (any_shared(related, related, pairs), 3), (both, 4)], 0
    )


def _translation(columns: Columns, pairs: Pairs) -> LevelNumbers:
    """1 where a number of one record is named by the other, or a third by both, and their languages differ.

    Then other words in the titles tell nothing.
    """
    levels = np.zeros(len(pairs), np.int8)
    apart = np.flatnonzero(_language(columns, pairs) == 3)
    chosen = pairs.take(apart)
    for own in ("own_isbns", "issns", "others"):
        related = f"related_{own.removeprefix('own_')}"
        levels[apart] |= any_linked(columns.sets[own], columns.sets[related], chosen)
    return levels


def _any(column: str) -> Measure:
    """0 not on both sides, 1 one in common, 2 named by the other or both naming one of their work, 3 different."""

    def measure(columns: Columns, pairs: Pairs) -> LevelNumbers:
        own, linked = columns.sets[column], any_linked(columns.sets[column], columns.sets[f"related_{column}"], pairs)
        both = (own.count(pairs.left) > 0) & (own.count(pairs.right) > 0)
        return choose([(any_shared(own, own, pairs), 1), (linked, 2), (both, 3)], 0)

    return measure


def _original(columns: Columns, pairs: Pairs) -> LevelNumbers:
    original, mains = columns.sets["original"], columns.sets["main_or_original"]
    hit = any_shared(original, mains, pairs) | any_shared(mains, original, pairs)
    left, right = original.count(pairs.left) > 0, original.count(pairs.right) > 0
    return choose([(hit, 1), (left & right, 3), (left | right, 2)], 0)


def _publisher(columns: Columns, pairs: Pairs) -> LevelNumbers:
    """As other overlaps; a publisher with nothing in common, in another place, is a level of its own."""
    levels = graded(containment(columns.sets["publisher"], pairs), [0.999, 0.7, 0.4, 0.1])
    places = columns.texts["place"].codes
    return np.where((levels == 5) & (places[pairs.left] != places[pairs.right]), 6, levels).astype(np.int8)


def _graded_set(column: str, measure: Callable[..., Floats], floors: Sequence[float]) -> Measure:
    return lambda columns, pairs: graded(measure(columns.sets[column], pairs), floors)


def _graded_number(column: str, floors: Sequence[float]) -> Measure:
    return lambda columns, pairs: graded(proportion(columns.numbers[column], pairs), floors)


def _shown(name: str) -> Callable[[Features], str | None]:
    return lambda features: features.shown.get(name)


def _listed(read: Callable[[Features], Sequence[object]]) -> Callable[[Features], str | None]:
    return lambda features: ", ".join(map(str, read(features))) or None


def _pointed(own: str) -> Callable[[Features], str | None]:
    """The numbers of a record, those of other publications of its work in brackets."""
    related = f"related_{own.removeprefix('own_')}"
    return _listed(lambda f: (*getattr(f.ids, own), *(f"({i})" for i in getattr(f.ids, related))))


_EQUAL = ("unknown", "one_sided", "same", "different")
_LIKE = ("unknown", "same", "near", "alike", "loose", "weak", "different", "begins")
_OVERLAP = ("unknown", "all", "most", "some", "few", "none")
_SIZE = ("unknown", "same", "close", "near", "similar", "unlike", "different")

COMPARISONS: dict[str, Comparison] = {
    "title": Comparison(
        ("unknown", "same", "swapped", "other_form", "near", "close", "alike", "loose", "weak", "different"),
        _title,
        _shown("title"),
    ),
    "full_title": Comparison(_LIKE, _full_title, lambda f: f.title.full or None),
    "title_words": Comparison(_OVERLAP, _graded_set("words", containment, [0.999, 0.85, 0.65, 0.4]), _shown("title")),
    "own_words": Comparison(OWN_WORDS, own_words, _shown("title")),
    "title_numbers": Comparison((*_EQUAL, "differ_beside"), _title_numbers, _listed(lambda f: f.title.numbers)),
    "original_title": Comparison(("unknown", "linked", "one_sided", "differ"), _original, _shown("original")),
    "author": Comparison(("unknown", "one_sided", "elsewhere", *NAME_LEVELS, "other_body"), _author, _shown("author")),
    "contributors": Comparison(
        _OVERLAP, _graded_set("contributors", overlap, [0.999, 0.6, 0.3, 0.01]), _shown("contributors")
    ),
    "responsibility": Comparison(
        _OVERLAP, _graded_set("responsibility", containment, [0.95, 0.7, 0.4, 0.1]), _shown("responsibility")
    ),
    "narrator": Comparison(_EQUAL, _names("narrators"), _shown("narrator")),
    "translator": Comparison(_EQUAL, _names("translators"), _listed(lambda f: f.people.translators)),
    "language": Comparison(("unknown", "same", "subset", "different"), _language, _listed(lambda f: f.form.languages)),
    "translation": Comparison(("unknown", "told"), _translation, _listed(lambda f: f.form.languages)),
    "medium": Comparison(_EQUAL, _equal_text("medium"), lambda f: f.form.medium),
    "volume": Comparison(_EQUAL, _equal_text("volume"), lambda f: f.numbering.volume or None),
    "series": Comparison(_OVERLAP, _graded_set("series", containment, [0.999, 0.7, 0.5, 0.2]), _shown("series")),
    "series_number": Comparison(("unknown", "same", "different"), _series_number, _shown("series")),
    "year": Comparison(
        ("unknown", "same", "first", "shared", "next", "near", "apart", "far"),
        _year,
        _listed(lambda f: f.imprint.years),
    ),
    "publisher": Comparison((*_OVERLAP, "none_elsewhere"), _publisher, _shown("publisher")),
    "place": Comparison(_EQUAL, _equal_text("place"), _shown("place")),
    "edition": Comparison(_EQUAL, _equal_number("edition"), lambda f: str(f.numbering.edition or "") or None),
    "edition_text": Comparison(
        ("unknown", "one_sided", "same", "alike", "different"), _edition_text, _shown("edition")
    ),
    "pages": Comparison(
        _SIZE, _graded_number("pages", [1.0, 0.99, 0.97, 0.9, 0.7]), lambda f: str(f.imprint.pages or "") or None
    ),
    "volumes": Comparison(_EQUAL, _equal_number("volumes"), lambda f: str(f.imprint.volumes or "") or None),
    "duration": Comparison(
        _SIZE, _graded_number("minutes", [1.0, 0.99, 0.97, 0.9, 0.7]), lambda f: str(f.imprint.minutes or "") or None
    ),
    "isbn": Comparison(
        ("unknown", "own", "pointing", "related", "different"),
        _isbn,
        _pointed("own_isbns"),
    ),
    "other_id": Comparison(("unknown", "shared", "linked", "different"), _any("others"), _pointed("others")),
    "issn": Comparison(("unknown", "shared", "linked", "different"), _any("issns"), _pointed("issns")),
}
