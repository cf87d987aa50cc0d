"""Guarded clustering: average link that never joins what a veto, a guard or a person keeps apart.

Nodes are records (edition level) or whole editions (work level). Ties fall by node number, and nodes are numbered
in the order of record keys: the same set gives the same clusters in whatever order it came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from matching.columns import FEW, Flags, Floats, Ints
from matching.constraints import Bindings
from matching.fields import distinct
from matching.similarity import Pairs

FORBIDDEN = -1e12
MUST = 1e6
SILENT = np.nan
_ROUNDS = 40  # in which the threshold of a component that is too large is raised by one bit


@dataclass(frozen=True, slots=True)
class Edges:
    """Pairs with their margin: the score above the threshold, FORBIDDEN where a veto stands, SILENT where the pair
    can tell nothing. `links` says which pairs may link on their own (no ask stands against them).
    """

    pairs: Pairs
    margin: Floats
    links: Flags


@dataclass(frozen=True, slots=True)
class Terms:
    """What clustering is to obey. `judge` gives the margins of pairs of records that were never candidates."""

    bindings: Bindings
    judge: Callable[[Pairs], Floats]
    missing: float  # margin between groups whose pairs are all silent
    largest: int  # nodes of a component; a larger one raises its own threshold


def cluster(nodes: Ints, edges: Edges, terms: Terms) -> Ints:
    """The cluster number of every node. `nodes` gives each record's node; its numbers are 0, 1, 2 … without gaps."""
    between = nodes[edges.pairs.left] != nodes[edges.pairs.right]
    edges = Edges(edges.pairs.take(between), edges.margin[between], edges.links[between])
    components, threshold = _components(nodes, edges, terms)
    labels = components.copy()
    following = int(labels.max()) + 1 if len(labels) else 0
    for members, margins in _doubtful(nodes, edges, terms, components):
        for group in _agglomerate(margins, terms.missing, float(threshold[members[0]]))[1:]:
            labels[members[group]] = following
            following += 1
    return labels


def _components(nodes: Ints, edges: Edges, terms: Terms) -> tuple[Ints, Floats]:
    """Connected components of the links; a component that is too large raises its own threshold step by step."""
    count = int(nodes.max()) + 1 if len(nodes) else 0
    threshold, components = np.zeros(count), np.arange(count, dtype=np.int64)
    left, right = nodes[edges.pairs.left], nodes[edges.pairs.right]
    must = terms.bindings.must
    for _ in range(_ROUNDS if count else 0):
        linked = edges.links & (edges.margin >= np.maximum(threshold[left], threshold[right]))
        ends = np.concatenate([left[linked], nodes[must.left]]), np.concatenate([right[linked], nodes[must.right]])
        components = _connected(*ends, count)
        large = np.bincount(components) > terms.largest
        if not large.any():
            break
        threshold[large[components]] += 1.0
    return components, threshold


def _connected(left: Ints, right: Ints, count: int) -> Ints:
    """The component of each node, numbered by their first nodes."""
    if count > FEW:
        graph = sparse.coo_array((np.ones(len(left), np.int8), (left, right)), shape=(count, count))
        return np.asarray(connected_components(graph, directed=False)[1], np.int64)
    found = list(range(count))
    for one, other in zip(left.tolist(), right.tolist(), strict=True):
        keep, drop = sorted((found[one], found[other]))
        if keep != drop:
            found = [keep if each == drop else each for each in found]
    return np.unique(np.array(found, np.int64), return_inverse=True)[1].astype(np.int64)


def _doubtful(nodes: Ints, edges: Edges, terms: Terms, components: Ints) -> Iterator[tuple[Ints, Floats]]:
    """Members, ascending, and margins of every component in which not all pairs of nodes link."""
    inside = components[nodes[edges.pairs.left]] == components[nodes[edges.pairs.right]]
    missing = _missing_pairs(nodes, edges.pairs, components)
    margin = np.where(edges.links, edges.margin, np.minimum(edges.margin, terms.missing))
    lefts = nodes[np.concatenate([edges.pairs.left[inside], missing.left])]
    rights = nodes[np.concatenate([edges.pairs.right[inside], missing.right])]
    margins = np.concatenate([margin[inside], terms.judge(missing) if len(missing) else np.zeros(0)])
    size = max(1, len(components))
    codes, best = _between_nodes(np.minimum(lefts, rights) * size + np.maximum(lefts, rights), margins)
    _bind(codes, best, (nodes, size), terms.bindings)
    left, right = codes // size, codes % size
    is_doubtful = np.zeros(size, np.bool_)
    is_doubtful[components[left[~(best >= 0) | (best >= MUST / 2)]]] = True
    asked = np.flatnonzero(is_doubtful[components[left]])
    order = asked[np.argsort(components[left[asked]], kind="stable")]
    of_pair = components[left[order]]
    for part in np.split(order, np.flatnonzero(of_pair[1:] != of_pair[:-1]) + 1) if len(order) else ():
        members = np.unique(np.concatenate([left[part], right[part]]))
        x, y = np.searchsorted(members, left[part]), np.searchsorted(members, right[part])
        matrix = np.full((len(members), len(members)), FORBIDDEN)
        matrix[x, y] = matrix[y, x] = best[part]
        yield members, matrix


