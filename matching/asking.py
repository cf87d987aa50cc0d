"""What is left to ask after clustering: one question for two clusters, not for every pair between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from catalogue.evidence import ClusterLevel
from matching.asks import INSISTED
from matching.columns import Flags, Floats, Ints
from matching.constraints import Bindings
from matching.joining import standing_vetoes
from matching.scoring import ASKS, LevelScores, Scored, mask_of, named
from matching.similarity import Pairs


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
    scored: Scored, clusters: Mapping[ClusterLevel, Ints], bound: Mapping[ClusterLevel, Bindings]
) -> list[Ask]:
    """The questions of both levels, sorted by records. Two works are not asked about where their editions are."""
    works = clusters["work"]
    editions = _asks_of(scored, "edition", clusters["edition"], bound["edition"])
    asked = {_pair(works, ask) for ask in editions}
    of_works = _asks_of(scored, "work", works, bound["work"])
    return editions + [ask for ask in of_works if _pair(works, ask) not in asked]


def askable(scored: Scored) -> Flags:
    """Which pairs may be asked about, at either level, where their two do not come to stand together."""
    edition, work = (_doubtful(part, level) & (part.vetoes == 0) for level, part in scored.levels.items())
    found: Flags = edition | work
    return found


def _doubtful(part: LevelScores, level: ClusterLevel) -> Flags:
    """Which pairs score too much to be dropped unasked, or are asked about whatever they score."""
    insisted = (part.asks & mask_of(INSISTED, ASKS[level])) != 0
    found: Flags = (part.score >= part.reject) | insisted
    return found


def _asks_of(scored: Scored, level: ClusterLevel, clusters: Ints, bound: Bindings) -> list[Ask]:
    part, pairs = scored.levels[level], scored.pairs
    size = int(clusters.max(initial=0)) + 2  # numbers of clusters around a part run above those of its records
    apart = clusters[pairs.left] != clusters[pairs.right]
    codes = _cluster_codes(pairs, clusters, size)
    nodes = np.arange(len(clusters), dtype=np.int64)
    vetoed = apart & (standing_vetoes(part.vetoes, pairs, nodes, bound) != 0)
    answered = np.concatenate([codes[vetoed], _cluster_codes(bound.cannot, clusters, size)])
    wanted = apart & _doubtful(part, level) & ~np.isin(codes, answered)
    chosen = _best_of_each(codes, part.score, wanted)
    return [_ask(level, pairs, part, number) for number in chosen]


def _cluster_codes(pairs: Pairs, clusters: Ints, size: int) -> Ints:
    left, right = clusters[pairs.left], clusters[pairs.right]
    return np.minimum(left, right) * size + np.maximum(left, right)


def _best_of_each(codes: Ints, scores: Floats, wanted: Flags) -> list[int]:
    """The numbers of the best-scored wanted pair of each two clusters, ascending; ties to the first."""
    numbers = np.flatnonzero(wanted)
    order = numbers[np.lexsort((numbers, -scores[numbers], codes[numbers]))]
    first = np.append(True, np.diff(codes[order]) != 0)[: len(order)]
    return sorted(order[first].tolist())


def _ask(level: ClusterLevel, pairs: Pairs, part: LevelScores, number: int) -> Ask:
    score = float(part.score[number])
    reasons = named(int(part.asks[number]), ASKS[level])
    if not reasons:
        reasons = ("score",) if score < part.accepts[part.limits[number]] else ("cluster",)
    return Ask(level, int(pairs.left[number]), int(pairs.right[number]), round(score, 3), reasons)


def _pair(works: Ints, ask: Ask) -> tuple[int, int]:
    low, high = sorted((int(works[ask.left]), int(works[ask.right])))
    return low, high
