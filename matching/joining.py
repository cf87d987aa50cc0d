"""Records into editions, editions into works: scores, vetoes, guards and people's words as clustering wants them."""

from __future__ import annotations

import numpy as np

from catalogue.evidence import ClusterLevel
from matching.clustering import FORBIDDEN, Edges, Terms, cluster
from matching.columns import Columns, Flags, Floats, Ints
from matching.constraints import Bindings
from matching.model import MatchModel
from matching.scoring import LevelScores, Scored, veto_masks
from matching.similarity import Pairs


def cluster_records(columns: Columns, scored: Scored, bound: Bindings, model: MatchModel) -> Ints:
    """The edition number of every record."""
    nodes = np.arange(len(columns), dtype=np.int64)
    return _cluster(columns, scored, bound, (nodes, "edition", model))


def cluster_editions(columns: Columns, scored: Scored, bound: Bindings, grouped: tuple[Ints, MatchModel]) -> Ints:
    """The work number of every record; `grouped` are the edition numbers of the records, and the model."""
    editions, model = grouped
    _, nodes = first_seen(editions)
    return _cluster(columns, scored, bound, (nodes, "work", model))[nodes]


def first_seen(labels: Ints) -> tuple[Ints, Ints]:
    """Labels renumbered 0, 1, 2 … by their first record: the places of first records, and the new labels."""
    _, firsts, inverse = np.unique(labels, return_index=True, return_inverse=True)
    order = np.argsort(firsts)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return firsts[order], rank[inverse].astype(np.int64)


def standing_vetoes(masks: Ints, pairs: Pairs, nodes: Ints, bound: Bindings) -> Ints:
    """Veto masks without what must-links lift. A must-link lifts for its own pair of nodes and no other."""
    size = len(nodes) + 1
    lifted = _codes(bound.must, nodes, size)
    order = np.argsort(lifted, kind="stable")
    if not len(order):
        return masks
    asked = _codes(pairs, nodes, size)
    place = np.minimum(np.searchsorted(lifted[order], asked), len(order) - 1)
    covered = lifted[order][place] == asked
    return masks & ~np.where(covered, bound.lifts[order][place], 0)


def _codes(pairs: Pairs, nodes: Ints, size: int) -> Ints:
    left, right = nodes[pairs.left], nodes[pairs.right]
    return np.minimum(left, right) * size + np.maximum(left, right)


def _cluster(columns: Columns, scored: Scored, bound: Bindings, target: tuple[Ints, ClusterLevel, MatchModel]) -> Ints:
    nodes, level, model = target
    part = scored.levels[level]
    missing = model.missing - model.level(level).accept

    def forbids(pairs: Pairs) -> Flags:
        vetoed = standing_vetoes(veto_masks(columns, pairs, level), pairs, nodes, bound) != 0
        found: Flags = vetoed | _guarded(columns, pairs, level, bound)
        return found

    vetoed = standing_vetoes(part.vetoes, scored.pairs, nodes, bound) != 0
    vetoed |= _guarded(columns, scored.pairs, level, bound)
    edges = Edges(scored.pairs, _margins(part, vetoed, missing), (part.asks == 0) & ~vetoed)
    return cluster(nodes, edges, Terms(bound, forbids, missing, model.largest_component))


def _margins(part: LevelScores, vetoed: Flags, missing: float) -> Floats:
    """Scores above the threshold. What is to be asked speaks for joining no more than a pair never looked at."""
    margin = part.score - part.accept
    margin = np.where(part.asks != 0, np.minimum(margin, missing), margin)
    return np.where(vetoed, FORBIDDEN, margin)


def _guarded(columns: Columns, pairs: Pairs, level: ClusterLevel, bound: Bindings) -> Flags:
    """Guards of an edition beyond the vetoes: one set of languages, unless a person put the two together."""
    if level == "work":
        return np.zeros(len(pairs), np.bool_)
    languages = columns.texts["languages"].codes
    left, right = languages[pairs.left], languages[pairs.right]
    size = len(columns) + 1
    together = np.isin(pairs.left * size + pairs.right, bound.must.left * size + bound.must.right)
    found: Flags = (left != 0) & (right != 0) & (left != right) & ~together
    return found
