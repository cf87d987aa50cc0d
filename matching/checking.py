"""The check behind every resolve in tests and benchmarks: no cluster holds what a veto forbids."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from catalogue.evidence import ClusterLevel, Constraint
from matching.columns import build_columns
from matching.facts import SetFacts
from matching.features import Features
from matching.resolution import Resolution
from matching.scoring import VETOES, judged, named
from matching.similarity import Pairs


class Violation(NamedTuple):
    """A vetoed pair inside a cluster, by record numbers."""

    level: ClusterLevel
    left: int
    right: int
    vetoes: tuple[str, ...]


def vetoed_inside(
    features: Sequence[Features], found: Resolution, constraints: Sequence[Constraint] = ()
) -> list[Violation]:
    """Every pair inside an edition, or inside a work between its editions, with a veto that no must-link lifts.

    Issues of magazines are left out: they never enter scoring.
    """
    columns = build_columns(features, found.facts)
    edition_of = {number: place for place, edition in enumerate(found.editions) for number in edition}
    lifted = _lifted(constraints, features, edition_of)
    violations: list[Violation] = []
    levels: list[tuple[ClusterLevel, list[tuple[int, ...]]]] = [("edition", found.editions), ("work", found.works)]
    for level, clusters in levels:
        pairs = _pairs_inside(clusters, features, edition_of if level == "work" else {})
        masks, _ = judged(columns, pairs, level)
        for at in np.flatnonzero(masks).tolist():
            left, right = int(pairs.left[at]), int(pairs.right[at])
            low, high = sorted((edition_of[left], edition_of[right]) if level == "work" else (left, right))
            names = set(named(int(masks[at]), VETOES[level])) - lifted.get((level, low, high), set())
            violations += [Violation(level, left, right, tuple(sorted(names)))] if names else []
    return violations


def _pairs_inside(clusters: Sequence[tuple[int, ...]], features: Sequence[Features], same: dict[int, int]) -> Pairs:
    """Pairs of scored records in one cluster; those that `same` maps to one value are left out."""
    found = [
        (min(pair), max(pair))
        for cluster in clusters
        for pair in combinations([n for n in cluster if features[n].form.level != "issue"], 2)
        if not same or same[pair[0]] != same[pair[1]]
    ]
    table = np.array(sorted(found), np.int64).reshape(-1, 2)
    return Pairs(table[:, 0], table[:, 1])


def _lifted(
    constraints: Sequence[Constraint], features: Sequence[Features], edition_of: dict[int, int]
) -> dict[tuple[str, int, int], set[str]]:
    number = {record.key: n for n, record in enumerate(features)}
    lifted: dict[tuple[str, int, int], set[str]] = {}
    for each in constraints:
        if each.kind == "must" and each.left in number and each.right in number:
            ends = [number[each.left], number[each.right]]
            low, high = sorted(edition_of[n] if each.level == "work" else n for n in ends)
            lifted.setdefault((each.level, low, high), set()).update(each.lifts)
    return lifted


def vetoes_across(
    left: Sequence[Features], right: Sequence[Features], level: ClusterLevel, facts: SetFacts
) -> tuple[str, ...]:
    """The names of the vetoes between any record of one side and any of the other, in the order of the registry."""
    columns = build_columns([*left, *right], facts)
    ends = np.array([(a, len(left) + b) for a in range(len(left)) for b in range(len(right))], np.int64).reshape(-1, 2)
    masks, _ = judged(columns, Pairs(ends[:, 0], ends[:, 1]), level)
    return named(int(np.bitwise_or.reduce(masks)) if len(masks) else 0, VETOES[level])
