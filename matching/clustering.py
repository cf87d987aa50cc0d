"""Guarded clustering: average link that never joins what a veto, a guard or a person keeps apart.

Nodes are records (edition level) or whole editions (work level). Ties fall by node number, and nodes are numbered
in the order of record keys: the same set gives the same clusters in whatever order it came.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from matching.columns import Flags, Floats, Ints
from matching.constraints import Bindings
from matching.similarity import Pairs

FORBIDDEN = -1e12
MUST = 1e6
_ROUNDS = 40  # in which the threshold of a component that is too large is raised by one bit

Forbids = Callable[[Pairs], Flags]


@dataclass(frozen=True, slots=True)
class Edges:
    """Candidate pairs of records: `margin` is the score above the threshold, FORBIDDEN where a veto stands.

    `links` says which pairs may link on their own (no ask stands against them).
    """

    pairs: Pairs
    margin: Floats
    links: Flags


@dataclass(frozen=True, slots=True)
class Terms:
    """What clustering is to obey. `forbids` tells for pairs of records without an edge whether they are vetoed."""

    bindings: Bindings
    forbids: Forbids
    missing: float  # margin of a pair without an edge
    largest: int


def cluster(nodes: Ints, edges: Edges, terms: Terms) -> Ints:
    """The cluster number of every node. `nodes` gives each record's node; its numbers are 0, 1, 2 … without gaps."""
    count = int(nodes.max()) + 1 if len(nodes) else 0
    between = nodes[edges.pairs.left] != nodes[edges.pairs.right]
    edges = Edges(edges.pairs.take(between), edges.margin[between], edges.links[between])
    components, threshold = _components(nodes, edges, terms, count)
    labels = components.astype(np.int64)
    following = int(labels.max()) + 1 if count else 0
    for members, matrix in _conflicting(nodes, edges, terms, components):
        groups = _agglomerate(matrix, float(threshold[members[0]]))
        for group in groups[1:]:
            labels[members[group]] = following
            following += 1
    return labels


def _components(nodes: Ints, edges: Edges, terms: Terms, count: int) -> tuple[Ints, Floats]:
    """Connected components of the links; a component that is too large raises its own threshold step by step."""
    threshold = np.zeros(count)
    left, right = nodes[edges.pairs.left], nodes[edges.pairs.right]
    must = terms.bindings.must
    for _ in range(_ROUNDS):
        linked = edges.links & (edges.margin >= np.maximum(threshold[left], threshold[right]))
        ends = np.concatenate([left[linked], nodes[must.left]]), np.concatenate([right[linked], nodes[must.right]])
        graph = sparse.coo_array((np.ones(len(ends[0]), np.int8), ends), shape=(count, count))
        components = np.asarray(connected_components(graph, directed=False)[1], np.int64)
        large = np.bincount(components, minlength=1) > terms.largest
        if not large.any():
            break
        threshold[large[components]] += 1.0
    return components, threshold


def _conflicting(nodes: Ints, edges: Edges, terms: Terms, components: Ints) -> list[tuple[Ints, Floats]]:
    """Members and margins of every component that is not complete, or in which something is forbidden."""
    missing = _missing_pairs(nodes, edges, components)
    forbidden = missing.take(terms.forbids(missing)) if len(missing) else missing
    cannot = terms.bindings.cannot
    inside = components[nodes[edges.pairs.left]] == components[nodes[edges.pairs.right]]
    doubtful = inside & ~(edges.links & (edges.margin >= 0))
    suspects = [edges.pairs.left[doubtful], forbidden.left, missing.left, cannot.left, terms.bindings.must.left]
    wanted = np.zeros(len(components) + 1, np.bool_)
    wanted[components[nodes[np.concatenate(suspects)]]] = True
    order = np.argsort(components, kind="stable")
    starts = np.flatnonzero(np.append(True, np.diff(components[order]) != 0)) if len(order) else order
    place = np.empty(len(components), np.int64)
    parts = {}
    for start, end in zip(starts, np.append(starts[1:], len(order)), strict=True):
        if end - start > 1 and wanted[components[order[start]]]:
            members = np.sort(order[start:end])
            place[members] = np.arange(len(members))
            matrix = np.full((len(members), len(members)), -np.inf)
            parts[int(components[members[0]])] = (members, matrix)
    held = Edges(edges.pairs.take(inside), edges.margin[inside], edges.links[inside])
    _fill(parts, (nodes, place, components), held, terms)
    _forbid(parts, (nodes, place, components), [forbidden, cannot])
    return list(parts.values())


