"""Words of a title that the other record lacks: what most often tells two books of one author apart."""

from __future__ import annotations

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
    sides = [left, full_left, right, full_right]
    distinct, where = np.unique(np.stack([side[unequal] for side in sides]), axis=1, return_inverse=True)
    told = [_level(*(full.values[code] for code in codes)) for codes in distinct.T.tolist()]
    levels[unequal] = np.asarray(told, np.int8)[where]
    return levels


def _level(main_left: str, full_left: str, main_right: str, full_right: str) -> int:
    all_left, all_right = set(full_left.split()), set(full_right.split())
    left, right = set(main_left.split()) - all_right - words().light, set(main_right.split()) - all_left - words().light
    level = 1 + _has_untwinned(left, right) + _has_untwinned(right, left)
    if level < OWN_WORDS.index("both"):
        left, right = all_left - all_right - words().light, all_right - all_left - words().light
        beside = _has_untwinned(left, right) and _has_untwinned(right, left)
        return OWN_WORDS.index("both_beside") if beside else level
    return level


def _has_untwinned(these: set[str], those: set[str]) -> bool:
    return any(all(JaroWinkler.similarity(this, that) < _TWIN for that in those) for this in these)
