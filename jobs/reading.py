"""What readers may see: public works and editions out of the store, and where an id leads that is no longer in use."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from catalogue.publicid import PublicKind, decode, encode
from catalogue.record import Contributor, Description, Medium
from index.headings import display_titles, main_contributors
from jobs.publisher import publisher, revision
from store import merged, minted
from store.database import Connection, Store
from store.merged import Change, StoredMerged


@dataclass(frozen=True, slots=True)
class Moved:
    """The id is no longer in use, or was written in another way: this one is."""

    to: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The id was in use, and leads nowhere now. It comes back if what it named does."""


@dataclass(frozen=True, slots=True)
class PublicWork:
    """A work that readers are shown, with its editions by id.

    `editions` are of published media, `others` of media that are only pointed at ("also in print"). `revision`
    grows with every change of the work or of one of its editions.
    """

    work: StoredMerged
    editions: tuple[StoredMerged, ...]
    others: tuple[StoredMerged, ...]
    revision: int
    updated_at: str

    @property
    def descriptions(self) -> list[Description]:
        """The work's own description, then its editions'."""
        return [row.merged.description for row in (self.work, *self.editions, *self.others)]

    def titles(self) -> dict[str, dict[str, str | None]]:
        """Reader's language → title, its language, and subtitle, as a search hit shows them."""
        return display_titles(self.descriptions)

    def contributors(self) -> Sequence[Contributor]:
        """The main contributors, as a search hit shows them."""
        return main_contributors(self.descriptions)

    def edition(self, name: str) -> StoredMerged | None:
        """One of its editions."""
        return next((row for row in (*self.editions, *self.others) if row.id == name), None)


@dataclass(frozen=True, slots=True)
class ChangePage:
    """Changes behind a revision, in order. `newest` is the newest revision there is."""

    changes: tuple[Change, ...]
    newest: int


def read_public(
    store: Store, kind: PublicKind, name: str, media: Collection[Medium]
) -> PublicWork | Moved | Gone | None:
    """The public work of a work's or an edition's id, or what became of it; None where readers have nothing by it.

    Ids may be written in capitals or with hyphens. Raises ServiceUnreachable.
    """
    try:
        found_kind, number = decode(name)
    except ValueError:
        return None
    if found_kind != kind:
        return None
    own = encode(kind, number)
    with store.read() as connection:
        leads_to = minted.resolve_id(connection, own)
        if leads_to is None:
            return Gone() if minted.is_minted(connection, own) else None
        found = _public(connection, leads_to, media)
    if found is None or leads_to == name:
        return found
    return Moved(leads_to)


def read_changes(store: Store, since: int, limit: int) -> ChangePage:
    """At most `limit` changes behind a revision. Raises ServiceUnreachable."""
    with store.read() as connection:
        found = tuple(islice(merged.changes(connection, since), limit))
        return ChangePage(found, merged.last_revision(connection))


def provenance(row: StoredMerged) -> list[dict[str, Any]]:
    """For each value of a merged record: field, value, sources, rule, what lost."""
    return [line.model_dump(mode="json") for line in row.merged.provenance]


def _public(connection: Connection, name: str, media: Collection[Medium]) -> PublicWork | None:
    stored = merged.find(connection, name)
    if stored is None:
        return None
    rows = merged.of_works(connection, [stored.work])[stored.work]
    deciding = publisher(connection, media)
    editions = [row for row in rows if row.level == "edition" and deciding.is_shown(row)]
    public = tuple(row for row in editions if deciding.is_public(row))
    work = next((row for row in rows if row.level == "work"), None)
    if work is None or not public or (name != work.id and all(row.id != name for row in editions)):
        return None
    others = tuple(row for row in editions if row not in public)
    return PublicWork(work, public, others, revision(rows), max(row.updated_at for row in rows))
