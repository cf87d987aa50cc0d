"""What earlier answers keep apart that a person now joins: which pairs the later answer replaces, which it leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from catalogue.decision import Decision
from catalogue.evidence import ClusterLevel, Constraint
from catalogue.keys import RecordKey
from catalogue.record import CatalogueRecord
from jobs.constraints import Standing, read_standing
from jobs.deciding import Sides, live_members, members_of
from store import matches, records
from store.database import Connection

Clusters = tuple[dict[str, CatalogueRecord], dict[str, CatalogueRecord]]


@dataclass(frozen=True, slots=True)
class Apart:
    """`sides` of the "same" to be kept: what was named, with what else of their clusters earlier answers keep apart.

    So the later answer replaces exactly those pairs, of the answers in `replaced`. `standing` are answers that say of
    other editions that their works differ: joining two editions does not speak of them, and they stand against it.
    """

    sides: Sides
    replaced: tuple[Decision, ...] = ()
    standing: tuple[Decision, ...] = ()


def apart(connection: Connection, names: tuple[str, str], level: ClusterLevel) -> Apart:
    """What stands between two records, editions or works that are to be one. Raises NotFound."""
    named = members_of(connection, names[0]), members_of(connection, names[1])
    clusters = _clusters(connection, named, level)
    standing = read_standing(connection, [*clusters[0], *clusters[1]])
    crossing = _crossing(standing, clusters, level)
    sides = _widened(named[0], clusters[0], crossing), _widened(named[1], clusters[1], crossing)
    left: Sequence[Constraint] = ()
    if level == "edition":
        works = _clusters(connection, named, "work")
        settled = {frozenset((str(a.key), str(b.key))) for a in sides[0] for b in sides[1]}
        every = _crossing(read_standing(connection, [*works[0], *works[1]]), works, "work")
        left = [bound for bound in every if frozenset((bound.left, bound.right)) not in settled]
    stays = {bound.decision for bound in left}
    gone = {bound.decision for bound in crossing} - stays
    known = read_standing(connection, [key for bound in (*crossing, *left) for key in (bound.left, bound.right)]).made
    return Apart(sides, *(tuple(known[n] for n in sorted(some) if n in known) for some in (gone, stays)))


def _clusters(connection: Connection, named: Sides, level: ClusterLevel) -> Clusters:
    """The records of the editions or works that hold what was named, by key; nothing where they are one already."""
    found = []
    for side in named:
        numbers = records.numbers_of(connection, [record.key for record in side])
        ids = {getattr(place, level) for place in matches.places(connection, sorted(numbers.values())).values()}
        members = [number for some in matches.members(connection, level, sorted(ids)).values() for number in some]
        found.append({str(record.key): record for record in live_members(connection, members)})
    left, right = found
    return ({}, {}) if set(left) & set(right) else (left, right)


def _crossing(standing: Standing, clusters: Clusters, level: ClusterLevel) -> list[Constraint]:
    """The "different" of single pairs between the two."""
    left, right = clusters
    return [
        bound
        for bound in standing.constraints
        if (bound.kind, bound.level) == ("cannot", level)
        and ((bound.left in left and bound.right in right) or (bound.right in left and bound.left in right))
    ]


def _widened(
    named: Sequence[CatalogueRecord], cluster: dict[str, CatalogueRecord], crossing: Sequence[Constraint]
) -> list[CatalogueRecord]:
    """What was named first, then the others that earlier answers keep from the other side."""
    held = {record.key for record in named}
    bound = sorted({key for one in crossing for key in (one.left, one.right) if key in cluster})
    return [*named, *(cluster[key] for key in bound if RecordKey.parse(key) not in held)]
