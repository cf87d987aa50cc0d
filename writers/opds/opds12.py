"""OPDS 1.2: a feed, or one entry, as Atom; the description of its search for OpenSearch 1.1."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from catalogue.vocabularies import two_letter
from writers.opds import parts
from writers.opds.feed import ATOM, ENTRY, OPENSEARCH, Feed, Link, Publication

NAMESPACES: dict[Any, str] = {
    None: "http://www.w3.org/2005/Atom",
    "dc": "http://purl.org/dc/terms/",
    "opds": "http://opds-spec.org/2010/catalog",
    "thr": "http://purl.org/syndication/thread/1.0",
    "search": "http://a9.com/-/spec/opensearch/1.1/",
    "schema": "http://schema.org/",
    "opf": "http://www.idpf.org/2007/opf",
}
FACET = "http://opds-spec.org/facet"
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LONGEST_SUMMARY = 500  # characters; the entry alone has the whole text


def to_opds12(feed: Feed) -> bytes:
    """The whole feed. Groups are the links and entries of one list, as OPDS 1.2 has them."""
    root = etree.Element(_name("feed"), nsmap=NAMESPACES)
    _set_language(root, feed.lang)
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "updated", feed.updated)
    _add(_add(root, "author"), "name", feed.title)
    for link in feed.links:
        _add(root, "link", **_address(link))
    for facet in feed.facets:
        for link in facet.links:
            _facet(root, facet.title, link)
    _count(root, feed)
    _fill(root, feed)
    return _bytes(root)


def _count(root: Any, feed: Feed) -> None:
    for name, number in (("totalResults", feed.total), ("itemsPerPage", feed.page_size)):
        if number is not None:
            _add(root, f"search:{name}", str(number))


def _fill(root: Any, feed: Feed) -> None:
    for link in feed.navigation:
        _navigate(root, link, feed.updated)
    for group in feed.groups:
        for each in group.publications:
            entry = _entry(root, each, feed.lang, feed.today)
            _add(entry, "link", rel="collection", href=group.href, title=group.title, type=_kind("acquisition"))
    for each in feed.publications or ():
        _entry(root, each, feed.lang, feed.today)


def to_entry(publication: Publication, lang: str, today: str) -> bytes:
    """One complete entry."""
    return _bytes(_entry(None, publication, lang, today))


def to_opensearch(name: str, about: str, template: str) -> bytes:
    """The OpenSearch description of a search whose address has ``{searchTerms}``."""
    own: dict[Any, str] = {None: NAMESPACES["search"]}
    root = etree.Element(f"{{{own[None]}}}OpenSearchDescription", nsmap=own)
    _add(root, "search:ShortName").text = name[:16]
    _add(root, "search:Description").text = about[:1024]
    _add(root, "search:InputEncoding").text = "UTF-8"
    _add(root, "search:OutputEncoding").text = "UTF-8"
    _add(root, "search:Url", type=_kind("acquisition"), template=template)
    return _bytes(root)


def _entry(parent: Any, about: Publication, lang: str, today: str) -> Any:
    described = about.description
    entry = etree.Element(_name("entry"), nsmap=NAMESPACES) if parent is None else _add(parent, "entry")
    kind = parts.table()["types"].get(described.medium, "http://schema.org/Book")
    entry.set(_name("schema:additionalType"), kind)
    title = _add(entry, "title", about.title["title"] or about.id)
    _set_language(title, two_letter(about.title["language"] or "") or about.title["language"])
    _add(entry, "id", about.id)
    _add(entry, "updated", about.modified)
    if about.title["subtitle"]:
        _add(entry, "schema:alternativeHeadline", about.title["subtitle"])
    _people(entry, about)
    for identifier in parts.identifiers(about)[:-1]:
        _add(entry, "dc:identifier", identifier)
    for code in described.languages.text:
        _add(entry, "dc:language", two_letter(code) or code)
    publication = described.publication
    for name, value in (("dc:publisher", publication.publisher), ("dc:issued", publication.dates.published)):
        if value:
            _add(entry, name, value)
    for series in described.series:
        position = {_name("schema:position"): series.number} if series.number else {}
        _add(entry, "schema:Series", **{_name("schema:name"): series.title, **position})
    for heading in parts.headings(about, lang):
        scheme = {"scheme": heading.scheme} if heading.scheme else {}
        _add(entry, "category", term=heading.code or heading.name, label=heading.name, **scheme)
    _texts(entry, about, lang, whole=parent is None)
    _links(entry, about, today)
    return entry


def _people(entry: Any, about: Publication) -> None:
    seen = set()
    for member, role, contributor in parts.people(about):
        name = "author" if member == "author" else "contributor"
        if (contributor.name, role) in seen:
            continue
        seen.add((contributor.name, role))
        _add(_add(entry, name, **({} if name == "author" else {_name("opf:role"): role})), "name", contributor.name)


def _texts(entry: Any, about: Publication, lang: str, *, whole: bool) -> None:
    texts = sorted(about.description.texts.descriptions, key=lambda text: two_letter(text.language or "") != lang)
    if not texts:
        return
    text = texts[0].text
    if whole or len(text) <= _LONGEST_SUMMARY:
        _add(entry, "content", text, type="html")
    else:
        plain = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text)).strip()
        _add(entry, "summary", plain[:_LONGEST_SUMMARY].rpartition(" ")[0] + " …", type="text")


def _links(entry: Any, about: Publication, today: str) -> None:
    image, image_type = parts.picture(about)
    _add(entry, "link", rel=parts.IMAGE, href=image, type=image_type)
    _add(entry, "link", rel=f"{parts.IMAGE}/thumbnail", href=image, type=image_type)
    _add(entry, "link", rel="alternate", href=about.href, type=ENTRY)
    for each in parts.acquisitions(about, ENTRY, today):
        link = _add(entry, "link", rel=each.rel, href=each.href, type=each.type)
        for kind in each.through:
            _add(link, "opds:indirectAcquisition", type=kind)
        if each.availability:
            moment = {key: str(each.availability[key]) for key in ("since", "until") if key in each.availability}
            _add(link, "opds:availability", status=str(each.availability["state"]), **moment)


def _navigate(root: Any, link: Link, updated: str) -> None:
    entry = _add(root, "entry")
    _add(entry, "title", link.title or link.href)
    _add(entry, "id", link.href if ":" in link.href else f"urn:lyhde:{link.href.strip('/')}")
    _add(entry, "updated", updated)
    _add(entry, "content", link.title or "", type="text")
    rel = link.rel if link.rel.startswith("http") else "subsection"
    _add(entry, "link", **(_address(link) | {"rel": rel}))


def _facet(root: Any, title: str, link: Link) -> None:
    found = _address(link) | {"rel": FACET, _name("opds:facetGroup"): title}
    if link.rel == "self":
        found[_name("opds:activeFacet")] = "true"
    if link.count is not None:
        found[_name("thr:count")] = str(link.count)
    _add(root, "link", **found)


def _address(link: Link) -> dict[str, str]:
    kind = link.type or (_kind(link.reads) if link.reads else OPENSEARCH if link.rel == "search" else None)
    found = {"rel": link.rel, "href": link.href, "title": link.title, "type": kind}
    return {key: value for key, value in found.items() if value}


def _kind(reads: str) -> str:
    return f"{ATOM};kind={reads}"


def _set_language(node: Any, code: str | None) -> None:
    if code:
        node.set("{http://www.w3.org/XML/1998/namespace}lang", code)


def _name(name: str) -> str:
    prefix, _, local = name.rpartition(":")
    return f"{{{NAMESPACES[prefix or None]}}}{local}"


def _add(parent: Any, name: str, text: str | None = None, **attributes: str) -> Any:
    node = etree.SubElement(parent, _name(name), {key: _CONTROLS.sub(" ", v) for key, v in attributes.items()})
    node.text = None if text is None else _CONTROLS.sub(" ", text)
    return node


def _bytes(root: Any) -> bytes:
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))
