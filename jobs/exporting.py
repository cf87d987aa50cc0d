"""What the store holds, as streams of JSON-able values or of MARC records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from catalogue.parsed import MarcContent
from jobs.converting import marc_of
from store import cases, matches, merged, records
from store.batches import batches
from store.database import Store
from store.merged import StoredMerged
from writers.marc.record import to_marc
from writers.marc.sheet import Control, OtherFormat

PAGE = 200  # editions whose works are read together
Exported = Literal["works", "editions", "records", "clusters", "cases", "changes"]


def export(store: Store, what: Exported, since: int = 0) -> Iterator[dict[str, Any]]:
    """Stream one kind of thing in a stable order; `since` is a revision, for changes."""
    with store.read() as connection:
        if what == "records":
            yield from (record.model_dump(mode="json") for _, record in records.live_records(connection))
        elif what == "clusters":
            yield from _clusters(store)
        elif what == "cases":
            yield from (case.model_dump(mode="json") for case in cases.listed(connection))
        elif what == "changes":
            yield from (change._asdict() for change in merged.changes(connection, since))
        else:
            for stored in merged.every(connection, "work" if what == "works" else "edition"):
                description = stored.merged.description.model_dump(mode="json")
                yield {"id": stored.id, "work": stored.work, "revision": stored.revision, **description}


def export_marc(
    store: Store, what: Literal["works", "editions", "records"], now: str
) -> Iterator[tuple[str, MarcContent]]:
    """Works, editions or source records as MARC under their names; 884 names the records behind each."""
    with store.read() as connection:
        if what == "records":
            yield from ((str(record.key), marc_of(record, now)) for _, record in records.live_records(connection))
            return
        every = merged.every(connection, "work" if what == "works" else "edition")
        for page in batches(every, PAGE):
            works = merged.of_works(connection, {row.work for row in page}) if what == "editions" else {}
            for row in page:
                beside = tuple(_other_formats(row, works.get(row.work, ())))
                about = Control(row.id, now[:10], row.updated_at, row.merged.members, others=beside)
                yield row.id, to_marc(row.merged.description, about)


def _other_formats(row: StoredMerged, work: Iterable[StoredMerged]) -> Iterator[OtherFormat]:
    """Editions of the same work in another medium and a language of this one's that have an ISBN to link by."""
    own = row.merged.description
    for other in work:
        described = other.merged.description
        if other.level != "edition" or described.medium == own.medium:
            continue
        isbns = described.own_isbns()
        if isbns and set(described.languages.text) & set(own.languages.text):
            title = described.title()
            yield OtherFormat(described.medium, title.text if title else None, isbns)


def _clusters(store: Store) -> Iterator[dict[str, Any]]:
    """Every live record is in exactly one."""
    with store.read() as connection:
        keys = records.live_keys(connection)
        groups: dict[tuple[str, str], list[str]] = {}
        for number, place in matches.places(connection).items():
            if number in keys:
                groups.setdefault((place.work, place.edition), []).append(str(keys[number]))
    for (work, edition), members in sorted(groups.items()):
        yield {"edition": edition, "work": work, "members": sorted(members)}
