"""Words of a title that the other record lacks: what most often tells two books of one author apart."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import JaroWinkler

from matching.columns import Columns
from matching.similarity import Pairs
from matching.words import words

_TWIN = 0.88  # Jaro-Winkler from which two words are one word written twice

OWN_WORDS = ("unknown", "none", "one_side", "both", "both_beside")


def own_words(columns: Columns, pairs: Pairs) -> npt.NDArray[np.int8]:
    """Level in `OWN_WORDS`: which main titles have a word of substance without a twin in the other's titles.

    ``both_beside``: not the main titles, but these with their subtitles have. Each distinct combination of titles is
    compared once.
    """
    main, full = columns.texts["main"], columns.texts["full"]
    left, right = main.codes[pairs.left], main.codes[pairs.right]
    levels = np.where((left == 0) | (right == 0), 0, 1).astype(np.int8)
    full_left, full_right = full.codes[pairs.left], full.codes[pairs.right]
    unequal = np.flatnonzero((levels > 0) & ((left != right) | (full_left != full_right)))
    size, values = len(full.values), full.values
    one = left[unequal].astype(np.int64) * size + full_left[unequal]
    other = right[unequal].astype(np.int64) * size + full_right[unequal]
    titles, numbers = np.unique(np.concatenate([one, other]), return_inverse=True)
    one, other = numbers[: len(one)], numbers[len(one) :]  # which side a title stands on makes no difference
    distinct, where = np.unique(np.minimum(one, other) * len(titles) + np.maximum(one, other), return_inverse=True)
    read = [(values[title // size], values[title % size]) for title in titles.tolist()]
    told = [_level(*read[pair // len(read)], *read[pair % len(read)]) for pair in distinct.tolist()]
    levels[unequal] = np.asarray(told, np.int8)[where]
    return levels


def _level(main_left: str, full_left: str, main_right: str, full_right: str) -> int:
    (all_left, of_left), (all_right, of_right) = _read(full_left), _read(full_right)
    left, right = _read(main_left)[1] - all_right, _read(main_right)[1] - all_left
    level = 1 + _has_untwinned(left, right) + _has_untwinned(right, left)
    if level < OWN_WORDS.index("both") and (main_left, main_right) != (full_left, full_right):
        left, right = of_left - all_right, of_right - all_left
        beside = _has_untwinned(left, right) and _has_untwinned(right, left)
        return OWN_WORDS.index("both_beside") if beside else level
    return level


@lru_cache(maxsize=20_000)
def _read(title: str) -> tuple[frozenset[str], frozenset[str]]:
    """The words of a title, and those of substance among them."""
    found = frozenset(title.split())
    return found, found - words().light


def _has_untwinned(these: frozenset[str], those: frozenset[str]) -> bool:
    return any(not _has_twin(this, those) for this in these) if those else bool(these)


def _has_twin(word: str, others: frozenset[str]) -> bool:
    for other in others:  # noqa: SIM110 - asked millions of times: any() with a generator takes twice as long
        if JaroWinkler.similarity(word, other) >= _TWIN:
            return True
    return False
