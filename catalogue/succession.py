"""Which cluster inherits which public id when membership changes.

An id goes to the part with most of its members (ties: the part with the oldest record). A cluster that could
inherit several keeps the one it shares most members with. An id without a cluster is retired, and comes back
when a cluster without an id holds what it named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Succession:
    """`ids[n]` is the id of cluster n, None where one is to be minted.

    `moved` tells for every id without a cluster of its own where its members are now: the index of the cluster
    that has most of them, None where none is left.
    """

    ids: tuple[str | None, ...]
    moved: Mapping[str, int | None]
    revived: frozenset[str]


def assign_ids(
    clusters: Sequence[Sequence[int]], held: Mapping[str, Collection[int]], retired: Mapping[str, Collection[int]]
) -> Succession:
    """Name the clusters. Members are numbers in order of age; clusters are disjoint.

    `held` are the ids in use with the members they named until now, `retired` those out of use with the members
    they named last; only ids that share a member with the clusters matter.
    """
    home = {member: index for index, cluster in enumerate(clusters) for member in cluster}
    oldest = [min(cluster) for cluster in clusters]
    ids: list[str | None] = [None] * len(clusters)
    moved = _claim(held, home, (oldest, ids))
    back = _claim(retired, home, (oldest, ids))
    revived = frozenset(name for name in retired if name not in back)
    return Succession(tuple(ids), {**moved, **back}, revived)


def _claim(
    names: Mapping[str, Collection[int]],
    home: Mapping[int, int],
    clusters: tuple[list[int], list[str | None]],
) -> dict[str, int | None]:
    """Give each name to the cluster with most of its members, if that is still free; the others, and where to."""
    oldest, ids = clusters
    claims = []
    moved: dict[str, int | None] = {}
    for name, members in names.items():
        shares = Counter(home[member] for member in members if member in home)
        if not shares:
            moved[name] = None
            continue
        best = min(shares, key=lambda index: (-shares[index], oldest[index]))
        claims.append((-shares[best], min(members), name, best))
    for _, _, name, best in sorted(claims):
        if ids[best] is None:
            ids[best] = name
        else:
            moved[name] = best
    return moved
