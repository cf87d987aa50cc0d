"""What OPDS 2.0 and OPDS 1.2 have in common of a publication: how it is had, its picture, subjects and people."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from catalogue.record import Contributor, Labels
from writers.opds.feed import Acquisition, Publication

ACQUISITION = "http://opds-spec.org/acquisition"
AUDIENCE = "http://schema.org/audience"
IMAGE = "http://opds-spec.org/image"
_OTHERS = {"fi": ("fi", "sv", "en"), "sv": ("sv", "fi", "en"), "en": ("en", "fi", "sv")}
_SCHEME = re.compile(r"(.*[/#:])[^/#:]+")
_BY_LINK = {"content": f"{ACQUISITION}/open-access", "sample": f"{ACQUISITION}/sample"}


class Heading(NamedTuple):
    """A subject, genre, class or audience: words, and where there are any the code and the address of its scheme."""

    name: str
    code: str | None = None
    scheme: str | None = None


@cache
def table() -> dict[str, dict[str, str]]:
    """``writers/tables/opds.toml``."""
    return tomllib.loads(resources.files("writers").joinpath("tables", "opds.toml").read_text("utf-8"))


def acquisitions(publication: Publication, alone: str, today: str) -> list[Acquisition]:
    """How the publication is had, the way to borrow it first.

    A catalogue that does not know where its library lends leads to the publication alone (media type `alone`), and
    names the formats behind it.
    """
    about = publication.description
    formats = tuple(dict.fromkeys(table()["media"][name] for name in about.formats if name in table()["media"]))
    formats = formats or tuple(filter(None, [table()["otherwise"].get(about.medium)]))
    state = _availability(publication, today)
    found = [
        Acquisition(_BY_LINK[link.kind], link.url, formats[0] if formats else "application/octet-stream")
        for link in about.texts.links
        if link.kind in _BY_LINK
    ]
    if publication.borrow:
        return [Acquisition(f"{ACQUISITION}/borrow", publication.borrow, "text/html", formats, state), *found]
    if any(each.rel == _BY_LINK["content"] for each in found):
        return found
    return [Acquisition(ACQUISITION, publication.href, alone, formats, state), *found]


def picture(publication: Publication) -> tuple[str, str]:
    """Address and media type of the cover, or of the picture that stands in for it."""
    covers = (link.url for link in publication.description.texts.links if link.kind == "cover")
    url = next(covers, publication.cover)
    ending = url.partition("?")[0].rpartition(".")[2].lower()
    return url, table()["pictures"].get(ending, "image/jpeg")


def headings(publication: Publication, lang: str) -> Iterator[Heading]:
    """Subjects and genres in the reader's language (else the other one's), then classes and audiences by code."""
    topics = publication.description.topics
    for topic in (*topics.subjects, *topics.genres):
        name = label(topic.labels, lang) or topic.source_text or topic.uri
        if name:
            split = _SCHEME.fullmatch(topic.uri or "")
            yield Heading(name, topic.uri, split[1] if split else None)
    for classed in topics.classification:
        yield Heading(
            classed.code, classed.code, table()["schemes"].get(classed.scheme, f"urn:scheme:{classed.scheme}")
        )
    for aimed in topics.audience:
        code = table()["audience"].get(f"{aimed.scheme}:{aimed.code}")
        scheme = table()["schemes"].get(aimed.scheme, f"urn:scheme:{aimed.scheme}")
        yield Heading(code, code, AUDIENCE) if code else Heading(aimed.text or aimed.code, aimed.code, scheme)


def label(labels: Labels, lang: str) -> str | None:
    """The label in a reader's language, else in the other one."""
    return next((text for code in _OTHERS[lang] if (text := getattr(labels, code))), None)


def people(publication: Publication) -> Iterator[tuple[str, str, Contributor]]:
    """(member of metadata, MARC relator, contributor), one for each role of each."""
    for each in publication.description.contributors:
        for role in each.roles or ("ctb",):
            yield table()["roles"].get(role, "contributor"), role, each


def identifiers(publication: Publication) -> list[str]:
    """URIs of the publication: its ISBNs first, the catalogue's own last."""
    about = publication.description
    issns = [f"urn:issn:{i.value}" for i in about.identifiers if i.scheme == "issn" and i.role == "own" and i.valid]
    return [*(f"urn:isbn:{isbn}" for isbn in about.own_isbns()), *issns, publication.id]


def _availability(publication: Publication, today: str) -> dict[str, Any]:
    """By the dates, both inclusive."""
    if publication.open_from and publication.open_from > today:
        return {"state": "unavailable", "until": f"{publication.open_from}T00:00:00Z"}
    if publication.open_until and publication.open_until < today:
        return {"state": "unavailable", "since": f"{publication.open_until}T23:59:59Z"}
    return {"state": "available"}
