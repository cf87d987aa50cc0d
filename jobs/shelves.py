"""Editions that readers are offered, as catalogues of other programs list them: what changed last comes first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from catalogue.record import Medium
from jobs.publisher import publisher
from store import merged
from store.database import Store
from store.merged import StoredMerged

MOST_READ = 5_000  # editions gone through for one page: who filters hard gets short pages


@dataclass(frozen=True, slots=True)
class Wanted:
    """Editions of any of these media and in any of these languages (ISO 639-2/B); empty: of all."""

    media: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()

    def holds(self, row: StoredMerged) -> bool:
        about = row.merged.description
        of_medium = not self.media or about.medium in self.media
        return of_medium and (not self.languages or not self.languages.isdisjoint(about.languages.text))


class Shelf(NamedTuple):
    """A page of editions. `before` is the revision below which the next page begins; None: there is no more."""

    editions: tuple[StoredMerged, ...]
    before: int | None


def newest_editions(
    store: Store, media: Collection[Medium], wanted: Wanted, *, limit: int, before: int | None = None
) -> Shelf:
    """Public editions of some kind, the last changed first. Raises ServiceUnreachable.

    What changes while somebody turns the pages moves to the front, where it is found the next time: nothing is missed.
    """
    found: list[StoredMerged] = []
    with store.read() as connection:
        deciding = publisher(connection, media)
        last = None
        for row in islice(merged.newest(connection, "edition", before), MOST_READ):
            if wanted.holds(row) and deciding.is_public(row):
                if len(found) == limit:
                    return Shelf(tuple(found), found[-1].revision)
                found.append(row)
            last = row.revision
        more = last is not None and next(merged.newest(connection, "edition", last), None) is not None
        return Shelf(tuple(found), last if more else None)


def editions_of(store: Store, media: Collection[Medium], works: Sequence[str], wanted: Wanted) -> list[StoredMerged]:
    """The public editions of some kind of these works, in the works' order. Raises ServiceUnreachable."""
    with store.read() as connection:
        deciding = publisher(connection, media)
        known = merged.of_works(connection, works)
        rows = (row for work in works for row in known.get(work, ()) if row.level == "edition")
        return [row for row in rows if wanted.holds(row) and deciding.is_public(row)]


def every_edition(store: Store, media: Collection[Medium]) -> Iterator[StoredMerged]:
    """Every public edition, the last changed first."""
    with store.read() as connection:
        deciding = publisher(connection, media)
        yield from (row for row in merged.newest(connection, "edition") if deciding.is_public(row))
