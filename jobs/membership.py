"""Who belongs to which edition and work: clusters found against those that stand, named and kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from catalogue.evidence import ClusterLevel
from store import matches, merged, minted
from store.database import Connection
from store.matches import Place

Clusters = Mapping[ClusterLevel, Sequence[Sequence[int]]]
"""Clusters of record numbers of the store, by level."""


@dataclass(slots=True)
class Plan:
    """Clusters that differ from those that stand. `touched` are the records in them, `regrouped` those of them whose
    edition differs, `gone` those that are no longer live and still have a place. `moved` is filled when it is kept:
    where the touched ones are from then on.
    """

    before: Mapping[int, Place]
    clusters: dict[ClusterLevel, list[list[int]]] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)
    regrouped: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)
    moved: dict[int, Place] = field(default_factory=dict)

    def after(self) -> dict[int, Place]:
        """Who is where once it is kept."""
        return {n: place for n, place in {**self.before, **self.moved}.items() if n not in self.gone}


def make_plan(found: Clusters, before: Mapping[int, Place], gone: Collection[int] = ()) -> Plan:
    """Compare the clusters found with those that stand. `before` holds the place of every record of either."""
    plan = Plan(before, gone=set(gone))
    for level, clusters in found.items():
        old: dict[str, set[int]] = {}
        for number, place in before.items():
            old.setdefault(getattr(place, level), set()).add(number)
        for cluster in clusters:
            names = {getattr(before[n], level) for n in cluster if n in before}
            if len(names) != 1 or old[names.pop()] != set(cluster):
                plan.touched.update(cluster)
                plan.regrouped.update(cluster if level == "edition" else ())
    for level, clusters in found.items():
        plan.clusters[level] = [sorted(c) for c in clusters if not plan.touched.isdisjoint(c)]
    return plan


def pieces(plan: Plan, size: int) -> Iterator[Plan]:
    """The plan in parts that can be kept one by one: no id and no cluster has members in two. Each holds some `size`
    records, more only where one part alone does.
    """
    groups = _groups(plan)
    part = Plan(plan.before, {"edition": [], "work": []})
    by_group: dict[int, dict[ClusterLevel, list[list[int]]]] = {}
    for level, clusters in plan.clusters.items():
        for cluster in clusters:
            group = next(groups[number] for number in cluster if number in groups)
            by_group.setdefault(group, {}).setdefault(level, []).append(cluster)
    members: dict[int, list[int]] = {}
    for number in sorted(plan.touched | plan.gone):
        members.setdefault(groups[number], []).append(number)
    for group, numbers in members.items():
        for level, clusters in by_group.get(group, {}).items():
            part.clusters[level] += clusters
        part.touched.update(plan.touched.intersection(numbers))
        part.gone.update(plan.gone.intersection(numbers))
        if len(part.touched) + len(part.gone) >= size:
            yield part
            part = Plan(plan.before, {"edition": [], "work": []})
    if part.touched or part.gone:
        yield part


def keep_membership(connection: Connection, plan: Plan, now: str, *, fresh: bool = False) -> dict[str, str | None]:
    """Name the changed clusters, keep who is where, retire ids; the retired ids, and where each leads.

    `fresh`: the plan's places were read in this transaction, and need not be read again.
    """
    if not plan.touched and not plan.gone:
        return {}
    named: dict[ClusterLevel, dict[int, str]] = {}
    retired: dict[str, str | None] = {}
    for level, clusters in plan.clusters.items():
        stood = {n: getattr(place, level) for n, place in plan.before.items()} if fresh else None
        naming = minted.name_clusters(connection, level, clusters, now, stood=stood)
        named[level] = {n: name for name, members in zip(naming.ids, clusters, strict=True) for n in members}
        retired |= naming.retired
        empty = _emptied(connection, plan, level, set(retired) | set(naming.ids))
        minted.retire_empty(connection, level, empty, now)
        retired |= dict.fromkeys(empty)
    plan.moved.update({n: _place(n, named, plan.before) for n in plan.touched})
    matches.save_membership(connection, plan.moved, plan.gone, plan.before if fresh else None)
    merged.retire(connection, retired, now)
    merged.queue_works(connection, [name for name in retired if name.startswith("w")])
    return retired


def _groups(plan: Plan) -> dict[int, int]:
    """Record → a record that stands for all it hangs together with, by clusters old or new."""
    parent: dict[int, int] = {number: number for number in (*plan.touched, *plan.gone)}

    def find(number: int) -> int:
        while parent[number] != number:
            parent[number] = number = parent[parent[number]]
        return number

    def join(numbers: Iterable[int]) -> None:
        known = [find(number) for number in numbers if number in parent]
        for root in known:
            parent[find(root)] = find(min(known))

    old: dict[str, list[int]] = {}
    for number in parent:
        if place := plan.before.get(number):
            old.setdefault(place.edition, []).append(number)
            old.setdefault(place.work, []).append(number)
    for cluster in (*old.values(), *(c for clusters in plan.clusters.values() for c in clusters)):
        join(cluster)
    return {number: find(number) for number in parent}


def _emptied(connection: Connection, plan: Plan, level: ClusterLevel, handled: set[str]) -> list[str]:
    """Ids whose members are all gone."""
    names = {getattr(plan.before[n], level) for n in plan.gone} - handled
    stay = matches.members(connection, level, sorted(names))
    return sorted(name for name in names if plan.gone.issuperset(stay.get(name, [])))


def _place(number: int, named: Mapping[ClusterLevel, Mapping[int, str]], before: Mapping[int, Place]) -> Place:
    old = before.get(number)
    edition = named["edition"].get(number) or (old.edition if old else "")
    work = named["work"].get(number) or (old.work if old else "")
    return Place(edition, work)
