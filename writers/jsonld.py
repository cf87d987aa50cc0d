"""Our description → schema.org in JSON-LD: Book, Audiobook, Periodical, PublicationIssue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from catalogue.accessibility import access_of
from catalogue.record import Contributor, Description, Topic
from catalogue.vocabularies import two_letter

CONTEXT = "https://schema.org"
_TYPES = {"audiobook": "Audiobook", "music": "MusicAlbum", "video": "VideoObject", "map": "Map", "game": "Game"}
_BOOK_FORMATS = {"ebook": "EBook", "audiobook": "AudiobookFormat", "emagazine": "EBook"}
_ROLES = {"aut": "author", "trl": "translator", "ill": "illustrator", "edt": "editor", "nrt": "readBy"}
_OF_AN_EDITION = frozenset({"isbn", "bookFormat", "encodingFormat", "numberOfPages", "duration", "url", "bookEdition"})
_LINKS = {"cover": "image", "content": "url", "sample": "workExample"}


def to_jsonld(description: Description, name: str) -> dict[str, Any]:
    """One JSON-LD document; `name` is the record's or edition's own id. What is not known is left out."""
    values = {
        "@context": CONTEXT,
        "@type": _type(description),
        "identifier": _identifiers(description, name),
        **_titles(description),
        **_contributors(description.contributors),
        **_publication(description),
        **_content(description),
        **_accessibility(description),
        "typicalAgeRange": next((a.code for a in description.topics.audience if a.scheme == "age"), None),
    }
    return {key: value for key, value in values.items() if value not in (None, [], {}, "")}


def work_to_jsonld(
    description: Description, about: tuple[str, str], editions: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """A work with its editions (as `to_jsonld` gives them) as examples. `about`: the work's id and its address.

    What belongs to one edition alone (ISBN, format, length) stands there; the work is an audiobook or a periodical
    where all its editions are.
    """
    name, address = about
    whole = to_jsonld(description, name)
    kinds = {edition["@type"] for edition in editions}
    whole |= {"@id": address, "@type": kinds.pop() if len(kinds) == 1 else "Book"}
    examples = [{key: value for key, value in edition.items() if key != "@context"} for edition in editions]
    kept = {key: value for key, value in whole.items() if key not in _OF_AN_EDITION}
    return kept | {"workExample": examples}


def _type(description: Description) -> str:
    if description.level == "issue":
        return "PublicationIssue"
    if description.level == "serial":
        return "Periodical"
    return _TYPES.get(description.medium, "Book")


def _identifiers(description: Description, name: str) -> list[dict[str, str]]:
    rows = [{"@type": "PropertyValue", "propertyID": "lyhde", "value": name}]
    rows += [
        {"@type": "PropertyValue", "propertyID": i.scheme, "value": i.value}
        for i in description.identifiers
        if i.role == "own" and i.valid and i.scheme not in ("isbn", "issn")
    ]
    return rows


def _titles(description: Description) -> dict[str, Any]:
    main = description.title()
    subtitle = description.title("subtitle")
    original = description.title("original")
    others = [t.text for t in description.titles if t.kind in ("parallel", "alternative", "former", "key")]
    name = None if main is None else f"{main.text}: {subtitle.text}" if subtitle else main.text
    work = {"@type": "CreativeWork", "name": original.text} if original else None
    if work and description.languages.original:
        work["inLanguage"] = _tag(description.languages.original[0])
    return {"name": name, "alternateName": _one(others), "translationOfWork": work}


def _contributors(contributors: tuple[Contributor, ...]) -> dict[str, Any]:
    found: dict[str, list[Any]] = {}
    for each in contributors:
        party = _party(each)
        for role in each.roles or ("ctb",):
            found.setdefault(_ROLES.get(role, "contributor"), []).append(party)
    return {key: _one(_unique(parties)) for key, parties in found.items()}


def _party(contributor: Contributor) -> dict[str, Any]:
    kind = "Organization" if contributor.kind == "body" else "Person"
    party: dict[str, Any] = {"@type": kind, "name": contributor.name}
    same = [f"https://{home[known.scheme]}{known.value}" for known in contributor.ids if known.scheme in home]
    return party | ({"sameAs": _one(same)} if same else {})


home = {"isni": "isni.org/isni/", "orcid": "orcid.org/", "viaf": "viaf.org/viaf/"}


def _publication(description: Description) -> dict[str, Any]:
    publication, extent = description.publication, description.extent
    minutes = extent.duration_min
    publisher = publication.publisher
    book = description.level not in ("serial", "issue")
    return {
        "isbn": _one(list(description.own_isbns())) if book else None,
        "issn": _one([i.value for i in description.identifiers if i.scheme == "issn" and i.role == "own"]),
        "issueNumber": description.issue.number if description.issue else None,
        "publisher": {"@type": "Organization", "name": publisher} if publisher else None,
        "datePublished": publication.dates.published or publication.dates.announced,
        "copyrightYear": publication.dates.copyright,
        "bookEdition": description.edition_statement.text if book else None,
        "abridged": description.edition_statement.abridged,
        "bookFormat": f"{CONTEXT}/{_BOOK_FORMATS[description.medium]}" if description.medium in _BOOK_FORMATS else None,
        "encodingFormat": _one(list(description.formats)),
        "numberOfPages": extent.pages,
        "duration": f"PT{minutes // 60}H{minutes % 60}M" if minutes else None,
    }


def _content(description: Description) -> dict[str, Any]:
    topics, texts = description.topics, description.texts
    links: dict[str, list[str]] = {}
    for link in texts.links:
        if link.kind in _LINKS:
            links.setdefault(_LINKS[link.kind], []).append(link.url)
    series = [
        {"@type": "BookSeries", "name": s.title} | ({"issn": s.issn} if s.issn else {}) for s in description.series
    ]
    return {
        "inLanguage": _one([_tag(code) for code in description.languages.text]),
        "about": [_term(topic) for topic in topics.subjects],
        "genre": [_term(topic) for topic in topics.genres],
        "description": texts.descriptions[0].text if texts.descriptions else None,
        "isPartOf": _one(series),
        "position": next((s.number for s in description.series if s.number), None),
        **{key: _one(urls) for key, urls in links.items()},
    }


def _term(topic: Topic) -> dict[str, Any]:
    labels = [
        {"@value": text, "@language": code} for code in ("fi", "sv", "en") if (text := getattr(topic.labels, code))
    ]
    term: dict[str, Any] = {"@type": "DefinedTerm", "name": labels or topic.source_text}
    return term | ({"@id": topic.uri} if topic.uri else {})


def _accessibility(description: Description) -> dict[str, Any]:
    """schema.org's accessibility properties; a mode in which all content can be had is sufficient by itself."""
    access = access_of(description)
    sufficient = list(dict.fromkeys([*_alone(access.modes), *access.sufficient]))
    return {
        "accessMode": access.modes,
        "accessModeSufficient": [{"@type": "ItemList", "itemListElement": modes.split(",")} for modes in sufficient],
        "accessibilityFeature": list(dict.fromkeys(feature for feature, _, _ in access.features)),
        "accessibilityHazard": access.hazards,
        "accessibilityControl": access.controls,
        "accessibilitySummary": " ".join(access.summaries) or None,
        "conformsTo": access.conforms_to,
    }


def _alone(modes: list[str]) -> list[str]:
    return modes if len(modes) == 1 else []


def _tag(code: str) -> str:
    return two_letter(code) or code


def _unique(values: list[Any]) -> list[Any]:
    kept: list[Any] = []
    for value in values:
        if value not in kept:
            kept.append(value)
    return kept


def _one(values: list[Any]) -> Any:
    """A list of one as its member, as JSON-LD prefers."""
    return values[0] if len(values) == 1 else values
