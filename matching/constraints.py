"""People's words as clustering reads them: pairs of record numbers that must or cannot be together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from catalogue.evidence import ClusterLevel, Constraint
from matching.columns import Ints
from matching.scoring import VETOES, mask_of
from matching.similarity import Pairs


@dataclass(frozen=True, slots=True)
class Bindings:
    """One level's constraints, sorted by pair. `lifts` are bit masks of vetoes that a must-link overrules."""

    must: Pairs
    lifts: Ints
    cannot: Pairs


def bindings(constraints: Sequence[Constraint], level: ClusterLevel, numbers: Mapping[str, int]) -> Bindings:
    """The constraints of a level between known records; those that name an unknown record bind nothing."""
    must: dict[tuple[int, int], int] = {}
    cannot: set[tuple[int, int]] = set()
    for each in constraints:
        if each.level != level or each.left not in numbers or each.right not in numbers or each.left == each.right:
            continue
        pair = tuple(sorted((numbers[each.left], numbers[each.right])))
        if each.kind == "cannot":
            cannot.add((pair[0], pair[1]))
        else:
            must[pair[0], pair[1]] = must.get((pair[0], pair[1]), 0) | mask_of(each.lifts, VETOES[level])
    return Bindings(
        must=_pairs(sorted(must)),
        lifts=np.array([must[pair] for pair in sorted(must)], np.int64),
        cannot=_pairs(sorted(cannot)),
    )


def _pairs(pairs: Sequence[tuple[int, int]]) -> Pairs:
    table = np.array(pairs, np.int64).reshape(-1, 2)
    return Pairs(table[:, 0], table[:, 1])
