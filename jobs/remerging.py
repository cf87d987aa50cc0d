"""Merge anew the editions of changed records, and the works that hold them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from catalogue.decision import Case
from catalogue.evidence import ClusterLevel
from catalogue.merged import MergedRecord
from jobs.constraints import Standing
from jobs.terms import keep_work_terms
from merging.edition import merge_edition
from merging.work import merge_work
from store import matches, merged
from store.database import Connection
from store.merged import Merged
from store.records import StoredRecord
from store.shelf import Shelf


@dataclass(slots=True)
class Remerged:
    """The works whose content changed, the record keys looked at anew at each level, and what of it holds conflicts."""

    works: set[str] = field(default_factory=set)
    looked_at: set[tuple[ClusterLevel, str]] = field(default_factory=set)
    conflicted: list[MergedRecord] = field(default_factory=list)

    def add(self, merged: MergedRecord) -> None:
        self.looked_at.update((merged.level, key) for key in merged.members)
        if merged.conflicts:
            self.conflicted.append(merged)

    def is_over(self, case: Case, live: Collection[str]) -> bool:
        """Whether a case that is not asked any longer is over: one of a field only where the field was looked at, or
        none of its records is live.
        """
        was_looked_at = any((case.level, key) in self.looked_at for key in case.members)
        return case.kind != "field" or was_looked_at or not any(key in live for key in case.members)


def remerge(shelf: Shelf, works: Sequence[str], what: tuple[set[int], Standing, str], done: Remerged) -> list[int]:
    """Merge anew the editions of these works that hold one of some records, and the works; the numbers of all their
    records. `what`: those records, what people chose, the time.

    What changed gets a revision and goes to the outbox.
    """
    again, standing, now = what
    connection = shelf.connection
    editions = matches.inside(connection, works)
    members = {edition: numbers for some in editions.values() for edition, numbers in some.items()}
    numbers = sorted({number for some in members.values() for number in some})
    stored = shelf.by_number(numbers)
    parts = _edition_parts(connection, (members, stored), again, standing)
    by_key = {str(s.key): s.record for s in stored.values() if s.record is not None}
    items: list[Merged] = []
    for work in works:
        own = {edition: parts[edition] for edition in editions[work]}
        keys = [key for part, _ in own.values() for key in part.members]
        whole = merge_work([part for part, _ in own.values()], by_key, standing.choices_for("work", keys))
        items += [Merged(edition, work, part) for edition, (part, _) in own.items()]
        items.append(Merged(work, work, whole))
        for part in (whole, *(part for part, stood_in in own.values() if stood_in is None)):
            done.add(part)
    fresh = [item for item in items if item.id == item.work or parts[item.id][1] != item.work]
    changed = set(merged.save(connection, fresh, now))
    touched = {item.work for item in items if item.id in changed}
    merged.queue_works(connection, sorted(touched))
    keep_work_terms(connection, items, touched)
    done.works |= touched
    return numbers


def _edition_parts(
    connection: Connection,
    known: tuple[dict[str, list[int]], dict[int, StoredRecord]],
    again: set[int],
    standing: Standing,
) -> dict[str, tuple[MergedRecord, str | None]]:
    """Edition → its merged record, and the work it stood in where that comes from the store: None is one made anew."""
    members, stored = known
    fresh = [edition for edition, numbers in members.items() if not again.intersection(numbers)]
    parts: dict[str, tuple[MergedRecord, str | None]] = {
        name: (kept.merged, kept.work) for name, kept in merged.by_id(connection, fresh).items()
    }
    for edition in [edition for edition in members if edition not in parts]:
        group = [record for n in members[edition] if (record := stored[n].record) is not None]
        choices = standing.choices_for("edition", [str(record.key) for record in group])
        parts[edition] = (merge_edition(group, choices), None)
    return parts
