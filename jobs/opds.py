"""Editions of the store as publications of an OPDS feed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import orjson

from catalogue.record import Description, Medium
from index.edition_facts import first_day, last_day
from index.headings import display_titles
from jobs.shelves import every_edition
from store.database import Store
from store.merged import StoredMerged
from writers.opds.feed import Feed, Link, Publication
from writers.opds.opds2 import publication, to_opds2

NAMESPACE = "urn:lyhde:"
"""Of the ids of publications and feeds, which stay when the catalogue gets another address."""


@dataclass(frozen=True, slots=True)
class Shelving:
    """For whom editions are put on a shelf. `home` comes before every path (empty: paths alone).

    `alone` is the path under which a publication stands alone; `borrow` the address where the library lends an
    edition, with ``{id}`` or ``{isbn}`` in it.
    """

    lang: Literal["fi", "sv", "en"]
    today: date
    home: str = ""
    alone: str = "/opds/v2/publications"
    borrow: str | None = None

    def publications(self, rows: Iterable[StoredMerged]) -> tuple[Publication, ...]:
        """The editions as publications, in their order."""
        return tuple(self.publication(row) for row in rows)

    def publication(self, row: StoredMerged) -> Publication:
        """One edition as a publication."""
        about = row.merged.description
        return Publication(
            id=NAMESPACE + row.id,
            description=about,
            title=display_titles([about])[self.lang],
            modified=moment(row.updated_at),
            href=f"{self.home}{self.alone}/{row.id}?lang={self.lang}",
            page=f"{self.home}/editions/{row.id}?lang={self.lang}",
            cover=f"{self.home}/opds/no-cover.png",
            borrow=self._borrow(row.id, about),
            open_from=first_day(about.availability.from_),
            open_until=last_day(about.availability.until),
        )

    def _borrow(self, name: str, about: Description) -> str | None:
        """The address at the library; none for an edition without the ISBN that the address needs."""
        isbn = next(iter(about.own_isbns()), None)
        if self.borrow is None or ("{isbn}" in self.borrow and isbn is None):
            return None
        return self.borrow.replace("{id}", name).replace("{isbn}", isbn or "")


def write_feed(store: Store, media: Collection[Medium], shelving: Shelving, now: str) -> Iterator[bytes]:
    """Every public edition as one OPDS 2.0 feed, the last changed first, in pieces. `now` is the time of the feed."""
    links = (Link("self", f"{shelving.home}/opds/v2/publications", reads="acquisition"),)
    head = Feed(id=f"{NAMESPACE}opds", title="Lyhde", lang=shelving.lang, updated=moment(now),
                today=shelving.today.isoformat(), links=links, publications=())  # fmt: skip
    beginning, _, end = orjson.dumps(to_opds2(head)).rpartition(b"]")
    yield beginning
    for number, row in enumerate(every_edition(store, media)):
        written = publication(shelving.publication(row), shelving.lang, shelving.today.isoformat())
        yield (b",\n" if number else b"\n") + orjson.dumps(written)
    yield b"]" + end + b"\n"


def moment(text: str) -> str:
    """A moment of the store as RFC 3339 wants it, in whole seconds: ``2026-01-31T04:00:00Z``."""
    return datetime.fromisoformat(text).strftime("%Y-%m-%dT%H:%M:%SZ")
