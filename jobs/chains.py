"""Answers that cannot all hold: the chain of records and decisions that shows why."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from catalogue.evidence import ClusterLevel, Constraint

Broken = tuple[ClusterLevel, str, str]


@dataclass(frozen=True, slots=True)
class Chain:
    """`edges` are the "same" answers from one end to the other, and last the "different" that forbids their ends.

    Where no "different" does, it is one "same" that a veto, or the rest of its clusters, stands against.
    """

    level: ClusterLevel
    edges: tuple[Constraint, ...]

    @property
    def members(self) -> tuple[str, ...]:
        """The record keys on the chain, sorted."""
        return tuple(sorted({key for edge in self.edges for key in (edge.left, edge.right)}))


def chains(broken: Iterable[Broken], constraints: Sequence[Constraint]) -> list[Chain]:
    """One chain for each group of records that "same" answers hold together and that had to be parted, and one for
    each further answer in it that is not on a chain: no answer is overruled without a word.

    `broken` are the must-links that matching could not keep, by level and record keys.
    """
    found: dict[tuple[ClusterLevel, frozenset[str]], list[Chain]] = {}
    graphs: dict[ClusterLevel, dict[str, dict[str, Constraint]]] = {}
    for level, left, right in sorted(broken):
        graph = graphs.setdefault(level, _graph(constraints, level))
        group = frozenset(_reached(graph, left))
        told, link = found.setdefault((level, group), []), graph[left][right]
        if not told:
            told.append(Chain(level, _chain(graph, group, link, constraints)))
        if link.decision not in {edge.decision for chain in told for edge in chain.edges}:
            told.append(Chain(level, (link,)))
    return [chain for place in sorted(found, key=lambda place: (place[0], sorted(place[1]))) for chain in found[place]]


def _graph(constraints: Iterable[Constraint], level: ClusterLevel) -> dict[str, dict[str, Constraint]]:
    graph: dict[str, dict[str, Constraint]] = {}
    for each in constraints:
        if each.level == level and each.kind == "must":
            graph.setdefault(each.left, {})[each.right] = each
            graph.setdefault(each.right, {})[each.left] = each
    return graph


def _reached(graph: Mapping[str, Mapping[str, Constraint]], start: str) -> dict[str, str]:
    """Record → the one before it on a shortest way from the start; ways in order of key."""
    before = {start: start}
    queue = deque([start])
    while queue:
        here = queue.popleft()
        for there in sorted(graph.get(here, ())):
            if there not in before:
                before[there] = here
                queue.append(there)
    return before


def _chain(
    graph: Mapping[str, Mapping[str, Constraint]],
    group: frozenset[str],
    broken: Constraint,
    constraints: Iterable[Constraint],
) -> tuple[Constraint, ...]:
    against = [c for c in constraints if (c.level, c.kind) == (broken.level, "cannot") and {c.left, c.right} <= group]
    ways = [(_way(graph, each.left, each.right), each) for each in against]
    if not ways:
        return (broken,)
    edges, last = min(ways, key=lambda way: (len(way[0]), way[1].left, way[1].right))
    return (*edges, last)


def _way(graph: Mapping[str, Mapping[str, Constraint]], start: str, end: str) -> tuple[Constraint, ...]:
    before = _reached(graph, start)
    edges = []
    while end != start:
        edges.append(graph[before[end]][end])
        end = before[end]
    return tuple(reversed(edges))
