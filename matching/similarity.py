"""Measures over many pairs at once: each distinct unequal pair of texts is compared a single time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz

from matching.columns import Codes, Flags, Floats, Ints, Texts, TokenSets
from matching.fields import distinct

UNKNOWN = -1.0

_DIGITS = 9
"""Sums of weights are rounded: in which order they are added depends on the set the records came in."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of record numbers, left < right, sorted, each once."""

    left: Ints
    right: Ints

    def __len__(self) -> int:
        return len(self.left)

    def take(self, chosen: Flags | Ints | slice) -> Pairs:
        return Pairs(self.left[chosen], self.right[chosen])


def united(parts: Sequence[Pairs], size: int) -> Pairs:
    """All pairs of several lists, each once, sorted. `size` is the number of records."""
    codes = distinct(np.concatenate([part.left * size + part.right for part in parts]))
    return Pairs(codes // max(1, size), codes % max(1, size))


def each_distinct(left: Texts, right: Texts, pairs: Pairs, measure: Callable[[str, str], float]) -> Floats:
    """A symmetric measure of two texts for every pair: `UNKNOWN` where either is empty, 1 where they are equal.

    Both columns share one list of values.
    """
    a, b = left.codes[pairs.left], right.codes[pairs.right]
    known = (a != 0) & (b != 0)
    result = np.full(len(pairs), UNKNOWN)
    result[known & (a == b)] = 1.0
    unequal = np.flatnonzero(known & (a != b))
    if len(unequal):
        values = left.values
        size = len(values)
        low, high = np.minimum(a[unequal], b[unequal]).astype(np.int64), np.maximum(a[unequal], b[unequal])
        texts, where = np.unique(low * size + high, return_inverse=True)
        firsts, seconds = (texts // size).tolist(), (texts % size).tolist()
        measured = [measure(values[x], values[y]) for x, y in zip(firsts, seconds, strict=True)]
        result[unequal] = np.asarray(measured, np.float64)[where]
    return result


def ratio(left: str, right: str) -> float:
    """Likeness of two texts, 0 to below 1: unequal texts are never 1."""
    return min(fuzz.ratio(left, right) / 100, 0.9989)


def shared(left: TokenSets, right: TokenSets, pairs: Pairs) -> Floats:
    """Weight of the tokens both rows of each pair hold. Only rows that differ are multiplied."""
    if left is not right:
        return _products(left, right, left.codes[pairs.left], right.codes[pairs.right])
    a, b = left.codes[pairs.left], left.codes[pairs.right]
    result = left.weight(pairs.left)
    unequal = np.flatnonzero(a != b)
    result[unequal] = _products(left, left, a[unequal], b[unequal])
    return result


def _products(left: TokenSets, right: TokenSets, a: Codes, b: Codes) -> Floats:
    """The products of rows a of one and rows b of the other."""
    one, other = left.rows, right.rows
    if not len(a):
        return np.zeros(0)
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        width = min(one.shape[1], other.shape[1])
        common = np.asarray(one[:, :width] @ other[:, :width].T, np.float64)
        return np.round(common[a, b], _DIGITS)
    product = one[a].multiply(other[b])
    return np.round(np.asarray(product.sum(axis=1), np.float64).ravel(), _DIGITS)


def any_shared(left: TokenSets, right: TokenSets, pairs: Pairs) -> Flags:
    """Whether the rows of each pair have a token in common. Only pairs where both have tokens are multiplied."""
    result = np.zeros(len(pairs), np.bool_)
    both = np.flatnonzero((left.count(pairs.left) > 0) & (right.count(pairs.right) > 0))
    result[both] = shared(left, right, pairs.take(both)) > 0
    return result


def any_linked(own: TokenSets, related: TokenSets, pairs: Pairs) -> Flags:
    """Whether either side is named by the other, or both name a third."""
    left_names, right_names = any_shared(related, own, pairs), any_shared(own, related, pairs)
    found: Flags = left_names | right_names | any_shared(related, related, pairs)
    return found


def containment(tokens: TokenSets, pairs: Pairs) -> Floats:
    """Weight of the shared tokens against the lighter row: 1 where one holds the other; `UNKNOWN`: one is empty."""
    left, right = tokens.weight(pairs.left), tokens.weight(pairs.right)
    result = np.full(len(pairs), UNKNOWN)
    both = np.flatnonzero((left > 0) & (right > 0))
    result[both] = shared(tokens, tokens, pairs.take(both)) / np.minimum(left, right)[both]
    return result


def overlap(tokens: TokenSets, pairs: Pairs) -> Floats:
    """Jaccard overlap by weight; `UNKNOWN` where either row is empty."""
    left, right = tokens.weight(pairs.left), tokens.weight(pairs.right)
    result = np.full(len(pairs), UNKNOWN)
    both = np.flatnonzero((left > 0) & (right > 0))
    common = shared(tokens, tokens, pairs.take(both))
    result[both] = common / (left[both] + right[both] - common)
    return result


def proportion(values: Ints | Codes, pairs: Pairs) -> Floats:
    """The smaller number over the larger; `UNKNOWN` where either is 0."""
    a, b = values[pairs.left], values[pairs.right]
    result = np.full(len(pairs), UNKNOWN)
    both = (a > 0) & (b > 0)
    result[both] = np.minimum(a, b)[both] / np.maximum(a, b)[both]
    return result
