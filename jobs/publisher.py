"""What readers are shown: which works and editions are public, and the search document of each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from catalogue.keys import RecordKey
from catalogue.record import Medium
from index.bulk import Versioned
from index.documents import tombstone, work_document
from store import merged, minted, sources
from store.database import Connection
from store.merged import StoredMerged


@dataclass(frozen=True, slots=True)
class Publisher:
    """What decides whether a work is public: the media readers are offered, and the roles of the sources."""

    media: Collection[Medium]
    roles: dict[str, str]

    def is_public(self, edition: StoredMerged) -> bool:
        """An edition of a published medium that a catalogue source describes."""
        return edition.merged.description.medium in self.media and any(
            self.roles.get(RecordKey.parse(key).source) == "catalogue" for key in edition.merged.members
        )

    def is_shown(self, edition: StoredMerged) -> bool:
        """Public, or of a medium that is only pointed at ("also in print"); not an evidence source's e-book."""
        return self.is_public(edition) or edition.merged.description.medium not in self.media

    def documents(self, connection: Connection, works: Sequence[str], *, tombstones: bool) -> Iterator[Versioned]:
        """The search document of each work, a tombstone for one that is not public or gone (if they are wanted)."""
        known = merged.of_works(connection, works)
        for work in works:
            rows = known.get(work, [])
            if any(self.is_public(row) for row in rows if row.level == "edition"):
                rev = revision(rows)
                whole = next(row.merged for row in rows if row.level == "work")
                editions = [(row.id, row.merged) for row in rows if row.level == "edition" and self.is_shown(row)]
                changed_at = datetime.fromisoformat(max(row.updated_at for row in rows))
                yield (
                    work,
                    rev,
                    work_document(work, rev, whole, editions, published_at=changed_at, publish_media=self.media),
                )
            elif tombstones:
                rev = revision(rows) if rows else merged.last_change(connection, work)
                target = None if rows else minted.resolve_id(connection, work)
                yield work, rev, tombstone(work, rev, target)


def revision(rows: Sequence[StoredMerged]) -> int:
    """The revision of a work: the newest of its own and its editions'. It grows with every change of either."""
    return max(row.revision for row in rows)


def publisher(connection: Connection, media: Collection[Medium]) -> Publisher:
    return Publisher(media, sources.roles(connection))
