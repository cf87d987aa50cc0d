"""Which merged values other clusters or other survivorship rules would change. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalogue.evidence import ClusterLevel
from catalogue.merged import MergedRecord
from catalogue.model import Model
from catalogue.succession import assign_ids
from jobs.membership import Clusters, Plan
from jobs.resolving import Seen
from merging.edition import merge_edition
from merging.rules import Rules
from merging.work import merge_work
from store import merged
from store.batches import batches
from store.database import Connection
from store.shelf import Shelf

AT_ONCE = 200
_LEVELS: tuple[ClusterLevel, ...] = ("edition", "work")


class ChangedValue(Model):
    """What a field of an edition or work says, and would say. `id` is the one it keeps; None: it would be new."""

    level: ClusterLevel
    id: str | None
    members: tuple[str, ...]
    field: str
    before: tuple[Any, ...]
    after: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Clusters as they would be (numbers of the store), the plan that leads there, and the rules that would merge;
    None: those in use.
    """

    clusters: Clusters
    plan: Plan
    rules: Rules | None

    def works(self) -> list[tuple[list[int], list[list[int]]]]:
        """The works to be merged anew, each with its editions."""
        edition_of = {number: tuple(cluster) for cluster in self.clusters["edition"] for number in cluster}
        looked_at = [work for work in self.clusters["work"] if self.rules or not self.plan.touched.isdisjoint(work)]
        return [(list(work), [list(e) for e in dict.fromkeys(edition_of[n] for n in work)]) for work in looked_at]

    def names(self) -> dict[ClusterLevel, dict[tuple[int, ...], str | None]]:
        """The id that each cluster would have, None for a new one."""
        found: dict[ClusterLevel, dict[tuple[int, ...], str | None]] = {}
        for level in _LEVELS:
            held: dict[str, list[int]] = {}
            for number, place in sorted(self.plan.before.items()):
                held.setdefault(getattr(place, level), []).append(number)
            clusters = [tuple(sorted(cluster)) for cluster in self.clusters[level]]
            found[level] = dict(zip(clusters, assign_ids(clusters, held, {}).ids, strict=True))
        return found


def changed_values(connection: Connection, seen: Seen, change: Change) -> Iterator[ChangedValue]:
    """Every value that would not be what it is, works by their first record, their editions behind them."""
    names = change.names()
    for some in batches(change.works(), AT_ONCE):
        shelf = Shelf(connection)
        keys = [names["work"][tuple(sorted(work))] for work, _ in some]
        keys += [names["edition"][tuple(sorted(edition))] for _, editions in some for edition in editions]
        stand = merged.by_id(connection, [key for key in keys if key])
        for work, editions in some:
            parts = [_edition(shelf, seen, edition, change.rules) for edition in editions]
            whole = _work(shelf, seen, (work, parts), change.rules)
            for name, each in zip(
                (names["work"][tuple(sorted(work))], *(names["edition"][tuple(sorted(e))] for e in editions)),
                (whole, *parts),
                strict=True,
            ):
                kept = stand.get(name or "")
                yield from _differences(name, kept.merged if kept else None, each)


def _edition(shelf: Shelf, seen: Seen, numbers: Sequence[int], rules: Rules | None) -> MergedRecord:
    stored = shelf.by_number(sorted(numbers)).values()
    group = [one.record for one in stored if one.record is not None]
    return merge_edition(group, seen.standing.choices_for("edition", [str(r.key) for r in group]), rules)


def _work(
    shelf: Shelf, seen: Seen, whole: tuple[Sequence[int], Sequence[MergedRecord]], rules: Rules | None
) -> MergedRecord:
    numbers, parts = whole
    by_key = {str(one.key): one.record for one in shelf.by_number(numbers).values() if one.record is not None}
    keys = [key for part in parts for key in part.members]
    return merge_work(parts, by_key, seen.standing.choices_for("work", keys), rules)


def _differences(name: str | None, before: MergedRecord | None, after: MergedRecord) -> Iterator[ChangedValue]:
    old, new = (_values(each) if each else {} for each in (before, after))
    for field in sorted({*old, *new}):
        if old.get(field, []) != new.get(field, []):
            told = {"before": old.get(field, ()), "after": new.get(field, ())}
            yield ChangedValue(level=after.level, id=name, members=after.members, field=field, **told)


def _values(record: MergedRecord) -> Mapping[str, tuple[Any, ...]]:
    """Field → its values, in the order of the description; fields that say nothing are left out."""
    found: dict[str, list[Any]] = {}
    for row in record.model_dump(mode="json", include={"provenance"})["provenance"]:
        if row["value"] is not None:
            found.setdefault(row["field"], []).append(row["value"])
    return {field: tuple(values) for field, values in found.items()}
