"""What is left to ask after clustering: one question for two clusters, not for every pair between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from catalogue.evidence import ClusterLevel
from matching.asks import INSISTED
from matching.columns import Columns, Flags, Floats, Ints
from matching.constraints import Bindings
from matching.joining import standing_vetoes
from matching.scoring import ASKS, LevelScores, Scored, judged, mask_of, named
from matching.similarity import Pairs

_HEARD = 40
"""Records of a cluster that are looked at for vetoes before it is asked about."""


class Ask(NamedTuple):
    """Two clusters that stay apart until a person answers, by their pair that speaks most for joining them.

    `reasons` are names of asks, ``score`` for a score between the thresholds, ``cluster`` where the pair would
    join but its clusters do not.
    """

    level: ClusterLevel
    left: int
    right: int
    score: float
    reasons: tuple[str, ...]


def open_asks(
    columns: Columns, scored: Scored, clusters: Mapping[ClusterLevel, Ints], bound: Mapping[ClusterLevel, Bindings]
) -> list[Ask]:
    """The questions of both levels, sorted by records. Two works are not asked about where their editions are, and
    nothing is asked that a standing veto between any two records of the two answers.
    """
    works = clusters["work"]
    editions = _asks_of(columns, scored, "edition", (clusters["edition"], bound["edition"]))
    asked = {_pair(works, ask) for ask in editions}
    of_works = _asks_of(columns, scored, "work", (works, bound["work"]))
    return editions + [ask for ask in of_works if _pair(works, ask) not in asked]


def askable(scored: Scored) -> Flags:
    """Which pairs may be asked about, at either level, where their two do not come to stand together."""
    edition, work = (_doubtful(part, level) & (part.vetoes == 0) for level, part in scored.levels.items())
    found: Flags = edition | work
    return found


def is_telling(scored: Scored) -> Flags:
    """Which pairs anything can depend on, whoever else is there: those that link, and those that may be asked about.
    Where the two of any other stand in one component, they are judged there.
    """
    found: Flags = scored.levels["edition"].links | scored.levels["work"].links | askable(scored)
    return found


def _doubtful(part: LevelScores, level: ClusterLevel) -> Flags:
    """Which pairs score too much to be dropped unasked, or are asked about whatever they score."""
    insisted = (part.asks & mask_of(INSISTED, ASKS[level])) != 0
    found: Flags = (part.score >= part.reject) | insisted
    return found


def _asks_of(columns: Columns, scored: Scored, level: ClusterLevel, known: tuple[Ints, Bindings]) -> list[Ask]:
    clusters, bound = known
    part, pairs = scored.levels[level], scored.pairs
    size = int(clusters.max(initial=0)) + 2  # numbers of clusters around a part run above those of its records
    codes = _cluster_codes(pairs, clusters, size)
    stands = standing_vetoes(part.vetoes, pairs, _each(clusters), bound) == 0
    wanted = (clusters[pairs.left] != clusters[pairs.right]) & _doubtful(part, level) & stands
    chosen = _best_of_each(codes, part.score, wanted & ~np.isin(codes, _cluster_codes(bound.cannot, clusters, size)))
    between = _between(clusters, pairs.take(chosen))
    masks, _ = judged(columns, between, level)
    vetoed = standing_vetoes(masks, between, _each(clusters), bound) != 0
    answered = np.isin(codes[chosen], _cluster_codes(between.take(vetoed), clusters, size))
    return [_ask(level, pairs, part, number) for number in chosen[~answered].tolist()]


def _each(clusters: Ints) -> Ints:
    """Every record as a node of its own."""
    return np.arange(len(clusters), dtype=np.int64)


def _between(clusters: Ints, pairs: Pairs) -> Pairs:
    """All pairs of records between the two clusters of each pair; of a large cluster the first `_HEARD` records."""
    order = np.argsort(clusters, kind="stable")
    numbers = clusters[order]
    lefts, rights = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    sides = [clusters[pairs.left], clusters[pairs.right]]
    starts, ends = ([np.searchsorted(numbers, side, where) for side in sides] for where in ("left", "right"))
    for one, other, one_end, other_end in zip(*starts, *ends, strict=True):
        left, right = order[one : min(one_end, one + _HEARD)], order[other : min(other_end, other + _HEARD)]
        lefts.append(np.repeat(left, len(right)))
        rights.append(np.tile(right, len(left)))
    left, right = np.concatenate(lefts), np.concatenate(rights)
    return Pairs(np.minimum(left, right), np.maximum(left, right))


def _cluster_codes(pairs: Pairs, clusters: Ints, size: int) -> Ints:
    left, right = clusters[pairs.left], clusters[pairs.right]
    return np.minimum(left, right) * size + np.maximum(left, right)


def _best_of_each(codes: Ints, scores: Floats, wanted: Flags) -> Ints:
    """The numbers of the best-scored wanted pair of each two clusters, ascending; ties to the first."""
    numbers = np.flatnonzero(wanted)
    order = numbers[np.lexsort((numbers, -scores[numbers], codes[numbers]))]
    first = np.append(True, np.diff(codes[order]) != 0)[: len(order)]
    return np.sort(order[first])


def _ask(level: ClusterLevel, pairs: Pairs, part: LevelScores, number: int) -> Ask:
    score = float(part.score[number])
    reasons = named(int(part.asks[number]), ASKS[level])
    if not reasons:
        reasons = ("score",) if score < part.accepts[part.limits[number]] else ("cluster",)
    return Ask(level, int(pairs.left[number]), int(pairs.right[number]), round(score, 3), reasons)


def _pair(works: Ints, ask: Ask) -> tuple[int, int]:
    low, high = sorted((int(works[ask.left]), int(works[ask.right])))
    return low, high
