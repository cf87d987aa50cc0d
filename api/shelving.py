"""The feeds of the OPDS catalogue, before they are written as OPDS 2.0 or 1.2."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from catalogue.record import Labels
from catalogue.vocabularies import language_names
from index.question import ReaderLanguage
from jobs.opds import NAMESPACE, Shelving, moment
from jobs.shelves import Shelf
from ops.messages import _, translator
from store.merged import StoredMerged
from writers.opds.feed import Facet, Feed, Group, Link
from writers.opds.parts import label

MEDIA: Mapping[str, str] = {"ebook": _("E-books"), "audiobook": _("Audiobooks"), "emagazine": _("E-magazines")}
LANGUAGES = ("fin", "swe")  # every catalogue of ours has them; others are found by searching
SORT_NEW = "http://opds-spec.org/sort/new"
Asked = Mapping[str, Sequence[str]]
Place = tuple[str, Asked]
"""The path of a feed, and what is asked of it."""


@dataclass(frozen=True, slots=True)
class Shelves:
    """One catalogue in one form of OPDS, for one reader's language. `base` is the path of its entrance."""

    base: str
    home: str
    lang: ReaderLanguage
    today: date
    borrow: str | None

    def shelving(self) -> Shelving:
        """How its editions become publications."""
        return Shelving(self.lang, self.today, self.home, f"{self.base}/publications", self.borrow)

    def entrance(self, media: Iterable[str], groups: Mapping[str, Sequence[StoredMerged]], changed: str) -> Feed:
        """The way in: a link to every shelf, and the newest of each medium."""
        say = translator(self.lang)
        named = [medium for medium in media if medium in MEDIA]
        links = [Link(SORT_NEW, self.href("/publications"), say(_("New and changed")), reads="acquisition")]
        for name, values in (("medium", named), ("language", LANGUAGES)):
            links += [
                Link("subsection", self.href("/publications", {name: [value]}), self.name(name, value),
                     reads="acquisition")
                for value in values
            ]  # fmt: skip
        shown = tuple(
            Group(say(MEDIA[medium]), self.href("/publications", {"medium": [medium]}),
                  self.shelving().publications(groups[medium]))
            for medium in named if groups.get(medium)
        )  # fmt: skip
        title = say(_("Catalogue"))
        return self._feed("", {}, title, changed, links=self._own("", {}, "navigation"), navigation=tuple(links),
                          groups=shown)  # fmt: skip

    def newest(self, shelf: Shelf, asked: Asked, limit: int, before: int | None) -> Feed:
        """A page of publications, those that changed last first."""
        here = {**asked, "limit": [str(limit)]}
        at = here if before is None else {**here, "before": [str(before)]}
        links = self._own("/publications", at, "acquisition")
        links += (Link("first", self.href("/publications", here), reads="acquisition"),)
        if shelf.before is not None:
            following = self.href("/publications", {**here, "before": [str(shelf.before)]})
            links += (Link("next", following, reads="acquisition"),)
        title = translator(self.lang)(_("New and changed"))
        facets = tuple(
            Facet(self.name("", name), tuple(self._choice(("/publications", asked), name, value) for value in values))
            for name, values in (("medium", list(MEDIA)), ("language", list(LANGUAGES)))
        )
        return self._feed("/publications", asked, title, latest(shelf.editions, self.today), links=links,
                          publications=self.shelving().publications(shelf.editions), facets=facets,
                          page_size=limit)  # fmt: skip

    def found(
        self, answer: Mapping[str, Any], editions: Sequence[StoredMerged], asked: Asked, after: str | None
    ) -> Feed:
        """A page of what a search found, with the facets of all of it."""
        at = {**asked, "after": [after]} if after else asked
        links = self._own("/search", at, "acquisition")
        if answer["next"]:
            following = self.href("/search", {**asked, "after": [answer["next"]]})
            links += (Link("next", following, reads="acquisition"),)
        facets = []
        for name in ("medium", "language", "subject", "genre"):
            choices = tuple(
                self._choice(("/search", asked), name, value["value"], (value["label"], value["count"]))
                for value in answer["facets"].get(name, ())
            )
            if choices:
                facets.append(Facet(self.name("", name), choices))
        title = " ".join(asked.get("query", ())) or translator(self.lang)(_("Search"))
        return self._feed("/search", asked, title, latest(editions, self.today), links=links,
                          publications=self.shelving().publications(editions), facets=tuple(facets))  # fmt: skip

    def href(self, path: str, asked: Asked | None = None) -> str:
        """The address of a feed with its parameters."""
        return f"{self.home}{self.base}{path}?{urlencode({'lang': self.lang, **(asked or {})}, doseq=True)}"

    def search_template(self, variable: str) -> str:
        """The address of a search with a variable in place of the words: ``{?query}``, ``{searchTerms}``."""
        return f"{self.home}{self.base}/search?lang={self.lang}{variable}"

    def name(self, kind: str, value: str) -> str:
        """What a shelf, or a facet (`kind` empty), is called."""
        say = translator(self.lang)
        if kind == "language":
            return label(Labels(**language_names(value).model_dump()), self.lang) or value
        words = {"medium": _("Medium"), "language": _("Language"), "subject": _("Subject"), "genre": _("Genre")}
        return say({**MEDIA, **words}.get(value, value))

    def _own(self, path: str, asked: Asked, reads: Any) -> tuple[Link, ...]:
        search = Link("search", self.search_template("{&query}"), templated=True, reads="acquisition")
        if not self.base.endswith("/v2"):
            described = f"{self.home}{self.base}/opensearch.xml?lang={self.lang}"
            search = Link("search", described, translator(self.lang)(_("Search")))
        start = Link("start", self.href(""), reads="navigation")
        return (Link("self", self.href(path, asked), reads=reads), start, search)

    def _choice(self, at: Place, name: str, value: str, counted: tuple[str, int] | None = None) -> Link:
        """A link that takes a value, or that shows that it is taken."""
        path, asked = at
        named, count = counted or (self.name(name, value), None)
        taken = value in asked.get(name, ())
        named = self.name(name, value) if name == "medium" else named
        return Link("self" if taken else "http://opds-spec.org/facet", self.href(path, {**asked, name: [value]}), named,
                    reads="acquisition", count=count)  # fmt: skip

    def _feed(self, path: str, asked: Asked, title: str, updated: str, **parts: Any) -> Feed:
        name = ":".join(filter(None, ("opds", path.strip("/"), urlencode(asked, doseq=True), self.lang)))
        return Feed(id=NAMESPACE + name, title=title, lang=self.lang, updated=updated, today=self.today.isoformat(),
                    **parts)  # fmt: skip


def latest(rows: Sequence[StoredMerged], today: date) -> str:
    """When the newest of them changed; of nothing, the beginning of the day."""
    return max((moment(row.updated_at) for row in rows), default=f"{today.isoformat()}T00:00:00Z")