Parts = dict[int, tuple[Ints, Floats]]
Places = tuple[Ints, Ints, Ints]


def _fill(parts: Parts, places: Places, edges: Edges, terms: Terms) -> None:
    """Margins between nodes: the best of their records' pairs, FORBIDDEN if one is; must-links above all."""
    nodes, place, components = places
    left, right = nodes[edges.pairs.left], nodes[edges.pairs.right]
    rows = zip(
        components[left].tolist(), place[left].tolist(), place[right].tolist(), edges.margin.tolist(), strict=True
    )
    forbidden: list[tuple[Floats, int, int]] = []
    for component, x, y, margin in rows:
        if component in parts:
            matrix = parts[component][1]
            matrix[x, y] = matrix[y, x] = max(matrix[x, y], margin)
            forbidden += [(matrix, x, y)] if margin == FORBIDDEN else []
    for _, matrix in parts.values():
        matrix[np.isneginf(matrix)] = terms.missing
    _bind(parts, places, terms.bindings.must)
    for matrix, x, y in forbidden:
        matrix[x, y] = matrix[y, x] = FORBIDDEN
    for _, matrix in parts.values():
        np.fill_diagonal(matrix, FORBIDDEN)


def _bind(parts: Parts, places: Places, must: Pairs) -> None:
    """Must-links above every score, the better-scored ones above the others: the weakest yields first."""
    nodes, place, components = places
    for i, j in zip(nodes[must.left].tolist(), nodes[must.right].tolist(), strict=True):
        if i != j:
            matrix = parts[int(components[i])][1]
            matrix[place[i], place[j]] = matrix[place[j], place[i]] = MUST + max(matrix[place[i], place[j]], -MUST / 2)


def _forbid(parts: Parts, places: Places, forbidden: list[Pairs]) -> None:
    nodes, place, components = places
    for pairs in forbidden:
        for i, j in zip(nodes[pairs.left].tolist(), nodes[pairs.right].tolist(), strict=True):
            if components[i] == components[j] and i != j and int(components[i]) in parts:
                matrix = parts[int(components[i])][1]
                matrix[place[i], place[j]] = matrix[place[j], place[i]] = FORBIDDEN


def _missing_pairs(nodes: Ints, edges: Edges, components: Ints) -> Pairs:
    """Pairs of records in one component, of different nodes, that have no edge: nobody has looked at them."""
    size = len(nodes)
    of_record = components[nodes]
    order = np.argsort(of_record, kind="stable")
    starts = np.flatnonzero(np.append(True, np.diff(of_record[order]) != 0)) if size else order
    sizes = np.diff(np.append(starts, size))
    codes = [np.zeros(0, np.int64)]
    for length in np.unique(sizes[sizes > 1]).tolist():
        left, right = np.triu_indices(length, 1)
        chosen = starts[sizes == length]
        codes.append(order[(chosen[:, None] + left).ravel()] * size + order[(chosen[:, None] + right).ravel()])
    every = np.concatenate(codes)
    known = edges.pairs.left * size + edges.pairs.right
    lacking = np.setdiff1d(every, known)
    lacking = lacking[nodes[lacking // max(1, size)] != nodes[lacking % max(1, size)]]
    return Pairs(lacking // max(1, size), lacking % max(1, size))


def _agglomerate(matrix: Floats, threshold: float) -> list[list[int]]:
    """Average link: join the two groups with the highest mean margin until none reaches the threshold."""
    groups = [[number] for number in range(len(matrix))]
    weight = np.ones(len(matrix))
    while True:
        first, second = divmod(int(matrix.argmax()), len(matrix))
        if matrix[first, second] < threshold:
            break
        joined = (matrix[first] * weight[first] + matrix[second] * weight[second]) / (weight[first] + weight[second])
        joined[(matrix[first] <= FORBIDDEN / 2) | (matrix[second] <= FORBIDDEN / 2)] = FORBIDDEN
        matrix[first], matrix[:, first] = joined, joined
        matrix[second], matrix[:, second] = FORBIDDEN, FORBIDDEN
        weight[first] += weight[second]
        groups[first] += groups[second]
        groups[second] = []
    return [group for group in groups if group]
