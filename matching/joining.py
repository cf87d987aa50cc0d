"""Records into editions, editions into works: scores, vetoes, guards and people's words as clustering wants them."""

from __future__ import annotations

import numpy as np

from catalogue.evidence import ClusterLevel
from matching.clustering import FORBIDDEN, SILENT, Edges, Terms, cluster
from matching.columns import Codes, Columns, Flags, Floats, Ints
from matching.constraints import Bindings
from matching.model import MatchModel
from matching.scoring import Scored, score
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


def standing_vetoes(masks: Codes, pairs: Pairs, nodes: Ints, bound: Bindings) -> Codes:
    """Veto masks without what must-links lift. A must-link lifts for its own pair of nodes and no other."""
    size = len(nodes) + 1
    lifted = _codes(bound.must, nodes, size)
    order = np.argsort(lifted, kind="stable")
    if not len(order):
        return masks
    asked = _codes(pairs, nodes, size)
    place = np.minimum(np.searchsorted(lifted[order], asked), len(order) - 1)
    covered = lifted[order][place] == asked
    return masks & ~np.where(covered, bound.lifts[order][place], 0).astype(np.int32)


def _codes(pairs: Pairs, nodes: Ints, size: int) -> Ints:
    left, right = nodes[pairs.left], nodes[pairs.right]
    return np.minimum(left, right) * size + np.maximum(left, right)


def _cluster(columns: Columns, scored: Scored, bound: Bindings, target: tuple[Ints, ClusterLevel, MatchModel]) -> Ints:
    nodes, level, model = target
    part = scored.levels[level]
    missing = model.missing - model.level(level).accept

    def judge(pairs: Pairs) -> Floats:
        """Margins of pairs that were no candidates, heard as candidates are: where two stand in one component, it makes
        no difference whether a block proposed them. Those that neither link nor may be asked about need not be kept.
        """
        late = score(columns, pairs, model).levels[level]
        margin = np.where(late.asks == 0, late.score - late.accept, np.minimum(late.score - late.accept, missing))
        heard = np.where(late.silent, SILENT, margin)
        return np.where(_forbidden(columns, pairs, late.vetoes, (nodes, level, bound)), FORBIDDEN, heard)

    forbidden = _forbidden(columns, scored.pairs, part.vetoes, (nodes, level, bound))
    heard = np.where(part.silent, SILENT, part.score - part.accept)
    edges = Edges(scored.pairs, np.where(forbidden, FORBIDDEN, heard), (part.asks == 0) & ~forbidden & ~part.silent)
    return cluster(nodes, edges, Terms(bound, judge, missing, model.largest_component))


def _forbidden(columns: Columns, pairs: Pairs, masks: Codes, target: tuple[Ints, ClusterLevel, Bindings]) -> Flags:
    """Where a veto stands, or a guard."""
    nodes, level, bound = target
    found: Flags = standing_vetoes(masks, pairs, nodes, bound) != 0
    return found | _guarded(columns, pairs, bound) if level == "edition" else found


def _guarded(columns: Columns, pairs: Pairs, bound: Bindings) -> Flags:
    """The guard of an edition beyond the vetoes: one set of languages, unless a person put the two together."""
    languages = columns.texts["languages"].codes
    left, right = languages[pairs.left], languages[pairs.right]
    size = len(columns) + 1
    together = np.isin(pairs.left * size + pairs.right, bound.must.left * size + bound.must.right)
    found: Flags = (left != 0) & (right != 0) & (left != right) & ~together
    return found
