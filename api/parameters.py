"""What may be asked: the query parameters of each address. An unknown one is refused, for a filter that is silently
not applied gives wrong answers."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from catalogue.record import Medium
from index.question import LONGEST_QUERY, ReaderLanguage

MOST_VALUES = 20  # of one filter
LONGEST_VALUE = 300  # characters
MOST_HITS = 100
MOST_CHANGES = 1_000
GREATEST = 2**63 - 1
FILTERS = (
    "medium", "language", "format", "publisher", "narrator", "accessibility", "subject", "genre", "audience",
    "collection",
)  # fmt: skip

Value = Annotated[str, Field(min_length=1, max_length=LONGEST_VALUE)]


def _several(text: str, example: str) -> Any:
    return Field(default=(), max_length=MOST_VALUES, description=f"{text}; several: any of them", examples=[[example]])


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    lang: ReaderLanguage = Field(default="fi", description="the reader's language, for titles, labels and problems")


class AboutWork(Asked):
    include: Literal["provenance"] | None = Field(
        default=None, description="provenance: where each value came from, by which rule, and what lost"
    )


class OnePage(Asked):
    limit: int = Field(default=50, ge=1, le=200, description="at most so many on a page")
    after: Annotated[str, Field(max_length=LONGEST_VALUE)] | None = Field(
        default=None, description="`next` of the page before"
    )


class EditionsOf(OnePage):
    offered: bool = Field(default=True, description="false: those of other media, which are only pointed at")


class Since(Asked):
    since: int = Field(default=0, ge=0, le=GREATEST, description="changes behind this revision; 0: all", examples=[0])
    limit: int = Field(default=500, ge=1, le=MOST_CHANGES, description="at most so many on a page")


class Suggested(Asked):
    q: str = Field(default="", max_length=LONGEST_QUERY, description="what was typed so far", examples=["vint"])
    medium: tuple[Medium, ...] = _several("only works that can be had so", "ebook")
    language: tuple[Value, ...] = _several("only works in this language: code or name", "swe")
    limit: int = Field(default=10, ge=1, le=50, description="at most so many")


class Searched(Asked):
    q: str = Field(
        default="",
        max_length=LONGEST_QUERY,
        description="words, inflected as one likes, or an identifier; empty: every work",
        examples=["vinter"],
    )
    medium: tuple[Medium, ...] = _several("medium of an edition", "ebook")
    language: tuple[Value, ...] = _several("language of an edition: ISO 639-2/B, two letters, or a name", "swe")
    format: tuple[Value, ...] = _several("format of an edition", "epub")
    publisher: tuple[Value, ...] = _several("publisher of an edition, as in the facet", "Otava")
    narrator: tuple[Value, ...] = _several("narrator of an audiobook", "Krista Kosonen")
    accessibility: tuple[Value, ...] = _several("ONIX list 196 code of an edition", "04")
    subject: tuple[Value, ...] = _several("subject, as in the facet: URI or words", "http://www.yso.fi/onto/yso/p8486")
    genre: tuple[Value, ...] = _several("genre, as in the facet: URI or words", "http://urn.fi/URN:NBN:fi:au:slm:s1109")
    audience: tuple[Value, ...] = _several("audience, as in the facet", "onix28:01")
    collection: tuple[Value, ...] = _several("series, as in the facet", "Delfiinikirjat")
    year: Annotated[str, Field(pattern=r"^([0-9]{4}(-([0-9]{4})?)?|-[0-9]{4})$")] | None = Field(
        default=None, description="year of an edition: 2019, 2019-2021, 2019- or -1999", examples=["2019-"]
    )
    duration: Annotated[str, Field(pattern=r"^([0-9]{1,5}(-([0-9]{1,5})?)?|-[0-9]{1,5})$")] | None = Field(
        default=None, description="minutes an audiobook lasts: 60-300, 600- or -120", examples=["-300"]
    )
    lendable: bool = Field(default=False, description="only what is lendable in Finland")
    sort: Literal["relevance", "title", "author", "newest"] = Field(
        default="relevance", description="newest: by the last change for readers"
    )
    highlight: bool = Field(default=False, description="hits get `marked_title`: words of the query, in any form")
    limit: int = Field(default=10, ge=1, le=MOST_HITS, description="hits of a page")
    after: Annotated[str, Field(max_length=2_000)] | None = Field(
        default=None, description="`next` of the page before, asked with the same other parameters"
    )

    def filters(self) -> dict[str, list[str]]:
        """As `lyhde search --filter` has them."""
        found = {name: list(getattr(self, name)) for name in FILTERS if getattr(self, name)}
        if self.year:
            found["year"] = [self.year]
        if self.duration:
            found["duration"] = [self.duration]
        return found | ({"lendable": ["yes"]} if self.lendable else {})


class Shelved(Asked):
    medium: tuple[Medium, ...] = _several("medium of the edition", "ebook")
    language: tuple[Value, ...] = _several("language of the edition: ISO 639-2/B, two letters, or a name", "swe")
    limit: int = Field(default=50, ge=1, le=MOST_HITS, description="at most so many publications on a page")
    before: int | None = Field(default=None, ge=0, le=GREATEST, description="changed before this revision")


class ShelfSearched(Asked):
    query: str = Field(default="", max_length=LONGEST_QUERY, description="words or an identifier; empty: everything")
    medium: tuple[Medium, ...] = _several("medium of the edition", "ebook")
    language: tuple[Value, ...] = _several("language of the edition: ISO 639-2/B, two letters, or a name", "swe")
    subject: tuple[Value, ...] = _several("subject, as in the facet", "http://www.yso.fi/onto/yso/p8486")
    genre: tuple[Value, ...] = _several("genre, as in the facet", "http://urn.fi/URN:NBN:fi:au:slm:s1109")
    limit: int = Field(default=50, ge=1, le=MOST_HITS, description="works of a page")
    after: Annotated[str, Field(max_length=2_000)] | None = Field(
        default=None, description="of the link to the next page"
    )

    def filters(self) -> dict[str, list[str]]:
        """As `lyhde search --filter` has them."""
        names = ("medium", "language", "subject", "genre")
        return {name: list(getattr(self, name)) for name in names if getattr(self, name)}