def _between_nodes(codes: Ints, margins: Floats) -> tuple[Ints, Floats]:
    """The margin between two nodes: the best of their pairs that tell something, FORBIDDEN if any pair is."""
    order = np.argsort(codes, kind="stable")
    codes, margins = codes[order], margins[order]
    starts = np.flatnonzero(np.append(True, codes[1:] != codes[:-1])) if len(codes) else codes
    if not len(starts):
        return codes, margins
    best = np.fmax.reduceat(margins, starts)
    best[np.fmin.reduceat(margins, starts) <= FORBIDDEN] = FORBIDDEN
    return codes[starts], best


def _bind(codes: Ints, best: Floats, places: tuple[Ints, int], bindings: Bindings) -> None:
    """People's words, in place: must-links above every score (the weakest yields first), cannot-links forbidden."""
    nodes, size = places
    for pairs, is_must in ((bindings.must, True), (bindings.cannot, False)):
        left, right = nodes[pairs.left], nodes[pairs.right]
        chosen = np.isin(codes, np.minimum(left, right) * size + np.maximum(left, right))
        standing = chosen & (best != FORBIDDEN)
        best[standing] = MUST + np.clip(np.nan_to_num(best[standing]), -MUST / 2, MUST) if is_must else FORBIDDEN


def _missing_pairs(nodes: Ints, known: Pairs, components: Ints) -> Pairs:
    """Pairs of records in one component, of different nodes, that are no candidates: nobody has looked at them."""
    size = max(1, len(nodes))
    of_record = components[nodes]
    lack = _lack_pairs(nodes, known, components)
    order = np.flatnonzero(lack[of_record])
    known = known.take(lack[of_record[known.left]])
    order = order[np.argsort(of_record[order], kind="stable")]
    starts = np.flatnonzero(np.append(True, np.diff(of_record[order]) != 0)) if len(order) else order
    sizes = np.diff(np.append(starts, len(order)))
    codes = [np.zeros(0, np.int64)]
    for length in np.unique(sizes[sizes > 1]).tolist():
        left, right = np.triu_indices(length, 1)
        chosen = starts[sizes == length]
        codes.append(order[(chosen[:, None] + left).ravel()] * size + order[(chosen[:, None] + right).ravel()])
    wanted = distinct(np.concatenate(codes))
    held = known.left * size + known.right
    place = np.minimum(np.searchsorted(held, wanted), max(0, len(held) - 1))
    lacking = wanted[held[place] != wanted] if len(held) else wanted
    lacking = lacking[nodes[lacking // size] != nodes[lacking % size]]
    return Pairs(lacking // size, lacking % size)


def _lack_pairs(nodes: Ints, known: Pairs, components: Ints) -> Flags:
    """Which components have more pairs of records of different nodes than are known."""
    records = np.bincount(nodes, minlength=len(components))
    total = np.bincount(components, records, minlength=len(components)) ** 2
    inside = np.bincount(components, records.astype(np.float64) ** 2, minlength=len(components))
    of_pair = components[nodes[known.left]]
    found = np.bincount(of_pair[of_pair == components[nodes[known.right]]], minlength=len(components))
    lacking: Flags = found < (total - inside) / 2
    return lacking


def _agglomerate(margins: Floats, missing: float, threshold: float) -> list[list[int]]:
    """Average link: join the two groups with the highest mean margin until none reaches the threshold.

    Silent pairs do not count in the mean; what is forbidden drags every mean it enters below any threshold.
    """
    groups = [[number] for number in range(len(margins))]
    total, weight = np.nan_to_num(margins), (~np.isnan(margins)).astype(np.float64)
    mean = np.where(weight > 0, margins, missing)
    while True:
        first, second = divmod(int(mean.argmax()), len(mean))
        if mean[first, second] < threshold:
            break
        for table in (total, weight):
            table[first] += table[second]
            table[:, first] = table[first]
        joined = np.where(weight[first] > 0, total[first] / np.maximum(weight[first], 1), missing)
        joined[[first, second]] = FORBIDDEN
        joined[mean[second] <= FORBIDDEN] = np.minimum(joined, FORBIDDEN)[mean[second] <= FORBIDDEN]
        mean[first], mean[:, first] = joined, joined
        mean[second], mean[:, second] = FORBIDDEN, FORBIDDEN
        groups[first] += groups[second]
        groups[second] = []
    return [group for group in groups if group]
