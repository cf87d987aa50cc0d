"""An OPDS feed before it is written: OPDS 2.0 and OPDS 1.2 say the same of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from catalogue.record import Description

FEED, PUBLICATION = "application/opds+json", "application/opds-publication+json"
"""Media types of OPDS 2.0."""
ATOM = "application/atom+xml;profile=opds-catalog"
ENTRY = "application/atom+xml;type=entry;profile=opds-catalog"
OPENSEARCH = "application/opensearchdescription+xml"
Reads = Literal["navigation", "acquisition"]


@dataclass(frozen=True, slots=True)
class Link:
    """`href` may be a URI template, which `templated` says. `reads` is the kind of feed it leads to, if to one."""

    rel: str
    href: str
    title: str | None = None
    type: str | None = None
    reads: Reads | None = None
    templated: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Publication:
    """One edition. `id` is a URI; `modified` is ISO 8601 in UTC; `title` is the one shown, with its own language.

    `href` is where this publication stands alone, `page` a page about it, `borrow` where it is borrowed (None: not
    known here). `cover` stands in for the picture of one that has none. `open_from` and `open_until` are days.
    """

    id: str
    description: Description
    title: Mapping[str, str | None]
    modified: str
    href: str
    page: str
    cover: str
    borrow: str | None = None
    open_from: str | None = None
    open_until: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A part of a feed under a heading of its own; `href` leads to all of it."""

    title: str
    href: str
    publications: tuple[Publication, ...] = ()


@dataclass(frozen=True, slots=True)
class Facet:
    """Ways to narrow a feed. The link that is in force has the relation ``self``."""

    title: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Feed:
    """A page of a catalogue in one reader's language. `today` is the day that availability is told for."""

    id: str
    title: str
    lang: Literal["fi", "sv", "en"]
    updated: str
    today: str
    links: tuple[Link, ...]
    navigation: tuple[Link, ...] = ()
    publications: tuple[Publication, ...] | None = None
    groups: tuple[Group, ...] = ()
    facets: tuple[Facet, ...] = ()
    total: int | None = None
    page_size: int | None = None


@dataclass(frozen=True, slots=True)
class Acquisition:
    """A link by which a publication is had, in either form of OPDS. `through` are the media types behind it."""

    rel: str
    href: str
    type: str
    through: tuple[str, ...] = ()
    availability: Mapping[str, Any] = field(default_factory=dict)
