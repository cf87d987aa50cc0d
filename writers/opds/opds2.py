"""OPDS 2.0: a feed, or one publication, as JSON."""

from __future__ import annotations

from typing import Any

from catalogue.accessibility import access_of
from catalogue.record import Contributor, Series
from catalogue.vocabularies import two_letter
from writers.opds import parts
from writers.opds.feed import FEED, PUBLICATION, Feed, Group, Link, Publication

CONTEXT = "https://readium.org/webpub-manifest/context.jsonld"


def to_opds2(feed: Feed) -> dict[str, Any]:
    """The whole feed; collections that it has not are absent."""
    about = {
        "identifier": feed.id,
        "title": feed.title,
        "modified": feed.updated,
        "numberOfItems": feed.total,
        "itemsPerPage": feed.page_size,
    }
    found: dict[str, Any] = {"metadata": _known(about), "links": [_link(link) for link in feed.links]}
    if feed.navigation:
        found["navigation"] = [_link(link) for link in feed.navigation]
    if feed.facets:
        found["facets"] = [
            {"metadata": {"title": facet.title}, "links": [_link(link) for link in facet.links]}
            for facet in feed.facets
        ]
    if feed.groups:
        found["groups"] = [_group(group, feed) for group in feed.groups]
    if feed.publications is not None:
        found["publications"] = [publication(each, feed.lang, feed.today) for each in feed.publications]
    return found


def publication(about: Publication, lang: str, today: str) -> dict[str, Any]:
    """One publication, as it stands in a feed and alone."""
    image, image_type = parts.picture(about)
    links: list[dict[str, Any]] = [
        {"rel": "self", "href": about.href, "type": PUBLICATION},
        {"rel": "alternate", "href": about.page, "type": "application/json"},
    ]
    for each in parts.acquisitions(about, PUBLICATION, today):
        properties = {
            "availability": dict(each.availability) or None,
            "indirectAcquisition": [{"type": name} for name in each.through] or None,
        }
        links.append(_known({"rel": each.rel, "href": each.href, "type": each.type, "properties": _known(properties)}))
    return {
        "metadata": _metadata(about, lang),
        "links": links,
        "images": [{"rel": "cover", "href": image, "type": image_type}],
    }


def _metadata(about: Publication, lang: str) -> dict[str, Any]:
    described = about.description
    identifier, *others = parts.identifiers(about)
    published = described.publication.dates.published or ""
    pages, minutes = described.extent.pages, described.extent.duration_min
    texts = sorted(described.texts.descriptions, key=lambda text: two_letter(text.language or "") != lang)
    return _known(
        {
            "@type": parts.table()["types"].get(described.medium, "http://schema.org/Book"),
            "identifier": identifier,
            "altIdentifier": others,
            "title": about.title["title"] or about.id,
            "subtitle": about.title["subtitle"],
            "modified": about.modified,
            "published": _day(published),
            "language": [two_letter(code) or code for code in described.languages.text],
            **_people(about),
            "publisher": described.publication.publisher,
            "imprint": described.publication.imprint,
            "subject": [_known(heading._asdict()) for heading in parts.headings(about, lang)],
            "description": texts[0].text if texts else None,
            "numberOfPages": pages or None,
            "duration": minutes * 60 if minutes else None,
            "belongsTo": {"series": [_series(each) for each in described.series]} if described.series else None,
            "accessibility": _accessibility(about),
        }
    )


def _people(about: Publication) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for member, role, contributor in parts.people(about):
        found.setdefault(member, []).append(_person(contributor, role if member == "contributor" else None))
    return found


def _person(about: Contributor, role: str | None) -> dict[str, Any]:
    homes = {"isni": "https://isni.org/isni/", "orcid": "https://orcid.org/", "viaf": "https://viaf.org/viaf/"}
    known = (homes[each.scheme] + each.value for each in about.ids if each.scheme in homes)
    return _known({"name": about.name, "sortAs": about.name_inverted, "identifier": next(known, None), "role": role})


def _series(about: Series) -> dict[str, Any]:
    number = about.number or ""
    position = float(number) if number.replace(".", "", 1).isdecimal() and number.isascii() else None
    whole = int(position) if position is not None and position.is_integer() else position
    return _known({"name": about.title, "position": whole, "identifier": about.issn and f"urn:issn:{about.issn}"})


def _accessibility(about: Publication) -> dict[str, Any]:
    access = access_of(about.description)
    if not about.description.accessibility:
        return {}
    alone = access.modes if len(access.modes) == 1 else []
    return _known(
        {
            "conformsTo": [each for each in access.conforms_to if "://" in each],
            "accessMode": access.modes,
            "accessModeSufficient": [modes.split(",") for modes in dict.fromkeys([*alone, *access.sufficient])],
            "feature": list(dict.fromkeys(feature for feature, _, _ in access.features)),
            "hazard": access.hazards,
            "summary": " ".join(access.summaries),
        }
    )


def _group(group: Group, feed: Feed) -> dict[str, Any]:
    return {
        "metadata": {"title": group.title},
        "links": [{"rel": "self", "href": group.href, "type": FEED}],
        "publications": [publication(each, feed.lang, feed.today) for each in group.publications],
    }


def _link(link: Link) -> dict[str, Any]:
    return _known(
        {
            "rel": link.rel,
            "href": link.href,
            "title": link.title,
            "type": link.type or (FEED if link.reads else None),
            "templated": link.templated or None,
            "properties": None if link.count is None else {"numberOfItems": link.count},
        }
    )


def _day(date: str) -> str | None:
    """A whole day, as the form wants it: of a year or a month the first."""
    return f"{date}-01-01"[:10] if len(date) in (4, 10) else f"{date}-01" if len(date) == 7 else None


def _known(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, "", [], {})}
